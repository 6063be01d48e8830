"""What the list of calls is asked by typing."""

from collections.abc import Iterator
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.features.calls.rules.periods import seconds
from portal.web.fields import DateField, TextField
from portal.web.forms import Form


class DayField(DateField):
    """A day that does not exist stays readable: a browser's own control would not show it."""

    @property
    def macro(self) -> str:  # type: ignore[override]
        return "text" if self.errors else "date"


def _looks_like_length(_form: Any, field: wtforms.Field) -> None:
    if seconds(field.data) is None:
        raise ValidationError(_("Type minutes, or minutes and seconds: 5 or 0:30."))


def _length(label: Any) -> TextField:
    drawing = {"width": "short", "unit": _l("min"), "attrs": {"autocomplete": "off"}}
    return TextField(label, longest=10, checks=[_looks_like_length], draw=drawing)


class FilterForm(Form):
    """Read from the address."""

    class Meta(Form.Meta):
        csrf = False

    since = DayField(_l("From"))
    until = DayField(_l("To"))
    at_least = _length(_l("At least"))
    at_most = _length(_l("At most"))

    @classmethod
    def read(cls) -> "FilterForm":
        form = cls(formdata=request.args)
        form.validate()
        for field in form:
            field.flags.optional = False  # nobody takes a filter for a duty
        return form

    def usable(self) -> Iterator[wtforms.Field]:
        """The fields that say something. With one end of a period wrong, the other says nothing."""
        for field in self:
            together = (self.since, self.until) if field in {self.since, self.until} else (field,)
            if field.data and not any(one.errors for one in together):
                yield field

    def validate_until(self, field: DayField) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("This day lies before the first one."))

    def validate_at_most(self, field: TextField) -> None:
        least, most = self.seconds(self.at_least), self.seconds(field)
        if least is not None and most is not None and most < least:
            raise ValidationError(_("This is shorter than “At least”."))

    @staticmethod
    def seconds(field: TextField) -> int | None:
        return seconds(field.data) if field.data and not field.errors else None
