"""The source form of a theme: a folder with theme.toml, its drawings and pictures, read strictly."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from portal.core.i18n import N_
from portal.features.branding.rules import drawing, pictures, sheet
from portal.features.branding.rules.sheet import SHEET as SHEET, TEXTS as TEXTS
from portal.features.branding.rules.theme import (
    MISSING_FILE,
    NEUTRAL,
    SLOTS,
    UNREADABLE,
    Frame,
    Picture,
    Problem,
    Scheme,
    Theme,
    ThemeError,
    Wordmark,
    Words,
)

LARGEST_SHEET = 512 * 1024
# Keys of theme.toml have three parts at most (“texts.de.help”). One of very many takes whoever reads it minutes.
_LONG_KEY = re.compile(r"""^[ \t\[]*(?:(?:[\w-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*\.[ \t]*){20}""", re.MULTILINE)
DRAWINGS = ("mark.svg", "favicon.svg", "wordmark.svg", *SLOTS)
PICTURES = ("logo", "logo-dark", "icon")
KNOWN = frozenset({SHEET, *DRAWINGS, *(f"{place}.{suffix}" for place in PICTURES for suffix in pictures.SUFFIXES)})
FILES = (SHEET, *DRAWINGS, *(f"{place}.*" for place in PICTURES))

Files = Mapping[str, str | bytes]

UNKNOWN_FILE = N_("Nothing reads this file. Known: %(known)s.")
TOO_LARGE = N_("This file has %(size)s bytes; %(limit)s are allowed.")
TWO_FILES = N_("There are two files for this: %(files)s. One is enough.")


def read(name: str, files: Files) -> Theme:
    """The theme in these files (relative name to content); raises ThemeError with everything that is wrong."""
    content = parsed(files)
    found = sheet.problems(content) + _file_problems(files)
    if found:
        raise ThemeError(found)
    return _theme(name, content, files)


def sketch(name: str, files: Files, brand: str) -> Theme:
    """What these files show already, the rest as if nobody had chosen anything: for looking at what is not finished."""
    try:
        content = parsed(files)
    except ThemeError:
        content = {}
    wrong = {problem.key for problem in sheet.problems(content)}
    bad = {problem.file for problem in _file_problems(files)}
    good = {file: text for file, text in files.items() if file not in bad}
    return _theme(name, {"name": brand} | _without(content, wrong), good)


def _without(table: Mapping[str, Any], wrong: set[str], path: str = "") -> dict[str, Any]:
    left = {}
    for name, value in table.items():
        key = f"{path}.{name}".lstrip(".")
        if key not in wrong:
            left[name] = _without(value, wrong, key) if isinstance(value, dict) else value
    return left


def problems(files: Files) -> list[Problem]:
    """Everything that is wrong; empty when `read` would read them."""
    try:
        content = parsed(files)
    except ThemeError as error:
        return list(error.problems)
    return sheet.problems(content) + _file_problems(files)


def parsed(files: Files) -> dict[str, Any]:
    """What theme.toml says, right or wrong. Raises ThemeError when it cannot be read at all."""
    if SHEET not in files:
        raise ThemeError([Problem(SHEET, "", MISSING_FILE)])
    if len(files[SHEET]) > LARGEST_SHEET:
        raise ThemeError([Problem(SHEET, "", TOO_LARGE, {"size": len(files[SHEET]), "limit": LARGEST_SHEET})])
    text = text_of(files, SHEET).replace("\r\n", "\n")
    long_key = _LONG_KEY.search(text)
    if long_key is not None:
        raise ThemeError(sheet.value_problems(f"{long_key[0].strip()[:40]}…", ""))
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ThemeError([Problem(SHEET, "", UNREADABLE, {"reason": error})]) from None


def text_of(files: Files, path: str) -> str:
    content = files[path]
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ThemeError([Problem(path, "", UNREADABLE, {"reason": error.reason})]) from None


def picture_of(files: Mapping[str, object], place: str) -> str | None:
    """The file that is there for this place, whatever its format."""
    names = [f"{place}.{suffix}" for suffix in pictures.SUFFIXES]
    return next((name for name in names if name in files), None)


def _file_problems(files: Files) -> list[Problem]:
    unknown = [Problem(file, "", UNKNOWN_FILE, {"known": ", ".join(FILES)}) for file in sorted(set(files) - KNOWN)]
    wrong = [problem for file in files if file in KNOWN for problem in _in_file(file, files)]
    return [*_twice(files), *unknown, *wrong]


def _twice(files: Files) -> Iterator[Problem]:
    for place in PICTURES:
        found = [f"{place}.{suffix}" for suffix in pictures.SUFFIXES if f"{place}.{suffix}" in files]
        if len(found) > 1:
            yield Problem(found[1], "", TWO_FILES, {"files": ", ".join(found)})


def _in_file(file: str, files: Files) -> list[Problem]:
    if file == SHEET:
        return []
    if not file.endswith((".svg", ".html")):
        return pictures.problems(file, files[file])
    try:
        return drawing.problems(file, text_of(files, file))
    except ThemeError as error:
        return list(error.problems)


def _theme(name: str, content: Mapping[str, Any], files: Files) -> Theme:
    look, wordmark, support = content.get("look", {}), content.get("wordmark", {}), content.get("support", {})
    lean, words = look.get("scheme"), look.get("on_accent")
    return Theme(
        name=name,
        brand=content["name"],
        accent=look.get("accent", NEUTRAL.accent),
        tint=look.get("tint", NEUTRAL.tint),
        on_accent=Words(words) if words else None,
        radius=look.get("radius", NEUTRAL.radius),
        frame=Frame(look.get("frame", NEUTRAL.frame)),
        font=look.get("font", NEUTRAL.font),
        density=look.get("density", NEUTRAL.density),
        lean=Scheme(lean) if lean else None,
        wordmark=Wordmark(**wordmark) if wordmark.get("strong") else None,
        texts=content.get("texts", {}),
        links=content.get("links", {}),
        support_mail=support.get("mail", ""),
        support_phone=support.get("phone", "").removeprefix("+"),
        mark=_inline(files, "mark.svg"),
        drawn_wordmark=_inline(files, "wordmark.svg"),
        favicon=text_of(files, "favicon.svg") if "favicon.svg" in files else "",
        slots={slot: _inline(files, slot) for slot in SLOTS if slot in files},
        pictures={place: _picture(path, files[path]) for place in PICTURES if (path := picture_of(files, place))},
    )


def _inline(files: Files, path: str) -> str:
    return drawing.inline(text_of(files, path)) if path in files else ""


def _picture(path: str, content: str | bytes) -> Picture:
    raw = content.encode() if isinstance(content, str) else content
    return Picture(path, hashlib.sha256(raw).hexdigest()[:20], *pictures.size(path, raw))
