"""The life of a line, whatever its kind: opening it, locking it, its SIP password, its end."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import delete, select

from portal.core import audit, clock, db, i18n, secrets
from portal.core.audit import CHANGED, Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.core.phone import Parts
from portal.features.accounts import operations as accounts
from portal.features.accounts.models import Account
from portal.features.contacts import operations as contacts
from portal.features.customers.models import Customer, Product, Status as CustomerStatus
from portal.features.customers.queries import hold as hold_customer
from portal.features.numbers import operations as numbers
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.resellers.queries import hold_open
from portal.features.resellers.rules import defaults_of
from portal.features.subscribers import queries, rules
from portal.features.subscribers.models import Kind, Lock, LockSource, OutgoingNumber, Status, Subscriber, TrustedSource
from portal.features.subscribers.operations import beginnings
from portal.features.subscribers.rules import LockLevel, check_max_calls


@dataclass(frozen=True)
class NewLine:
    """A line that has just been opened. The SIP password is nowhere else; groups have none, and no account."""

    subscriber: Subscriber
    sip_password: str | None
    account: Account | None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a line is to be; texts as they were typed."""

    kind: Kind
    username: str
    display_name: str
    extension: str | None = None
    email: str | None = None
    web_username: str | None = None
    web_password: str | None = None
    invite: bool = False
    language: str | None = None
    outgoing: OutgoingNumber = OutgoingNumber.OWN
    do_not_disturb: bool = False
    music_on_hold: bool = True
    profile_id: int | None = None
    time_zone: str | None = None
    external_id: str | None = None
    max_calls: int | None = None
    next_hop: str | None = None
    portal: bool = True  # with an account to sign in; groups have none


PRODUCTS: Mapping[Kind, Product] = {Kind.PILOT: Product.CLOUDPBX, Kind.REGULAR: Product.SIP, Kind.TRUNK: Product.SIP}


def create_pilot(
    *,
    by: Identity,
    customer: Customer,
    domain: SipDomain,
    username: str,
    display_name: str,
    base: Parts,
    email: str | None = None,
    web_username: str | None = None,
    web_password: str | None = None,
    language: str | None = None,
) -> NewLine:
    """The first line of a CloudPBX customer. Its primary number is the base number."""
    draft = Draft(
        kind=Kind.PILOT,
        username=username,
        display_name=display_name,
        email=email,
        web_username=web_username,
        web_password=web_password,
        language=language,
    )
    return create_line(by=by, customer=customer, domain=domain, draft=draft, number=base)


def create_regular(
    *,
    by: Identity,
    customer: Customer,
    domain: SipDomain,
    username: str,
    display_name: str,
    number: Parts,
    email: str | None = None,
    web_username: str | None = None,
    web_password: str | None = None,
    language: str | None = None,
) -> NewLine:
    """A line of a customer without CloudPBX."""
    draft = Draft(
        kind=Kind.REGULAR,
        username=username,
        display_name=display_name,
        email=email,
        web_username=web_username,
        web_password=web_password,
        language=language,
    )
    return create_line(by=by, customer=customer, domain=domain, draft=draft, number=number)


def create_line(*, by: Identity, customer: Customer, domain: SipDomain, draft: Draft, number: Parts) -> NewLine:
    """A pilot, a regular line or a trunk, with its own number.

    Checks in the order of the trade (domain.md 1.6), so that the first refusal is the one that matters most.
    """
    customer = hold_with_room(customer.id)
    if domain.reseller_id != customer.reseller_id:
        raise Refused("domain-foreign", field="domain")
    if customer.product != PRODUCTS.get(draft.kind):
        raise Refused("wrong-product")
    if draft.kind is Kind.PILOT and queries.has_pilot(customer.id):
        raise Refused("second-pilot")
    new = open_line(by=by, customer=customer, domain=domain, draft=draft)
    numbers.take_primary(customer=customer, holder_id=new.subscriber.id, parts=number)
    record(
        Event.LINE_CREATED,
        by=by,
        line=new.subscriber,
        kind=draft.kind.value,
        username=new.subscriber.username,
        number=number.digits,
    )
    open_portal(by=by, new=new, draft=draft)
    return new


