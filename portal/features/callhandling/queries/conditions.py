"""Time sets and caller lists: the company's, and those of one line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, exists, func, select
from sqlalchemy.orm.attributes import InstrumentedAttribute

from portal.core import db
from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.callhandling.models import CallerEntry, CallerList, Forward, TimeSet, TimeSpan
from portal.features.callhandling.rules import Callers, Dates, Holidays, Span, Times, Weekly
from portal.features.numbers.models import Number
from portal.features.subscribers.models import Status, Subscriber

WEEK = range(7)


@dataclass(frozen=True)
class KeptTimes:
    """`used_by`: how many lines forward by it."""

    row: TimeSet
    times: Times
    used_by: int = 0

    @property
    def shared(self) -> bool:
        return self.row.subscriber_id is None


@dataclass(frozen=True)
class KeptCallers:
    """`notes` by pattern."""

    row: CallerList
    callers: Callers
    notes: dict[str, str | None]
    used_by: int = 0

    @property
    def shared(self) -> bool:
        return self.row.subscriber_id is None


# --- time sets ---------------------------------------------------------------------------------------------------------------


def time_sets(customer_id: int, line_id: int | None) -> list[KeptTimes]:
    """The company's, then those of a line, each by name. One statement."""
    of_line = TimeSet.subscriber_id.is_(None) | (TimeSet.subscriber_id == line_id)
    wanted = _times().where(TimeSet.customer_id == customer_id, of_line)
    return list(_kept_times(db.session().execute(wanted).all()))


def time_set(public_id: PublicId, line_id: int | None) -> KeptTimes:
    """One of the company's, or of this line. Raises NotFound. One statement."""
    of_line = TimeSet.subscriber_id.is_(None) | (TimeSet.subscriber_id == line_id)
    found = list(_kept_times(db.session().execute(_times().where(TimeSet.public_id == public_id, of_line)).all()))
    if not found:
        raise NotFound
    return found[0]


def _times() -> Select[Any]:
    used = select(func.count(Forward.subscriber_id.distinct())).where(Forward.time_set_id == TimeSet.id).scalar_subquery()
    return (
        select(TimeSet, TimeSpan, used.label("used_by"))
        .outerjoin(TimeSpan, TimeSpan.time_set_id == TimeSet.id)
        .order_by(TimeSet.subscriber_id.is_not(None), TimeSet.name_sort, TimeSet.id, TimeSpan.position)
        .execution_options(populate_existing=True)
    )


def _kept_times(rows: Sequence[Row[Any]]) -> Iterator[KeptTimes]:
    for _id, group in groupby(rows, key=lambda row: row.TimeSet.id):
        same = list(group)
        spans = tuple(span_of(row.TimeSpan) for row in same if row.TimeSpan is not None)
        yield KeptTimes(same[0].TimeSet, Times(same[0].TimeSet.name, spans), same[0].used_by)


def span_of(row: TimeSpan) -> Span:
    match row:
        case TimeSpan(kind="weekly", weekdays=int(bits), begins=begins, ends=ends) if begins is not None and ends is not None:
            return Weekly(frozenset(day for day in WEEK if bits >> day & 1), begins, ends, excluded=row.excluded)
        case TimeSpan(kind="dates", first=first, last=last) if first is not None and last is not None:
            return Dates(first, last, excluded=row.excluded)
        case _:
            return Holidays(row.country or "", row.region, excluded=row.excluded)


# --- caller lists ------------------------------------------------------------------------------------------------------------


def caller_lists(customer_id: int, line_id: int | None) -> list[KeptCallers]:
    """The company's, then those of a line, each by name. One statement."""
    of_line = CallerList.subscriber_id.is_(None) | (CallerList.subscriber_id == line_id)
    wanted = _callers().where(CallerList.customer_id == customer_id, of_line)
    return list(_kept_callers(db.session().execute(wanted).all()))


def caller_list(public_id: PublicId, line_id: int | None) -> KeptCallers:
    """One of the company's, or of this line. Raises NotFound. One statement."""
    of_line = CallerList.subscriber_id.is_(None) | (CallerList.subscriber_id == line_id)
    found = list(_kept_callers(db.session().execute(_callers().where(CallerList.public_id == public_id, of_line)).all()))
    if not found:
        raise NotFound
    return found[0]


def _callers() -> Select[Any]:
    used = select(func.count(Forward.subscriber_id.distinct())).where(Forward.caller_list_id == CallerList.id).scalar_subquery()
    return (
        select(CallerList, CallerEntry.pattern, CallerEntry.note, used.label("used_by"))
        .outerjoin(CallerEntry, CallerEntry.caller_list_id == CallerList.id)
        .order_by(CallerList.subscriber_id.is_not(None), CallerList.name_sort, CallerList.id, CallerEntry.pattern)
        .execution_options(populate_existing=True)
    )


def _kept_callers(rows: Sequence[Row[Any]]) -> Iterator[KeptCallers]:
    for _id, group in groupby(rows, key=lambda row: row.CallerList.id):
        same = list(group)
        kept: CallerList = same[0].CallerList
        notes = {row.pattern: row.note for row in same if row.pattern is not None}
        yield KeptCallers(kept, Callers(kept.name, tuple(notes), kept.hidden, kept.colleagues), notes, same[0].used_by)


# --- who uses them -----------------------------------------------------------------------------------------------------------


def lines_with_times(time_set_id: int) -> list[Subscriber]:
    """Whose forwarding depends on a time set, by name. One statement."""
    return _lines_with(Forward.time_set_id, time_set_id)


def lines_with_callers(caller_list_id: int) -> list[Subscriber]:
    """Whose forwarding depends on a caller list, by name. One statement."""
    return _lines_with(Forward.caller_list_id, caller_list_id)


def _lines_with(column: InstrumentedAttribute[int | None], wanted: int) -> list[Subscriber]:
    using = select(Forward.subscriber_id).where(column == wanted)
    lines = select(Subscriber).where(Subscriber.id.in_(using), Subscriber.status != Status.TERMINATED)
    return list(db.session().scalars(lines.order_by(Subscriber.name_sort, Subscriber.id)))


def line_of(who: Identity) -> Subscriber:
    """The own line. Raises NotFound for whoever has none. One statement."""
    found = db.session().get(Subscriber, who.subscriber_id) if who.subscriber_id is not None else None
    if found is None:
        raise NotFound
    return found


def is_of_customer(customer_id: int, digits: str) -> bool:
    """Whether a number is one of the customer's own. One statement."""
    return bool(db.session().scalar(select(exists().where(Number.customer_id == customer_id, Number.digits == digits))))


def condition_names(kind: type[TimeSet] | type[CallerList], customer_id: int, line_id: int | None) -> dict[int, str]:
    """The names to sort by of what the company (None) or a line has, by key. One statement."""
    owner = kind.subscriber_id.is_(None) if line_id is None else kind.subscriber_id == line_id
    wanted = select(kind.id, kind.name_sort).where(kind.customer_id == customer_id, owner)
    return {row.id: row.name_sort for row in db.session().execute(wanted)}
