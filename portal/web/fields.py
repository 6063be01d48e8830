"""Fields that draw themselves: label, hint, control, error and ARIA. A template says {{ form.name }}."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import wtforms
from flask import current_app
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from portal.core import addresses

Choices = Sequence[tuple[str, Any]]
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_BLANKS = re.compile(r"[^\S ]+")  # all but the usual one


def offered(choices: Choices) -> list[SelectChoice]:
    """(value, label) pairs as WTForms takes them; a label may be lazy."""
    return [SelectChoice(*choice) for choice in choices]


def stripped(value: str | None) -> str | None:
    """Blanks around a value and control characters in it are nobody's intention; tabs and the like part words as blanks do."""
    return None if value is None else "".join(sign for sign in _BLANKS.sub(" ", value) if sign.isprintable()).strip()


def _lines(text: str | None) -> str:
    """Browsers end lines in their own way; control characters are stored nowhere."""
    return "\n".join(_CONTROLS.sub("", line) for line in (text or "").splitlines())


def _presence(*, required: bool) -> Any:
    return InputRequired() if required else Optional()


def _length(longest: int) -> Any:
    return Length(max=longest, message=_l("Use at most %(longest)s characters.", longest=longest))


class Drawn:
    """A field of the component `field`: `macro` is the control; keywords of a call go to the macro."""

    macro = "text"
    drawing: Mapping[str, Any] = {}

    def __call__(self, **keywords: Any) -> Markup:
        component = current_app.jinja_env.get_template("components/field.html").module
        drawing = {**self.drawing, **keywords}
        return Markup(getattr(component, self.macro)(self, **drawing))  # noqa: S704 - our own, autoescaped macro


class TextField(Drawn, wtforms.StringField):
    def __init__(
        self,
        label: Any,
        *,
        required: bool = False,
        longest: int = 255,
        draw: Mapping[str, Any] | None = None,
        checks: Iterable[Any] = (),
        **more: Any,
    ) -> None:
        super().__init__(label, [_presence(required=required), _length(longest), *checks], filters=[stripped], **more)
        self.drawing = draw or {}


class LinesField(Drawn, wtforms.TextAreaField):
    """One thing per line; kept as typed."""

    macro = "textarea"

    def __init__(
        self, label: Any, *, longest: int, optional: bool = False, draw: Mapping[str, Any] | None = None, **more: Any
    ) -> None:
        super().__init__(label, [_length(longest)], filters=[_lines], **more)
        self.flags.optional = optional or None
        self.drawing = draw or {}


class EmailField(TextField):
    def __init__(self, label: Any, **more: Any) -> None:
        draw = {"type": "email", "attrs": {"autocomplete": "email", "inputmode": "email"}}
        super().__init__(label, longest=addresses.LONGEST, draw=draw, checks=[looks_like_email], **more)


class PasswordField(Drawn, wtforms.PasswordField):
    """Never stripped, never sent back."""

    macro = "password"

    def __init__(self, label: Any, *, new: bool = False, required: bool = True, longest: int = 128, **more: Any) -> None:
        super().__init__(label, [_presence(required=required), _length(longest)], **more)
        self.drawing = {"new": new}


class Plain(Drawn):
    """What cannot be read comes back as it was typed, without what nobody types."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        self.raw_data = [stripped(one) for one in valuelist]
        super().process_formdata(self.raw_data)  # type: ignore[misc]


class NumberField(Plain, wtforms.IntegerField):
    macro = "number"

    def __init__(self, label: Any, *, low: int, high: int, required: bool = False, unit: Any = "", **more: Any) -> None:
        sentence = _l("Type a number from %(low)s to %(high)s.", low=low, high=high)
        super().__init__(label, [_presence(required=required), NumberRange(low, high, sentence)], **more)
        self.drawing = {"unit": unit}


class DateField(Plain, wtforms.DateField):
    macro = "date"

    def __init__(self, label: Any, *, required: bool = False, **more: Any) -> None:
        super().__init__(label, [_presence(required=required)], **more)


class SelectField(Drawn, wtforms.SelectField):
    macro = "select"

    def __init__(self, label: Any, *, choices: Choices = (), **more: Any) -> None:
        super().__init__(label, choices=offered(choices), **more)


class TicksField(Drawn, wtforms.SelectMultipleField):
    macro = "ticks"


class ChoiceField(Drawn, wtforms.RadioField):
    """Radios that each say what they do."""

    macro = "choice"

    def __init__(self, label: Any, *, choices: Choices = (), draw: Mapping[str, Any] | None = None, **more: Any) -> None:
        super().__init__(label, choices=offered(choices), **more)
        self.drawing = draw or {}


class SwitchField(Drawn, wtforms.BooleanField):
    macro = "switch"


class TickField(Drawn, wtforms.BooleanField):
    macro = "tick"


class VersionField(wtforms.HiddenField):
    """The version of the thing that the form was made from."""

    @property
    def number(self) -> int:
        return int(self.data) if self.data and self.data.isdecimal() and len(self.data) < 10 else 0


def looks_like_email(_form: Any, field: Any) -> None:
    if not addresses.is_address(field.data or ""):
        raise ValidationError(_l("This does not look like an e-mail address."))
