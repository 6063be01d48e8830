"""The source form of a theme: a folder with theme.toml and its drawings, read strictly."""

import re
import tomllib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from portal.core.i18n import N_
from portal.features.branding.rules import drawing, shade
from portal.features.branding.rules.theme import (
    DENSITY,
    FONTS,
    MISSING_FILE,
    RADIUS,
    SLOTS,
    UNREADABLE,
    Frame,
    Problem,
    Scheme,
    Theme,
    ThemeError,
    Wordmark,
)

SHEET = "theme.toml"
DRAWINGS = ("mark.svg", "favicon.svg")
OPTIONAL_DRAWINGS = ("wordmark.svg", *SLOTS)
FILES = (SHEET, *DRAWINGS, *OPTIONAL_DRAWINGS)
TEXTS = MappingProxyType({"welcome": 60, "sign_in_lead": 140, "help": 160})

MISSING = N_("This is missing.")
UNKNOWN = N_("Nothing reads this. Known here: %(known)s.")
UNKNOWN_FILE = N_("Nothing reads this file. Known: %(known)s.")
NOT_TEXT = N_("This must be a text.")
NOT_TABLE = N_("This must be a table of its own.")
EMPTY = N_("This is empty.")
TOO_LONG = N_("This has %(length)s characters; %(limit)s are allowed.")
ONE_LINE = N_("This must fit on one line.")
NOT_COLOUR = N_("“%(value)s” is not a colour. Write it like #f26b12 or oklch(0.68 0.18 47).")
NOT_CHOICE = N_("“%(value)s” is not known here. Choose one of %(known)s.")
NOT_WHOLE = N_("This must be a whole number from %(low)s to %(high)s.")
NOT_BETWEEN = N_("This must be a number from %(low)s to %(high)s.")
NOT_LINK = N_("“%(value)s” is not an address that begins with https://.")
NOT_MAIL = N_("“%(value)s” is not a mail address.")
NOT_PHONE = N_("“%(value)s” is not a telephone number like +493023125100.")
NOT_LANGUAGE = N_("“%(value)s” is not a language code like “de”.")

_COLOUR = re.compile(r"#[0-9a-f]{6}|oklch\([0-9. ]+\)", re.IGNORECASE)
_LINK = re.compile(r"https://[^\s\"'<>]{3,200}")
_MAIL = re.compile(r"[^\s@\"'<>]{1,64}@[a-z0-9.-]{3,200}", re.IGNORECASE)
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_LANGUAGE = re.compile(r"[a-z]{2}")

Check = Callable[["Sheet", str, Any], None]


