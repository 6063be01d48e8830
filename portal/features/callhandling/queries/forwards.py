"""Rules of forwarding, one by one."""

from collections.abc import Collection

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.callhandling.models import CallerList, Forward, ForwardDestination, TimeSet
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Status, Subscriber

_TARGET = aliased(Subscriber)


def forward(line: Subscriber, public_id: PublicId) -> Forward:
    """A rule of this line. Raises NotFound."""
    wanted = select(Forward).where(Forward.public_id == public_id, Forward.subscriber_id == line.id)
    found = db.session().scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def forwards_of(subscriber_id: int) -> list[Forward]:
    """The rules of a line, those of a kind in their order. One statement."""
    wanted = select(Forward).where(Forward.subscriber_id == subscriber_id)
    found = db.session().scalars(
        wanted.order_by(Forward.when, Forward.position, Forward.id), execution_options={"populate_existing": True}
    )
    return list(found)


def numbers_of(subscriber_id: int) -> frozenset[str]:
    """The digits by which a line can be called from outside."""
    return frozenset(db.session().scalars(select(Number.digits).where(Number.subscriber_id == subscriber_id)))


def condition_key(kind: type[CallerList | TimeSet], public_id: PublicId, line: Subscriber) -> int | None:
    """The key of a condition of the company, or of this line."""
    offered = kind.customer_id == line.customer_id, kind.subscriber_id.is_(None) | (kind.subscriber_id == line.id)
    return db.session().scalar(select(kind.id).where(kind.public_id == public_id, *offered))


def line_keys(customer_id: int, public_ids: Collection[PublicId]) -> dict[PublicId, int]:
    """The keys of lines that are there. One statement."""
    wanted = select(Subscriber.public_id, Subscriber.id).where(
        Subscriber.customer_id == customer_id, Subscriber.public_id.in_(public_ids), Subscriber.status != Status.TERMINATED
    )
    return {row.public_id: row.id for row in db.session().execute(wanted)} if public_ids else {}


def destination_names(forward_id: int) -> list[str]:
    """Where a rule leads, for its trace: “Reception, 602”, or digits. One statement."""
    label = case((_TARGET.extension.is_(None), _TARGET.display_name), else_=_TARGET.display_name + ", " + _TARGET.extension)
    wanted = (
        select(func.coalesce(label, ForwardDestination.number))
        .join(_TARGET, _TARGET.id == ForwardDestination.target_id, isouter=True)
        .where(ForwardDestination.forward_id == forward_id)
        .order_by(ForwardDestination.position)
    )
    return list(db.session().scalars(wanted))


def destinations_of(forward_ids: Collection[int]) -> dict[int, list[ForwardDestination]]:
    """Where rules lead, in order, by their keys. One statement."""
    found: dict[int, list[ForwardDestination]] = {}
    wanted = select(ForwardDestination).where(ForwardDestination.forward_id.in_(forward_ids))
    for one in db.session().scalars(wanted.order_by(ForwardDestination.forward_id, ForwardDestination.position)):
        found.setdefault(one.forward_id, []).append(one)
    return found


def primaries_of(subscriber_ids: Collection[int]) -> dict[int, str]:
    """The digits of the own numbers of lines, by their keys. One statement."""
    wanted = select(Number.subscriber_id, Number.digits).where(
        Number.subscriber_id.in_(subscriber_ids), Number.role == Role.PRIMARY
    )
    return {row.subscriber_id: row.digits for row in db.session().execute(wanted)}


def held_lines(customer_id: int, public_ids: Collection[PublicId]) -> list[Subscriber]:
    """Those of these lines that are there, in the order of their keys, kept from others until the end of the transaction."""
    wanted = select(Subscriber).where(
        Subscriber.customer_id == customer_id, Subscriber.public_id.in_(public_ids), Subscriber.status != Status.TERMINATED
    )
    held = wanted.order_by(Subscriber.id).with_for_update(key_share=True)
    return list(db.session().scalars(held, execution_options={"populate_existing": True}))
