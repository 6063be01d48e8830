"""Whom to write to about a contract: what contacts of customers have, all on one page."""

from typing import Any, Self

from flask_babel import gettext as _

from portal.features.contacts.forms import ContactForm, ContactSection
from portal.features.contacts.rules import FIELDS


class SystemContactForm(ContactSection):
    email = ContactForm.email
    company = ContactForm.company
    first_name = ContactForm.first_name
    last_name = ContactForm.last_name
    phone_number = ContactForm.phone_number
    street = ContactForm.street
    postcode = ContactForm.postcode
    city = ContactForm.city
    country = ContactForm.country
    time_zone = ContactForm.time_zone
    mobile_number = ContactForm.mobile_number
    fax_number = ContactForm.fax_number
    vat_number = ContactForm.vat_number
    register_number = ContactForm.register_number
    iban = ContactForm.iban
    bic = ContactForm.bic
    bank_name = ContactForm.bank_name
    notes = ContactForm.notes

    EDITED = FIELDS

    def offer(self, time_zone: str) -> Self:
        self.offer_places(time_zone)
        return self

    @property
    def more_open(self) -> bool:
        return any(self[name].errors for name in self.EDITED if name not in ContactForm.FIRST)

    def in_words(self, name: str, value: str) -> str:
        return super().in_words(name, value) or _("none")

    def as_typed(self) -> dict[str, Any]:
        return {**self.facts, "email": self.email.data or ""}
