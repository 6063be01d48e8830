"""The themes that ship with the portal as looks to begin from: what they are like, and how a brand takes one over."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from portal.core.i18n import N_
from portal.features.branding.rules import sheet
from portal.features.branding.rules.differences import said
from portal.features.branding.rules.source import Files
from portal.features.branding.rules.theme import Theme

# Names are those of their folders; themes that were made for one provider are offered to no other.
LOOKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "fjell": ("Fjell", N_("Clear and calm, cool greys")),
        "meridian": ("Meridian", N_("Ink on paper, bookish titles")),
        "pomelo": ("Pomelo", N_("Round and friendly, warm")),
        "clarity": ("Clarity", N_("Black on white, large, nothing else")),
        "nocturne": ("Nocturne", N_("Dark first, ice blue")),
        "relay": ("Relay", N_("Dense, for people of the trade")),
        "belleligne": ("Belle Ligne", N_("Elegant, square, rose on wine")),
    }
)


def look_of(files: Files) -> dict[str, str]:
    """The values of a theme that are its look, with those that it leaves open."""
    values = said(files)
    return {f"look.{name}": values.get(f"look.{name}", "") for name in sheet.LOOK}


def dressed(own: Theme, look: Theme) -> Theme:
    """A brand with another one's look; its names, texts and logos stay its own."""
    return replace(
        own,
        accent=look.accent,
        tint=look.tint,
        on_accent=look.on_accent,
        radius=look.radius,
        frame=look.frame,
        font=look.font,
        density=look.density,
        lean=look.lean,
        slots=look.slots,
    )
