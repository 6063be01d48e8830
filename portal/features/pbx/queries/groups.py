"""Groups: the list of them, and everything that the page of one shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.core import db, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.callhandling.models import Forward, ForwardDestination
from portal.features.callhandling.rules import When
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.pbx import rules
from portal.features.pbx.models import Group, Member
from portal.features.pbx.queries.sheet import Alias
from portal.features.pbx.rules import Range, RingingPolicy
from portal.features.subscribers.models import Kind, Status, Subscriber
from portal.features.subscribers.queries import meanings

_Primary = aliased(Number)
_Person = aliased(Subscriber)
_Target = aliased(Subscriber)
GROUP_SORTS: Mapping[str, tuple[Any, ...]] = {
    "extension": (Subscriber.extension_number, Subscriber.id),
    "name": (Subscriber.name_sort, Subscriber.extension_number),
    "number": (_Primary.digits, Subscriber.id),
    "policy": (Group.policy, Subscriber.name_sort, Subscriber.id),
}
NAMED = 4  # members whose names a row of the list says


@dataclass(frozen=True)
class GroupFacts:
    """What the list of groups says on top. `free`: the first numbers that nobody has, where they were asked for."""

    total: int
    limit: int | None
    lines: int
    allowed: Range
    next_free: int | None
    free: tuple[Alias, ...] = ()


@dataclass(frozen=True)
class ListedRing:
    """A row of the list. `members`: the first few names of `count`.

    `unanswered`: a name or digits, of `rules` rules in force; None where the call ends.
    """

    public_id: PublicId
    extension: str
    name: str
    number: str
    policy: RingingPolicy
    ring_seconds: int
    members: Sequence[str]
    count: int
    unanswered: str | None
    rules: int


@dataclass(frozen=True)
class GroupPage:
    rows: Sequence[ListedRing]
    total: int


@dataclass(frozen=True)
class Ringer:
    """Somebody in a group, or who could be."""

    public_id: PublicId
    name: str
    extension: str | None
    lock_level: int
    quiet: bool


@dataclass(frozen=True)
class GroupSheet:
    """One group; `number` is its digits, `members` are in the order in which they ring."""

    line: Subscriber
    ringing: Group
    number: str
    aliases: tuple[Alias, ...]
    members: tuple[Ringer, ...]

    @property
    def policy(self) -> RingingPolicy:
        return RingingPolicy(self.ringing.policy)


def group(public_id: PublicId) -> Subscriber:
    """Raises NotFound, also for lines that are no groups or have ended."""
    found = db.session().scalars(select(Subscriber).where(Subscriber.public_id == public_id, *_living())).first()
    if found is None:
        raise NotFound
    return found


def group_sheet(public_id: PublicId) -> GroupSheet:
    """One statement. Raises NotFound."""
    row = (
        db.session()
        .execute(
            select(Subscriber, Group, _Primary.digits, _aliases(), _members())
            .join(Group, Group.subscriber_id == Subscriber.id)
            .join(_Primary, (_Primary.subscriber_id == Subscriber.id) & (_Primary.role == Role.PRIMARY))
            .where(Subscriber.public_id == public_id, *_living()),
            execution_options={"populate_existing": True},
        )
        .first()
    )
    if row is None:
        raise NotFound
    line, ringing, number, aliases, members = row
    ringers = tuple(Ringer(*facts) for facts in members or ())
    return GroupSheet(line, ringing, number, tuple(Alias(*alias) for alias in aliases or ()), ringers)


def group_facts(customer_id: int, *, free: int = 0) -> GroupFacts:
    """One statement."""
    is_group = Subscriber.kind == Kind.GROUP
    row = (
        db.session()
        .execute(
            select(
                func.count().filter(is_group),
                Customer.max_subscribers,
                func.count(Subscriber.id),
                Customer.extension_min,
                Customer.extension_max,
                func.array_agg(Subscriber.extension_number).filter(Subscriber.extension_number.is_not(None)),
                func.array_agg(Subscriber.extension_number).filter(is_group),
                _free(customer_id, free),
            )
            .join(Subscriber, (Subscriber.customer_id == Customer.id) & (Subscriber.status != Status.TERMINATED), isouter=True)
            .where(Customer.id == customer_id)
            .group_by(Customer.id),
        )
        .one()
    )
    total, limit, lines, low, high, taken, of_groups, numbers = row
    allowed = Range(low, high)
    next_free = rules.next_free(taken or (), allowed, of_groups or ())
    return GroupFacts(total, limit, lines, allowed, next_free, tuple(Alias(*one) for one in numbers or ()))


def _free(customer_id: int, limit: int) -> Any:
    """Further numbers that the pilot holds, up to a limit."""
    held = (
        select(Number.public_id, Number.digits)
        .join(_Person, _Person.id == Number.subscriber_id)
        .where(Number.customer_id == customer_id, Number.role == Role.ALIAS, _Person.kind == Kind.PILOT)
        .order_by(Number.digits)
        .limit(limit)
        .subquery()
    )
    facts = func.jsonb_build_array(held.c.public_id, held.c.digits)
    return select(func.jsonb_agg(aggregate_order_by(facts, held.c.digits))).scalar_subquery()


def group_page(customer_id: int, words: str, home: Home, *, sort: str, descending: bool, limit: int, offset: int) -> GroupPage:
    """`sort` is one of GROUP_SORTS. One statement."""
    wanted = _rows().where(Subscriber.customer_id == customer_id, *_living())
    if words:
        wanted = wanted.where(or_(*_meanings(words, home)))
    order = [column.desc() if descending else column for column in GROUP_SORTS[sort]]
    rows = db.session().execute(wanted.add_columns(func.count().over()).order_by(*order).limit(limit).offset(offset)).all()
    return GroupPage([_listed(row) for row in rows], rows[0][-1] if rows else 0)


def ringers(customer_id: int, words: str, besides: Collection[PublicId], limit: int) -> list[Ringer]:
    """Who could be in a group, by extension, the pilot first; nobody of `besides`. One statement."""
    wanted = select(*_ringer(Subscriber)).where(
        Subscriber.customer_id == customer_id,
        Subscriber.kind != Kind.GROUP,
        Subscriber.status != Status.TERMINATED,
        Subscriber.public_id.not_in(besides),
    )
    if words:
        meanings = [Subscriber.name_sort.contains(i18n.sort_key(words), autoescape=True)]
        if words.isascii() and words.isdigit():
            meanings.append(Subscriber.extension.startswith(words))
        wanted = wanted.where(or_(*meanings))
    rows = db.session().execute(wanted.order_by(Subscriber.extension_number.nulls_first(), Subscriber.id).limit(limit))
    return [Ringer(*row) for row in rows]


def leading_to(line: Subscriber) -> list[str]:
    """Names of the lines whose calls are forwarded to this one, by name. One statement."""
    wanted = (
        select(Subscriber.display_name, Subscriber.name_sort)
        .join(Forward, Forward.subscriber_id == Subscriber.id)
        .join(ForwardDestination, ForwardDestination.forward_id == Forward.id)
        .where(ForwardDestination.target_id == line.id, Subscriber.id != line.id)
        .distinct()
    )
    return [row.display_name for row in db.session().execute(wanted.order_by(Subscriber.name_sort))]


def _living() -> tuple[ColumnElement[bool], ...]:
    return Subscriber.kind == Kind.GROUP, Subscriber.status != Status.TERMINATED


def _ringer(of: Any) -> tuple[Any, ...]:
    return of.public_id, of.display_name, of.extension, of.lock_level, of.do_not_disturb


def _aliases() -> Any:
    return (
        select(func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(Number.public_id, Number.digits), Number.digits)))
        .where(Number.subscriber_id == Subscriber.id, Number.role == Role.ALIAS)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def _members() -> Any:
    return (
        select(func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(*_ringer(_Person)), Member.position)))
        .select_from(Member)
        .join(_Person, _Person.id == Member.subscriber_id)
        .where(Member.group_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def _rows() -> Select[*tuple[Any, ...]]:
    names = (
        select(func.array_agg(aggregate_order_by(_Person.display_name, Member.position)))
        .join(Member, Member.subscriber_id == _Person.id)
        .where(Member.group_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )
    in_force = Forward.subscriber_id == Subscriber.id, Forward.when == When.NO_ANSWER, Forward.enabled
    first = (
        select(func.coalesce(case((_Target.status != Status.TERMINATED, _Target.display_name)), ForwardDestination.number))
        .select_from(Forward)
        .join(ForwardDestination, ForwardDestination.forward_id == Forward.id)
        .join(_Target, _Target.id == ForwardDestination.target_id, isouter=True)
        .where(*in_force)
        .order_by(Forward.position, Forward.id, ForwardDestination.position)
        .limit(1)
        .correlate(Subscriber)
        .scalar_subquery()
    )
    count = select(func.count()).select_from(Forward).where(*in_force).correlate(Subscriber).scalar_subquery()
    return (
        select(
            Subscriber.public_id,
            Subscriber.extension,
            Subscriber.display_name,
            _Primary.digits,
            Group.policy,
            Group.ring_seconds,
            names,
            first,
            count,
        )
        .select_from(Subscriber)
        .join(Group, Group.subscriber_id == Subscriber.id)
        .join(_Primary, (_Primary.subscriber_id == Subscriber.id) & (_Primary.role == Role.PRIMARY))
    )


def _listed(row: Sequence[Any]) -> ListedRing:
    public_id, extension, name, number, policy, seconds, members, unanswered, count, _total = row
    names = members or []
    return ListedRing(
        public_id, extension, name, number, RingingPolicy(policy), seconds, names[:NAMED], len(names), unanswered, count
    )


def _meanings(words: str, home: Home) -> list[ColumnElement[bool]]:
    """Those of the group, or part of the name of somebody in it."""
    inside = select(Member.group_id).join(_Person, _Person.id == Member.subscriber_id)
    member = Subscriber.id.in_(inside.where(_Person.name_sort.contains(i18n.sort_key(words), autoescape=True)))
    return [*meanings(words, home), member]
