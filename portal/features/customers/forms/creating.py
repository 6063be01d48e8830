"""A new customer: five fields, the contact found or made in the same form, and more for those who want to decide more."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import addresses
from portal.features.contacts.queries import ListedContact
from portal.features.contacts.rules import LONGEST
from portal.features.customers.forms.fields import (
    PLAIN,
    RateField,
    calls_field,
    external_field,
    lines_field,
    name_field,
    offer_classes,
    offer_contacts,
    offer_domains,
    spoken_rate,
    who_field,
)
from portal.features.customers.queries import ClassUse
from portal.features.customers.rules import Defaults, Kind, Status
from portal.features.resellers.models import SipDomain
from portal.web.fields import ChoiceField, SelectField, SwitchField, TextField
from portal.web.forms import Form

FIRST = ("name", "external_id", "who", "contact", "max_subscribers", "max_calls")


class NewForm(Form):
    name = name_field()
    external_id = external_field()
    who = who_field(_l("The name or e-mail of one that you have, or the e-mail of a new one."))
    contact = ChoiceField(_l("Which one"), validate_choice=False)
    max_subscribers = lines_field()
    max_calls = calls_field()
    service_class = SelectField(_l("Service class"), default="")
    domain = SelectField(_l("SIP domain of its lines"), default="")
    status = ChoiceField(
        _l("Service"),
        choices=[(Status.ACTIVE.value, _l("Begins now")), (Status.PENDING.value, _l("Begins later"))],
        default=Status.ACTIVE.value,
        draw={"hints": {Status.PENDING.value: _l("Prepared: no calls and no sign-in until you put it in service.")}},
    )
    add_vat = SwitchField(_l("Add tax to prices"))
    vat_rate = RateField(_l("Rate of tax"))
    send_invoice = SwitchField(_l("Send invoices"))
    company = TextField(_l("Company of a new contact"), longest=LONGEST["company"], draw={"attrs": PLAIN})
    first_name = TextField(_l("First name"), longest=LONGEST["first_name"], draw={"attrs": PLAIN})
    last_name = TextField(_l("Last name"), longest=LONGEST["last_name"], draw={"attrs": PLAIN})

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.who.flags.optional = False  # without one it is said what can be typed

    def start_with(self, usual: Defaults, rate: Decimal, kind_class: str) -> None:
        """What is usual for the kind, before anybody has typed."""
        if self.is_submitted():
            return
        self.max_subscribers.data, self.max_calls.data = usual.lines, usual.calls
        self.add_vat.data, self.send_invoice.data = usual.add_vat, usual.send_invoice
        self.vat_rate.data = spoken_rate(rate)
        self.service_class.data = kind_class

    def offer(self, classes: Sequence[ClassUse], domains: Sequence[SipDomain], found: Sequence[ListedContact]) -> None:
        offer_classes(self.service_class, classes)
        offer_domains(self.domain, domains)
        offer_contacts(self.contact, found, new=self.address or "")

    @property
    def address(self) -> str | None:
        """The e-mail address of a contact that would be made."""
        typed = (self.who.data or "").strip()
        return typed if addresses.is_address(typed) else None

    @property
    def searches(self) -> bool:
        """Whether only contacts are looked for: nothing is checked or written."""
        return self.is_submitted() and "find" in request.form

    def facts_of_contact(self, kind: Kind) -> dict[str, Any]:
        """Of a new one; a company that says nothing else is called like the customer."""
        person = {"first_name": self.first_name.data, "last_name": self.last_name.data}
        private = kind in {Kind.RESIDENTIAL, Kind.MOBILE, Kind.CALLING_CARD}
        if private and not any(person.values()) and not self.company.data:
            first, _blank, last = (self.name.data or "").rpartition(" ")
            return {"first_name": first[: LONGEST["first_name"]], "last_name": last[: LONGEST["last_name"]]}
        return {**person, "company": self.company.data or ("" if private else self.name.data)}

    @property
    def more_open(self) -> bool:
        """Whether something behind “More” was refused."""
        return any(field.errors for field in self if field.name not in FIRST)

    def say_who(self, found: Sequence[ListedContact]) -> None:
        """What has to be done so that there is one contact."""
        if not self.who.data:
            text = _("Type the name or e-mail of a contact, or a new e-mail address.")
        elif found:
            text = _("Choose which one is meant.")
        else:
            text = _("No contact begins like that. Type an e-mail address to make a new one.")
        self.who.errors = [*self.who.errors, text]
