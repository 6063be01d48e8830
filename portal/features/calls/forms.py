"""What the list of calls is asked by typing."""

from typing import Any

import wtforms
from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.features.calls.rules.periods import seconds
from portal.web.fields import TextField
from portal.web.filters import PeriodForm


def _looks_like_length(_form: Any, field: wtforms.Field) -> None:
    if seconds(field.data) is None:
        raise ValidationError(_("Type minutes, or minutes and seconds: 5 or 0:30."))


def _length(label: Any) -> TextField:
    drawing = {"width": "short", "unit": _l("min"), "attrs": {"autocomplete": "off"}}
    return TextField(label, longest=10, checks=[_looks_like_length], draw=drawing)


class FilterForm(PeriodForm):
    at_least = _length(_l("At least"))
    at_most = _length(_l("At most"))

    def validate_at_most(self, field: TextField) -> None:
        least, most = self.seconds(self.at_least), self.seconds(field)
        if least is not None and most is not None and most < least:
            raise ValidationError(_("This is shorter than “At least”."))

    @staticmethod
    def seconds(field: TextField) -> int | None:
        return seconds(field.data) if field.data and not field.errors else None
