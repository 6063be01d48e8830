"""What a theme decides; everything else is derived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from portal.core import i18n
from portal.core.i18n import N_


class Frame(StrEnum):
    QUIET = "quiet"
    BRANDED = "branded"


class Scheme(StrEnum):
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Face:
    """Families before those that every system has; titles may have one of their own. `files` are what a page needs first."""

    text: str = ""
    title: str = ""
    title_weight: int = 650
    files: tuple[str, ...] = ()


_FIGTREE = '"Figtree", "Figtree Fallback", '
_SERIF = 'Georgia, "Noto Serif", "Noto Naskh Arabic", '

FONTS: Mapping[str, Face] = MappingProxyType(
    {
        "figtree": Face(_FIGTREE, files=("figtree",)),
        "nunito": Face('"Nunito", "Nunito Fallback", ', files=("nunito",)),
        "atkinson": Face('"Atkinson Hyperlegible Next", "Atkinson Fallback", ', files=("atkinson",)),
        "newsreader": Face(_FIGTREE, f'"Newsreader", "Newsreader Fallback", {_SERIF}', 600, ("figtree", "newsreader")),
        "bodoni": Face(_FIGTREE, f'"Bodoni Moda", "Bodoni Fallback", {_SERIF}', 500, ("figtree", "bodoni")),
        "grotesk": Face(_FIGTREE, '"Space Grotesk", "Grotesk Fallback", ', 600, ("figtree", "space-grotesk")),
        "system": Face(),
    }
)
RADIUS = (0, 16)
DENSITY = (0.85, 1.15)
SLOTS = ("slots/door_art.html",)
LONG_TEXTS = ("support", "legal")  # written in Markdown
LINKS = ("imprint", "privacy", "terms", "status")


class Words(StrEnum):
    """What is written with on the main button, where a brand insists on it."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Wordmark:
    """The name as it is set: a strong part and, optionally, a light one right after it."""

    strong: str
    light: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of the theme that is shown as a picture; its size is in its own pixels."""

    path: str
    digest: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Theme:
    """The drawings are checked SVG, `texts` go by language, then key; their first language speaks for all others.

    `radius` is in CSS pixels, `support_phone` in digits; `lean` is None where the look follows the system.
    `pictures` go by what they are for: “logo”, “logo-dark”, “icon”.
    """

    name: str
    brand: str
    accent: str
    tint: str
    on_accent: Words | None = None
    radius: int = 8
    frame: Frame = Frame.QUIET
    font: str = "figtree"
    density: float = 1.0
    lean: Scheme | None = None
    wordmark: Wordmark | None = None
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    support_mail: str = ""
    support_phone: str = ""
    mark: str = ""
    drawn_wordmark: str = ""
    favicon: str = ""
    slots: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)


NEUTRAL = Theme(name="neutral", brand="", accent="oklch(0.45 0.012 250)", tint="oklch(0.6 0.012 250)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a theme; `key` is empty where it concerns the whole file."""

    file: str
    key: str
    message: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self) -> str:
        return i18n.gettext(self.message, **self.facts)

    def __str__(self) -> str:
        place = f"{self.file}, {self.key}" if self.key else self.file
        return f"{place}: {self.sentence()}"


class ThemeError(Exception):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


MISSING_FILE = N_("This file is missing.")
UNREADABLE = N_("This cannot be read: %(reason)s.")
