"""The steps of a new CloudPBX customer. What was typed stays in a draft, whatever step is looked at."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import addresses, phone
from portal.core.errors import Refused
from portal.core.phone import Parts
from portal.features.contacts.queries import ListedContact
from portal.features.contacts.rules import LONGEST as LONGEST_OF
from portal.features.customers.forms.fields import calls_field, external_field, lines_field, name_field, offer_contacts, who_field
from portal.features.numbers.rules import LONGEST_TYPED
from portal.features.pbx.forms.staff import TEL
from portal.features.pbx.rules import LONGEST_EXTENSION
from portal.features.resellers.models import SipDomain
from portal.features.resellers.rules import readable
from portal.web.fields import ChoiceField, EmailField, LinesField, NumberField, SelectField, TextField, offered
from portal.web.forms import Form

PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off", "dir": "ltr"}
OFF = {"autocomplete": "off"}
LONGEST = 127
TYPED = "typed"  # instead of a number that is offered


class StepForm(Form):
    """`KEPT` are the fields whose values a draft remembers."""

    KEPT: ClassVar[tuple[str, ...]] = ()

    def show(self, values: Mapping[str, Any]) -> Self:
        """As it was typed before; not when it comes back typed anew."""
        if not self.is_submitted():
            for name in self.KEPT:
                if name in values:
                    self[name].data = values[name]
        return self

    @property
    def kept(self) -> dict[str, Any]:
        return {name: self[name].data for name in self.KEPT}

    @property
    def more_open(self) -> bool:
        """Whether something behind “More” was touched or refused."""
        return any(self[name].errors or self[name].data for name in getattr(self, "MORE", ()))


class CompanyForm(StepForm):
    name = name_field()
    external_id = external_field()
    who = who_field(_l("The name or e-mail of one that you have, or the e-mail of a new one."))
    contact = ChoiceField(_l("Which one"), validate_choice=False)
    first_name = TextField(_l("First name of a new contact"), longest=LONGEST_OF["first_name"], draw={"attrs": OFF})
    last_name = TextField(_l("Last name"), longest=LONGEST_OF["last_name"], draw={"attrs": OFF})

    KEPT = ("name", "external_id", "who", "contact", "first_name", "last_name")
    MORE = ("first_name", "last_name")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.who.flags.optional = False  # without one it is said what can be typed

    def offer(self, found: Sequence[ListedContact]) -> Self:
        offer_contacts(self.contact, found, new=self.address or "")
        return self

    @property
    def address(self) -> str | None:
        """The e-mail address of a contact that would be made."""
        typed = (self.who.data or "").strip()
        return typed if addresses.is_address(typed) else None

    @property
    def searches(self) -> bool:
        """Whether only contacts are looked for: nothing is checked or kept."""
        return self.is_submitted() and "find" in request.form


class DomainForm(StepForm):
    domain = SelectField(_l("SIP domain"), default="")
    new_domain = TextField(
        _l("New SIP domain"),
        longest=253,
        draw={"attrs": {**PLAIN, "placeholder": "lantern.example.com"}},
        description=_l("Best one of its own for each company: sign-in names end in it."),
    )
    host = TextField(
        _l("Web address"),
        longest=253,
        draw={"attrs": {**PLAIN, "placeholder": "phone.lantern.example.com"}},
        description=_l("Where its people sign in, if it has one of its own. It answers once it is proved to be yours."),
    )

    KEPT = ("domain", "new_domain", "host")

    def offer(self, domains: Sequence[SipDomain]) -> Self:
        self.domain.choices = offered([("", _("A new one")), *((one.public_id, readable(one.domain)) for one in domains)])
        return self


class PilotForm(StepForm):
    display_name = TextField(_l("Name"), required=True, longest=LONGEST, draw={"attrs": OFF})
    pilot_email = EmailField(_l("E-mail"), required=True, description=_l("The invitation goes there."))
    username = TextField(
        _l("SIP user"), longest=LONGEST, draw={"attrs": PLAIN}, description=_l("Left empty, it is made from the name.")
    )

    KEPT = ("display_name", "pilot_email", "username")


class CompanyNumbersForm(StepForm):
    which = ChoiceField(_l("Base number"), default=TYPED, validate_choice=False)
    number = TextField(
        _l("Another number"), longest=60, draw={"attrs": {name: value for name, value in TEL.items() if name != "list"}}
    )
    numbers = LinesField(
        _l("Further numbers"),
        longest=LONGEST_TYPED,
        optional=True,
        draw={"rows": 3, "attrs": {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}},
        description=_l("One in a line. A range: 030 5550700 – 19. With x for any digit: 030 55507xx. A thousand at most."),
    )

    KEPT = ("which", "number", "numbers")

    def offer(self, free: Sequence[Parts], home_cc: str) -> Self:
        """The first of those that are offered is chosen, until somebody types another one."""
        every = [(one.digits, phone.spoken(one.digits, home_cc)) for one in free]
        self.which.choices = offered([*every, (TYPED, _("Another one, typed below"))])
        self.which.drawing = {"hints": {one: _("The next free one of a number block") for one, _spoken in every}, "list": True}
        if every and not self.is_submitted() and self.which.data == TYPED and not self.number.data:
            self.which.data = every[0][0]
        return self


class ExtensionsForm(StepForm):
    extension_min = NumberField(_l("First extension"), low=0, high=10**LONGEST_EXTENSION - 1)
    extension_max = NumberField(_l("Last extension"), low=0, high=10**LONGEST_EXTENSION - 1)
    max_subscribers = lines_field()
    max_calls = calls_field()

    KEPT = ("extension_min", "extension_max", "max_subscribers", "max_calls")


class MakeForm(Form):
    """Nothing to fill in: what is refused belongs to one of the steps."""

    refusal: Refused

    def refuse(self, refusal: Refused) -> None:
        self.refusal = refusal
