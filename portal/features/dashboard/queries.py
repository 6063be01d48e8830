"""Reads that mix features, each in one statement: a page has six."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core import db
from portal.core.identity import Identity
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Subscriber


@dataclass(frozen=True)
class OwnLine:
    """A person's own line; numbers in digits, the primary one first."""

    customer: str
    kind: str
    extension: str | None
    lock_level: int
    numbers: tuple[str, ...]

    @property
    def number(self) -> str | None:
        return self.numbers[0] if self.numbers else None


def own_line(who: Identity) -> OwnLine | None:
    """None for staff."""
    if who.subscriber_id is None:
        return None
    rows = db.session().execute(
        select(Customer.name, Subscriber.kind, Subscriber.extension, Subscriber.lock_level, Number.digits)
        .join(Customer, Customer.id == Subscriber.customer_id)
        .join(Number, Number.subscriber_id == Subscriber.id, isouter=True)
        .where(Subscriber.id == who.subscriber_id)
        .order_by((Number.role == Role.PRIMARY).desc(), Number.digits),
    ).all()
    first = rows[0]
    return OwnLine(first.name, first.kind, first.extension, first.lock_level, tuple(row.digits for row in rows if row.digits))
