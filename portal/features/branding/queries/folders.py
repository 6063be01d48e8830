"""Where shipped themes are read from: one folder each, named like the theme."""

from functools import cache
from pathlib import Path

from portal.core.i18n import N_
from portal.features.branding.rules import source
from portal.features.branding.rules.theme import Problem, Theme, ThemeError

LINK = N_("This is a link. Put the file itself here.")


@cache
def themes(folder: Path) -> dict[str, Theme]:
    """All themes of the folder, read once; raises ThemeError when one of them cannot be used."""
    return {path.name: theme(path) for path in folders_in(folder)}


def folders_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir())


def theme(folder: Path) -> Theme:
    """Raises ThemeError with everything that is wrong."""
    return source.read(folder.name, files(folder))


def files(folder: Path) -> dict[str, bytes]:
    """What lies in a theme's folder, by its path there; what begins with a dot is the file system's own business.

    Raises ThemeError for links: what they lead to is no part of the theme.
    """
    paths = [path for path in sorted(folder.rglob("*")) if not path.name.startswith(".")]
    links = [path.relative_to(folder).as_posix() for path in paths if path.is_symlink()]
    if links:
        raise ThemeError([Problem(link, "", LINK) for link in links])
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths if path.is_file()}
