"""A stranger's SVG, reduced to shapes and paint. What is harmless and unknown is left out; what is meant to run is refused."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from types import MappingProxyType
from xml.etree import ElementTree as ET

from defusedxml import DefusedXmlException, ElementTree as Defused

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.branding.rules import drawing
from portal.features.branding.rules.drawing import ATTRIBUTES, ELEMENTS, SVG
from portal.features.branding.rules.theme import Problem

LARGEST = 512 * 1024

declare("svg-too-large", N_("This drawing has %(size)s KB; %(limit)s KB are allowed."))
declare("svg-broken", N_("This drawing cannot be read: it is no whole SVG file."))
declare("svg-declaration", N_("This drawing declares entities of its own, which can be used for attacks. Save it as plain SVG."))
declare("svg-script", N_("This drawing holds a script (%(what)s), so it is not taken. Save it without any and try again."))
declare("svg-outside", N_("This drawing refers to something outside of itself (“%(what)s”). Put everything into the one file."))
declare("svg-element", N_("This drawing uses <%(what)s>, which cannot be shown everywhere. Convert it to plain shapes."))
declare("svg-problem", N_("This drawing is not taken: %(sentence)s"))

_RUNS = frozenset({"script", "foreignobject", "iframe", "object", "embed", "handler", "listener", "html", "body"})
_SILENT = frozenset({"metadata", "title", "desc", "style"})
_OUTSIDE = re.compile(r"^\s*(?!#)\S", re.DOTALL)
_JAVASCRIPT = re.compile(r"(java|vb)script\s*:|data\s*:\s*text/html|expression\s*\(", re.IGNORECASE)
_ADDRESS = re.compile(r"url\(\s*[\"']?\s*(?!#)([^)\"']*)", re.IGNORECASE)
# What strangers write is read from left to right once: none of these looks at the same sign again and again.
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_PLAIN_URL = re.compile(r"url\(\s*[\"']?#([^()\"'\s]+)[\"']?\s*\)")
_REFERENCE = re.compile(r"url\(#([^()]+)\)")
_PAINT = frozenset(ATTRIBUTES - {"id", "class", "d", "points", "viewBox", "transform", "width", "height", "x", "y"})


def reduced(file: str, content: bytes) -> str:
    """The drawing as it may be kept under this name. Raises Refused."""
    if len(content) > LARGEST:
        raise Refused("svg-too-large", field=file, size=len(content) // 1024, limit=LARGEST // 1024)
    root = _parsed(file, content)
    if not drawing.simple(root):
        raise Refused("svg-problem", field=file, sentence=Problem(file, "", drawing.TOO_DEEP).sentence())
    for element in root.iter():
        _refuse_what_runs(file, element)
    _apply_rules(root)
    _share_stops(file, root)
    _check_grown(file, root)
    _clean(file, root)
    _give_box(root)
    _rename_ids(root)
    text = _text(root)
    found = drawing.problems(file, text)
    if found:
        raise Refused("svg-problem", field=file, sentence=found[0].sentence())
    return text


def _parsed(file: str, content: bytes) -> "ET.Element[str]":
    try:
        root: ET.Element[str] = Defused.fromstring(content, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise Refused("svg-declaration", field=file) from None
    except (ET.ParseError, ValueError, LookupError):
        raise Refused("svg-broken", field=file) from None
    if _name(root) != "svg":
        raise Refused("svg-broken", field=file)
    return root


def _name(element: "ET.Element[str]") -> str:
    """Without the namespace of SVG; those of others keep theirs."""
    return element.tag.removeprefix(SVG)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _refuse_what_runs(file: str, element: "ET.Element[str]") -> None:
    name = _local(_name(element))
    if name.lower() in _RUNS:
        raise Refused("svg-script", field=file, what=f"<{name}>")
    for attribute, value in element.attrib.items():
        _refuse_attribute(file, _local(attribute), value)
    if name == "style" and (_JAVASCRIPT.search(element.text or "") or "@import" in (element.text or "")):
        raise Refused("svg-script", field=file, what="<style>")
    if name == "style":
        _refuse_address(file, element.text or "")


def _refuse_attribute(file: str, name: str, value: str) -> None:
    if name.lower().startswith("on"):
        raise Refused("svg-script", field=file, what=name)
    if _JAVASCRIPT.search("".join(value.split())):
        raise Refused("svg-script", field=file, what=name)
    if name in {"href", "src"} and _OUTSIDE.match(value):
        raise Refused("svg-outside", field=file, what=value[:60])
    _refuse_address(file, value)


def _refuse_address(file: str, value: str) -> None:
    found = _ADDRESS.search(value)
    if found:
        raise Refused("svg-outside", field=file, what=found[1].strip()[:60])


# --- what programs write into <style> and style="", as attributes -------------------------------------------------------------


def _apply_rules(root: "ET.Element[str]") -> None:
    rules = dict(_rules("\n".join(element.text or "" for element in root.iter() if _name(element) == "style")))
    for element in root.iter():
        for name in element.get("class", "").split():
            _paint(element, rules.get(name, {}))
        _paint(element, dict(_declarations(element.attrib.pop("style", ""))))


def _rules(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Those of single classes: “.cls-1, .cls-2 { fill: red }”."""
    found: dict[str, dict[str, str]] = {}
    for rule in _COMMENT.sub("", text).split("}")[:-1]:
        before, _brace, body = rule.rpartition("{")
        paint = dict(_declarations(body))
        for selector in before.rpartition("{")[2].split(","):
            if re.fullmatch(r"\.[\w-]+", selector.strip()):
                found.setdefault(selector.strip()[1:], {}).update(paint)
    yield from found.items()


