"""theme.toml: what may stand in it, and what is wrong with what does."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from portal.core.i18n import N_
from portal.features.branding.rules import markdown, shade
from portal.features.branding.rules.theme import DENSITY, FONTS, LINKS, LONG_TEXTS, RADIUS, Frame, Problem, Scheme, Words

SHEET = "theme.toml"
SHORT_TEXTS = MappingProxyType({"welcome": 60, "sign_in_lead": 140, "help": 160})
TEXTS = MappingProxyType({**SHORT_TEXTS, "support": 4_000, "legal": 30_000})

MISSING = N_("This is missing.")
UNKNOWN = N_("Nothing reads this. Known here: %(known)s.")
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
NOT_LINKED = N_("A text may link to https, mailto and tel addresses only, not to “%(value)s”.")

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


def _long_text(limit: int) -> Check:
    def check(sheet: Sheet, key: str, value: Any) -> None:
        if not isinstance(value, str):
            sheet.wrong(key, NOT_TEXT)
        elif len(value) > limit:
            sheet.wrong(key, TOO_LONG, length=len(value), limit=limit)
        elif (strange := markdown.forbidden_link(value)) is not None:
            sheet.wrong(key, NOT_LINKED, value=strange)

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
        sheet.table(f"{key}.{language}", texts, SPOKEN, optional=frozenset(LONG_TEXTS))


WORDMARK: Mapping[str, Check] = MappingProxyType({"strong": _text(24), "light": _text(24)})
LOOK: Mapping[str, Check] = MappingProxyType(
    {
        "accent": _colour,
        "tint": _colour,
        "on_accent": _choice("", *Words),
        "radius": _radius,
        "frame": _choice(*Frame),
        "font": _choice(*FONTS),
        "density": _density,
        "scheme": _choice("", *Scheme),
    }
)
LINKED: Mapping[str, Check] = MappingProxyType({name: _form(_LINK, NOT_LINK) for name in LINKS})
SUPPORT: Mapping[str, Check] = MappingProxyType({"mail": _form(_MAIL, NOT_MAIL), "phone": _form(_PHONE, NOT_PHONE)})
SPOKEN: Mapping[str, Check] = MappingProxyType(
    {name: (_long_text if name in LONG_TEXTS else _text)(limit) for name, limit in TEXTS.items()}
)
_TOP: Mapping[str, Check] = MappingProxyType(
    {
        "name": _text(40),
        "wordmark": _table(WORDMARK, "light"),
        "look": _table(LOOK, "on_accent"),
        "links": _table(LINKED, *LINKS),
        "support": _table(SUPPORT, "phone"),
        "texts": _texts,
    }
)


def problems(content: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with what a theme.toml says."""
    sheet = Sheet()
    sheet.table("", content, _TOP, optional=frozenset({"wordmark", "links"}))
    return sheet.problems


def value_problems(key: str, value: Any) -> list[Problem]:
    """What is wrong with one value of theme.toml, by its dotted key (“look.accent”, “texts.de.help”)."""
    sheet = Sheet()
    check = check_of(key)
    if check is None:
        sheet.wrong(key, UNKNOWN, known=", ".join(_TOP))
    else:
        check(sheet, key, value)
    return sheet.problems


def check_of(key: str) -> Check | None:
    table, _, name = key.partition(".")
    if table == "texts":
        language, _, name = name.partition(".")
        return SPOKEN.get(name) if _LANGUAGE.fullmatch(language) else None
    return _TABLES.get(table, {}).get(name)


_TABLES: Mapping[str, Mapping[str, Check]] = MappingProxyType(
    {"name": {"": _TOP["name"]}, "wordmark": WORDMARK, "look": LOOK, "links": LINKED, "support": SUPPORT}
)
