"""Every colour of a theme, derived from accent and tint, moved where it could not be read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from portal.features.branding.rules import shade
from portal.features.branding.rules.shade import Shade, contrast, nearness
from portal.features.branding.rules.theme import Scheme, Theme, Words

TEXT = 4.5
LINE = 3.0
STEP = 0.004
FARTHEST = 0.15  # of lightness: an orange is a brown beyond it
GREY = 0.004
PERSONS = (0, -48, -24, 30, 62, 160)

Pair = tuple[str, str, float]
Recipe = Callable[["Inputs"], Shade]


@dataclass(frozen=True, slots=True)
class Inputs:
    accent: Shade
    tint: Shade
    words: Words | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """`token` became `now`, because `was` reached only `ratio` on `pair[1]`."""

    token: str
    scheme: Scheme
    was: str
    now: str
    pair: Pair
    ratio: float


@dataclass(frozen=True, slots=True)
class Palette:
    """Token name (without `--color-`) to `#rrggbb` or `#rrggbbaa`."""

    light: Mapping[str, str]
    dark: Mapping[str, str]
    moves: tuple[Move, ...]

    def of(self, scheme: Scheme) -> Mapping[str, str]:
        return self.light if scheme is Scheme.LIGHT else self.dark


def _pairs(foregrounds: Iterable[str], backgrounds: Iterable[str], minimum: float) -> list[Pair]:
    return [(above, below, minimum) for above in foregrounds for below in backgrounds]


_PAGE = ("surface-ground", "surface-raised", "surface-sunken", "surface-hover")
_MATTER = (*_PAGE, "surface-brand", "accent-wash")
_WASHES = ("good-wash", "warn-wash", "bad-wash", "info-wash")
_DESK = ("desk-fill", "desk-raised")

PAIRS: tuple[Pair, ...] = (
    *_pairs(("text-main", "text-muted"), (*_MATTER, *_WASHES), TEXT),
    *_pairs(("accent-ink",), _MATTER, TEXT),
    *_pairs(("accent-on",), ("accent-fill", "accent-hover"), TEXT),
    *_pairs(("good-ink", "warn-ink", "bad-ink", "info-ink"), (*_PAGE, "accent-wash"), TEXT),
    *(pair for state in ("good", "warn", "bad", "info") for pair in _pairs((f"{state}-ink",), (f"{state}-wash",), TEXT)),
    *_pairs(("desk-text", "desk-muted"), _DESK, TEXT),
    *_pairs(("desk-mark",), _DESK, LINE),
    *((f"person-text-{turn}", f"person-fill-{turn}", TEXT) for turn in range(len(PERSONS))),
    *_pairs(("accent-edge",), (*_MATTER, *_WASHES), LINE),
    *_pairs(("control-edge",), _PAGE, LINE),
    *_pairs(("good-mark", "bad-mark"), _PAGE, LINE),
    *_pairs(("chart-base",), ("surface-ground", "surface-raised"), LINE),
    *_pairs(("chart-strong",), ("surface-ground", "surface-raised"), TEXT),
    ("code-ink", "code-paper", TEXT),
)


_RIVALS: Mapping[str, tuple[tuple[str, Pair], ...]] = MappingProxyType(
    {
        **{above: tuple((pair[1], pair) for pair in PAIRS if pair[0] == above) for above, _, _ in PAIRS},
        "accent-fill": tuple((pair[0], pair) for pair in PAIRS if pair[1] == "accent-fill"),
    }
)


def derive(theme: Theme) -> Palette:
    """Every pair reaches its minimum in both schemes, whatever the inputs are."""
    return _derived(read_inputs(theme))


@lru_cache(maxsize=64)
def _derived(inputs: Inputs) -> Palette:
    light, light_moves = _scheme(inputs, Scheme.LIGHT)
    dark, dark_moves = _scheme(inputs, Scheme.DARK)
    return Palette(MappingProxyType(light), MappingProxyType(dark), (*light_moves, *dark_moves))


def read_inputs(theme: Theme) -> Inputs:
    accent, tint = shade.parse(theme.accent), shade.parse(theme.tint)
    if accent.chroma < GREY:  # a grey has no hue of its own
        accent = Shade(accent.lightness, 0, tint.hue)
    return Inputs(accent, Shade(tint.lightness, min(tint.chroma, 0.06), tint.hue), theme.on_accent)


def unreadable(palette: Palette) -> list[tuple[Scheme, Pair, float]]:
    """The pairs that derivation could not repair."""
    schemes = ((Scheme.LIGHT, palette.light), (Scheme.DARK, palette.dark))
    measured = [(scheme, pair, contrast(colours[pair[0]], colours[pair[1]])) for scheme, colours in schemes for pair in PAIRS]
    return [one for one in measured if one[2] < one[1][2]]


def lost(theme: Theme) -> Move | None:
    """The move after which nobody knows the brand's colour again: words were chosen that do not go with it."""
    fills = [move for move in derive(theme).moves if move.token == "accent-fill"]  # noqa: S105 - of a colour
    return next((move for move in fills if theme.on_accent and _way(move) > FARTHEST), None)


