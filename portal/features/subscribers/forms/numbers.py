from collections.abc import Sequence
from typing import Self

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n
from portal.features.numbers.rules import LONGEST_TYPED
from portal.features.subscribers.forms.lines import TEL
from portal.features.subscribers.models import Kind, Subscriber
from portal.features.subscribers.queries import LineSheet
from portal.web.fields import LinesField, SelectField, TextField, TicksField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values


class GiveNumbersForm(Form):
    """Further numbers for a customer, several at once."""

    numbers = LinesField(
        _l("Numbers"),
        longest=LONGEST_TYPED,
        draw={"rows": 4, "attrs": {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}},
        description=_l("One in a line. A range: 030 5550700 – 19. With x for any digit: 030 55507xx. A thousand at most."),
    )
    to = SelectField(_l("For"), default="")

    def offer(self, lines: Sequence[Subscriber]) -> Self:
        pool = any(line.kind == Kind.PILOT for line in lines)
        named = [(one.public_id, _named(one)) for one in lines if one.kind != Kind.PILOT]
        self.to.choices = offered([*([("", _("The pool of the company"))] if pool else []), *named])
        return self


def _named(line: Subscriber) -> str:
    return i18n.listed((line.display_name, line.extension)) if line.extension else line.display_name


class OwnNumberForm(SectionForm):
    """The number by which a line is reached first."""

    number = TextField(_l("Number"), required=True, longest=60, draw={"attrs": TEL})

    EDITED = ("number",)

    @staticmethod
    def stored(sheet: LineSheet) -> Values:
        return {"number": f"+{sheet.number}" if sheet.number else ""}


class TakeBackForm(Form):
    number = TicksField(_l("Numbers"), validate_choice=False)
