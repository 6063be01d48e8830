"""What is not the same in two versions of a brand, value by value."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from portal.core import i18n
from portal.core.errors import declare
from portal.core.i18n import N_
from portal.features.branding.rules import fields, source
from portal.features.branding.rules.source import Files
from portal.features.branding.rules.theme import ThemeError
from portal.features.branding.rules.wording import in_words

declare("theme-draft-changed", N_("Somebody else has changed the draft meanwhile. Look at it, then decide again."))
declare("theme-picture-changed", N_("Somebody else has put another picture here meanwhile. Look at it, then choose again."))

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "name": N_("Brand name"),
        "wordmark.strong": N_("Wordmark, strong part"),
        "wordmark.light": N_("Wordmark, light part"),
        "look.accent": N_("Accent"),
        "look.on_accent": N_("Words on the main button"),
        "look.tint": N_("Tint of the greys"),
        "look.radius": N_("Corners"),
        "look.frame": N_("Frame"),
        "look.font": N_("Type face"),
        "look.density": N_("Density"),
        "look.scheme": N_("Light or dark"),
        "support.mail": N_("Support by mail"),
        "support.phone": N_("Support by telephone"),
        "links.imprint": N_("Imprint"),
        "links.privacy": N_("Privacy"),
        "links.terms": N_("Terms"),
        "links.status": N_("Service status"),
    }
)
TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "welcome": N_("Welcome"),
        "sign_in_lead": N_("Below the welcome"),
        "help": N_("Help in a sentence"),
        "support": N_("Help page"),
        "legal": N_("Legal page"),
    }
)
FILES: Mapping[str, str] = MappingProxyType(
    {
        "logo": N_("Logo"),
        "logo-dark": N_("Logo on dark ground"),
        "icon": N_("Icon"),
        "mark.svg": N_("Mark"),
        "wordmark.svg": N_("Drawn wordmark"),
        "favicon.svg": N_("Icon of the browser’s tab"),
        "slots/door_art.html": N_("Picture at the sign-in"),
    }
)


@dataclass(frozen=True, slots=True)
class Difference:
    """`was` and `now` in words, empty where there is none; of a file it is said which one."""

    key: str
    label: str
    was: str
    now: str
    file: bool = False

    @property
    def colour(self) -> bool:
        return self.key in ("look.accent", "look.tint")

    @property
    def long(self) -> bool:
        return max(len(self.was), len(self.now)) > 120


def differences(before: Files, after: Files) -> list[Difference]:
    """In the order of the editor."""
    return [*_values(before, after), *_files(before, after)]


def label(key: str) -> str:
    """What a value is called where it is edited."""
    if key.startswith("texts."):
        _, language, name = key.split(".")
        return f"{i18n.gettext(TEXTS[name])}, {i18n.language_name(language)}"
    return i18n.gettext(LABELS[key])


def said(files: Files) -> Mapping[str, str]:
    """The values of theme.toml; none when it cannot be read."""
    try:
        return fields.values(source.parsed(files))
    except ThemeError:
        return {}


def _values(before: Files, after: Files) -> Iterator[Difference]:
    was, now = said(before), said(after)
    known = [key for key in LABELS if key in was or key in now]
    texts = sorted(key for key in was.keys() | now.keys() if key.startswith("texts.") and key.split(".")[2] in TEXTS)
    for key in (*known, *texts):
        if was.get(key, "") != now.get(key, ""):
            yield Difference(key, label(key), in_words(key, was.get(key, "")), in_words(key, now.get(key, "")))


def _files(before: Files, after: Files) -> Iterator[Difference]:
    was, now = _places(before), _places(after)
    for place, words in FILES.items():
        if was.get(place) != now.get(place):
            yield Difference(place, i18n.gettext(words), _there(was, place), _there(now, place), file=True)


def _there(places: Mapping[str, str], place: str) -> str:
    return places.get(place, "").partition(" ")[0]


def _places(files: Files) -> dict[str, str]:
    """Path and digest of each file by what it is for; a logo is a logo in every format."""
    return {place: f"{path} {_digest(files[path])}" for place in FILES if (path := _path(files, place))}


def _path(files: Files, place: str) -> str | None:
    return source.picture_of(files, place) if place in source.PICTURES else place if place in files else None


def _digest(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
