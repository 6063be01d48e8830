"""All lines of a company, with where their calls go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.core import clock, db
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.callhandling.models import BlockEntry, Forward, ForwardDestination, SpeedDial
from portal.features.callhandling.rules import When
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Kind, Status, Subscriber
from portal.features.subscribers.queries import meanings

_Primary = aliased(Number)
_Target = aliased(Subscriber)
LINE_SORTS: Mapping[str, tuple[Any, ...]] = {
    "extension": (Subscriber.extension_number.nulls_first(), Subscriber.id),
    "name": (Subscriber.name_sort, Subscriber.id),
}


@dataclass(frozen=True)
class Leading:
    """A rule that is on: its case, and its first destination (“Reception, 602”, or digits)."""

    when: When
    to: str
    more: int
    scheduled: bool


@dataclass(frozen=True)
class LineRow:
    """`number` is digits. The counts are of what a copy would replace."""

    public_id: PublicId
    name: str
    extension: str | None
    kind: Kind
    number: str | None
    quiet: bool
    forwards: tuple[Leading, ...]
    rules: int
    blocked: int
    dials: int


@dataclass(frozen=True)
class LinePage:
    rows: Sequence[LineRow]
    total: int


@dataclass(frozen=True)
class LineFilters:
    words: str = ""
    forwarded: bool = False
    quiet: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.forwarded or self.quiet)


def line_page(
    customer_id: int, filters: LineFilters, home: Home, *, sort: str, descending: bool, limit: int, offset: int
) -> LinePage:
    """`sort` is one of LINE_SORTS. One statement."""
    wanted = _rows(customer_id).add_columns(func.count().over())
    if filters.words:
        wanted = wanted.where(or_(*meanings(filters.words, home)))
    if filters.forwarded:
        wanted = wanted.where(select(Forward.id).where(Forward.subscriber_id == Subscriber.id, _is_on()).exists())
    if filters.quiet:
        wanted = wanted.where(Subscriber.do_not_disturb)
    order = [column.desc() if descending else column for column in LINE_SORTS[sort]]
    rows = db.session().execute(wanted.order_by(*order).limit(limit).offset(offset)).all()
    return LinePage([_row(row) for row in rows], rows[0][-1] if rows else 0)


def lines_alike(customer_id: int, kind: Kind, besides: int) -> list[LineRow]:
    """The lines that can take over from one of this kind: people from people, groups from groups. One statement."""
    kinds = [Kind.GROUP.value] if kind is Kind.GROUP else [Kind.EXTENSION.value, Kind.PILOT.value]
    wanted = _rows(customer_id).where(Subscriber.kind.in_(kinds), Subscriber.id != besides)
    rows = db.session().execute(wanted.order_by(Subscriber.extension_number.nulls_first(), Subscriber.id)).all()
    return [_row(row) for row in rows]


def _row(row: Any) -> LineRow:
    return LineRow(
        row.public_id,
        row.display_name,
        row.extension,
        Kind(row.kind),
        row.number,
        row.do_not_disturb,
        tuple(Leading(When(when), to or "", count - 1, scheduled) for when, to, count, scheduled in row.forwards or ()),
        row.rules,
        row.blocked,
        row.dials,
    )


def _rows(customer_id: int) -> Select[Any]:
    return (
        select(
            Subscriber.public_id,
            Subscriber.display_name,
            Subscriber.extension,
            Subscriber.kind,
            _Primary.digits.label("number"),
            Subscriber.do_not_disturb,
            _forwards().label("forwards"),
            *(_count(table).label(name) for name, table in (("rules", Forward), ("blocked", BlockEntry), ("dials", SpeedDial))),
        )
        .join(_Primary, (_Primary.subscriber_id == Subscriber.id) & (_Primary.role == Role.PRIMARY), isouter=True)
        .where(Subscriber.customer_id == customer_id, Subscriber.status != Status.TERMINATED)
    )


def _count(table: type[Forward | BlockEntry | SpeedDial]) -> Any:
    return (
        select(func.count())
        .select_from(table)
        .where(table.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def _is_on() -> ColumnElement[bool]:
    """Switched on, and not over."""
    return Forward.enabled & (Forward.ends_at.is_(None) | (Forward.ends_at > clock.now()))


def _forwards() -> Any:
    label = case((_Target.extension.is_(None), _Target.display_name), else_=_Target.display_name + ", " + _Target.extension)
    first = (
        select(func.coalesce(label, ForwardDestination.number))
        .join(_Target, _Target.id == ForwardDestination.target_id, isouter=True)
        .where(ForwardDestination.forward_id == Forward.id)
        .order_by(ForwardDestination.position)
        .limit(1)
        .correlate(Forward)
        .scalar_subquery()
    )
    count = (
        select(func.count())
        .select_from(ForwardDestination)
        .where(ForwardDestination.forward_id == Forward.id)
        .correlate(Forward)
        .scalar_subquery()
    )
    rule = func.jsonb_build_array(Forward.when, first, count, Forward.ends_at.is_not(None))
    in_order = case({when.value: place for place, when in enumerate(When)}, value=Forward.when)
    return (
        select(func.jsonb_agg(aggregate_order_by(rule, Forward.ends_at.is_(None), in_order, Forward.position, Forward.id)))
        .where(Forward.subscriber_id == Subscriber.id, _is_on())
        .correlate(Subscriber)
        .scalar_subquery()
    )
