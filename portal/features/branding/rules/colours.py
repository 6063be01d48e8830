"""Colours as people type them."""

import re

from portal.core.errors import declare
from portal.core.i18n import N_
from portal.features.branding.rules import shade

declare("colour-unknown", N_("“%(value)s” is not a colour. Write it like #f26d10."))

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_OKLCH = re.compile(r"oklch\([0-9. ]{5,40}\)", re.IGNORECASE)


def clean(text: str) -> str:
    """`F60` as `#ff6600`, `oklch(0.68 0.18 47)` as it is. Raises ValueError for what is no colour."""
    typed = text.strip()
    if found := _HEX.fullmatch(typed):
        digits = found[1].lower()
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
    if not _OKLCH.fullmatch(typed):
        raise ValueError(text)
    shade.parse(typed)
    return typed.lower()


def as_hex(colour: str) -> str:
    """As a browser's own field for colours takes it."""
    return shade.parse(colour).hex[:7]
