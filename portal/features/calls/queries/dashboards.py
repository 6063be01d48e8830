"""What dashboards say about calls."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock, db
from portal.features.calls.models import CallRecord
from portal.features.calls.queries.records import COLUMNS, NEWEST, Call, call, calls_of, named
from portal.features.calls.queries.volumes import MISSED
from portal.features.calls.queries.whose import Whose
from portal.features.calls.rules.words import Result, Side

MOST_CANDIDATES = 500
_LATER = aliased(CallRecord)


@dataclass(frozen=True)
class MissedCall:
    """The last missed call of a number that nobody has spoken with since, and how many there were."""

    call: Call
    times: int


def latest(whose: Whose, *, limit: int = 5) -> list[Call]:
    """The newest calls. One statement."""
    return calls_of(select(*COLUMNS).where(*whose.records()).order_by(*NEWEST).limit(limit), whose)


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
    returned = (
        exists(_LATER.id)
        .where(*whose.records(_LATER), _LATER.other_number == ranked.c.other_number, _LATER.start_time > ranked.c.start_time)
        .where(or_(_LATER.result == Result.OK.value, _LATER.side == Side.CALLER.value))
    )
    unreturned = select(ranked).where(ranked.c.place == 1, ~returned).order_by(ranked.c.start_time.desc()).limit(limit).subquery()
    rows = db.session().execute(named(unreturned, whose).add_columns(unreturned.c.times))
    return [MissedCall(call(row), row.times) for row in rows]
