"""Many lines at once: what opening and ending one does, with few statements for all. Who calls has checked what they are to be."""

from collections.abc import Sequence

from sqlalchemy import delete

from portal.core import clock, db, i18n, secrets
from portal.core.permissions import Role
from portal.features.accounts import operations as accounts
from portal.features.accounts.models import Account
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Kind, Lock, OutgoingNumber, Status, Subscriber
from portal.features.subscribers.operations.lines import Draft, NewLine
from portal.features.subscribers.rules import LockLevel


def open_lines(*, customer: Customer, domain: SipDomain, drafts: Sequence[Draft]) -> list[NewLine]:
    """Lines with their SIP passwords, contacts and accounts, in the order of the drafts; numbers and traces are the caller's."""
    contacts = _contacts(customer.reseller_id, drafts)
    passwords = [None if draft.kind is Kind.GROUP else secrets.sip_password() for draft in drafts]
    lines = [
        _line(customer, domain, draft, contact, password)
        for draft, contact, password in zip(drafts, contacts, passwords, strict=True)
    ]
    db.session().add_all(lines)
    db.session().flush()
    opened = [None if draft.kind is Kind.GROUP else _account(line, draft) for line, draft in zip(lines, drafts, strict=True)]
    accounts.open_accounts([account for account in opened if account is not None])
    return [NewLine(*new) for new in zip(lines, passwords, opened, strict=True)]


def _contacts(reseller_id: int, drafts: Sequence[Draft]) -> list[Contact | None]:
    made = [Contact(reseller_id=reseller_id, email=draft.email) if draft.email else None for draft in drafts]
    db.session().add_all([contact for contact in made if contact is not None])
    db.session().flush()
    return made


def _line(customer: Customer, domain: SipDomain, draft: Draft, contact: Contact | None, password: str | None) -> Subscriber:
    md5, sha256 = secrets.ha1(draft.username, domain.domain, password) if password else (None, None)
    return Subscriber(
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        domain_id=domain.id,
        contact_id=contact.id if contact else None,
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
    db.session().execute(delete(Lock).where(Lock.subscriber_id.in_(keys)))
    now = clock.now()
    for line in lines:
        line.ha1_md5 = line.ha1_sha256 = line.contact_id = line.outgoing_number_id = None
        line.outgoing = OutgoingNumber.OWN.value
        line.lock_level = LockLevel.NONE.value
        line.do_not_disturb = False
        line.status = Status.TERMINATED.value
        line.terminated_at = now
    db.session().flush()
    accounts.terminate_of_lines(keys)
    db.session().execute(delete(Contact).where(Contact.id.in_(contacts)))
