"""Colours, shapes and letters: the few choices that everything else is derived from."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.core.i18n import N_
from portal.features.branding.forms.fields import ColourField, SheetForm, SliderField
from portal.features.branding.rules.theme import FONTS, RADIUS, Frame, Scheme, Words
from portal.web.fields import ChoiceField, SelectField, offered

FACES = {
    "figtree": N_("Figtree, friendly"),
    "nunito": N_("Nunito, round"),
    "atkinson": N_("Atkinson, easy to tell apart"),
    "newsreader": N_("Newsreader, a bookish title"),
    "bodoni": N_("Bodoni, an elegant title"),
    "grotesk": N_("Space Grotesk, a technical title"),
    "system": N_("As the device has it"),
}
DENSITIES = {"0.85": N_("Dense"), "0.92": N_("Compact"), "1": N_("Regular"), "1.1": N_("Roomy")}
FRAMES = {
    Frame.QUIET: N_("White paper, and your colour where it matters"),
    Frame.BRANDED: N_("Your colour is the desk, the page a sheet on it"),
}


class LookForm(SheetForm):
    accent = ColourField(_l("Accent"), description=_l("The main button, the current place, links; everything coloured follows."))
    on_accent = SelectField(
        _l("Words on the main button"),
        choices=[("", _l("As they read best")), (Words.LIGHT, _l("Light")), (Words.DARK, _l("Dark"))],
    )
    tint = ColourField(_l("Tint of the greys"), description=_l("Warm or cool; only a breath of it is used."))
    frame = ChoiceField(_l("Frame"), choices=[(Frame.QUIET, _l("Quiet")), (Frame.BRANDED, _l("Branded"))])
    radius = SliderField(_l("Corners"), low=RADIUS[0], high=RADIUS[1], draw={"words": "{} px"})
    font = SelectField(_l("Type face"))
    density = SelectField(_l("Density"))
    lean = SelectField(
        _l("Light or dark"),
        choices=[("", _l("Like the system")), (Scheme.LIGHT, _l("Light first")), (Scheme.DARK, _l("Dark first"))],
        description=_l("What people see who have not chosen themselves."),
    )

    EDITED = ("accent", "on_accent", "tint", "frame", "radius", "font", "density", "lean")
    KEYS = {  # noqa: RUF012
        **{name: f"look.{name}" for name in EDITED},
        "lean": "look.scheme",
    }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.font.choices = offered([(name, _l(FACES.get(name, name.capitalize()))) for name in FONTS])
        self.density.choices = offered([(value, _l(words)) for value, words in DENSITIES.items()])
        self.frame.drawing = {"hints": {frame: _l(words) for frame, words in FRAMES.items()}}

    def offer(self, values: Mapping[str, str]) -> None:
        """A density that a folder has brought stays."""
        stored = values.get("look.density", "")
        if stored and stored not in DENSITIES:
            self.density.choices = [*self.density.choices, *offered([(stored, stored)])]
