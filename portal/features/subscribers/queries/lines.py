from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select

from portal.core import db
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.accounts import queries as accounts
from portal.features.accounts.models import Account
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Kind, Lock, Status, Subscriber, TrustedSource
from portal.features.subscribers.queries.profiles import levels_of_line
from portal.features.subscribers.rules import Allowance


@dataclass(frozen=True)
class Company:
    """A CloudPBX customer with what its extensions are made from."""

    customer: Customer
    pilot: Subscriber
    base: Number
    domain: SipDomain

    @property
    def home(self) -> Home:
        return Home(self.domain.cc, self.domain.ac)


def company(customer_id: int) -> Company:
    """Raises Refused when the customer has no pilot yet."""
    row = (
        db.session()
        .execute(
            select(Customer, Subscriber, Number, SipDomain)
            .join(Subscriber, Subscriber.customer_id == Customer.id)
            .join(Number, (Number.subscriber_id == Subscriber.id) & (Number.role == Role.PRIMARY))
            .join(SipDomain, SipDomain.id == Subscriber.domain_id)
            .where(Customer.id == customer_id, Subscriber.kind == Kind.PILOT, Subscriber.status != Status.TERMINATED),
        )
        .first()
    )
    if row is None:
        raise Refused("pilot-first")
    return Company(*row)


@dataclass(frozen=True)
class CompanyCard:
    """Whose telephone system this is, and its base number in digits. `allowance`: of whoever asks, for their own line."""

    name: str
    number: str | None
    allowance: Allowance = field(default_factory=Allowance, compare=False)


def card(who: Identity) -> CompanyCard | None:
    """For people of a customer: its name, and the base number or, without CloudPBX, the person's own. One statement."""
    if who.customer_id is None:
        return None
    row = db.session().execute(_card(), {"customer": who.customer_id, "own": who.subscriber_id}).first()
    return CompanyCard(row.name, row.digits, Allowance(row.levels)) if row else None


@cache
def _card() -> Select[Any, Any, Any]:
    """Asked for on every page, so written once."""
    own = bindparam("own", type_=Integer())
    its = (Subscriber.kind == Kind.PILOT) | (Subscriber.kind == Kind.REGULAR) & (Subscriber.id == own)
    levels = select(levels_of_line()).select_from(Subscriber).where(Subscriber.id == own).correlate(None).scalar_subquery()
    return (
        select(Customer.name, Number.digits, levels.label("levels"))
        .join(Subscriber, (Subscriber.customer_id == Customer.id) & its & (Subscriber.status != Status.TERMINATED), isouter=True)
        .join(Number, (Number.subscriber_id == Subscriber.id) & (Number.role == Role.PRIMARY), isouter=True)
        .where(Customer.id == bindparam("customer"))
        .limit(1)
    )


def line(public_id: PublicId) -> Subscriber:
    """A line of any kind that is not terminated. Raises NotFound."""
    found = (
        db.session()
        .scalars(select(Subscriber).where(Subscriber.public_id == public_id, Subscriber.status != Status.TERMINATED))
        .first()
    )
    if found is None:
        raise NotFound
    return found


def has_pilot(customer_id: int) -> bool:
    living = Subscriber.status != Status.TERMINATED
    wanted = select(Subscriber.id).where(Subscriber.customer_id == customer_id, Subscriber.kind == Kind.PILOT, living)
    return db.session().scalar(wanted) is not None


def first_line(customer_id: int) -> Subscriber | None:
    """The pilot; of a customer without one, the oldest line."""
    living = select(Subscriber).where(Subscriber.customer_id == customer_id, Subscriber.status != Status.TERMINATED)
    ordered = living.order_by((Subscriber.kind == Kind.PILOT).desc(), Subscriber.id).limit(1)
    return db.session().scalars(ordered).first()


def email_of(subscriber: Subscriber) -> str | None:
    """The line's own address, if there is one."""
    return db.session().scalar(select(Contact.email).where(Contact.id == subscriber.contact_id))


def sources_of(subscriber_id: int) -> list[TrustedSource]:
    """Where calls of a trunk may come from, the oldest first."""
    own = select(TrustedSource).where(TrustedSource.subscriber_id == subscriber_id).order_by(TrustedSource.id)
    return list(db.session().scalars(own))


def source(subscriber_id: int, public_id: PublicId) -> TrustedSource:
    """Raises NotFound."""
    own = TrustedSource.subscriber_id == subscriber_id, TrustedSource.public_id == public_id
    found = db.session().scalars(select(TrustedSource).where(*own)).first()
    if found is None:
        raise NotFound
    return found


def hold(subscriber: Subscriber) -> Subscriber:
    """The line as it is stored now, kept from others until the end of the transaction. NotFound when it has ended meanwhile."""
    db.session().refresh(subscriber, with_for_update={"key_share": True})
    if subscriber.status == Status.TERMINATED:
        raise NotFound
    return subscriber


def account_of(line: Subscriber) -> Account | None:
    """Whoever signs in with a line, as stored now and kept from others until the end of the transaction."""
    found = accounts.of_subscriber(line.id)
    if found is not None:
        db.session().refresh(found, with_for_update={"key_share": True})
    return found


def lines_in_use(customer_id: int) -> int:
    """How many lines of a customer count for its limit: all kinds, groups included."""
    return (
        db.session().scalar(
            select(func.count())
            .select_from(Subscriber)
            .where(Subscriber.customer_id == customer_id, Subscriber.status != Status.TERMINATED)
        )
        or 0
    )


def reseller_lines_in_use(reseller_id: int) -> int:
    """The same over all customers of a reseller, whatever the scope."""
    return db.session().scalar(select(func.reseller_subscribers(reseller_id))) or 0


def username_taken(domain_id: int, username: str) -> bool:
    """Whether a SIP user name is in use in its domain, by whichever customer."""
    return bool(db.session().scalar(select(func.sip_user_taken(domain_id, username))))


def locks_of(subscriber_id: int) -> list[Lock]:
    return list(db.session().scalars(select(Lock).where(Lock.subscriber_id == subscriber_id).order_by(Lock.at)))
