"""Fields that a new customer and the sections of one share."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import format_decimal
from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.core import i18n
from portal.features.contacts.queries import ListedContact
from portal.features.contacts.rules import called
from portal.features.customers.queries import ClassUse
from portal.features.customers.rules import LONGEST_EXTERNAL, LONGEST_NAME, MOST_CALLS, MOST_LINES
from portal.features.resellers.models import SipDomain
from portal.features.resellers.rules import readable
from portal.web.fields import ChoiceField, NumberField, SelectField, TextField, offered

PLAIN = {"autocomplete": "off"}
CODE = {"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}
DIGITS = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}
LONGEST_WHO = 255
NEW = "new"  # of contacts: the one that would be made
CONTACT = _l("Contact")


class RateField(TextField):
    """Per cent, typed with a comma or a point; `rate` is what it comes to."""

    def __init__(self, label: Any, **more: Any) -> None:
        draw = {"width": "short", "unit": "%", "attrs": {"inputmode": "decimal", "autocomplete": "off", "dir": "ltr"}}
        super().__init__(label, longest=8, draw=draw, checks=[_is_rate], **more)

    @property
    def rate(self) -> Decimal:
        return Decimal((self.data or "0").replace(",", "."))


def _is_rate(_form: Any, field: RateField) -> None:
    try:
        found = field.rate
    except InvalidOperation:
        raise ValidationError(_("Type a rate from 0 to 100 per cent.")) from None
    if not found.is_finite():
        raise ValidationError(_("Type a rate from 0 to 100 per cent."))


def spoken_rate(rate: Decimal) -> str:
    """As it is typed here: 8,1 in German."""
    return str(format_decimal(rate.normalize(), locale=i18n.babel_name(i18n.current())))


def name_field() -> TextField:
    return TextField(_l("Name"), required=True, longest=LONGEST_NAME, draw={"attrs": PLAIN})


def external_field() -> TextField:
    hint = _l("What your other systems call this customer.")
    return TextField(_l("External #"), longest=LONGEST_EXTERNAL, draw={"attrs": CODE}, description=hint)


def who_field(hint: Any, label: Any = CONTACT) -> TextField:
    return TextField(label, longest=LONGEST_WHO, draw={"attrs": PLAIN}, description=hint)


def lines_field() -> NumberField:
    return NumberField(
        _l("Lines at most"), low=1, high=MOST_LINES, description=_l("Groups count too. Left empty, there is no limit.")
    )


def calls_field() -> NumberField:
    return NumberField(
        _l("Calls at the same time"), low=1, high=MOST_CALLS, description=_l("In both directions. Left empty, there is no limit.")
    )


def offer_classes(field: SelectField, classes: Iterable[ClassUse]) -> None:
    every = [(one.service_class.public_id, one.service_class.name) for one in classes]
    field.choices = offered([("", _("None: everything may be used")), *every])


def offer_domains(field: SelectField, domains: Sequence[SipDomain]) -> None:
    field.choices = offered([("", _("Chosen for each line")), *((one.public_id, readable(one.domain)) for one in domains)])


def offer_contacts(field: ChoiceField, found: Sequence[ListedContact], *, new: str = "") -> None:
    """Those that a typed text can mean; `new` is the address of one that would be made."""
    every = [(one.public_id, called(one.name, one.email)) for one in found]
    made = [(NEW, _("A new contact, %(address)s", address=new))] if new else []
    field.choices = offered([*every, *made])
    field.drawing = {"list": True, "hints": {one.public_id: _used(one.customers) for one in found}}


def _used(customers: int) -> str:
    return i18n.ngettext("%(num)s customer has it", "%(num)s customers have it", customers) if customers else _("No customer yet")
