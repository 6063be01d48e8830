"""A theme as plain CSS custom properties: no browser has to compute a colour."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.features.branding.rules.palette import derive
from portal.features.branding.rules.theme import FONTS, Scheme, Theme

_FALLBACK_FACES = 'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Noto Sans Arabic", "Geeza Pro", sans-serif'
_MORE_CONTRAST = (
    "--color-text-muted:var(--color-text-main)",
    "--color-rule-soft:var(--color-control-edge)",
    "--color-rule-strong:var(--color-text-main)",
    "--color-accent-line:var(--color-accent-edge)",
    "--color-desk-muted:var(--color-desk-text)",
    "--color-desk-line:var(--color-desk-text)",
)


_LOGOS: Mapping[Scheme, Mapping[str, str]] = MappingProxyType(
    {
        Scheme.LIGHT: {"--logo-light": "inline-block", "--logo-dark": "none"},
        Scheme.DARK: {"--logo-light": "none", "--logo-dark": "inline-block"},
    }
)


def stylesheet(theme: Theme) -> str:
    """The person's switch (`data-scheme` on the root) wins over the theme's lean, which wins over the system."""
    palette = derive(theme)
    first = theme.lean or Scheme.LIGHT
    second = Scheme.DARK if first is Scheme.LIGHT else Scheme.LIGHT
    start = {**shapes(theme), **_colours(palette.of(first))}
    other = {name: value for name, value in _colours(palette.of(second)).items() if start[name] != value}
    blocks = [_block(":root", first, start)]
    if theme.lean is None:
        blocks.append("@media (prefers-color-scheme:dark){\n" + _block(":root:not([data-scheme=light])", second, other) + "\n}")
    blocks.append(_block(f":root[data-scheme={second}]", second, other))
    blocks.append("@media (prefers-contrast:more){:root:root{" + ";".join(_MORE_CONTRAST) + "}}")
    return "\n".join(blocks) + "\n"


def shapes(theme: Theme) -> dict[str, str]:
    radius, density, face = theme.radius, theme.density, FONTS[theme.font]
    return {
        "--shape-radius-control": _pixels(radius),
        "--shape-radius-card": _pixels(radius * 1.5),
        "--shape-radius-small": _pixels(radius * 0.5),
        "--shape-radius-sheet": _pixels(radius * 1.75),
        "--shape-radius-person": f"min(50%, {_pixels(radius * 2.5)})",
        "--shape-radius-round": "999px",
        "--shape-shadow": "0 1px 2px var(--color-shadow-near), 0 8px 28px var(--color-shadow-far)",
        "--size-control": _rems(2.5 * density),
        "--size-control-small": _rems(max(1.75, 2 * density)),
        "--size-row": _rems(0.75 * density),
        "--size-card": _rems(1.5 * density),
        "--type-family-text": face.text + _FALLBACK_FACES,
        "--type-family-title": (face.title or face.text) + _FALLBACK_FACES,
        "--type-weight-title": str(face.title_weight),
    }


def _colours(palette: Mapping[str, str]) -> dict[str, str]:
    return {f"--color-{token}": value for token, value in palette.items()}


def _block(selector: str, scheme: Scheme, declarations: Mapping[str, str]) -> str:
    lines = ";\n".join(f"{name}:{value}" for name, value in {**declarations, **_LOGOS[scheme]}.items())
    return f"{selector}{{\ncolor-scheme:{scheme};\n{lines}\n}}"


def _pixels(value: float) -> str:
    return f"{value:g}px"


def _rems(value: float) -> str:
    return f"{round(value, 4):g}rem"
