"""Resellers with what they have: the list, and one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, select

from portal.core import db, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.leaves import Beside, Order, begins, leaf
from portal.core.permissions import STAFF, Role
from portal.core.places import Page
from portal.features.accounts.models import Account, Status as AccountStatus
from portal.features.contacts.models import Contact
from portal.features.customers.models import Contract, Customer, Status as CustomerStatus
from portal.features.numbers.models import Number, NumberBlock
from portal.features.resellers.models import Reseller, SipDomain, Status, WebHost
from portal.features.subscribers.models import Status as LineStatus, Subscriber

LISTED_STAFF = 20


@dataclass(frozen=True)
class Filters:
    """Without a state, all that have not ended."""

    words: str = ""
    state: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.state)


@dataclass(frozen=True)
class ListedReseller:
    public_id: PublicId
    name: str
    status: str
    operator: bool
    limit: int | None
    customers: int
    lines: int
    hosts: Sequence[str]
    admins: int

    @property
    def full(self) -> bool:
        return self.limit is not None and self.lines >= self.limit


@dataclass(frozen=True)
class Belongings:
    """What a reseller has, and what goes when it goes."""

    customers: int
    lines: int
    numbers: int
    domains: Sequence[str]
    hosts: Sequence[str]
    staff: int
    blocks: int


@dataclass(frozen=True)
class NamedThing:
    """A host or a SIP domain. `proved`: of a host, whether it answers."""

    public_id: PublicId
    name: str
    proved: bool = True


@dataclass(frozen=True)
class Sheet:
    reseller: Reseller
    contract: Contract | None
    contact: Contact | None
    hosts: Sequence[NamedThing]
    domains: Sequence[NamedThing]
    has: Belongings


@dataclass(frozen=True)
class StaffMember:
    public_id: PublicId
    name: str
    email: str
    role: str
    locked: bool
    fresh: bool
    last_sign_in_at: datetime | None


_line = Subscriber.status != LineStatus.TERMINATED
_customer = Customer.status != CustomerStatus.TERMINATED
_domain = SipDomain.removed_at.is_(None)
_staff = and_(Account.role.in_(sorted(STAFF)), Account.status != AccountStatus.TERMINATED)


def _many(model: Any, *more: ColumnElement[bool]) -> ScalarSelect[int]:
    own = select(func.count()).select_from(model).where(model.reseller_id == Reseller.id, *more)
    return own.correlate(Reseller).scalar_subquery()


def _names(column: Any, model: Any, *more: ColumnElement[bool]) -> ScalarSelect[Any]:
    own = select(func.array_agg(column)).where(model.reseller_id == Reseller.id, *more)
    return func.coalesce(own.correlate(Reseller).scalar_subquery(), [])  # type: ignore[return-value]


def resellers(filters: Filters, *, size: int, place: Beside | None = None) -> Page[ListedReseller]:
    """A page of the list by name, from any place on in the same time. Two statements at most."""
    wanted = select(
        Reseller.public_id,
        Reseller.name,
        Reseller.status,
        Reseller.operator,
        Reseller.max_subscribers,
        _many(Customer, _customer),
        _many(Subscriber, _line),
        _names(WebHost.host, WebHost),
        _many(Account, _staff, Account.role != Role.CARE),
    ).where(*_conditions(filters))
    return leaf(wanted, Order((Reseller.name_sort, Reseller.id), Reseller.public_id), ListedReseller, size=size, place=place)


def count(filters: Filters) -> int:
    return db.session().scalar(select(func.count()).select_from(Reseller).where(*_conditions(filters))) or 0


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    state = Reseller.status == filters.state if filters.state else Reseller.status != Status.TERMINATED
    return [state, begins(Reseller.name_sort, i18n.sort_key(filters.words))] if filters.words else [state]


def _having() -> tuple[Any, ...]:
    return (
        _many(Customer, _customer),
        _many(Subscriber, _line),
        _many(Number, Number.customer_id.is_not(None)),
        _names(SipDomain.domain, SipDomain, _domain),
        _names(WebHost.host, WebHost),
        _many(Account, _staff),
        _many(NumberBlock),
    )


def belongings(reseller_id: int) -> Belongings:
    """One statement."""
    return Belongings(*db.session().execute(select(*_having()).select_from(Reseller).where(Reseller.id == reseller_id)).one())


def sheet(public_id: PublicId) -> Sheet:
    """A reseller of any state. Three statements. Raises NotFound."""
    wanted = select(Reseller, Contract, Contact, *_having()).where(Reseller.public_id == public_id)
    latest = select(func.max(Contract.id)).where(Contract.reseller_id == Reseller.id).correlate(Reseller).scalar_subquery()
    joined = wanted.outerjoin(Contract, Contract.id == latest).outerjoin(Contact, Contact.id == Contract.contact_id)
    row = db.session().execute(joined).first()
    if row is None:
        raise NotFound
    reseller, contract, contact, *has = row
    return Sheet(reseller, contract, contact, *_names_of(reseller), Belongings(*has))


def _names_of(reseller: Reseller) -> tuple[Sequence[NamedThing], Sequence[NamedThing]]:
    hosts = select(WebHost).where(WebHost.reseller_id == reseller.id).order_by(WebHost.id)
    domains = select(SipDomain).where(SipDomain.reseller_id == reseller.id, _domain).order_by(SipDomain.id)
    return (
        [NamedThing(one.public_id, one.host, proved=one.proved_at is not None) for one in db.session().scalars(hosts)],
        [NamedThing(one.public_id, one.domain) for one in db.session().scalars(domains)],
    )


def staff(reseller_id: int) -> list[StaffMember]:
    """The first of them by name. One statement."""
    rows = db.session().execute(
        select(
            Account.public_id,
            Account.name,
            Account.username,
            Account.role,
            Account.status == AccountStatus.LOCKED,
            Account.password_hash.is_(None),
            Account.last_sign_in_at,
        )
        .where(Account.reseller_id == reseller_id, _staff)
        .order_by(Account.name_sort, Account.id)
        .limit(LISTED_STAFF)
    )
    return [StaffMember(*row) for row in rows]


def staff_of(reseller_id: int, email: str) -> bool:
    """Whether somebody of the staff signs in with this address."""
    own = Account.reseller_id == reseller_id, Account.username == email.lower(), Account.domain_id.is_(None)
    wanted = select(Account.id).where(*own, Account.status != AccountStatus.TERMINATED)
    return db.session().scalar(wanted.limit(1)) is not None