def hold_with_room(customer_id: int) -> Customer:
    """The customer, held, with room for one more line by its own limit and its reseller's."""
    customer = hold_customer(customer_id)
    if customer.status == CustomerStatus.TERMINATED:
        raise Refused("customer-gone")
    limit = customer.max_subscribers
    if limit is not None and queries.lines_in_use(customer_id) >= limit:
        raise Refused("customer-full", limit=limit)
    _check_reseller_room(customer.reseller_id)
    hold_open(customer.reseller_id)
    return customer


def _check_reseller_room(reseller_id: int) -> None:
    wanted = select(Reseller.max_subscribers).where(Reseller.id == reseller_id)
    if db.session().scalar(wanted) is None:
        return
    limit = db.session().scalar(wanted.with_for_update(key_share=True))
    if limit is not None and queries.reseller_lines_in_use(reseller_id) >= limit:
        raise Refused("reseller-full")


def open_line(*, by: Identity, customer: Customer, domain: SipDomain, draft: Draft) -> NewLine:
    """Writes the line with its SIP password, its contact and its account; numbers and trace are the caller's.

    It starts as the customer, else the SIP domain has it.
    """
    start = defaults_of(domain, customer)
    draft = replace(draft, language=draft.language or start.language)
    username = free_username(domain.id, draft.username)
    name = rules.check_name(draft.display_name)
    is_group = draft.kind is Kind.GROUP
    password = None if is_group else secrets.sip_password()
    md5, sha256 = secrets.ha1(username, domain.domain, password) if password else (None, None)
    line = Subscriber(
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        domain_id=domain.id,
        contact_id=contacts.keep_email(reseller_id=customer.reseller_id, contact_id=None, email=draft.email),
        kind=draft.kind.value,
        username=username,
        display_name=name,
        name_sort=i18n.sort_key(name),
        extension=draft.extension,
        outgoing=draft.outgoing.value,
        do_not_disturb=draft.do_not_disturb,
        music_on_hold=draft.music_on_hold,
        profile_id=draft.profile_id,
        language=draft.language,
        time_zone=draft.time_zone,
        external_id=draft.external_id,
        max_calls=check_max_calls(draft.max_calls),
        next_hop=draft.next_hop,
        ha1_md5=md5,
        ha1_sha256=sha256,
        created_at=clock.now(),
    )
    db.session().add(line)
    db.session().flush()
    account = _open_account(line, draft) if draft.portal and not is_group else None
    beginnings.begin(by=by, customer=customer, lines=[line], start=start)
    _close_if_locked(line, account)
    return NewLine(line, password, account)


def _close_if_locked(line: Subscriber, account: Account | None) -> None:
    if account is not None and line.status == Status.LOCKED:
        accounts.close_door(account)


def choose_username(domain_id: int, typed: str | None, name: str) -> str:
    """What was typed, else one made from the name that nobody in the domain has."""
    made = rules.username_from(name)
    if (typed and typed.strip()) or not made:
        return typed or ""
    candidates = [made, *(f"{made}-{number}" for number in range(2, 10))]
    return next((one for one in candidates if not queries.username_taken(domain_id, one)), made)


def free_username(domain_id: int, typed: str) -> str:
    username = rules.check_username(typed)
    if queries.username_taken(domain_id, username):
        raise Refused("username-taken", field="username")
    return username


def _open_account(line: Subscriber, draft: Draft) -> Account:
    return accounts.open_account(
        reseller_id=line.reseller_id,
        customer_id=line.customer_id,
        subscriber_id=line.id,
        domain_id=line.domain_id,
        role=Role.PILOT if draft.kind is Kind.PILOT else Role.SUBSCRIBER,
        username=rules.check_username(draft.web_username or line.username, field="web_username"),
        name=line.display_name,
        email=draft.email,
        language=draft.language,
    )


def open_portal(*, by: Identity, new: NewLine, draft: Draft) -> None:
    """After the trace of the line itself: a web password, or an invitation to choose one, if the draft has either."""
    if new.account is None:
        return
    if draft.web_password is not None:
        accounts.set_password(by=by, account=new.account, password=draft.web_password)
    elif draft.invite:
        accounts.invite(by=by, account=new.account)


def renew_sip_password(*, by: Identity, line: Subscriber) -> str:
    """A new SIP password, to be shown once; the old one stops working now."""
    line = queries.hold(line)
    domain = db.session().scalars(select(SipDomain).where(SipDomain.id == line.domain_id)).one()
    password = secrets.sip_password()
    line.ha1_md5, line.ha1_sha256 = secrets.ha1(line.username, domain.domain, password)
    record(Event.SIP_PASSWORD_RENEWED, by=by, line=line, password=CHANGED)
    return password


