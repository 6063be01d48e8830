"""Colours in OKLCH, brought into sRGB by giving up chroma, never lightness or hue."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from coloraide import Color


@dataclass(frozen=True, slots=True)
class Shade:
    """Lightness 0 to 1, chroma from 0, hue and opacity in degrees and 0 to 1."""

    lightness: float
    chroma: float
    hue: float
    alpha: float = 1.0

    @property
    def hex(self) -> str:
        return _hex(self)

    def lit(self, lightness: float) -> "Shade":
        return replace(self, lightness=min(1.0, max(0.0, lightness)))


@lru_cache(maxsize=4096)
def _hex(shade: Shade) -> str:
    colour = Color("oklch", [shade.lightness, shade.chroma, shade.hue], shade.alpha)
    return str(colour.fit("srgb", method="oklch-chroma").convert("srgb").to_string(hex=True))


def parse(text: str) -> Shade:
    """Reads a CSS colour (`#f26b12`, `oklch(0.68 0.18 47)`); raises ValueError."""
    colour = Color(text).convert("oklch")
    lightness, chroma, hue = colour.coords(nans=False)
    return Shade(lightness, chroma, hue)


def mix(first: Shade, second: Shade, share: float) -> Shade:
    """`share` of the first and the rest of the second, mixed in OKLab."""
    rest = 1 - share
    a = share * first.chroma * _cos(first.hue) + rest * second.chroma * _cos(second.hue)
    b = share * first.chroma * _cos(first.hue - 90) + rest * second.chroma * _cos(second.hue - 90)
    lightness = share * first.lightness + rest * second.lightness
    return Shade(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def nearness(hue: float, centre: float) -> float:
    """1 at the centre, falling to 0 a quarter turn away."""
    return max(0.0, _cos(hue - centre))


@lru_cache(maxsize=4096)
def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, by WCAG 2."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """1 to 21, by WCAG 2."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
