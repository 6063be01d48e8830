"""The list of extensions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.core import db
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.pbx import rules
from portal.features.pbx.models import Member
from portal.features.pbx.queries.profiles import under
from portal.features.pbx.rules import Range
from portal.features.subscribers.models import Kind, Lock, LockSource, Status, Subscriber
from portal.features.subscribers.queries import has_phone, meanings, phones

Primary = aliased(Number)
Shown = aliased(Number)
GroupLine = aliased(Subscriber)
SORTS: Mapping[str, tuple[Any, ...]] = {
    "extension": (Subscriber.extension_number, Subscriber.id),
    "name": (Subscriber.name_sort, Subscriber.extension_number),
    "number": (Primary.digits, Subscriber.id),
}


@dataclass(frozen=True)
class Facts:
    """What a company's list says on top. `lines` are all that count for the limit."""

    limit: int | None
    lines: int
    people: int
    locked: int
    quiet: int
    with_aliases: int
    without_phone: int
    allowed: Range
    next_free: int | None


@dataclass(frozen=True)
class Filters:
    words: str = ""
    locked: bool = False
    quiet: bool = False
    aliases: bool = False
    phones: bool | None = None  # whether one is signed in
    group: PublicId | None = None
    profile: PublicId | None = None

    def __bool__(self) -> bool:
        switched = self.locked or self.quiet or self.aliases or self.phones is not None
        return bool(self.words or switched or self.group or self.profile)


@dataclass(frozen=True)
class Listed:
    """A row of the list; `groups` are ids and names, numbers are digits.

    `shown`: what called people see when it is a further number; `locked_here`: by a pilot, who can lift it;
    `phones`: how many are signed in.
    """

    public_id: PublicId
    extension: str
    name: str
    number: str
    groups: Sequence[tuple[PublicId, str]]
    aliases: Sequence[str]
    outgoing: str
    shown: str | None
    lock_level: int
    locked_here: bool
    quiet: bool
    phones: int


@dataclass(frozen=True)
class Page:
    rows: Sequence[Listed]
    total: int


@dataclass(frozen=True)
class ListedGroup:
    public_id: PublicId
    name: str
    members: int


def _live(customer_id: int) -> ColumnElement[bool]:
    return (Subscriber.customer_id == customer_id) & (Subscriber.status != Status.TERMINATED)


def _has_aliases() -> ColumnElement[bool]:
    return (
        select(Number.id).where(Number.subscriber_id == Subscriber.id, Number.role == Role.ALIAS).correlate(Subscriber).exists()
    )


def facts(customer_id: int) -> Facts:
    """One statement."""
    person = Subscriber.kind == Kind.EXTENSION
    row: Sequence[Any] = (
        db.session()
        .execute(
            select(
                Customer.max_subscribers,
                Customer.extension_min,
                Customer.extension_max,
                func.count(Subscriber.id),
                func.count(Subscriber.id).filter(person),
                func.count(Subscriber.id).filter(person, Subscriber.lock_level > 0),
                func.count(Subscriber.id).filter(person, Subscriber.do_not_disturb),
                func.count(Subscriber.id).filter(person, _has_aliases()),
                func.count(Subscriber.id).filter(person, ~has_phone()),
                func.array_agg(Subscriber.extension_number).filter(person),
                func.array_agg(Subscriber.extension_number).filter(Subscriber.kind == Kind.GROUP),
            )
            .join(Subscriber, (Subscriber.customer_id == Customer.id) & (Subscriber.status != Status.TERMINATED), isouter=True)
            .where(Customer.id == customer_id)
            .group_by(Customer.id),
        )
        .one()
    )
    limit, low, high, lines, people, locked, quiet, with_aliases, without_phone, seats, group_extensions = row
    allowed = Range(low, high)
    free = rules.next_free([*(seats or []), *(group_extensions or [])], allowed, seats or [])
    return Facts(limit, lines, people, locked, quiet, with_aliases, without_phone, allowed, free)


def groups(customer_id: int) -> list[ListedGroup]:
    """The groups by name, with how many members each has. One statement."""
    rows = db.session().execute(
        select(Subscriber.public_id, Subscriber.display_name, func.count(Member.subscriber_id))
        .join(Member, Member.group_id == Subscriber.id, isouter=True)
        .where(_live(customer_id), Subscriber.kind == Kind.GROUP)
        .group_by(Subscriber.id)
        .order_by(Subscriber.name_sort, Subscriber.id),
    )
    return [ListedGroup(*row) for row in rows]


def page(customer_id: int, filters: Filters, home: Home, *, sort: str, descending: bool, limit: int, offset: int) -> Page:
    """`sort` is one of SORTS. One statement."""
    wanted = matching(_rows(), customer_id, filters, home)
    order = [column.desc() if descending else column for column in SORTS[sort]]
    rows = db.session().execute(wanted.add_columns(func.count().over()).order_by(*order).limit(limit).offset(offset)).all()
    return Page([_listed(row) for row in rows], rows[0][-1] if rows else 0)


def _listed(row: Sequence[Any]) -> Listed:
    public_id, extension, name, number, groups, aliases, *rest, _total = row
    return Listed(public_id, extension, name, number, groups or (), aliases or (), *rest)


def _rows() -> Select[*tuple[Any, ...]]:
    aliases = (
        select(func.array_agg(aggregate_order_by(Number.digits, Number.digits)))
        .where(Number.subscriber_id == Subscriber.id, Number.role == Role.ALIAS)
        .correlate(Subscriber)
        .scalar_subquery()
    )
    names = (
        select(
            func.jsonb_agg(
                aggregate_order_by(func.jsonb_build_array(GroupLine.public_id, GroupLine.display_name), GroupLine.name_sort)
            )
        )
        .join(Member, Member.group_id == GroupLine.id)
        .where(Member.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )
    own_lock = (
        select(Lock.id).where(Lock.subscriber_id == Subscriber.id, Lock.source == LockSource.PILOT).correlate(Subscriber).exists()
    )
    return select(
        Subscriber.public_id,
        Subscriber.extension,
        Subscriber.display_name,
        Primary.digits,
        names,
        aliases,
        Subscriber.outgoing,
        Shown.digits,
        Subscriber.lock_level,
        own_lock,
        Subscriber.do_not_disturb,
        phones(),
    )


def matching(rows: Select[*tuple[Any, ...]], customer_id: int, filters: Filters, home: Home) -> Select[*tuple[Any, ...]]:
    wanted = (
        rows.select_from(Subscriber)
        .join(Primary, (Primary.subscriber_id == Subscriber.id) & (Primary.role == Role.PRIMARY), isouter=True)
        .join(Shown, Shown.id == Subscriber.outgoing_number_id, isouter=True)
        .where(_live(customer_id), Subscriber.kind == Kind.EXTENSION)
    )
    if filters.locked:
        wanted = wanted.where(Subscriber.lock_level > 0)
    if filters.quiet:
        wanted = wanted.where(Subscriber.do_not_disturb)
    if filters.aliases:
        wanted = wanted.where(_has_aliases())
    if filters.phones is not None:
        wanted = wanted.where(has_phone() if filters.phones else ~has_phone())
    if filters.group:
        members = (
            select(Member.subscriber_id)
            .join(GroupLine, GroupLine.id == Member.group_id)
            .where(GroupLine.public_id == filters.group)
        )
        wanted = wanted.where(Subscriber.id.in_(members))
    if filters.profile:
        wanted = wanted.where(under(customer_id, filters.profile))
    if filters.words:
        wanted = wanted.where(or_(*meanings(filters.words, home)))
    return wanted
