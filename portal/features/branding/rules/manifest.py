"""The web app manifest: how the portal is called and looks on somebody's home screen."""

import json
from collections.abc import Callable

from portal.features.branding.rules.palette import Palette
from portal.features.branding.rules.theme import Frame, Scheme, Theme

NAME = "app.webmanifest"
LONGEST_SHORT_NAME = 12
_ICONS = (("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any"))
_MASKS = (("mask-192.png", "192x192", "maskable"), ("mask-512.png", "512x512", "maskable"))


def manifest(theme: Theme, palette: Palette, url: Callable[[str], str]) -> str:
    """`url` gives the address of an icon by its name."""
    colours = palette.of(theme.lean or Scheme.LIGHT)
    head = colours["desk-fill" if theme.frame is Frame.BRANDED else "surface-ground"]
    return json.dumps(
        {
            "id": "/",
            "name": theme.brand,
            "short_name": theme.brand if len(theme.brand) <= LONGEST_SHORT_NAME else theme.brand.split()[0][:LONGEST_SHORT_NAME],
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": colours["surface-ground"],
            "theme_color": head,
            "icons": [
                {"src": url(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in (*_ICONS, *_MASKS)
            ],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
