"""Whether a logo can be seen where it stands. A hint for whoever brings it, never a refusal: a brand knows what it wants."""

from collections.abc import Iterator, Mapping

from PIL import Image

from portal.core.i18n import N_
from portal.features.branding.rules import icons
from portal.features.branding.rules.palette import LINE, Palette, derive
from portal.features.branding.rules.shade import contrast
from portal.features.branding.rules.theme import Frame, Scheme, Theme

LOST = 1 / 3  # of what is painted: more of it, and the rest says little
PAINTED = 128  # of 255: what is more transparent than that is an edge
_SIZE = 96

IN_FRAME = N_("Much of this logo is hard to see on the coloured side bar. Add a logo for dark ground, too.")
ON_DARK = N_("Much of this logo is hard to see on dark pages. Add a logo for dark ground, too.")
HERE = N_("Much of this logo is hard to see on the ground where it stands. Another shade of it would be clearer.")

Standing = tuple[str, str, str]  # which logo, on which colour, and what to say where it is lost there


def hints(theme: Theme, files: Mapping[str, bytes]) -> dict[str, str]:
    """By the place of the picture; none for logos that can be seen wherever they stand."""
    if "logo" not in theme.pictures:
        return {}
    said: dict[str, str] = {}
    for place, ground, sentence in _standings(theme, derive(theme)):
        if place not in said and lost(files[theme.pictures[place].path], ground) > LOST:
            said[place] = sentence
    return said


def _standings(theme: Theme, palette: Palette) -> Iterator[Standing]:
    """On a coloured side bar and in the dark stands the dark one, where there is one."""
    own = "logo-dark" in theme.pictures
    place, branded = "logo-dark" if own else "logo", theme.frame is Frame.BRANDED
    if not branded:
        yield "logo", palette.light["surface-sunken"], HERE
        yield place, palette.dark["surface-sunken"], HERE if own else ON_DARK
        return
    for scheme in Scheme:
        yield place, palette.of(scheme)["desk-fill"], HERE if own else IN_FRAME


def lost(picture: bytes, ground: str) -> float:
    """Which share of what is painted does not stand out from this colour; nothing of what brings a ground of its own."""
    image = icons.drawn(picture)
    image.thumbnail((_SIZE, _SIZE), Image.Resampling.NEAREST)
    if _fills(image):
        return 0.0
    painted = [(count, colour) for count, colour in _colours(image) if colour[3] >= PAINTED]
    faint = sum(count for count, colour in painted if contrast(_hex(colour), ground) < LINE)
    return faint / max(1, sum(count for count, _ in painted))


def _fills(image: Image.Image) -> bool:
    right, low = image.width - 1, image.height - 1
    corners = [image.getpixel(at) for at in ((0, 0), (right, 0), (0, low), (right, low))]
    return all(isinstance(corner, tuple) and corner[3] >= PAINTED for corner in corners)


def _colours(image: Image.Image) -> list[tuple[int, tuple[int, ...]]]:
    """How often there is each."""
    found = image.getcolors(image.width * image.height) or []
    return [(count, colour) for count, colour in found if isinstance(colour, tuple)]


def _hex(colour: tuple[int, ...]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour[:3])
