"""Whom to write to about a contract."""

from typing import Any, Self

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n
from portal.features.contacts.models import Contact
from portal.features.contacts.rules import LONGEST, countries
from portal.web.fields import EmailField, SelectField, TextField, offered
from portal.web.sections import SectionForm, Values

OFF = {"attrs": {"autocomplete": "off"}}
PLAIN = {"attrs": {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}}


def _text(name: str, label: Any, draw: dict[str, Any] = OFF) -> TextField:
    return TextField(label, longest=LONGEST[name], draw=draw)


class SystemContactForm(SectionForm):
    """Made with five fields; the rest is for papers."""

    company = _text("company", _l("Company"))
    first_name = _text("first_name", _l("First name"))
    last_name = _text("last_name", _l("Last name"))
    email = EmailField(_l("E-mail"))
    phone_number = _text("phone_number", _l("Phone"), {"attrs": {"autocomplete": "off", "inputmode": "tel", "dir": "ltr"}})
    street = _text("street", _l("Street"))
    postcode = _text("postcode", _l("Postcode"))
    city = _text("city", _l("City"))
    country = SelectField(_l("Country"))
    vat_number = _text("vat_number", _l("VAT number"), PLAIN)
    register_number = _text("register_number", _l("Register number"), PLAIN)

    EDITED = (
        "company",
        "first_name",
        "last_name",
        "email",
        "phone_number",
        "street",
        "postcode",
        "city",
        "country",
        "vat_number",
        "register_number",
    )
    MORE = ("street", "postcode", "city", "country", "vat_number", "register_number")

    def offer(self) -> Self:
        self.country.choices = offered([("", _("none")), *countries(i18n.current()).items()])
        return self

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self[name].data for name in self.EDITED}

    @property
    def more_open(self) -> bool:
        return any(self[name].errors for name in self.MORE)

    @classmethod
    def stored(cls, contact: Contact) -> Values:
        return {name: getattr(contact, name) or "" for name in cls.EDITED}

    def in_words(self, name: str, value: str) -> str:
        return super().in_words(name, value) or _("none")
