"""How well a theme can be read, pair by pair, and what was moved so that it can: in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from babel.numbers import format_decimal

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.branding.rules.palette import PAIRS, PERSONS, Move, Palette
from portal.features.branding.rules.shade import contrast, parse
from portal.features.branding.rules.theme import Scheme

HOPELESS = 2.0  # below this nobody reads anything

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "text-main": N_("Text"),
        "text-muted": N_("Quiet text"),
        "accent-ink": N_("Links"),
        "accent-on": N_("Label of the main button"),
        "accent-fill": N_("Main button"),
        "accent-hover": N_("Main button, pointed at"),
        "accent-edge": N_("Edges and focus ring"),
        "accent-wash": N_("Chosen row"),
        "good-ink": N_("Text of good news"),
        "warn-ink": N_("Text of warnings"),
        "bad-ink": N_("Text of mistakes"),
        "info-ink": N_("Text of notes"),
        "good-mark": N_("Mark of good news"),
        "bad-mark": N_("Mark of mistakes"),
        "good-wash": N_("Ground of good news"),
        "warn-wash": N_("Ground of warnings"),
        "bad-wash": N_("Ground of mistakes"),
        "info-wash": N_("Ground of notes"),
        "control-edge": N_("Edges of fields"),
        "chart-base": N_("Bars of charts"),
        "chart-strong": N_("Bars of charts"),
        "surface-ground": N_("Page"),
        "surface-raised": N_("Card"),
        "surface-sunken": N_("Side bar"),
        "surface-hover": N_("Row, pointed at"),
        "surface-brand": N_("Picture at the sign-in"),
        "desk-text": N_("Text in the coloured side bar"),
        "desk-muted": N_("Quiet text in the coloured side bar"),
        "desk-mark": N_("Current place in the coloured side bar"),
        "desk-fill": N_("Coloured side bar"),
        "desk-raised": N_("Coloured side bar, pointed at"),
        "code-ink": N_("Code to scan"),
        "code-paper": N_("Paper of the code"),
        **{f"person-text-{at}": N_("Initials of people") for at in range(len(PERSONS))},
        **{f"person-fill-{at}": N_("Circle behind initials") for at in range(len(PERSONS))},
    }
)
SCHEMES: Mapping[Scheme, str] = MappingProxyType({Scheme.LIGHT: N_("Light"), Scheme.DARK: N_("Dark")})

_BUTTON = N_("Main buttons get %(now)s: a label on %(was)s would reach %(ratio)s:1, and %(minimum)s:1 is needed.")
_SHADE = N_("Main buttons get %(now)s, the nearest shade of %(was)s that stands out on light and on dark pages.")
_LINKS = N_("Links get %(now)s: %(was)s on %(ground)s would reach %(ratio)s:1, and %(minimum)s:1 is needed.")
_LINKS_HOPELESS = N_("Links get %(now)s: %(was)s on %(ground)s can be read by nobody (%(ratio)s:1, and %(minimum)s:1 is needed).")
_EDGES = N_("Edges and the focus ring get %(now)s: %(was)s on %(ground)s would reach %(ratio)s:1, and %(minimum)s:1 is needed.")
_OTHER = N_("It is %(now)s: %(was)s on %(ground)s would reach %(ratio)s:1, and %(minimum)s:1 is needed.")
FILL = "accent-fill"
OF_ACCENT = ("accent-fill", "accent-ink", "accent-edge", "desk-mark")


@dataclass(frozen=True, slots=True)
class Reading:
    """One pair in one scheme."""

    above: str
    below: str
    ratio: float
    minimum: float

    @property
    def passes(self) -> bool:
        return self.ratio >= self.minimum


@dataclass(frozen=True, slots=True)
class Row:
    """A pair of tokens in both schemes; `moved` are the moves of its upper one."""

    above: str
    below: str
    minimum: float
    light: Reading
    dark: Reading
    moved: tuple[Move, ...]

    @property
    def passes(self) -> bool:
        return self.light.passes and self.dark.passes


@dataclass(frozen=True, slots=True)
class Note:
    """A move as a sentence."""

    token: str
    scheme: Scheme | None  # None: both
    was: str
    now: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Proof:
    """All pairs, what was moved, and the pair that comes nearest to its limit."""

    rows: tuple[Row, ...]
    notes: tuple[Note, ...]

    @property
    def passing(self) -> int:
        return sum(row.passes for row in self.rows)

    @property
    def passes(self) -> bool:
        return self.passing == len(self.rows)

    @property
    def nearest(self) -> tuple[Row, Reading]:
        every = ((row, reading) for row in self.rows for reading in (row.light, row.dark))
        return min(every, key=lambda one: one[1].ratio / one[1].minimum)

    @property
    def of_accent(self) -> tuple[Note, ...]:
        """What belongs beside the field of the accent."""
        return tuple(note for note in self.notes if note.token in OF_ACCENT)


def prove(palette: Palette, accent: str) -> Proof:
    """`accent` is the brand's own colour, as it was chosen."""
    rows = tuple(_row(palette, *pair) for pair in PAIRS)
    return Proof(rows, (*_shaded(palette, accent), *(_note(palette, move) for move in palette.moves)))


def _shaded(palette: Palette, accent: str) -> tuple[Note, ...]:
    """The main button is never as bright, or as dark, that it is lost on one of the two schemes."""
    was, now = parse(accent).hex, palette.light["accent-fill"]
    if was == now or any(move.token == FILL for move in palette.moves):
        return ()
    return (Note(FILL, None, was, now, i18n.gettext(_SHADE, was=was, now=now)),)


def _row(palette: Palette, above: str, below: str, minimum: float) -> Row:
    light, dark = (_reading(palette.of(scheme), above, below, minimum) for scheme in Scheme)
    moved = tuple(move for move in palette.moves if move.token in (above, below) and move.pair[:2] == (above, below))
    return Row(above, below, minimum, light, dark, moved)


def _reading(colours: Mapping[str, str], above: str, below: str, minimum: float) -> Reading:
    return Reading(colours[above], colours[below], contrast(colours[above], colours[below]), minimum)


def _note(palette: Palette, move: Move) -> Note:
    below = palette.of(move.scheme)[move.pair[1]]
    facts = {
        "was": move.was,
        "now": move.now,
        "ground": below,
        "minimum": figure(move.pair[2], "0.#"),
        "ratio": figure(move.ratio),
    }
    return Note(move.token, move.scheme, move.was, move.now, i18n.gettext(_template(move), **facts))


def _template(move: Move) -> str:
    links = _LINKS_HOPELESS if move.ratio < HOPELESS else _LINKS
    return {"accent-fill": _BUTTON, "accent-ink": links, "accent-edge": _EDGES}.get(move.token, _OTHER)


def figure(value: float, form: str = "0.0") -> str:
    """Rounded down: what is said to pass does."""
    return str(format_decimal(int(value * 10 + 1e-9) / 10, format=form, locale=i18n.babel_name(i18n.current())))
