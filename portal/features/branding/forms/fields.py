"""A colour as a field, and forms whose fields are values of theme.toml."""

from collections.abc import Mapping
from typing import Any, ClassVar

import wtforms
from flask import current_app
from markupsafe import Markup
from wtforms.validators import InputRequired, NumberRange

from portal.core.errors import Refused
from portal.features.branding.rules import colours
from portal.web.fields import Drawn, TextField
from portal.web.sections import SectionForm, Values


def _tidied(text: str | None) -> str | None:
    """`F60` is what people mean by `#ff6600`; what is no colour stays as it was typed."""
    try:
        return colours.clean(text) if text else text
    except ValueError:
        return text


class ColourField(TextField):
    """Hex or any CSS colour that themes know, beside the browser's own field for colours."""

    filters: Any

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, required=True, longest=60, **more)
        self.filters = (*self.filters, _tidied)

    @property
    def hex(self) -> str:
        try:
            return colours.as_hex(colours.clean(self.data or ""))
        except ValueError:
            return ""

    def __call__(self, **keywords: Any) -> Markup:
        component: Any = current_app.jinja_env.get_template("components/colour.html").module
        return Markup(component.colour(self, hex=self.hex, **keywords))  # noqa: S704 - our own, autoescaped macro


class SliderField(Drawn, wtforms.IntegerField):
    def __init__(self, label: Any, *, low: int, high: int, draw: Mapping[str, Any], **more: Any) -> None:
        super().__init__(label, [InputRequired(), NumberRange(low, high)], **more)
        self.drawing = draw

    def __call__(self, **keywords: Any) -> Markup:
        component: Any = current_app.jinja_env.get_template("components/slider.html").module
        return Markup(component.slider(self, **{**self.drawing, **keywords}))  # noqa: S704 - our own, autoescaped macro


class SheetForm(SectionForm):
    """KEYS: where in theme.toml a field of this form stands."""

    KEYS: ClassVar[Mapping[str, str]] = {}

    def keys(self) -> Mapping[str, str]:
        return self.KEYS

    def offer(self, values: Mapping[str, str]) -> None:
        """Before it is read: choices that depend on what is stored."""

    def stored(self, values: Mapping[str, str]) -> Values:
        """What of a theme's values (by key) this form shows."""
        return {name: values.get(key, "") for name, key in self.keys().items()}

    @property
    def new(self) -> dict[str, str]:
        """What was typed, by key."""
        typed = self.typed
        return {key: typed[name] for name, key in self.keys().items()}

    def refuse(self, refusal: Refused) -> None:
        """A refusal names the key; here it stands at its field."""
        field = next((name for name, key in self.keys().items() if key == refusal.field), refusal.field)
        super().refuse(Refused(refusal.code, field=field, **refusal.facts))
