"""A theme as it would be with what somebody has typed: what cannot be used yet is left out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from portal.features.branding.rules import colours
from portal.features.branding.rules.theme import DENSITY, FONTS, RADIUS, Frame, Scheme, Theme, Wordmark

LONGEST = 400
LOOK = ("accent", "tint", "radius", "frame", "font", "density", "lean")
NAMES = ("brand", "strong", "light")
TEXTS = ("welcome", "sign_in_lead", "help")
TRIED = (*LOOK, *NAMES, *TEXTS)


def tried(theme: Theme, values: Mapping[str, str], language: str) -> Theme:
    """`values` as forms send them; texts are those of `language`."""
    said = {name: value.strip()[:LONGEST] for name, value in values.items() if name in TRIED}
    look = {name: read for name, value in said.items() if name in _LOOK and (read := _LOOK[name](value)) is not _NOTHING}
    return replace(theme, **look, **_names(theme, said), texts=_texts(theme, said, language))


_NOTHING = object()


def _colour(value: str) -> Any:
    try:
        return colours.clean(value)
    except ValueError:
        return _NOTHING


def _one_of(known: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(value: str) -> Any:
        try:
            return known(value)
        except (KeyError, ValueError):
            return _NOTHING

    return read


def _font(value: str) -> str:
    if value not in FONTS:
        raise ValueError(value)
    return value


def _between(kind: type[int] | type[float], low: float, high: float) -> Callable[[str], Any]:
    def read(value: str) -> Any:
        try:
            number = kind(value)
        except ValueError:
            return _NOTHING
        return number if low <= number <= high else _NOTHING

    return read


_LOOK: Mapping[str, Callable[[str], Any]] = {
    "accent": _colour,
    "tint": _colour,
    "radius": _between(int, *RADIUS),
    "frame": _one_of(Frame),
    "font": _one_of(_font),
    "density": _between(float, *DENSITY),
    "lean": lambda value: _one_of(Scheme)(value) if value else None,
}


def _names(theme: Theme, said: Mapping[str, str]) -> dict[str, Any]:
    brand = said.get("brand") or theme.brand
    if not any(name in said for name in NAMES):
        return {}
    before = theme.wordmark or Wordmark(theme.brand)
    strong = said.get("strong", before.strong)
    return {"brand": brand, "wordmark": Wordmark(strong or brand, said.get("light", before.light if strong else ""))}


def _texts(theme: Theme, said: Mapping[str, str], language: str) -> Mapping[str, Mapping[str, str]]:
    typed = {name: said[name] for name in TEXTS if name in said}
    return {**theme.texts, language: {**theme.texts.get(language, {}), **typed}} if typed else theme.texts
