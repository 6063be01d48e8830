"""Many lines at once: what opening and ending one does, with few statements. Who calls has checked what they are to be."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import delete, select, update

from portal.core import clock, db, i18n, rows, secrets
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.features.accounts import operations as accounts
from portal.features.accounts.models import Account
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.resellers.models import SipDomain
from portal.features.resellers.queries import hold_open
from portal.features.resellers.rules import defaults_of
from portal.features.subscribers.models import Kind, Lock, OutgoingNumber, Status, Subscriber
from portal.features.subscribers.operations import beginnings
from portal.features.subscribers.operations.lines import Draft
from portal.features.subscribers.rules import LockLevel


class Opened(NamedTuple):
    """A line that has just been opened, and its SIP password, which is nowhere else; groups have none."""

    subscriber: Subscriber
    sip_password: str | None


def open_lines(*, by: Identity, customer: Customer, domain: SipDomain, drafts: Sequence[Draft]) -> list[Opened]:
    """Lines with their SIP passwords, contacts and accounts, in the order of the drafts; numbers and traces are the caller's."""
    hold_open(customer.reseller_id)
    start = defaults_of(domain, customer)
    drafts = [replace(draft, language=draft.language or start.language) for draft in drafts]
    contacts = _open_contacts(customer.reseller_id, drafts)
    passwords = [None if draft.kind is Kind.GROUP else secrets.sip_password() for draft in drafts]
    keys = rows.new_keys(Subscriber, len(drafts))
    made = [
        _line(customer, domain, draft, key=key, contact_id=contact_id, password=password)
        for key, draft, contact_id, password in zip(keys, drafts, contacts, passwords, strict=True)
    ]
    rows.insert_rows(made)
    accounts.open_accounts(
        [_account(line, draft) for line, draft in zip(made, drafts, strict=True) if draft.kind is not Kind.GROUP]
    )
    found = {line.id: line for line in db.session().scalars(select(Subscriber).where(rows.among(Subscriber.id, keys)))}
    people = [found[key] for key, draft in zip(keys, drafts, strict=True) if draft.kind is not Kind.GROUP]
    beginnings.begin(by=by, customer=customer, lines=people, start=start)
    return [Opened(found[key], password) for key, password in zip(keys, passwords, strict=True)]


def _open_contacts(reseller_id: int, drafts: Sequence[Draft]) -> list[int | None]:
    """Their keys; without an address there is none."""
    keys = iter(rows.new_keys(Contact, sum(bool(draft.email) for draft in drafts)))
    made = [Contact(id=next(keys), reseller_id=reseller_id, email=draft.email) if draft.email else None for draft in drafts]
    for contact in filter(None, made):
        contact.keep_sorted()
    rows.insert_rows([contact for contact in made if contact is not None])
    return [contact.id if contact else None for contact in made]


def _line(
    customer: Customer, domain: SipDomain, draft: Draft, *, key: int, contact_id: int | None, password: str | None
) -> Subscriber:
    md5, sha256 = secrets.ha1(draft.username, domain.domain, password) if password else (None, None)
    return Subscriber(
        id=key,
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        domain_id=domain.id,
        contact_id=contact_id,
        kind=draft.kind.value,
        username=draft.username,
        display_name=draft.display_name,
        name_sort=i18n.sort_key(draft.display_name),
        extension=draft.extension,
        outgoing=draft.outgoing.value,
        do_not_disturb=draft.do_not_disturb,
        music_on_hold=draft.music_on_hold,
        profile_id=draft.profile_id,
        language=draft.language,
        ha1_md5=md5,
        ha1_sha256=sha256,
        created_at=clock.now(),
    )


def _account(line: Subscriber, draft: Draft) -> Account:
    return Account(
        reseller_id=line.reseller_id,
        customer_id=line.customer_id,
        subscriber_id=line.id,
        domain_id=line.domain_id,
        role=Role.SUBSCRIBER.value,
        username=draft.web_username or line.username,
        name=line.display_name,
        email=draft.email,
        language=draft.language,
        created_at=line.created_at,
    )


def end_lines(*, lines: Sequence[Subscriber]) -> None:
    """What ends with any line, as `end_line` ends one. The lines are held; numbers and traces are the caller's."""
    keys = [line.id for line in lines]
    contacts = [line.contact_id for line in lines if line.contact_id is not None]
    db.session().execute(delete(Lock).where(rows.among(Lock.subscriber_id, keys)))
    ended = {
        "status": Status.TERMINATED.value,
        "terminated_at": clock.now(),
        "lock_level": LockLevel.NONE.value,
        "outgoing": OutgoingNumber.OWN.value,
        "do_not_disturb": False,
        "version": Subscriber.version + 1,
        **dict.fromkeys(("ha1_md5", "ha1_sha256", "contact_id", "outgoing_number_id")),
    }
    db.session().execute(update(Subscriber).where(rows.among(Subscriber.id, keys)).values(ended))
    accounts.terminate_of_lines(keys)
    db.session().execute(delete(Contact).where(rows.among(Contact.id, contacts)))
