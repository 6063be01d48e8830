"""Colours, shapes and letters: the few choices that everything else is derived from."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.features.branding.forms.fields import ColourField, SheetForm, SliderField
from portal.features.branding.rules.theme import FONTS, RADIUS
from portal.features.branding.rules.wording import DENSITIES, FACES, FRAME_HINTS, FRAMES, LABELS_ON, LEANS
from portal.web.fields import ChoiceField, Choices, SelectField, offered


def choices(words: Mapping[str, str]) -> Choices:
    return [(value, _l(word)) for value, word in words.items()]


class LookForm(SheetForm):
    accent = ColourField(_l("Accent"), description=_l("The main button, the current place, links; everything coloured follows."))
    on_accent = SelectField(_l("Words on the main button"), choices=choices(LABELS_ON))
    tint = ColourField(_l("Tint of the greys"), description=_l("Warm or cool; only a breath of it is used."))
    frame = ChoiceField(_l("Frame"), choices=choices(FRAMES))
    radius = SliderField(_l("Corners"), low=RADIUS[0], high=RADIUS[1], draw={"words": "{} px"})
    font = SelectField(_l("Type face"))
    density = SelectField(_l("Density"))
    lean = SelectField(
        _l("Light or dark"), choices=choices(LEANS), description=_l("What people see who have not chosen themselves.")
    )

    EDITED = ("accent", "on_accent", "tint", "frame", "radius", "font", "density", "lean")
    KEYS = {  # noqa: RUF012
        **{name: f"look.{name}" for name in EDITED},
        "lean": "look.scheme",
    }

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.font.choices = offered([(name, _l(FACES.get(name, name.capitalize()))) for name in FONTS])
        self.density.choices = offered(choices(DENSITIES))
        self.frame.drawing = {"hints": {frame: _l(words) for frame, words in FRAME_HINTS.items()}}

    def offer(self, values: Mapping[str, str]) -> None:
        """A density that a folder has brought stays."""
        stored = values.get("look.density", "")
        if stored and stored not in DENSITIES:
            self.density.choices = [*self.density.choices, *offered([(stored, stored)])]