def follow_account(account: Account) -> None:
    """The line of an account takes over the name and the e-mail address that its person has given."""
    if account.subscriber_id is None:
        return
    line = db.session().scalars(select(Subscriber).where(Subscriber.id == account.subscriber_id).with_for_update()).one()
    contact_id = line.contact_id
    line.display_name, line.name_sort = account.name, i18n.sort_key(account.name)
    line.contact_id = contacts.keep_email(reseller_id=line.reseller_id, contact_id=contact_id, email=account.email)
    db.session().flush()
    if contact_id is not None and line.contact_id is None:
        contacts.drop(contact_id)


# --- locks -----------------------------------------------------------------------------------------------------------


def source_of(by: Identity) -> LockSource:
    return LockSource.PILOT if by.role is Role.PILOT else LockSource.RESELLER


def lock(*, by: Identity, line: Subscriber, level: LockLevel, reason: str) -> Lock:
    """Locks a line on behalf of whoever acts; the locks of others stay beside it. Level 4 ends the account's sessions."""
    if level is LockLevel.NONE or (by.role is Role.PILOT and level is LockLevel.PORTED):
        raise Refused("lock-level", field="level")
    reason = rules.check_reason(reason)
    line = queries.hold(line)
    source = source_of(by)
    found = next((one for one in queries.locks_of(line.id) if one.source == source), None)
    was = {"level": found.level, "reason": found.reason} if found else {"level": 0, "reason": None}
    kept = found or Lock(reseller_id=line.reseller_id, customer_id=line.customer_id, subscriber_id=line.id, source=source.value)
    kept.level, kept.reason, kept.by_name, kept.at = level.value, reason, by.name, clock.now()
    db.session().add(kept)
    _apply_locks(line)
    record(
        Event.EXTENSION_LOCKED,
        by=by,
        line=line,
        source=source.value,
        level=(was["level"], level.value),
        reason=(was["reason"], reason),
    )
    return kept


def unlock(*, by: Identity, line: Subscriber) -> Lock:
    """Lifts the lock of whoever acts, and says what it was. Raises Refused when only others have locked the line."""
    line = queries.hold(line)
    source = source_of(by)
    found = next((one for one in queries.locks_of(line.id) if one.source == source), None)
    if found is None:
        raise Refused("lock-of-others")
    db.session().delete(found)
    _apply_locks(line)
    record(
        Event.EXTENSION_UNLOCKED,
        by=by,
        line=line,
        source=source.value,
        level=(found.level, line.lock_level),
        reason=(found.reason, None),
    )
    return found


def _apply_locks(line: Subscriber) -> None:
    db.session().flush()
    level = rules.effective(one.level for one in queries.locks_of(line.id))
    was_closed = line.status == Status.LOCKED
    line.lock_level = level.value
    line.status = (Status.LOCKED if level is LockLevel.GLOBAL else Status.ACTIVE).value
    account = queries.account_of(line)
    if account is not None and was_closed != (line.status == Status.LOCKED):
        (accounts.open_door if was_closed else accounts.close_door)(account)
    db.session().flush()


# --- the end ---------------------------------------------------------------------------------------------------------


def end_line(*, line: Subscriber) -> None:
    """What ends with any line: SIP access, locks, account and sessions, its own contact. Numbers and trace are the caller's."""
    contact_id = line.contact_id
    for kept in (Lock, TrustedSource):
        db.session().execute(delete(kept).where(kept.subscriber_id == line.id))
    line.ha1_md5 = line.ha1_sha256 = line.contact_id = line.outgoing_number_id = line.profile_id = None
    line.next_hop = None
    line.outgoing = OutgoingNumber.OWN.value
    line.lock_level = LockLevel.NONE.value
    line.do_not_disturb = False
    line.status = Status.TERMINATED.value
    line.terminated_at = clock.now()
    db.session().flush()
    account = queries.account_of(line)
    if account is not None:
        accounts.terminate(account)
    if contact_id is not None:
        contacts.drop(contact_id)
    db.session().flush()


def record(event: Event, *, by: Identity, line: Subscriber, **details: object) -> None:
    """A trace of something that happened to a line."""
    audit.record(
        event,
        by=by,
        subject=line.public_id,
        label=line.display_name,
        reseller_id=line.reseller_id,
        customer_id=line.customer_id,
        **details,
    )
