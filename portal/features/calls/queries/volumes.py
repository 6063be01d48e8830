"""How many calls there were: of a company from its volumes, of a line from its records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Integer, Select, cast, func, or_, select

from portal.core import db
from portal.features.calls.models import CallRecord, CallVolume
from portal.features.calls.queries.whose import Whose
from portal.features.calls.rules.words import Result, Side

Period = tuple[datetime, datetime]
ANSWERED = CallRecord.result == Result.OK.value
MISSED = (CallRecord.result != Result.OK.value) & (CallRecord.side == Side.CALLEE.value)


@dataclass(frozen=True)
class Day:
    """`calls` also counts those made that nobody answered."""

    day: date
    calls: int
    answered: int
    missed: int


def days(whose: Whose, zone: ZoneInfo, *periods: Period) -> dict[date, Day]:
    """The local days of the periods [from, to) that had calls. One statement."""
    rows = db.session().execute(_counts(whose, lambda moment: cast(func.timezone(zone.key, moment), Date), periods))
    return {day: Day(day, calls, answered, missed) for day, calls, answered, missed in rows}


def hours(whose: Whose, zone: ZoneInfo, *periods: Period) -> dict[tuple[date, int], tuple[int, int, int]]:
    """(local day, hour) -> calls, answered, missed. One statement."""

    def hour(moment: ColumnElement[datetime]) -> ColumnElement[datetime]:
        local: ColumnElement[datetime] = func.timezone(zone.key, moment)
        return func.date_trunc("hour", local)

    rows = db.session().execute(_counts(whose, hour, periods))
    return {(at.date(), at.hour): (calls, answered, missed) for at, calls, answered, missed in rows}


def _counts(whose: Whose, group: Any, periods: Sequence[Period]) -> Select[*tuple[Any, ...]]:
    if whose.company:
        key = group(CallVolume.bucket)
        sums = (cast(func.sum(counted), Integer) for counted in (CallVolume.calls, CallVolume.answered, CallVolume.missed))
        owner = (CallVolume.reseller_id == whose.reseller_id, CallVolume.customer_id == whose.customer_id)
        return select(key, *sums).where(*owner, _during(CallVolume.bucket, periods)).group_by(key)
    key = group(CallRecord.start_time)
    return (
        select(key, func.count(), func.count().filter(ANSWERED), func.count().filter(MISSED))
        .where(*whose.records(), _during(CallRecord.start_time, periods))
        .group_by(key)
    )


def _during(moment: Any, periods: Sequence[Period]) -> ColumnElement[bool]:
    return or_(*((moment >= start) & (moment < end) for start, end in periods))