class Sheet:
    """Walks through theme.toml and gathers everything that is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, key: str, message: str, **facts: object) -> None:
        self.problems.append(Problem(SHEET, key, message, facts))

    def table(self, path: str, value: Any, known: Mapping[str, Check], *, optional: frozenset[str] = frozenset()) -> None:
        if not isinstance(value, dict):
            self.wrong(path, NOT_TABLE)
            return
        for name, check in known.items():
            if name in value:
                check(self, f"{path}.{name}".lstrip("."), value[name])
            elif name not in optional:
                self.wrong(f"{path}.{name}".lstrip("."), MISSING)
        for name in value.keys() - known.keys():
            self.wrong(f"{path}.{name}".lstrip("."), UNKNOWN, known=", ".join(known))


def read(name: str, files: Mapping[str, str]) -> Theme:
    """The theme in these files (relative name to content); raises ThemeError with everything that is wrong."""
    sheet, content = Sheet(), _parsed(files)
    sheet.table("", content, _TOP, optional=frozenset({"wordmark"}))
    found = sheet.problems + _file_problems(files)
    if found:
        raise ThemeError(found)
    return _theme(name, content, files)


def _parsed(files: Mapping[str, str]) -> dict[str, Any]:
    if SHEET not in files:
        raise ThemeError([Problem(SHEET, "", MISSING_FILE)])
    try:
        return tomllib.loads(files[SHEET])
    except tomllib.TOMLDecodeError as error:
        raise ThemeError([Problem(SHEET, "", UNREADABLE, {"reason": error})]) from None


def _file_problems(files: Mapping[str, str]) -> list[Problem]:
    missing = [Problem(file, "", MISSING_FILE) for file in DRAWINGS if file not in files]
    unknown = [Problem(file, "", UNKNOWN_FILE, {"known": ", ".join(FILES)}) for file in sorted(set(files) - set(FILES))]
    drawn = [file for file in (*DRAWINGS, *OPTIONAL_DRAWINGS) if file in files]
    return [*missing, *unknown, *(problem for file in drawn for problem in drawing.problems(file, files[file]))]


def _theme(name: str, content: Mapping[str, Any], files: Mapping[str, str]) -> Theme:
    look, wordmark = content["look"], content.get("wordmark")
    return Theme(
        name=name,
        brand=content["name"],
        accent=look["accent"],
        tint=look["tint"],
        radius=look["radius"],
        frame=Frame(look["frame"]),
        font=look["font"],
        density=look["density"],
        lean=Scheme(look["scheme"]) if look["scheme"] else None,
        wordmark=Wordmark(**wordmark) if wordmark else None,
        texts=content["texts"],
        links=content["links"],
        support_mail=content["support"]["mail"],
        support_phone=content["support"]["phone"].removeprefix("+"),
        mark=drawing.inline(files["mark.svg"]),
        drawn_wordmark=drawing.inline(files["wordmark.svg"]) if "wordmark.svg" in files else "",
        favicon=files["favicon.svg"],
        slots={slot: drawing.inline(files[slot]) for slot in SLOTS if slot in files},
    )


def _text(limit: int) -> Check:
    def check(sheet: Sheet, key: str, value: Any) -> None:
        if not isinstance(value, str):
            sheet.wrong(key, NOT_TEXT)
        elif not value.strip():
            sheet.wrong(key, EMPTY)
        elif len(value) > limit:
            sheet.wrong(key, TOO_LONG, length=len(value), limit=limit)
        elif not value.isprintable():
            sheet.wrong(key, ONE_LINE)

    return check


def _form(pattern: re.Pattern[str], message: str) -> Check:
    def check(sheet: Sheet, key: str, value: Any) -> None:
        if not isinstance(value, str):
            sheet.wrong(key, NOT_TEXT)
        elif not pattern.fullmatch(value):
            sheet.wrong(key, message, value=value)

    return check


def _colour(sheet: Sheet, key: str, value: Any) -> None:
    if not isinstance(value, str):
        sheet.wrong(key, NOT_TEXT)
    elif not _COLOUR.fullmatch(value) or not _is_colour(value):
        sheet.wrong(key, NOT_COLOUR, value=value)


def _is_colour(value: str) -> bool:
    try:
        shade.parse(value)
    except ValueError:
        return False
    return True


def _choice(*known: str) -> Check:
    def check(sheet: Sheet, key: str, value: Any) -> None:
        if value not in known:
            sheet.wrong(key, NOT_CHOICE, value=value, known=", ".join(f"“{one}”" for one in known))

    return check


def _radius(sheet: Sheet, key: str, value: Any) -> None:
    low, high = RADIUS
    if type(value) is not int or not low <= value <= high:
        sheet.wrong(key, NOT_WHOLE, low=low, high=high)


def _density(sheet: Sheet, key: str, value: Any) -> None:
    low, high = DENSITY
    if type(value) not in {int, float} or not low <= value <= high:
        sheet.wrong(key, NOT_BETWEEN, low=low, high=high)


def _table(known: Mapping[str, Check], *optional: str) -> Check:
    return lambda sheet, key, value: sheet.table(key, value, known, optional=frozenset(optional))


def _texts(sheet: Sheet, key: str, value: Any) -> None:
    if not isinstance(value, dict) or not value:
        sheet.wrong(key, NOT_TABLE)
        return
    for language, texts in value.items():
        if not _LANGUAGE.fullmatch(language):
            sheet.wrong(f"{key}.{language}", NOT_LANGUAGE, value=language)
        sheet.table(f"{key}.{language}", texts, {name: _text(limit) for name, limit in TEXTS.items()})


_TOP: Mapping[str, Check] = MappingProxyType(
    {
        "name": _text(40),
        "wordmark": _table({"strong": _text(24), "light": _text(24)}, "light"),
        "look": _table(
            {
                "accent": _colour,
                "tint": _colour,
                "radius": _radius,
                "frame": _choice(*Frame),
                "font": _choice(*FONTS),
                "density": _density,
                "scheme": _choice("", *Scheme),
            }
        ),
        "links": _table({"imprint": _form(_LINK, NOT_LINK), "privacy": _form(_LINK, NOT_LINK)}),
        "support": _table({"mail": _form(_MAIL, NOT_MAIL), "phone": _form(_PHONE, NOT_PHONE)}),
        "texts": _texts,
    }
)
