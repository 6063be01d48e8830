"""A call as lists show it: a record with the names that belong to it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Label, Select, Subquery, Text, literal, null, select
from sqlalchemy.orm import aliased

from portal.core import db
from portal.core.ids import PublicId
from portal.features.calls.models import CallRecord
from portal.features.calls.queries.whose import Whose
from portal.features.calls.rules.words import Direction, Result, Side
from portal.features.phonebook.queries import name_for
from portal.features.subscribers.models import Subscriber

COLUMNS = (
    CallRecord.start_time,
    CallRecord.id,
    CallRecord.subscriber_id,
    CallRecord.other_subscriber_id,
    CallRecord.forwarded_to_id,
    CallRecord.side,
    CallRecord.direction,
    CallRecord.result,
    CallRecord.duration_ms,
    CallRecord.own_number,
    CallRecord.other_number,
    CallRecord.forwarded_to,
    CallRecord.customer_cost,
    CallRecord.currency,
)
COSTS = frozenset({"customer_cost", "currency"})
NEWEST = (CallRecord.start_time.desc(), CallRecord.id.desc())
OWN, OTHER, GOAL = aliased(Subscriber, name="own"), aliased(Subscriber, name="other"), aliased(Subscriber, name="goal")


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the company: somebody's extension, a group, the pilot."""

    public_id: PublicId
    name: str
    extension: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """`other_number`: digits, an extension or a SIP user; None for a hidden caller. `other`, `goal`: when they are colleagues.

    `other_name`, `goal_name`: of numbers that stand in the reader's phonebook, or the company's.
    Of a forwarded call `other` called, `own` sent it on, and `forwarded_to` and `goal` say where to.
    """

    id: int
    start_time: datetime
    side: str
    direction: str
    result: str
    duration_ms: int
    own: Person
    own_number: str | None
    other: Person | None
    other_number: str | None
    other_name: str | None
    goal: Person | None
    forwarded_to: str | None
    goal_name: str | None
    cost: Decimal | None
    currency: str | None

    @property
    def answered(self) -> bool:
        return self.result == Result.OK

    @property
    def missed(self) -> bool:
        return self.side == Side.CALLEE and self.result != Result.OK

    @property
    def hidden(self) -> bool:
        return self.other_number is None and self.direction != Direction.OUT

    @property
    def duration(self) -> float:
        """In seconds."""
        return self.duration_ms / 1000


def calls_of(records: Select[*tuple[Any, ...]], whose: Whose) -> list[Call]:
    """`records` selects COLUMNS; their order stays. One statement."""
    return [call(row) for row in db.session().execute(named(records.subquery(), whose))]


def named(records: Subquery, whose: Whose, *order: Any) -> Select[*tuple[Any, ...]]:
    """Some records, a page at most, with the names of their people and numbers."""
    at = records.c
    known = (_known(whose, at.other_number, "other_name"), _known(whose, at.forwarded_to, "goal_name"))
    return (
        select(*(_shown(at, column.key, whose) for column in COLUMNS), *_PEOPLE, *known)
        .select_from(records)
        .join(OWN, OWN.id == at.subscriber_id)
        .join(OTHER, OTHER.id == at.other_subscriber_id, isouter=True)
        .join(GOAL, GOAL.id == at.forwarded_to_id, isouter=True)
        .order_by(*(order or (at.start_time.desc(), at.id.desc())))
    )


def _shown(at: Any, key: str, whose: Whose) -> Any:
    return null().label(key) if key in COSTS and not whose.costs else at[key]


def _known(whose: Whose, number: ColumnElement[Any], label: str) -> Label[Any]:
    return literal(None, Text).label(label) if whose.reader is None else name_for(whose.reader, number, label)


_PEOPLE = tuple(
    getattr(who, name).label(f"{prefix}_{name}")
    for prefix, who in (("own", OWN), ("other", OTHER), ("goal", GOAL))
    for name in ("public_id", "display_name", "extension")
)


def call(row: Any) -> Call:
    """Of a row of `named`."""
    return Call(
        id=row.id,
        start_time=row.start_time,
        side=row.side,
        direction=row.direction,
        result=row.result,
        duration_ms=row.duration_ms,
        own=Person(row.own_public_id, row.own_display_name, row.own_extension),
        own_number=row.own_number,
        other=Person(row.other_public_id, row.other_display_name, row.other_extension) if row.other_public_id else None,
        other_number=row.other_number,
        other_name=row.other_name,
        goal=Person(row.goal_public_id, row.goal_display_name, row.goal_extension) if row.goal_public_id else None,
        forwarded_to=row.forwarded_to,
        goal_name=row.goal_name,
        cost=row.customer_cost,
        currency=row.currency,
    )
