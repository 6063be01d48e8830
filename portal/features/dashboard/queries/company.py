"""What the pilot's page says of the company besides its calls."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.core.ids import PublicId
from portal.features.customers.models import Customer, Status as CustomerStatus
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Kind, Status, Subscriber
from portal.features.subscribers.queries import has_phone
from portal.features.subscribers.rules import LockLevel


@dataclass(frozen=True)
class CompanyFacts:
    """`lines` are all that count for the limit; `last_given_to` is who got a number of the pool last."""

    name: str
    number: str | None
    reachable: bool
    limit: int | None
    lines: int
    people: int
    groups: int
    locked: int
    without_phone: int
    pool: int
    free: int
    last_given_to: str | None

    @property
    def room(self) -> int | None:
        return None if self.limit is None else max(self.limit - self.lines, 0)


def company_facts(customer_id: int) -> CompanyFacts:
    """One statement."""
    person = Subscriber.kind == Kind.EXTENSION
    pilot = Subscriber.kind == Kind.PILOT
    row = (
        db.session()
        .execute(
            select(
                Customer.name,
                Customer.status,
                Customer.max_subscribers,
                func.count(Subscriber.id).label("lines"),
                func.count().filter(person).label("people"),
                func.count().filter(Subscriber.kind == Kind.GROUP).label("groups"),
                func.count().filter(person, Subscriber.lock_level > 0).label("locked"),
                func.count().filter(person, ~has_phone()).label("without_phone"),
                func.max(Subscriber.lock_level).filter(pilot).label("pilot_lock"),
                _base_number(customer_id).label("number"),
                _further_numbers(customer_id).label("pool"),
                _further_numbers(customer_id, Subscriber.kind == Kind.PILOT).label("free"),
                _last_given_to(customer_id).label("last_given_to"),
            )
            .join(Subscriber, (Subscriber.customer_id == Customer.id) & (Subscriber.status != Status.TERMINATED), isouter=True)
            .where(Customer.id == customer_id)
            .group_by(Customer.id),
        )
        .one()
    )
    silent = row.status != CustomerStatus.ACTIVE or (row.pilot_lock or 0) >= LockLevel.IN_AND_OUT
    return CompanyFacts(
        name=row.name,
        number=row.number,
        reachable=row.number is not None and not silent,
        limit=row.max_subscribers,
        lines=row.lines,
        people=row.people,
        groups=row.groups,
        locked=row.locked,
        without_phone=row.without_phone,
        pool=row.pool,
        free=row.free,
        last_given_to=row.last_given_to,
    )


@dataclass(frozen=True)
class Quiet:
    """Somebody whose calls do not go as usual; without a lock it is do not disturb."""

    public_id: PublicId
    name: str
    extension: str
    lock_level: int


def quiet_people(customer_id: int, limit: int) -> Sequence[Quiet]:
    """Locked ones first. One statement."""
    rows = db.session().execute(
        select(Subscriber.public_id, Subscriber.display_name, Subscriber.extension, Subscriber.lock_level)
        .where(
            Subscriber.customer_id == customer_id,
            Subscriber.kind == Kind.EXTENSION,
            Subscriber.status != Status.TERMINATED,
            (Subscriber.lock_level > 0) | Subscriber.do_not_disturb,
        )
        .order_by(Subscriber.lock_level.desc(), Subscriber.name_sort)
        .limit(limit),
    )
    return [Quiet(row.public_id, row.display_name, str(row.extension), row.lock_level) for row in rows]


def _base_number(customer_id: int) -> ScalarSelect[str]:
    return (
        select(Number.digits)
        .join(Subscriber, Subscriber.id == Number.subscriber_id)
        .where(Number.customer_id == customer_id, Number.role == Role.PRIMARY, Subscriber.kind == Kind.PILOT)
        .limit(1)
        .scalar_subquery()
    )


def _further_numbers(customer_id: int, *more: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Number)
        .join(Subscriber, Subscriber.id == Number.subscriber_id)
        .where(Number.customer_id == customer_id, Number.role == Role.ALIAS, *more)
        .scalar_subquery()
    )


def _last_given_to(customer_id: int) -> ScalarSelect[str]:
    return (
        select(AuditEntry.label)
        .where(AuditEntry.customer_id == customer_id, AuditEntry.event == Event.NUMBER_ASSIGNED)
        .order_by(AuditEntry.id.desc())
        .limit(1)
        .scalar_subquery()
    )
