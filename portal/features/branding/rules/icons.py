"""Icons in all sizes that browsers and home screens ask for, out of one picture."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from xml.etree import ElementTree as ET

import resvg_py
from PIL import Image

from portal.features.branding.rules import drawing

RECIPE = b"1"  # another one is another address
DRAWN = 512
_PADDED = 0.62  # of a mask's width: its corners are cut away
_FRAMED = 0.78  # of a touch icon's width


@dataclass(frozen=True, slots=True)
class Kind:
    """`filled`: opaque, the picture taking this share of the width."""

    size: int
    filled: float | None = None


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "icon-32.png": Kind(32),
        "icon-180.png": Kind(180, _FRAMED),
        "icon-192.png": Kind(192),
        "icon-512.png": Kind(512),
        "mask-192.png": Kind(192, _PADDED),
        "mask-512.png": Kind(512, _PADDED),
        "favicon.ico": Kind(48),
    }
)


def digest(name: str, origin: bytes, ground: str) -> str:
    """Says what an icon will be without making it."""
    return hashlib.sha256(b"\0".join((RECIPE, name.encode(), ground.encode(), origin))).hexdigest()[:20]


def made(name: str, origin: bytes, ground: str) -> bytes:
    """`origin` is SVG in plain colours, or a picture; `ground` is a colour like “#ffffff”."""
    return _finished(name, _square(drawn(origin)), ground)


def every(origin: bytes, ground: str) -> dict[str, bytes]:
    """All of them; what may take long, the drawing, is done once."""
    picture = _square(drawn(origin))
    return {name: _finished(name, picture, ground) for name in KINDS}


def _finished(name: str, picture: Image.Image, ground: str) -> bytes:
    kind = KINDS[name]
    if kind.filled is not None:
        picture = _on_ground(picture, ground, kind.filled)
    picture = picture.resize((kind.size, kind.size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    if name.endswith(".ico"):
        picture.save(out, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    else:
        picture.save(out, "PNG")
    return out.getvalue()


def drawn(origin: bytes) -> Image.Image:
    """A checked drawing, or a picture of pixels, no larger than needed."""
    if origin.lstrip().startswith(b"<"):
        width, height = drawing.box(ET.fromstring(origin))  # noqa: S314 - checked when it was read
        wide, high = (DRAWN, None) if width >= height else (None, DRAWN)
        origin = bytes(resvg_py.svg_to_bytes(svg_string=origin.decode(), skip_system_fonts=True, width=wide, height=high))
    image = Image.open(io.BytesIO(origin), formats=["PNG", "JPEG", "WEBP"]).convert("RGBA")
    image.thumbnail((DRAWN, DRAWN), Image.Resampling.LANCZOS)
    return image


def _square(image: Image.Image) -> Image.Image:
    side = max(image.size)
    square = Image.new("RGBA", (side, side))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return square


def _on_ground(image: Image.Image, ground: str, share: float) -> Image.Image:
    """A picture that fills its square already goes on to the edge; others stand on the ground."""
    corner = image.getpixel((1, 1))
    if isinstance(corner, tuple) and corner[3] == 255:
        ground, share = "#{:02x}{:02x}{:02x}".format(*corner[:3]), max(share, _FRAMED)
    side = round(image.width / share)
    framed = Image.new("RGBA", (side, side), ground)
    at = (side - image.width) // 2
    framed.paste(image, (at, at), image)
    return framed
