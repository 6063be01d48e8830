"""The choices of a look, as people say them."""

from collections.abc import Mapping
from types import MappingProxyType

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.branding.rules.theme import Frame, Scheme, Words

FACES: Mapping[str, str] = MappingProxyType(
    {
        "figtree": N_("Figtree, friendly"),
        "nunito": N_("Nunito, round"),
        "atkinson": N_("Atkinson, easy to tell apart"),
        "newsreader": N_("Newsreader, bookish titles"),
        "bodoni": N_("Bodoni, elegant titles"),
        "grotesk": N_("Space Grotesk, technical titles"),
        "system": N_("As the device has it"),
    }
)
DENSITIES: Mapping[str, str] = MappingProxyType(
    {"0.85": N_("Dense"), "0.92": N_("Compact"), "1": N_("Regular"), "1.1": N_("Roomy")}
)
FRAMES: Mapping[str, str] = MappingProxyType({Frame.QUIET: N_("Quiet"), Frame.BRANDED: N_("Branded")})
FRAME_HINTS: Mapping[str, str] = MappingProxyType(
    {
        Frame.QUIET: N_("White paper, and your colour where it matters"),
        Frame.BRANDED: N_("Your colour is the desk, the page a sheet on it"),
    }
)
LABELS_ON: Mapping[str, str] = MappingProxyType({"": N_("As they read best"), Words.LIGHT: N_("Light"), Words.DARK: N_("Dark")})
LEANS: Mapping[str, str] = MappingProxyType(
    {"": N_("Like the system"), Scheme.LIGHT: N_("Light first"), Scheme.DARK: N_("Dark first")}
)
_CHOICES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "look.font": FACES,
        "look.density": DENSITIES,
        "look.frame": FRAMES,
        "look.on_accent": LABELS_ON,
        "look.scheme": LEANS,
    }
)


def in_words(key: str, value: str) -> str:
    """A value of theme.toml, by its key."""
    if key == "look.radius" and value:
        return f"{value} px"
    words = _CHOICES.get(key, {}).get(value)
    return i18n.gettext(words) if words else value
