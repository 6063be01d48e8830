"""Which SVG a theme may bring: shapes and paint, nothing that runs, loads or refers to the outside."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from xml.etree import ElementTree as ET

from portal.core.i18n import N_
from portal.features.branding.rules.theme import UNREADABLE, Problem

_ELEMENTS = """
    svg g path rect circle ellipse line polyline polygon defs linearGradient radialGradient stop mask clipPath title desc
"""
_ATTRIBUTES = """
    viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points transform offset opacity pathLength
    fill fill-rule fill-opacity clip-rule clip-path clipPathUnits mask maskUnits maskContentUnits gradientUnits gradientTransform
    spreadMethod stop-color stop-opacity stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity
    stroke-dasharray stroke-dashoffset vector-effect aria-hidden focusable class id
"""
ELEMENTS = frozenset(_ELEMENTS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
CLASSES = frozenset({"art", "art-upright"})  # the second: a letter or figure, which is not mirrored with the rest
SIZES = MappingProxyType(
    {
        "mark.svg": 4_000,
        "favicon.svg": 4_000,
        "wordmark.svg": 8_000,
        "slots/door_art.html": 16_000,
        "logo.svg": 64_000,
        "logo-dark.svg": 64_000,
        "icon.svg": 64_000,
    }
)
ALONE = frozenset({"favicon.svg", "logo.svg", "logo-dark.svg", "icon.svg"})  # files of their own, never part of a page
REPEATED = frozenset({"mark.svg", "wordmark.svg"})  # stand more than once on a page, so they hold no ids

TOO_LARGE = N_("This drawing has %(size)s bytes; %(limit)s are allowed.")
NOT_SVG = N_("This must be one <svg> element with a viewBox.")
TOO_DEEP = N_("This drawing has too many parts, or parts in one another; simplify it.")
STRIPE = N_("This drawing is a thin stripe of %(width)s × %(height)s. Choose one that is less long.")
NESTED = N_("A mask or clipping path may not use another one.")
NO_TOKENS = N_("A picture that is a file of its own knows no colours of the theme: write “%(value)s” as a plain colour.")
DECLARATION = N_("Comments, declarations and template code have no place in a drawing.")
ELEMENT = N_("The element <%(name)s> is not allowed in a drawing.")
ATTRIBUTE = N_("The attribute “%(name)s” is not allowed in a drawing.")
REFERENCE = N_("“%(value)s” refers to something outside of the drawing.")
CLASS = N_("The class “%(value)s” is not one that a drawing may use.")
FOREIGN_ID = N_("Ids in a drawing begin with “art-”, so that they meet no other on the page; “%(value)s” does not.")
REPEATED_ID = N_("A mark stands more than once on a page, so it must not hold the id “%(value)s”.")

SVG = "{http://www.w3.org/2000/svg}"
_LOCAL = re.compile(r"url\(#[a-z][a-z0-9-]*\)|var\(--color-[a-z0-9-]+\)")
_BOX = re.compile(r"-?[0-9.]+(?:[ ,]+-?[0-9.]+)(?:[ ,]+(?!0+(?:[ ,]|$))[0-9]+(?:\.[0-9]+)?){2}")
SHAPED = ALONE | {"mark.svg"}
MOST_TIMES_AS_WIDE = 12
MOST_PARTS, DEEPEST = 1_000, 40
MOST_LAYERS = 64  # each is a picture of its own for whoever draws it, and so is what it is cut out with
_LAYERED = frozenset({"opacity", "mask", "clip-path"})
SIDES = (0.001, 1_000_000)  # what whoever draws it can reckon with
_TOKEN = re.compile(r"var\(--color-([a-z0-9-]+)\)")
_BETWEEN_TAGS = re.compile(r">\s+<")


def problems(file: str, text: str) -> list[Problem]:
    """What keeps this drawing from being shown inside a page; empty when nothing does."""
    limit = SIZES[file]
    if len(text.encode()) > limit:
        return [Problem(file, "", TOO_LARGE, {"size": len(text.encode()), "limit": limit})]
    if "<!" in text or "<?" in text or "{" in text or "xmlns:" in text:
        return [Problem(file, "", DECLARATION)]
    try:
        root = ET.fromstring(text)  # noqa: S314 - nothing with a declaration gets here
    except ET.ParseError as error:
        return [Problem(file, "", UNREADABLE, {"reason": error})]
    if not text.lstrip().startswith("<svg ") or _name(root) != "svg" or not _has_box(root):
        return [Problem(file, "", NOT_SVG)]
    if not simple(root):
        return [Problem(file, "", TOO_DEEP)]
    found = [problem for element in root.iter() for problem in _element(file, element)]
    return [*_shape(file, root), *_nested(file, root), *found]


def _has_box(root: "ET.Element[str]") -> bool:
    least, most = SIDES
    return bool(_BOX.fullmatch(root.get("viewBox", "").strip())) and all(least <= side <= most for side in box(root))


def box(root: "ET.Element[str]") -> tuple[float, float]:
    """Width and height of a drawing that has a box."""
    parts = root.get("viewBox", "").replace(",", " ").split()
    return float(parts[2]), float(parts[3])


def _shape(file: str, root: "ET.Element[str]") -> Iterator[Problem]:
    width, height = box(root)
    if file in SHAPED and max(width, height) > min(width, height) * MOST_TIMES_AS_WIDE:
        yield Problem(file, "", STRIPE, {"width": f"{width:g}", "height": f"{height:g}"})


def _nested(file: str, root: "ET.Element[str]") -> Iterator[Problem]:
    """Masks in masks take whoever draws them for ever."""
    outer = [element for element in root.iter() if _name(element) in {"mask", "clipPath"}]
    if any({"mask", "clip-path"} & inner.attrib.keys() for element in outer for inner in element.iter()):
        yield Problem(file, "", NESTED)


def simple(root: "ET.Element[str]") -> bool:
    """Whether it has only so many parts, so deep in one another, that whoever draws it does not get lost."""
    parts, level = 0, [root]
    for _depth in range(DEEPEST):
        parts += len(level)
        if not level or parts > MOST_PARTS:
            break
        level = [child for element in level for child in element]
    return not level and parts <= MOST_PARTS and _few_layers(root)


def _few_layers(root: "ET.Element[str]") -> bool:
    layers = sum(1 for element in root.iter() if _LAYERED & element.attrib.keys())
    outlines = sum(1 for element in root.iter() if _name(element) in {"mask", "clipPath"} for _part in element.iter())
    return layers <= MOST_LAYERS and layers * outlines <= MOST_PARTS


def inline(text: str) -> str:
    """A checked drawing as it stands inside a page: silent for screen readers, without what only a file needs."""
    drawing = _BETWEEN_TAGS.sub("><", text.strip()).replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
    if "aria-hidden" in drawing:
        return drawing
    return drawing.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def resolved(text: str, colours: Mapping[str, str]) -> str:
    """As a file of its own: colours of the theme as plain ones."""
    return _TOKEN.sub(lambda found: colours.get(found[1], "currentColor"), text)


def _name(element: "ET.Element[str]") -> str:
    return element.tag.removeprefix(SVG)


def _element(file: str, element: "ET.Element[str]") -> Iterator[Problem]:
    name = _name(element)
    if name not in ELEMENTS:
        yield Problem(file, name, ELEMENT, {"name": name})
    for attribute, value in element.attrib.items():
        yield from _attribute(file, name, attribute, value)


def _attribute(file: str, element: str, name: str, value: str) -> Iterator[Problem]:
    key = f"{element} {name}"
    if name not in ATTRIBUTES:
        yield Problem(file, key, ATTRIBUTE, {"name": name})
    if "(" in value and name not in {"transform", "gradientTransform"} and not _LOCAL.fullmatch(value.strip()):
        yield Problem(file, key, REFERENCE, {"value": value})
    if file in ALONE and "var(" in value:
        yield Problem(file, key, NO_TOKENS, {"value": value})
    if name == "class" and not CLASSES.issuperset(value.split()):
        yield Problem(file, key, CLASS, {"value": value})
    if name == "id" and file in REPEATED:
        yield Problem(file, key, REPEATED_ID, {"value": value})
    elif name == "id" and file not in ALONE and not value.startswith("art-"):
        yield Problem(file, key, FOREIGN_ID, {"value": value})


# --- for brands that bring none -----------------------------------------------------------------------------------------------

_GROUNDS = (
    '<circle cx="12" cy="12" r="12"/>',
    '<rect width="24" height="24" rx="6"/>',
    '<path d="M12 0l12 12-12 12L0 12z"/>',
    '<path d="M4 0h20v20a4 4 0 0 1-4 4H0V4a4 4 0 0 1 4-4z"/>',
)
_FIGURES = (
    '<path d="M7 15V9M12 18V6M17 15V9"/>',
    '<path d="M7 14a5 5 0 0 1 10 0M10 15a2 2 0 0 1 4 0"/>',
    '<path d="M7 9l5 4 5-4M7 15h10"/>',
    '<path d="M8 8h8v6h-4l-4 3z"/>',
    '<path d="M7 12h3l2-5 2 9 1-4h2"/>',
)


def sign(name: str) -> str:
    """A simple mark in the colours of the theme, the same for a name every time."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big")
    ground, figure = _GROUNDS[number % len(_GROUNDS)], _FIGURES[number // 16 % len(_FIGURES)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">\n'
        f'  <g fill="var(--color-accent-fill)">{ground}</g>\n'
        '  <g fill="none" stroke="var(--color-accent-on)" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round">'
        f"{figure}</g>\n</svg>\n"
    )
