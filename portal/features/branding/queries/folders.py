"""Where shipped themes are read from: one folder each, named like the theme."""

from functools import cache
from pathlib import Path

from portal.features.branding.rules import source
from portal.features.branding.rules.theme import Theme


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
    """What lies in a theme's folder, by its path there; what begins with a dot is the file system's own business."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
