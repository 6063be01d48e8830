"""The people who were ticked in the list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.accounts.models import Account, Status as AccountStatus
from portal.features.contacts.models import Contact
from portal.features.numbers.models import Number, Role
from portal.features.pbx.models import Member
from portal.features.subscribers.models import Kind, Status, Subscriber

_Group = aliased(Subscriber)


@dataclass(frozen=True)
class TickedPerson:
    """`numbers` are digits of the further numbers, `groups` are names; `account`: the web user name; `gone`: has ended."""

    public_id: PublicId
    name: str
    extension: str
    gone: bool
    email: str | None
    account: str | None
    has_password: bool
    numbers: Sequence[str]
    groups: Sequence[str]


def ticked(customer_id: int, public_ids: Collection[PublicId]) -> list[TickedPerson]:
    """In the order of their extensions. NotFound when one of them was never an extension here. One statement."""
    numbers: Any = (
        select(func.array_agg(aggregate_order_by(Number.digits, Number.digits)))
        .where(Number.subscriber_id == Subscriber.id, Number.role == Role.ALIAS)
        .correlate(Subscriber)
        .scalar_subquery()
    )
    groups: Any = (
        select(func.array_agg(aggregate_order_by(_Group.display_name, _Group.name_sort)))
        .join(Member, Member.group_id == _Group.id)
        .where(Member.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )
    rows = db.session().execute(
        select(
            Subscriber.public_id,
            Subscriber.display_name,
            Subscriber.extension,
            Subscriber.status == Status.TERMINATED,
            Contact.email,
            Account.username,
            Account.password_hash.is_not(None),
            numbers,
            groups,
        )
        .join(Account, (Account.subscriber_id == Subscriber.id) & (Account.status != AccountStatus.TERMINATED), isouter=True)
        .join(Contact, Contact.id == Subscriber.contact_id, isouter=True)
        .where(*_these(customer_id, public_ids))
        .order_by(Subscriber.extension_number),
    )
    found = [_person(row) for row in rows]
    if len(found) != len(set(public_ids)):
        raise NotFound
    return found


def _person(row: Row[*tuple[Any, ...]]) -> TickedPerson:
    public_id, name, extension, gone, email, account, has_password, numbers, groups = row
    return TickedPerson(public_id, name, extension, gone, email, account, has_password, numbers or (), groups or ())


def ticked_lines(customer_id: int, public_ids: Collection[PublicId]) -> list[Subscriber]:
    """The lines, in the order of their keys, also those that have ended. NotFound as above."""
    wanted = select(Subscriber).where(*_these(customer_id, public_ids)).order_by(Subscriber.id)
    found = list(db.session().scalars(wanted, execution_options={"populate_existing": True}))
    if len(found) != len(set(public_ids)):
        raise NotFound
    return found


def _these(customer_id: int, public_ids: Collection[PublicId]) -> tuple[Any, ...]:
    return Subscriber.customer_id == customer_id, Subscriber.kind == Kind.EXTENSION, Subscriber.public_id.in_(public_ids)


def member_ids(group: Subscriber) -> list[PublicId]:
    """Who rings in a group, in order."""
    rings = select(Subscriber.public_id).join(Member, Member.subscriber_id == Subscriber.id)
    return list(db.session().scalars(rings.where(Member.group_id == group.id).order_by(Member.position)))