def _way(move: Move) -> float:
    return abs(shade.parse(move.now).lightness - shade.parse(move.was).lightness)


def worst(palette: Palette, scheme: Scheme) -> tuple[Pair, float]:
    """The pair that is nearest to its minimum, and its contrast."""
    colours = palette.of(scheme)
    measured = ((pair, contrast(colours[pair[0]], colours[pair[1]])) for pair in PAIRS)
    return min(measured, key=lambda one: one[1] / one[0][2])


def _scheme(inputs: Inputs, scheme: Scheme) -> tuple[dict[str, str], list[Move]]:
    column = 0 if scheme is Scheme.LIGHT else 1
    shades = {token: recipes[column](inputs) for token, recipes in RECIPES.items()}
    shades |= _main_button(inputs.accent, inputs.words, scheme)
    moves = _brand_moves(inputs.accent, shades, scheme)
    for token in dict.fromkeys(pair[0] for pair in PAIRS if pair[0] != "accent-on"):
        moves += _repair(token, shades, scheme)
    return {token: one.hex for token, one in shades.items()}, moves


def _main_button(accent: Shade, words: Words | None, scheme: Scheme) -> dict[str, Shade]:
    """The fill keeps the brand's colour but for the zone where neither paper nor ink reads on it."""
    clamped = _weight(accent, scheme)
    bright = words is Words.DARK if words else clamped > 0.6
    fill = accent.lit(max(clamped, 0.68) if bright else min(clamped, 0.52))
    ink, paper = Shade(0.2, min(accent.chroma, 0.2) * 0.15, accent.hue), Shade(0.99, min(accent.chroma, 0.01), accent.hue)
    label = ink if bright else paper
    away = 1 if bright else -1
    hover = fill.lit(fill.lightness + away * 0.045)
    return {"accent-fill": fill, "accent-hover": hover, "accent-on": label}


def _weight(accent: Shade, scheme: Scheme) -> float:
    """Black would be lost on a dark page: an accent without a colour turns with the page."""
    if accent.chroma >= GREY:
        return min(0.84, max(0.38, accent.lightness))
    return max(0.22, accent.lightness) if scheme is Scheme.LIGHT else max(0.92, accent.lightness)


def _brand_moves(accent: Shade, shades: Mapping[str, Shade], scheme: Scheme) -> list[Move]:
    """Where the brand's own colour could not serve as it is."""
    moves = []
    for token in ("accent-fill", "accent-ink", "accent-edge"):
        pair, ratio = _tightest(token, accent.hex, shades)
        if ratio < pair[2]:
            moves.append(Move(token, scheme, accent.hex, shades[token].hex, pair, ratio))
    return moves


def _tightest(token: str, colour: str, shades: Mapping[str, Shade]) -> tuple[Pair, float]:
    measured = ((pair, contrast(colour, shades[rival].hex)) for rival, pair in _RIVALS[token])
    return min(measured, key=lambda one: one[1] / one[0][2])


def _repair(token: str, shades: dict[str, Shade], scheme: Scheme) -> list[Move]:
    away = STEP if scheme is Scheme.DARK or token.startswith("desk-") else -STEP
    start = shades[token]
    pair, ratio = tightest = _tightest(token, start.hex, shades)
    while ratio < pair[2] and 0 < shades[token].lightness < 1:
        shades[token] = shades[token].lit(shades[token].lightness + away)
        pair, ratio = _tightest(token, shades[token].hex, shades)
    if shades[token] is start:
        return []
    return [Move(token, scheme, start.hex, shades[token].hex, *tightest)]


def _tinted(lightness: float, share: float) -> Recipe:
    return lambda brand: Shade(lightness, brand.tint.chroma * share, brand.tint.hue)


def _fixed(lightness: float, chroma: float, hue: float) -> Recipe:
    return lambda _: Shade(lightness, chroma, hue)


def _at_most(lightness: float, chroma: float) -> Recipe:
    return lambda brand: Shade(min(brand.accent.lightness, lightness), min(brand.accent.chroma, chroma), brand.accent.hue)


def _at_least(lightness: float, chroma: float) -> Recipe:
    return lambda brand: Shade(max(brand.accent.lightness, lightness), min(brand.accent.chroma, chroma), brand.accent.hue)


def _share(lightness: float, share: float) -> Recipe:
    return lambda brand: Shade(lightness, min(brand.accent.chroma, 0.2) * share, brand.accent.hue)


def _accented(lightness: float, chroma: float) -> Recipe:
    return lambda brand: Shade(lightness, min(brand.accent.chroma, chroma), brand.accent.hue)


def _wash(accent: Recipe, tint: Recipe) -> Recipe:
    return lambda brand: shade.mix(accent(brand), tint(brand), 0.55)


def _desk(lightness: float, lift: float, share: float, cap: float, cap_lift: float) -> Recipe:
    """Warm brands are lifted and leant to red, or a deep orange turns to mud."""

    def recipe(brand: Inputs) -> Shade:
        hue, warm = brand.accent.hue, nearness(brand.accent.hue, 50)
        chroma = min(brand.accent.chroma * share, cap + cap_lift * warm)
        return Shade(lightness + lift * warm, chroma, hue - 12 * nearness(hue, 62))

    return recipe


