"""The sections of a customer; each remembers what it showed at first, so that two people's edits can be told apart."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n
from portal.core.ids import PATTERN, PublicId
from portal.features.contacts.queries import ListedContact
from portal.features.customers.forms.fields import (
    DIGITS,
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
from portal.features.customers.queries import ClassUse, Sheet
from portal.features.customers.rules import LONGEST_REASON
from portal.features.resellers.models import SipDomain
from portal.features.resellers.rules import LONGEST_RING, RESTRICTIONS
from portal.web.fields import ChoiceField, NumberField, SelectField, SwitchField, TextField, TickField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

LONGEST_EXTENSION = 10


class CustomerSection(SectionForm):
    """A part of a customer that saves on its own."""

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        """What stands now, as texts."""
        raise NotImplementedError


class BasicsForm(CustomerSection):
    """The contact stays unless another one is looked for."""

    name = name_field()
    external_id = external_field()
    who = who_field(_l("The name or e-mail of another one that you have. Left empty, it stays."), _l("Another contact"))
    contact = ChoiceField(_l("Which one"), validate_choice=False)

    EDITED = ("name", "external_id", "contact")

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        customer = sheet.customer
        return {"name": customer.name, "external_id": customer.external_id or "", "contact": sheet.contact.public_id}

    def offer(self, sheet: Sheet, found: Sequence[ListedContact]) -> Self:
        own = sheet.contact
        present = ListedContact(own.public_id, own.name, own.email, "", own.city, None, 0)
        offer_contacts(self.contact, [present, *(one for one in found if one.public_id != own.public_id)])
        self.contact.drawing = {**self.contact.drawing, "hints": {**self.contact.drawing["hints"], own.public_id: _("So far")}}
        if not self.contact.data or self.contact.data == "None":
            self.contact.data = own.public_id
        return self

    @property
    def wanted(self) -> PublicId | None:
        chosen = self.contact.data or ""
        return PublicId(chosen) if PATTERN.fullmatch(chosen) else None


class LimitsForm(CustomerSection):
    max_subscribers = lines_field()
    max_calls = calls_field()

    EDITED = ("max_subscribers", "max_calls")

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        return {"max_subscribers": _text(sheet.customer.max_subscribers), "max_calls": _text(sheet.customer.max_calls)}


class RangeForm(CustomerSection):
    extension_min = TextField(_l("First extension"), longest=LONGEST_EXTENSION, draw={"width": "short", "attrs": DIGITS})
    extension_max = TextField(_l("Last extension"), longest=LONGEST_EXTENSION, draw={"width": "short", "attrs": DIGITS})

    EDITED = ("extension_min", "extension_max")

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        return {"extension_min": _text(sheet.customer.extension_min), "extension_max": _text(sheet.customer.extension_max)}

    def bound(self, name: str) -> int | None:
        """-1 for what is no number, which the rules refuse."""
        typed = (self[name].data or "").strip()
        return (int(typed) if typed.isascii() and typed.isdecimal() else -1) if typed else None


class BillingForm(CustomerSection):
    add_vat = SwitchField(_l("Add tax to prices"), description=_l("Off: prices include it, as private people are told them."))
    vat_rate = RateField(_l("Rate of tax"))
    send_invoice = SwitchField(_l("Send invoices"), description=_l("By mail to the contact, each month."))

    EDITED = ("add_vat", "vat_rate", "send_invoice")

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        customer = sheet.customer
        return {
            "add_vat": "1" if customer.add_vat else "",
            "vat_rate": spoken_rate(customer.vat_rate),
            "send_invoice": "1" if customer.send_invoice else "",
        }


class ServiceForm(CustomerSection):
    service_class = SelectField(_l("Service class"), description=_l("The ceiling for all of its lines, in force at once."))
    profile = SelectField(_l("Profile of its people"), description=_l("For everybody without a profile of their own."))

    EDITED = ("service_class", "profile")

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        held = sheet.service_class
        return {"service_class": held.public_id if held else "", "profile": sheet.profile[0] if sheet.profile else ""}

    def offer(self, classes: Sequence[ClassUse], profiles: Sequence[tuple[PublicId, str]]) -> Self:
        offer_classes(self.service_class, classes)
        self.profile.choices = offered([("", _("None: as the service class says")), *profiles])
        return self


class DefaultsForm(CustomerSection):
    domain = SelectField(_l("SIP domain"))
    language = SelectField(_l("Language"))
    lock_level = SelectField(_l("Call restriction"))
    ring_seconds = NumberField(_l("Rings"), low=1, high=LONGEST_RING, unit=_l("seconds"))
    hide_number = SelectField(_l("Own number"))

    EDITED = ("domain", "language", "lock_level", "ring_seconds", "hide_number")

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        customer = sheet.customer
        hidden = {None: "", True: "hidden", False: "shown"}[customer.hide_number]
        return {
            "domain": sheet.domain.public_id if sheet.domain else "",
            "language": customer.language or "",
            "lock_level": _text(customer.lock_level),
            "ring_seconds": _text(customer.ring_seconds),
            "hide_number": hidden,
        }

    def offer(self, domains: Sequence[SipDomain], languages: Sequence[str]) -> Self:
        as_domain = ("", _("As the SIP domain"))
        offer_domains(self.domain, domains)
        self.language.choices = offered([as_domain, *((code, i18n.own_name(code)) for code in languages)])
        levels = [(str(level), i18n.gettext(words)) for level, words in RESTRICTIONS.items()]
        self.lock_level.choices = offered([as_domain, *levels])
        self.hide_number.choices = offered([as_domain, ("shown", _("Shown to those who are called")), ("hidden", _("Hidden"))])
        self.ring_seconds.description = _("Left empty, as the SIP domain.")
        return self

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "language": self.language.data or None,
            "lock_level": int(self.lock_level.data) if self.lock_level.data else None,
            "ring_seconds": self.ring_seconds.data,
            "hide_number": {"hidden": True, "shown": False}.get(self.hide_number.data or ""),
        }


class LockForm(Form):
    reason = TextField(
        _l("Reason"), required=True, longest=LONGEST_REASON, description=_l("Shown to your colleagues and on each of its lines.")
    )


class TerminateForm(Form):
    sure = TickField(_l("I have read what ends, and that it is final"))


class PlainForm(Form):
    """A button, nothing to fill in."""


def _text(value: object) -> str:
    return "" if value is None else str(value)
