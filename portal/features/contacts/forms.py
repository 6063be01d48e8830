"""What is filled in about a contact: all at once when it is new, later in parts."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l, pgettext

from portal.core import i18n, zones
from portal.features.contacts.models import Contact
from portal.features.contacts.rules import LONGEST, LONGEST_NOTE, MOST_NOTES, countries
from portal.mail import own
from portal.mail.composing import Words
from portal.web.fields import EmailField, LinesField, SelectField, TextField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

PLAIN = {"autocomplete": "off"}
CODE = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "dir": "ltr"}
TEL = {"autocomplete": "off", "inputmode": "tel", "dir": "ltr"}


def _text(name: str, label: Any, *, attrs: Mapping[str, str] = PLAIN, width: str = "", hint: Any = "") -> TextField:
    draw = {"attrs": attrs, "width": width} if width else {"attrs": attrs}
    return TextField(label, longest=LONGEST[name], draw=draw, description=hint)


def _email() -> EmailField:
    return EmailField(_l("E-mail"), required=True, description=_l("Invoices and notices go there."))


def _notes() -> LinesField:
    hint = _l("Customer number elsewhere, opening hours, and the like: one note in a line, %(most)s at most.", most=MOST_NOTES)
    return LinesField(_l("Notes"), longest=MOST_NOTES * (LONGEST_NOTE + 2), optional=True, description=hint)


class Places:
    """For forms with a country or a time zone to choose."""

    def offer_places(self: Any, default_zone: str) -> None:
        if "country" in self:
            self.country.choices = offered([("", pgettext("country", "None")), *countries(i18n.current()).items()])
        if "time_zone" in self:
            usual = _("As the provider: %(place)s", place=zones.place_of(default_zone))
            self.time_zone.choices = {"": usual, **zones.by_region()}


class ContactForm(Form, Places):
    """Five fields, of which one has to be filled in, and more for those who know more."""

    email = _email()
    company = _text("company", _l("Company"))
    first_name = _text("first_name", _l("First name"))
    last_name = _text("last_name", _l("Last name"))
    phone_number = _text("phone_number", _l("Phone"), attrs=TEL)
    street = _text("street", _l("Street and number"))
    postcode = _text("postcode", _l("Postcode"), width="short")
    city = _text("city", _l("City"))
    country = SelectField(_l("Country"), default="")
    time_zone = SelectField(_l("Time zone"), default="")
    mobile_number = _text("mobile_number", _l("Mobile phone"), attrs=TEL)
    fax_number = _text("fax_number", _l("Fax"), attrs=TEL)
    vat_number = _text("vat_number", _l("VAT number"), attrs=CODE)
    register_number = _text("register_number", _l("Register number"), attrs=CODE)
    iban = _text("iban", _l("IBAN"), attrs=CODE)
    bic = _text("bic", _l("BIC"), attrs=CODE)
    bank_name = _text("bank_name", _l("Bank"))
    notes = _notes()

    FIRST = ("email", "company", "first_name", "last_name", "phone_number")

    @property
    def facts(self) -> dict[str, Any]:
        typed: dict[str, Any] = {name: self[name].data or None for name in LONGEST}
        return {**typed, "notes": self.notes.data.splitlines(), "email": self.email.data or ""}

    @property
    def more_open(self) -> bool:
        """Whether something behind “More” was touched or refused."""
        return any(field.errors or field.data for field in self if field.name not in {*self.FIRST, "csrf_token"})


class ContactSection(SectionForm, Places):
    """A part of a contact that saves on its own."""

    def stored(self, contact: Contact) -> Values:
        """What stands now, as texts."""
        return {name: _as_text(getattr(contact, name)) for name in self.EDITED}

    @property
    def facts(self) -> dict[str, Any]:
        return {name: text.splitlines() if name == "notes" else text for name, text in self.typed.items()}


def _as_text(value: Any) -> str:
    return "\n".join(value) if isinstance(value, list) else value or ""


class PersonForm(ContactSection):
    email = _email()
    company = _text("company", _l("Company"))
    first_name = _text("first_name", _l("First name"))
    last_name = _text("last_name", _l("Last name"))

    EDITED = ("email", "company", "first_name", "last_name")


class AddressForm(ContactSection):
    street = _text("street", _l("Street and number"))
    postcode = _text("postcode", _l("Postcode"), width="short")
    city = _text("city", _l("City"))
    country = SelectField(_l("Country"), default="")
    time_zone = SelectField(_l("Time zone"), default="", description=_l("Of mails and papers that go there."))

    EDITED = ("street", "postcode", "city", "country", "time_zone")


class PhonesForm(ContactSection):
    phone_number = _text("phone_number", _l("Phone"), attrs=TEL)
    mobile_number = _text("mobile_number", _l("Mobile phone"), attrs=TEL)
    fax_number = _text("fax_number", _l("Fax"), attrs=TEL)

    EDITED = ("phone_number", "mobile_number", "fax_number")


class BankForm(ContactSection):
    vat_number = _text("vat_number", _l("VAT number"), attrs=CODE)
    register_number = _text("register_number", _l("Register number"), attrs=CODE)
    iban = _text("iban", _l("IBAN"), attrs=CODE)
    bic = _text("bic", _l("BIC"), attrs=CODE)
    bank_name = _text("bank_name", _l("Bank"))

    EDITED = ("vat_number", "register_number", "iban", "bic", "bank_name")


class NotesForm(ContactSection):
    notes = _notes()

    EDITED = ("notes",)


class PlainForm(Form):
    """A button, nothing to fill in."""


class MailForm(SectionForm):
    """A provider's own words for a mail."""

    subject = TextField(_l("Subject"), required=True, longest=own.LONGEST_SUBJECT, draw={"attrs": {"autocomplete": "off"}})
    body = LinesField(_l("Text"), longest=own.LONGEST_BODY, draw={"rows": 14})

    EDITED = ("subject", "body")

    @property
    def words(self) -> Words:
        return Words(self.subject.data or "", self.body.data or "")

    @staticmethod
    def stored(words: Words) -> Values:
        return {"subject": words.subject, "body": words.body}
