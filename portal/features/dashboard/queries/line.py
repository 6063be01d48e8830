"""A person's own line."""

from dataclasses import dataclass

from sqlalchemy import Label, select
from sqlalchemy.orm import aliased

from portal.core import db
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Kind, Status, Subscriber
from portal.features.subscribers.queries import SignedIn, devices, levels_of_line, signed_in
from portal.features.subscribers.rules import Allowance, Feature

_PILOT, _NUMBER = aliased(Subscriber), aliased(Number)


@dataclass(frozen=True)
class OwnLine:
    """Numbers in digits, the primary one first; `base` is that of the company, or without CloudPBX the own one.

    `switches_quiet`: whether its person may switch do not disturb.
    """

    public_id: PublicId
    customer: str
    name: str
    extension: str | None
    lock_level: int
    do_not_disturb: bool
    numbers: tuple[str, ...]
    base: str | None
    switches_quiet: bool = False
    devices: tuple[SignedIn, ...] = ()

    @property
    def number(self) -> str | None:
        return self.numbers[0] if self.numbers else None


def own_line(who: Identity) -> OwnLine | None:
    """None for staff. One statement."""
    if who.subscriber_id is None:
        return None
    rows = (
        db.session()
        .execute(
            select(
                Subscriber.public_id,
                Customer.name.label("customer"),
                Subscriber.display_name,
                Subscriber.extension,
                Subscriber.lock_level,
                Subscriber.do_not_disturb,
                Number.digits,
                levels_of_line().label("levels"),
                _base(),
                signed_in().label("devices"),
            )
            .join(Customer, Customer.id == Subscriber.customer_id)
            .join(Number, Number.subscriber_id == Subscriber.id, isouter=True)
            .where(Subscriber.id == who.subscriber_id)
            .order_by((Number.role == Role.PRIMARY).desc(), Number.digits),
        )
        .all()
    )
    line = rows[0]
    numbers = tuple(row.digits for row in rows if row.digits)
    base = line.base if line.extension else next(iter(numbers), None)
    return OwnLine(
        public_id=line.public_id,
        customer=line.customer,
        name=line.display_name,
        extension=line.extension,
        lock_level=line.lock_level,
        do_not_disturb=line.do_not_disturb,
        numbers=numbers,
        base=base,
        switches_quiet=Allowance(line.levels).may_change(Feature.DO_NOT_DISTURB),
        devices=devices(line.devices),
    )


def _base() -> Label[str | None]:
    own = _PILOT.customer_id == Subscriber.customer_id, _PILOT.kind == Kind.PILOT, _PILOT.status != Status.TERMINATED
    found = select(_NUMBER.digits).join(_PILOT, _PILOT.id == _NUMBER.subscriber_id).where(_NUMBER.role == Role.PRIMARY, *own)
    return found.correlate(Subscriber).limit(1).scalar_subquery().label("base")
