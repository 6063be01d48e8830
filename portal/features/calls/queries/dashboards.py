"""What dashboards say about calls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock, db
from portal.features.calls.models import CallRecord
from portal.features.calls.queries.records import COLUMNS, NEWEST, Call, call, calls_of, named
from portal.features.calls.queries.volumes import MISSED, hours
from portal.features.calls.queries.whose import Whose
from portal.features.calls.rules.words import Result, Side

MOST_CANDIDATES = 500


@dataclass(frozen=True)
class Hour:
    """Calls of one hour of the clock; `calls` also counts those made that nobody answered."""

    hour: int
    calls: int
    answered: int
    missed: int


@dataclass(frozen=True)
class MissedCall:
    """The last missed call of a number that nobody has spoken with since, and how many there were."""

    call: Call
    times: int


def today_by_hour(whose: Whose, zone: ZoneInfo) -> list[Hour]:
    """Today's 24 hours in the time zone, those to come with zeros. One statement."""
    today = clock.today(zone)
    found = hours(whose, zone, clock.days(today, today, zone))
    return [Hour(hour, *found.get((today, hour), (0, 0, 0))) for hour in range(24)]


def usual_by_hour(whose: Whose, zone: ZoneInfo, *, weeks: int = 6) -> list[float] | None:
    """Answered calls for each of the 24 hours of a day like today: the mean of the same weekday of the last weeks.

    Weekdays without any call (holidays, before the first one) do not count; None when there was no other. One statement.
    """
    today = clock.today(zone)
    before = [today - timedelta(weeks=back) for back in range(1, weeks + 1)]
    found = hours(whose, zone, *(clock.days(day, day, zone) for day in before))
    return _mean(found, [day for day in before if any(at == day for at, _hour in found)])


def _mean(found: Mapping[tuple[date, int], tuple[int, int, int]], worked: Sequence[date]) -> list[float] | None:
    if not worked:
        return None
    return [sum(found.get((day, hour), (0, 0, 0))[1] for day in worked) / len(worked) for hour in range(24)]


def latest(whose: Whose, *, limit: int = 5) -> list[Call]:
    """The newest calls. One statement."""
    return calls_of(select(*COLUMNS).where(*whose.records()).order_by(*NEWEST).limit(limit))


def missed_not_returned(whose: Whose, *, limit: int = 5, days: int = 7) -> list[MissedCall]:
    """Numbers that called in vain and were neither called nor spoken with since, the newest first.

    Hidden callers are left out: nobody can call them back. One statement; looks at the last 500 missed calls of the last days.
    """
    since = clock.now() - timedelta(days=days)
    missed = (
        select(*COLUMNS)
        .where(*whose.records(), MISSED, CallRecord.other_number.is_not(None), CallRecord.start_time >= since)
        .order_by(*NEWEST)
        .limit(MOST_CANDIDATES)
        .subquery()
    )
    newest = (missed.c.start_time.desc(), missed.c.id.desc())
    ranked = select(
        missed,
        func.count().over(partition_by=missed.c.other_number).label("times"),
        func.row_number().over(partition_by=missed.c.other_number, order_by=newest).label("place"),
    ).subquery()
    later = aliased(CallRecord)
    returned = (
        exists(later.id)
        .where(*whose.records(later), later.other_number == ranked.c.other_number, later.start_time > ranked.c.start_time)
        .where(or_(later.result == Result.OK.value, later.side == Side.CALLER.value))
    )
    unreturned = select(ranked).where(ranked.c.place == 1, ~returned).order_by(ranked.c.start_time.desc()).limit(limit).subquery()
    rows = db.session().execute(named(unreturned).add_columns(unreturned.c.times))
    return [MissedCall(call(row), row.times) for row in rows]
