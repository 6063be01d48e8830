"""Pictures of strangers: what they are is decided by their content, and nothing of theirs is kept but the pixels."""

import io
import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from xml.etree import ElementTree as ET

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.branding.rules import drawing
from portal.features.branding.rules.theme import UNREADABLE, Problem

FORMATS: Mapping[str, str] = MappingProxyType({"PNG": "png", "JPEG": "jpg", "WEBP": "webp"})
SUFFIXES = ("svg", "png", "jpg", "webp")
LARGEST = 4 * 1024 * 1024  # bytes, as they come
MOST_PIXELS = 12_000_000
LARGEST_KEPT = 512 * 1024
SIZES: Mapping[str, tuple[int, int]] = MappingProxyType({"logo": (1024, 384), "logo-dark": (1024, 384), "icon": (1024, 1024)})
SMALLEST_ICON = 128
MOST_TIMES_AS_WIDE = 12

BROKEN = (OSError, ValueError, SyntaxError, struct.error, EOFError, MemoryError)  # what comes of damaged files

declare("picture-too-large", N_("This picture has %(size)s MB; %(limit)s MB are allowed."))
declare("picture-unknown", N_("This is no picture that can be shown here. Choose a PNG, JPEG, WebP or SVG file."))
declare("picture-pixels", N_("This picture has %(width)s × %(height)s pixels; that is too many. Save it smaller and try again."))
declare("picture-bomb", N_("This picture unpacks to far more than a logo needs. Save it smaller and try again."))
declare("picture-broken", N_("This picture is damaged. Save it again and retry."))
declare("picture-small", N_("This picture has %(width)s × %(height)s pixels; an icon needs at least %(least)s × %(least)s."))
declare("picture-shape", N_("This picture is a thin stripe of %(width)s × %(height)s pixels. Choose one that is less long."))

MOVED = N_("This is a %(found)s picture; its name must end with .%(wanted)s.")
LARGE_FILE = N_("This picture has %(size)s bytes; %(limit)s are allowed.")
LARGE_PICTURE = N_("This picture has %(width)s × %(height)s pixels; %(most_wide)s × %(most_high)s are allowed.")


@dataclass(frozen=True, slots=True)
class Cleaned:
    suffix: str
    content: bytes


def cleaned(place: str, content: bytes) -> Cleaned:
    """The picture drawn anew, no larger than is of use, without whatever else was in its file. Raises Refused."""
    if len(content) > LARGEST:
        raise Refused("picture-too-large", field=place, size=megabytes(len(content)), limit=LARGEST // 1024 // 1024)
    opened = _opened(place, content)
    _check_shape(place, opened)
    try:
        image = ImageOps.exif_transpose(opened)
        image = image.convert("RGBA" if _clear(image) else "RGB")
    except BROKEN as error:
        raise Refused("picture-broken", field=place) from error
    image.thumbnail(SIZES[place], Image.Resampling.LANCZOS)
    image = Image.frombytes(image.mode, image.size, image.tobytes())  # comments, places, profiles: none of it comes along
    return Cleaned(FORMATS[str(opened.format)], _written(image, str(opened.format)))


def _opened(place: str, content: bytes) -> Image.Image:
    """Only its head is read: nothing is unpacked before its size is known."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=list(FORMATS))
    except Image.DecompressionBombError:
        raise Refused("picture-bomb", field=place) from None
    except UnidentifiedImageError:
        raise Refused("picture-unknown", field=place) from None
    except BROKEN as error:
        raise Refused("picture-broken", field=place) from error
    if opened.width * opened.height > MOST_PIXELS:
        raise Refused("picture-pixels", field=place, width=opened.width, height=opened.height)
    return opened


def _check_shape(place: str, image: Image.Image) -> None:
    long, short = max(image.size), min(image.size)
    if long > short * MOST_TIMES_AS_WIDE:
        raise Refused("picture-shape", field=place, width=image.width, height=image.height)
    if place == "icon" and short < SMALLEST_ICON:
        raise Refused("picture-small", field=place, width=image.width, height=image.height, least=SMALLEST_ICON)


def _clear(image: Image.Image) -> bool:
    """Whether one can see through it somewhere."""
    return image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info


def _written(image: Image.Image, kind: str) -> bytes:
    """Smaller until it is small enough to travel."""
    while True:
        out = io.BytesIO()
        if kind == "PNG":
            image.save(out, "PNG", optimize=True)
        elif kind == "JPEG":
            image.convert("RGB").save(out, "JPEG", quality=88, optimize=True, progressive=True)
        else:
            image.save(out, "WEBP", quality=90, method=4)
        if len(out.getvalue()) <= LARGEST_KEPT:
            return out.getvalue()
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)), Image.Resampling.LANCZOS)


def megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"


# --- in a theme's folder ------------------------------------------------------------------------------------------------------


def problems(file: str, content: str | bytes) -> list[Problem]:
    """What keeps a picture in a theme's files from being shown; empty when nothing does."""
    place, _, suffix = file.rpartition(".")
    raw = content.encode() if isinstance(content, str) else content
    if len(raw) > LARGEST_KEPT:
        return [Problem(file, "", LARGE_FILE, {"size": len(raw), "limit": LARGEST_KEPT})]
    try:
        opened = _opened(place, raw)
        _check_shape(place, opened)
    except Refused as refusal:
        return [Problem(file, "", UNREADABLE, {"reason": refusal.sentence()})]
    found = [*_names(file, suffix, FORMATS[str(opened.format)]), *_sizes(file, place, opened)]
    return found or _broken(file, opened)


def _broken(file: str, image: Image.Image) -> list[Problem]:
    try:
        image.load()
    except BROKEN:
        return [Problem(file, "", UNREADABLE, {"reason": Refused("picture-broken").sentence()})]
    return []


def _names(file: str, suffix: str, found: str) -> list[Problem]:
    return [] if suffix == found else [Problem(file, "", MOVED, {"found": found.upper(), "wanted": found})]


def _sizes(file: str, place: str, image: Image.Image) -> list[Problem]:
    wide, high = SIZES[place]
    if image.width <= wide and image.height <= high:
        return []
    facts = {"width": image.width, "height": image.height, "most_wide": wide, "most_high": high}
    return [Problem(file, "", LARGE_PICTURE, facts)]


def size(path: str, content: bytes) -> tuple[int, int]:
    """Width and height of a picture that was checked, in its own pixels."""
    if not path.endswith(".svg"):
        return Image.open(io.BytesIO(content), formats=list(FORMATS)).size
    width, height = drawing.box(ET.fromstring(content))  # noqa: S314 - checked when it was read
    return max(1, round(width)), max(1, round(height))
