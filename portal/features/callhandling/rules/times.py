"""Whether times are on at a moment, and when that changes.

Hours are those on the clock on the wall, also when it is put forward or back.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.features.callhandling.rules.calendars import days_of
from portal.features.callhandling.rules.lines import Dates, Span, Times, Weekly

HORIZON = timedelta(days=2 * 366)  # what does not come within two years never comes
_DAY = timedelta(days=1)
_QUARTER = timedelta(minutes=15)  # clocks are put forward and back at quarters of an hour


def on(times: Times, at: datetime, zone: ZoneInfo) -> bool:
    """One of the spans is, and none of those that are excluded."""
    local = at.astimezone(zone)
    return any(holds(span, local) for span in times.spans if not span.excluded) and not any(
        holds(span, local) for span in times.spans if span.excluded
    )


def holds(span: Span, local: datetime) -> bool:
    match span:
        case Weekly():
            return _in_hours(span, local)
        case Dates(first=first, last=last):
            return first <= local.date() <= last
    return local.date() in days_of(span.country, span.region, local.year)


def _in_hours(span: Weekly, local: datetime) -> bool:
    clock = local.time()
    if span.begins < span.ends:
        return local.weekday() in span.weekdays and span.begins <= clock < span.ends
    began_today = local.weekday() in span.weekdays and clock >= span.begins
    return began_today or ((local.weekday() - 1) % 7 in span.weekdays and clock < span.ends)


def next_change(times: Times, after: datetime, zone: ZoneInfo, within: timedelta = HORIZON) -> datetime | None:
    """The first moment at which they begin or end, in UTC; None when that does not come."""
    now = on(times, after, zone)
    turns = (at for day in _unlike_days(times.spans, after, zone, within) for at in _turns(times.spans, day, zone))
    return next((at for at in turns if after < at <= after + within and on(times, at, zone) != now), None)


def changes(times: Times, after: datetime, zone: ZoneInfo, within: timedelta) -> Iterator[datetime]:
    """Every moment at which they begin or end, in UTC."""
    was = on(times, after, zone)
    for day in _days(after, zone, within):
        for at in _turns(times.spans, day, zone):
            if after < at <= after + within and on(times, at, zone) != was:
                was = not was
                yield at


def next_on(times: Times, after: datetime, zone: ZoneInfo, within: timedelta = HORIZON) -> datetime | None:
    """When they are on the next time: `after` itself when they are; None for times that never come."""
    return after if on(times, after, zone) else next_change(times, after, zone, within)


def never(times: Times, after: datetime, zone: ZoneInfo) -> bool:
    return next_on(times, after, zone) is None


def always(times: Times, after: datetime, zone: ZoneInfo) -> bool:
    return on(times, after, zone) and next_change(times, after, zone) is None


def _days(after: datetime, zone: ZoneInfo, within: timedelta) -> Iterator[date]:
    day, last = after.astimezone(zone).date(), (after + within).astimezone(zone).date()
    while day <= last:
        yield day
        day += _DAY


def _unlike_days(spans: Sequence[Span], after: datetime, zone: ZoneInfo, within: timedelta) -> Iterator[date]:
    """Without those that are like an earlier one: where that has brought no change, they bring none."""
    seen: set[tuple[object, ...]] = set()
    for day in _days(after, zone, within):
        whole = {span.excluded for span in spans if not isinstance(span, Weekly) and _whole(span, day)}
        kind = (day.weekday(), False in whole, True in whole)
        if kind not in seen:
            yield day
        if day > after.astimezone(zone).date() and not _jumps(day, zone):  # of today only the rest counts
            seen.add(kind)


def _turns(spans: Sequence[Span], day: date, zone: ZoneInfo) -> list[datetime]:
    """Every moment of a day at which one of the spans could begin or end, in order."""
    return sorted(_moments(day, {time.min, *_clocks(spans)}, zone))


def _clocks(spans: Iterable[Span]) -> Iterator[time]:
    for span in spans:
        if isinstance(span, Weekly):
            yield span.begins
            yield span.ends


def _whole(span: Span, day: date) -> bool:
    return holds(span, datetime.combine(day, time(12)))


def _moments(day: date, clocks: Iterable[time], zone: ZoneInfo) -> set[datetime]:
    """Clocks that are put back show a time twice; those put forward leave times out, and what they mean begins with the jump."""
    shown = {datetime.combine(day, clock, zone).replace(fold=fold).astimezone(UTC) for clock in clocks for fold in (0, 1)}
    return shown | _jumps(day, zone)


@lru_cache(maxsize=4096)
def _jumps(day: date, zone: ZoneInfo) -> frozenset[datetime]:
    begins, ends = (datetime.combine(one, time.min, zone) for one in (day, day + _DAY))
    if begins.utcoffset() == ends.utcoffset():
        return frozenset()
    first, last = begins.astimezone(UTC), ends.astimezone(UTC)
    return frozenset(first + n * _QUARTER for n in range((last - first) // _QUARTER))
