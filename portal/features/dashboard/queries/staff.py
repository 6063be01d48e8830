"""What is a provider's: its customers and SIP domains; for the operator everybody's, and the resellers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ARRAY, ColumnElement, ScalarSelect, Select, Text, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.core import db
from portal.core.ids import PublicId
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer, Status as CustomerStatus
from portal.features.resellers.models import Reseller, SipDomain, Status as ResellerStatus, WebHost
from portal.features.subscribers.models import Status, Subscriber

MOST = 50
NEWEST = 6  # customers, which have a list of their own
Item = TypeVar("Item")
_live_customer = Customer.status != CustomerStatus.TERMINATED
_live_line = Subscriber.status != Status.TERMINATED


@dataclass(frozen=True)
class Listing(Generic[Item]):
    """The first of a list, how many there are in all, and how many lines they have in all."""

    rows: Sequence[Item]
    total: int
    lines: int


@dataclass(frozen=True)
class ListedCustomer:
    public_id: PublicId
    name: str
    external_id: str | None
    kind: str
    status: str
    limit: int | None
    lines: int
    contact: str
    reseller: str


@dataclass(frozen=True)
class ListedDomain:
    public_id: PublicId
    domain: str
    hosts: Sequence[str]
    languages: Sequence[str]
    lines: int
    reseller: str


@dataclass(frozen=True)
class ListedReseller:
    public_id: PublicId
    name: str
    status: str
    operator: bool
    domains: int
    customers: int
    lines: int


def customers() -> Listing[ListedCustomer]:
    """The newest ones. One statement."""
    person = func.nullif(func.concat_ws(" ", Contact.first_name, Contact.last_name), "")
    return _listed(
        ListedCustomer,
        select(
            Customer.public_id,
            Customer.name,
            Customer.external_id,
            Customer.kind,
            Customer.status,
            Customer.max_subscribers.label("limit"),
            _count(Subscriber, Subscriber.customer_id == Customer.id, _live_line).label("lines"),
            func.coalesce(person, Contact.email).label("contact"),
            Reseller.name.label("reseller"),
        )
        .join(Contact, Contact.id == Customer.contact_id)
        .join(Reseller, Reseller.id == Customer.reseller_id)
        .where(_live_customer)
        .order_by(Customer.id.desc()),
        most=NEWEST,
    )


def domains() -> Listing[ListedDomain]:
    """By name, each with its web hosts. One statement."""
    hosts = (
        select(func.array_agg(aggregate_order_by(WebHost.host, WebHost.host)))
        .where(WebHost.domain_id == SipDomain.id)
        .correlate(SipDomain)
        .scalar_subquery()
    )
    return _listed(
        ListedDomain,
        select(
            SipDomain.public_id,
            SipDomain.domain,
            func.coalesce(hosts, literal([], ARRAY(Text))).label("hosts"),
            SipDomain.languages,
            _count(Subscriber, Subscriber.domain_id == SipDomain.id, _live_line).label("lines"),
            Reseller.name.label("reseller"),
        )
        .join(Reseller, Reseller.id == SipDomain.reseller_id)
        .where(SipDomain.removed_at.is_(None))
        .order_by(SipDomain.domain),
    )


def resellers() -> Listing[ListedReseller]:
    """The operator's own first, then by name. One statement."""
    return _listed(
        ListedReseller,
        select(
            Reseller.public_id,
            Reseller.name,
            Reseller.status,
            Reseller.operator,
            _count(SipDomain, SipDomain.reseller_id == Reseller.id, SipDomain.removed_at.is_(None)).label("domains"),
            _count(Customer, Customer.reseller_id == Reseller.id, _live_customer).label("customers"),
            _count(Subscriber, Subscriber.reseller_id == Reseller.id, _live_line).label("lines"),
        )
        .where(Reseller.status != ResellerStatus.TERMINATED)
        .order_by(Reseller.operator.desc(), Reseller.name),
    )


def _count(counted: type[db.Base], *which: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(counted).where(*which).scalar_subquery()


def _listed(kind: Callable[..., Item], found: Select[*tuple[Any, ...]], *, most: int = MOST) -> Listing[Item]:
    in_all = func.count().over(), func.sum(found.selected_columns["lines"]).over()
    rows = db.session().execute(found.add_columns(*in_all).limit(most)).all()
    total, lines = rows[0][-2:] if rows else (0, 0)
    return Listing([kind(*row[:-2]) for row in rows], total, int(lines))