def _person(lightness: float, chroma: float, turn: int) -> Recipe:
    return lambda brand: Shade(lightness, chroma, (brand.accent.hue + turn) % 360)


def _veil(lightness: float, chroma: float, alpha: float) -> Recipe:
    return lambda brand: Shade(lightness, chroma if brand.tint.chroma > GREY else 0, brand.tint.hue, alpha)


RECIPES: Mapping[str, tuple[Recipe, Recipe]] = MappingProxyType(
    {
        "surface-ground": (_tinted(0.99, 0.1), _tinted(0.195, 0.4)),
        "surface-raised": (_tinted(1, 0), _tinted(0.24, 0.42)),
        "surface-sunken": (_tinted(0.968, 0.22), _tinted(0.165, 0.38)),
        "surface-hover": (_tinted(0.958, 0.26), _tinted(0.255, 0.45)),
        "surface-brand": (_tinted(0.94, 0.72), _tinted(0.235, 0.75)),
        "surface-brand-line": (_share(0.76, 0.62), _share(0.48, 0.55)),
        "rule-soft": (_tinted(0.915, 0.3), _tinted(0.295, 0.45)),
        "rule-strong": (_tinted(0.8, 0.5), _tinted(0.42, 0.5)),
        "control-edge": (_tinted(0.6, 0.6), _tinted(0.57, 0.5)),
        "text-main": (_tinted(0.25, 0.6), _tinted(0.94, 0.15)),
        "text-muted": (_tinted(0.47, 0.7), _tinted(0.745, 0.35)),
        "accent-ink": (_at_most(0.475, 0.16), _at_least(0.79, 0.13)),
        "accent-edge": (_at_most(0.58, 0.4), _at_least(0.66, 0.4)),
        "accent-wash": (_wash(_share(0.955, 0.17), _tinted(0.95, 0.5)), _wash(_share(0.28, 0.26), _tinted(0.29, 0.6))),
        "accent-line": (_accented(0.84, 0.07), _accented(0.45, 0.07)),
        "good-ink": (_fixed(0.45, 0.1, 155), _fixed(0.82, 0.12, 155)),
        "good-mark": (_fixed(0.6, 0.14, 155), _fixed(0.74, 0.15, 155)),
        "good-wash": (_fixed(0.96, 0.03, 155), _fixed(0.275, 0.045, 155)),
        "warn-ink": (_fixed(0.46, 0.09, 70), _fixed(0.85, 0.12, 80)),
        "warn-wash": (_fixed(0.965, 0.035, 85), _fixed(0.28, 0.045, 75)),
        "bad-ink": (_fixed(0.48, 0.17, 25), _fixed(0.8, 0.11, 22)),
        "bad-mark": (_fixed(0.58, 0.19, 25), _fixed(0.68, 0.17, 23)),
        "bad-wash": (_fixed(0.965, 0.02, 20), _fixed(0.27, 0.05, 22)),
        "info-ink": (_fixed(0.46, 0.1, 245), _fixed(0.82, 0.08, 240)),
        "info-wash": (_fixed(0.962, 0.018, 245), _fixed(0.275, 0.04, 245)),
        "chart-base": (_tinted(0.65, 0.6), _tinted(0.53, 0.6)),
        "chart-strong": (_tinted(0.47, 0.9), _tinted(0.76, 0.7)),
        "desk-fill": (_desk(0.355, 0.06, 0.8, 0.112, 0.018), _desk(0.25, 0.03, 0.6, 0.07, 0)),
        "desk-raised": (_desk(0.41, 0.06, 0.8, 0.112, 0.018), _desk(0.315, 0.03, 0.65, 0.08, 0)),
        "desk-line": (_desk(0.48, 0.06, 0.8, 0.112, 0.018), _desk(0.385, 0.03, 0.65, 0.08, 0)),
        "desk-mark": (_at_least(0.62, 0.4), _at_least(0.56, 0.4)),
        "desk-text": (_accented(0.985, 0.012), _accented(0.985, 0.012)),
        "desk-muted": (_accented(0.9, 0.035), _accented(0.9, 0.035)),
        **{f"person-fill-{at}": (_person(0.885, 0.058, turn), _person(0.375, 0.06, turn)) for at, turn in enumerate(PERSONS)},
        **{f"person-text-{at}": (_person(0.365, 0.07, turn), _person(0.93, 0.04, turn)) for at, turn in enumerate(PERSONS)},
        "backdrop": (_veil(0.18, 0.03, 0.55), _veil(0.05, 0.01, 0.65)),
        "shadow-near": (_veil(0.2, 0.02, 0.06), _veil(0, 0, 0.4)),
        "shadow-far": (_veil(0.2, 0.02, 0.1), _veil(0, 0, 0.45)),
        "code-paper": (_fixed(1, 0, 0), _fixed(1, 0, 0)),
        "code-ink": (_fixed(0.15, 0, 0), _fixed(0.15, 0, 0)),
    }
)
