"""The files of a theme as browsers ask for them: its own pictures, and what is made out of its few choices."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from portal.features.branding.rules import drawing, icons, manifest, source
from portal.features.branding.rules.palette import Palette, derive
from portal.features.branding.rules.stylesheet import stylesheet
from portal.features.branding.rules.theme import Scheme, Theme

STYLES = "theme.css"
FAVICON = "favicon.svg"
_ICON = ("icon.svg", "icon.png", "icon.jpg", "icon.webp")
ICONS = (*_ICON, "favicon.svg", "mark.svg")
FAVICONS = ("favicon.svg", *_ICON, "mark.svg")
Address = Callable[[str, str], str]  # of a digest and a name


@dataclass(frozen=True, slots=True)
class Shelf:
    """`texts` are ready; icons and pictures are known by digest, and made or fetched when somebody asks for one."""

    theme: Theme
    texts: Mapping[str, str] = field(repr=False)
    digests: Mapping[str, str]
    ground: str

    def digest(self, name: str) -> str | None:
        return self.digests.get(name)


def shelf(theme: Theme, drawn: Mapping[str, str], address: Address) -> Shelf:
    """`drawn`: the drawings that are files of the theme, by path; `address`: where browsers find a file."""
    palette = derive(theme)
    texts = {STYLES: stylesheet(theme), **_favicon(theme, drawn, palette)}
    ground = palette.of(Scheme.LIGHT)["surface-raised"]
    digests = {name: _digest(text) for name, text in texts.items()}
    digests |= {picture.path: picture.digest for picture in theme.pictures.values()}
    origin = _told_apart(theme, drawn, palette)
    digests |= {name: icons.digest(name, origin, ground) for name in icons.KINDS}
    texts[manifest.NAME] = manifest.manifest(theme, palette, lambda name: address(digests[name], name))
    digests[manifest.NAME] = _digest(texts[manifest.NAME])
    return Shelf(theme, texts, digests, ground)


def _favicon(theme: Theme, drawn: Mapping[str, str], palette: Palette) -> dict[str, str]:
    """Nothing where the icon is a picture of pixels, for then that is the favicon, too."""
    path = _origin(theme, drawn, FAVICONS)
    if path and path not in drawn:
        return {}
    return {FAVICON: _plain(drawn.get(path) or drawing.sign(theme.brand), palette)}


def _told_apart(theme: Theme, drawn: Mapping[str, str], palette: Palette) -> bytes:
    """What the icons are made of; of a picture, what tells it from others."""
    path = _origin(theme, drawn, ICONS)
    if path and path not in drawn:
        return theme.pictures["icon"].digest.encode()
    return _plain(drawn.get(path) or drawing.sign(theme.brand), palette).encode()


def _origin(theme: Theme, drawn: Mapping[str, str], order: tuple[str, ...]) -> str:
    there = {*drawn, *(picture.path for picture in theme.pictures.values())}
    return next((path for path in order if path in there), "")


def _plain(text: str, palette: Palette) -> str:
    return drawing.resolved(text, palette.of(Scheme.LIGHT))


def content(name: str, on: Shelf, files: Callable[[], Mapping[str, bytes]]) -> bytes | None:
    """One file. `files` fetches those of the theme when they are needed; None when there is no such file."""
    if name in on.texts:
        return on.texts[name].encode()
    if name not in on.digests:
        return None
    own = files()
    return _icon(name, on, own) if name in icons.KINDS else own.get(name)


def _icon(name: str, on: Shelf, files: Mapping[str, bytes]) -> bytes:
    return icons.made(name, _drawing(on.theme, files), on.ground)


def icons_of(theme: Theme, files: Mapping[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """All icons, each with the digest that its address will hold. May take seconds: for those who publish."""
    drawn = {path: source.text_of(files, path) for path in files if path.endswith(".svg")}
    on = shelf(theme, drawn, lambda _digest, name: name)
    return {name: (on.digests[name], made) for name, made in icons.every(_drawing(theme, files), on.ground).items()}


def _drawing(theme: Theme, files: Mapping[str, bytes]) -> bytes:
    """What the icons are made of."""
    path = next((path for path in ICONS if path in files), "")
    if path and not path.endswith(".svg"):
        return files[path]
    text = source.text_of(files, path) if path else drawing.sign(theme.brand)
    return _plain(text, derive(theme)).encode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
