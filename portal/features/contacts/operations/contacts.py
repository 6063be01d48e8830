"""Whom to write to: of customers, or, without a reseller, of the platform's contracts."""

from enum import StrEnum, auto
from typing import Any, Unpack

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.features.accounts import operations as accounts
from portal.features.contacts import queries, rules
from portal.features.contacts.models import Contact, Status
from portal.features.contacts.rules import Facts

SECRET = frozenset({"iban"})  # the log says that it changed


class Removal(StrEnum):
    """What became of a contact that nobody uses."""

    REMOVED = auto()
    TERMINATED = auto()  # somebody who has ended had it: it stays for their papers, and is in no list


def create_contact(*, by: Identity, reseller_id: int | None, email: str, **facts: Unpack[Facts]) -> Contact:
    """A contact that customers of this reseller can share; without a reseller a system contact."""
    contact = Contact(reseller_id=reseller_id, **rules.check_facts({"email": email, **facts}))
    db.session().add(contact)
    db.session().flush()
    _record(Event.CONTACT_CREATED, by, contact)
    return contact


def change_contact(*, by: Identity, contact: Contact, version: int, email: str | None = None, **facts: Unpack[Facts]) -> Contact:
    """What is not named stays as it is. Raises Conflict when somebody has changed it since it was at this version."""
    contact = queries.hold(contact)
    if contact.version != version:
        raise Conflict(contact.version)
    typed = {**facts, **({} if email is None else {"email": email})}
    checked = rules.check_facts(typed, country=contact.country)
    changed = {name: (getattr(contact, name), now) for name, now in checked.items() if getattr(contact, name) != now}
    if "email" in changed and contact.reseller_id is not None and any(user.living for user in queries.users(contact.id)):
        accounts.check_moves_mail(by, "email")
    if changed:
        for name, (_was, now) in changed.items():
            setattr(contact, name, now)
        told: dict[str, Any] = {name: audit.CHANGED if name in SECRET else pair for name, pair in changed.items()}
        _record(Event.CONTACT_CHANGED, by, contact, **told)
        db.session().flush()
    return contact


def remove_contact(*, by: Identity, contact: Contact) -> Removal:
    """Raises Refused while anybody who has not ended uses it."""
    contact = queries.hold(contact)
    users = queries.users(contact.id)
    if any(user.living for user in users):
        raise Refused("contact-in-use")
    _record(Event.CONTACT_REMOVED, by, contact, email=contact.email)
    if users:
        contact.status = Status.TERMINATED.value
        db.session().flush()
        return Removal.TERMINATED
    db.session().delete(contact)
    db.session().flush()
    return Removal.REMOVED


def _record(event: Event, by: Identity, contact: Contact, **details: Any) -> None:
    audit.record(event, by=by, subject=contact.public_id, label=contact.name, reseller_id=contact.reseller_id, **details)