def _declarations(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        name, separator, value = part.partition(":")
        if separator and name.strip() in _PAINT:
            yield name.strip(), value.replace("!important", "").strip()


def _paint(element: "ET.Element[str]", paint: Mapping[str, str]) -> None:
    for name, value in paint.items():
        element.set(name, value)


def _share_stops(file: str, root: "ET.Element[str]") -> None:
    """A gradient that takes its colours from another gets them itself."""
    left = drawing.MOST_PARTS
    by_id = {element.get("id"): element for element in root.iter() if _name(element) in _GRADIENTS}
    for element in by_id.values():
        source = element
        for _hop in range(4):
            target = next((value for name, value in source.attrib.items() if _local(name) == "href"), "")
            source = by_id.get(target.removeprefix("#"), source)
            left -= 0 if len(element) or source is element else sum(1 for _part in source.iter())
            if left < 0:
                raise Refused("svg-problem", field=file, sentence=Problem(file, "", drawing.TOO_DEEP).sentence())
            _inherit(element, source)


_GRADIENTS = frozenset({"linearGradient", "radialGradient"})


def _inherit(element: "ET.Element[str]", source: "ET.Element[str]") -> None:
    if source is element:
        return
    if not len(element):
        element.extend(deepcopy(list(source)))
    for name, value in source.attrib.items():
        if name != "id" and name not in element.attrib and "}" not in name:
            element.set(name, value)


def _check_grown(file: str, root: "ET.Element[str]") -> None:
    """What stood there once may stand at many elements now."""
    size = sum(len(value) for element in root.iter() for value in element.attrib.values())
    if size > LARGEST:
        raise Refused("svg-too-large", field=file, size=size // 1024, limit=LARGEST // 1024)


# --- what is left -------------------------------------------------------------------------------------------------------------


def _clean(file: str, element: "ET.Element[str]") -> None:
    element.tag = SVG + _name(element)
    element.text = element.tail = None
    for name, value in list(element.attrib.items()):
        del element.attrib[name]
        if name in ATTRIBUTES - {"class"}:
            element.set(name, _PLAIN_URL.sub(r"url(#\1)", value.strip()))
    for child in list(element):
        if _stays(file, child):
            _clean(file, child)
        else:
            element.remove(child)


def _stays(file: str, element: "ET.Element[str]") -> bool:
    name = _name(element)
    if name in _SILENT or "}" in name:
        return False
    if name not in ELEMENTS:
        raise Refused("svg-element", field=file, what=name)
    return True


def _give_box(root: "ET.Element[str]") -> None:
    """Without a box of its own it is as large as it says."""
    if "viewBox" not in root.attrib:
        width, height = (_LENGTH.fullmatch(root.get(side, "").strip()) for side in ("width", "height"))
        if width and height:
            root.set("viewBox", f"0 0 {width[1]} {height[1]}")
    for side in ("width", "height", "x", "y"):
        root.attrib.pop(side, None)


_LENGTH = re.compile(r"([0-9.]+)(?:px)?")


def _rename_ids(root: "ET.Element[str]") -> None:
    """Inside a page, ids begin with “art-”."""
    names = {element.get("id"): f"art-{at}" for at, element in enumerate(root.iter()) if element.get("id")}
    for element in root.iter():
        for attribute, value in element.attrib.items():
            if attribute == "id":
                element.set("id", names[value])
            elif "url(#" in value:
                element.set(attribute, _REFERENCE.sub(lambda one: f"url(#{names.get(one[1], 'art-none')})", value))


def _text(root: "ET.Element[str]") -> str:
    """Plain, so that what is kept is what was looked at."""
    inside = "".join(_part(child) for child in root)
    return f'<svg xmlns="http://www.w3.org/2000/svg"{_attributes(root)}>{inside}</svg>\n'


def _part(element: "ET.Element[str]") -> str:
    inside = "".join(_part(child) for child in element)
    name = _name(element)
    return f"<{name}{_attributes(element)}>{inside}</{name}>" if inside else f"<{name}{_attributes(element)}/>"


def _attributes(element: "ET.Element[str]") -> str:
    return "".join(f' {name}="{_escaped(value)}"' for name, value in element.attrib.items())


_ESCAPES: Mapping[int, str] = MappingProxyType({38: "&amp;", 60: "&lt;", 62: "&gt;", 34: "&quot;", 9: " ", 10: " ", 13: " "})


def _escaped(text: str) -> str:
    return text.translate(dict(_ESCAPES))
