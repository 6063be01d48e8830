"""Languages: catalogues, the current language, and texts outside of pages.

The catalogues are read from their source form (.po), so a text can never be older than its source.
"""

import math
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from babel.units import format_unit

SOURCE_LANGUAGE = "en"
FORMATS = {"en": "en_GB"}  # dates and times as they are written here: 23 November, 14:02
SMALL_INSIDE = frozenset({"tr"})  # weekdays are capital where CLDR has them, and small within a sentence, without a date
LONGEST_IN_SECONDS = 90
_current: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)
_folder: list[Path] = [Path(__file__).resolve().parents[2] / "translations"]


def N_(text: str) -> str:  # noqa: N802 - the name that extractors know
    """Marks a text for the catalogues without translating it here."""
    return text


def install(folder: Path) -> None:
    _folder[0] = folder
    available.cache_clear()
    catalogue.cache_clear()


def po_file(language: str) -> Path:
    return _folder[0] / language / "LC_MESSAGES" / "messages.po"


@cache
def available() -> frozenset[str]:
    """The languages whose catalogue is complete; only these are ever offered."""
    return frozenset({SOURCE_LANGUAGE} | {language for language in shipped() - {SOURCE_LANGUAGE} if not missing(language)})


def shipped() -> frozenset[str]:
    """The languages that there is a catalogue for, complete or not."""
    return frozenset({SOURCE_LANGUAGE} | {path.parent.parent.name for path in _folder[0].glob("*/LC_MESSAGES/messages.po")})


def missing(language: str) -> list[str]:
    """The texts of a catalogue that have no translation or a doubtful one."""
    messages = [message for message in _catalogue(language) if message.id]
    return [_first(message.id) for message in messages if message.fuzzy or not _whole(message.string)]


def _first(text: str | list[str] | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def _whole(text: str | list[str] | tuple[str, ...] | None) -> bool:
    return bool(text) and (isinstance(text, str) or all(text or ()))


def _catalogue(language: str) -> Catalog:
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


@cache
def catalogue(language: str) -> NullTranslations:
    if language == SOURCE_LANGUAGE or not po_file(language).exists():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, _catalogue(language))
    compiled.seek(0)
    return Translations(compiled)


def current() -> str:
    """The language of whoever reads what is made now, as a code like "de"."""
    return _current.get()


@cache
def babel_locale(language: str) -> Locale:
    return Locale.parse(babel_name(language))


def babel_name(language: str) -> str:
    return FORMATS.get(language, language.replace("-", "_"))


def text_direction(language: str) -> str:
    return babel_locale(language).text_direction


def own_name(language: str) -> str:
    """What speakers call their language: “Deutsch”."""
    name = babel_locale(language).get_language_name(language) or language
    return name[:1].upper() + name[1:]


def language_name(language: str) -> str:
    """What those who read now call a language: “Swedish”."""
    return babel_locale(_current.get()).languages.get(language) or own_name(language)


def weekday_inside(weekday: str) -> str:
    """A weekday within a sentence, without a date: “yoğun bir perşembe”."""
    return weekday[:1].lower() + weekday[1:] if _current.get() in SMALL_INSIDE else weekday


def set_current(language: str) -> None:
    _current.set(language)


@contextmanager
def using(language: str) -> Iterator[None]:
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def gettext(text: str, **facts: object) -> str:
    translated = catalogue(_current.get()).gettext(text)
    return translated % facts if facts else translated


def ngettext(one: str, many: str, number: int, **facts: object) -> str:
    return catalogue(_current.get()).ngettext(one, many, number) % {"num": number, **facts}


def best(wanted: list[str], allowed: tuple[str, ...]) -> str | None:
    """The first wanted language that is allowed; “de-AT” is satisfied by “de”."""
    known = {language.lower(): language for language in allowed}
    for language in wanted:
        for candidate in (language.lower(), language.lower().partition("-")[0]):
            if candidate in known:
                return known[candidate]
    return None


def comma() -> str:
    """Between two things of a list, with the space that follows."""
    return "، " if text_direction(_current.get()) == "rtl" else ", "


def listed(parts: Iterable[str]) -> str:
    return comma().join(parts)


def waiting_time(wait: timedelta) -> str:
    """“30 seconds”, “5 minutes”: never less than it takes."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    number, unit = (seconds, "second") if seconds <= LONGEST_IN_SECONDS else (math.ceil(seconds / 60), "minute")
    return format_unit(number, f"duration-{unit}", "long", locale=babel_name(_current.get()))


def sort_key(name: str) -> str:
    """What names are sorted and searched by: no case, no accents. The same in every language, for the database has no ICU."""
    plain = unicodedata.normalize("NFKD", name.casefold())  # “𝘈” has no small form of its own, but the A in it has
    decomposed = unicodedata.normalize("NFKD", plain.casefold())
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())
