"""What is taken down of a contact: the address of mails always, the rest when it is known."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict

from portal.core import i18n
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.lines import one_line
from portal.core.zones import is_zone
from portal.features.contacts.rules.banking import check_bic, check_iban
from portal.features.contacts.rules.countries import check_country
from portal.features.contacts.rules.emails import check_email
from portal.features.contacts.rules.taxes import check_vat_number

MOST_NOTES = 10
LONGEST_NOTE = 255
LONGEST: Mapping[str, int] = {
    "first_name": 127,
    "last_name": 127,
    "company": 127,
    "street": 127,
    "postcode": 16,
    "city": 127,
    "country": 2,
    "phone_number": 31,
    "mobile_number": 31,
    "fax_number": 31,
    "iban": 42,  # with blanks
    "bic": 15,
    "bank_name": 127,
    "vat_number": 127,
    "register_number": 31,
    "time_zone": 80,
}
FIELDS = ("email", *LONGEST, "notes")

declare("contact-text-long", N_("Use at most %(longest)s characters."))
declare("contact-notes-many", N_("Write at most %(most)s notes, one in a line."))
declare("contact-note-line-long", N_("Use at most %(longest)s characters in a line."))
declare("time-zone-unknown", N_("There is no time zone of this name."))
declare("contact-in-use", N_("This contact is in use. Give those who have it another one first."))
declare("contact-gone", N_("This contact is not there any more. Choose another one."))
declare("contact-foreign", N_("This contact belongs to somebody else."))


class Facts(TypedDict, total=False):
    """What may be known of a contact besides the address of mails; texts as they were typed."""

    first_name: str | None
    last_name: str | None
    company: str | None
    street: str | None
    postcode: str | None
    city: str | None
    country: str | None
    phone_number: str | None
    mobile_number: str | None
    fax_number: str | None
    iban: str | None
    bic: str | None
    bank_name: str | None
    vat_number: str | None
    register_number: str | None
    time_zone: str | None
    notes: Sequence[str]


def _check_time_zone(typed: str) -> str:
    if not is_zone(typed):
        raise Refused("time-zone-unknown", field="time_zone")
    return typed


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "country": check_country,
    "iban": check_iban,
    "bic": check_bic,
    "time_zone": _check_time_zone,
}


def called(name: str, email: str) -> str:
    """A contact where one of several is chosen."""
    return email if name == email else i18n.listed((name, email))


def check_facts(typed: Mapping[str, Any], *, country: str | None = None) -> dict[str, Any]:
    """What of it is taken down, as it is stored; empty texts are None. Raises Refused at the field that does not fit.

    `country`: where the contact is, when that is not among what was typed.
    """
    found: dict[str, Any] = {name: _checked(name, typed[name]) for name in LONGEST if name in typed}
    if found.get("vat_number"):
        found["vat_number"] = check_vat_number(found["vat_number"], found.get("country", country))
    if "notes" in typed:
        found["notes"] = _check_notes(typed["notes"])
    if "email" in typed:
        found["email"] = check_email(typed["email"] or "")
    return found


def _checked(name: str, typed: str | None) -> str | None:
    text = one_line(typed or "")
    if not text:
        return None
    if len(text) > LONGEST[name]:
        raise Refused("contact-text-long", field=name, longest=LONGEST[name])
    return _CHECKS[name](text) if name in _CHECKS else text


def _check_notes(typed: Sequence[str]) -> list[str]:
    notes = [text for one in typed if (text := one_line(one))]
    if len(notes) > MOST_NOTES:
        raise Refused("contact-notes-many", field="notes", most=MOST_NOTES)
    if any(len(note) > LONGEST_NOTE for note in notes):
        raise Refused("contact-note-line-long", field="notes", longest=LONGEST_NOTE)
    return notes
