"""Where themes are read from: one folder each, named like the theme."""

from functools import cache
from pathlib import Path

from portal.features.branding.rules import source
from portal.features.branding.rules.theme import UNREADABLE, Problem, Theme, ThemeError


@cache
def themes(folder: Path) -> dict[str, Theme]:
    """All themes of the folder, read once; raises ThemeError when one of them cannot be used."""
    return {path.name: theme(path) for path in sorted(folder.iterdir()) if path.is_dir()}


def theme(folder: Path) -> Theme:
    """Raises ThemeError with everything that is wrong."""
    return source.read(folder.name, _files(folder))


def _files(folder: Path) -> dict[str, str]:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    return {path.relative_to(folder).as_posix(): _content(path, folder) for path in paths}


def _content(path: Path, folder: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ThemeError([Problem(path.relative_to(folder).as_posix(), "", UNREADABLE, {"reason": error.reason})]) from None
