"""What is wrong with times: never, twice, or one part within another."""

from collections.abc import Iterator
from datetime import datetime
from itertools import combinations
from zoneinfo import ZoneInfo

from portal.core.errors import declare
from portal.core.i18n import N_
from portal.features.callhandling.rules import times as clock
from portal.features.callhandling.rules.calendars import country_name, days_of, region_name
from portal.features.callhandling.rules.lines import Dates, Holidays, Span, Times
from portal.features.callhandling.rules.problems import Finding
from portal.features.callhandling.rules.timewords import days_in_words

NEVER = declare("times-never", N_("These times do not come any more: they have passed, or everything is taken out."))
TWICE = declare("holidays-twice", N_("The public holidays in %(place)s stand here twice."))
WITHIN = declare("holidays-within", N_("The public holidays in %(place)s are among those in %(wider)s already."))
SHARED = declare("holidays-overlap", N_("%(place)s and %(other)s share public holidays; they count once."))
OVERLAP = declare("dates-overlap", N_("%(days)s and %(other)s overlap; the days count once."))
CANCELLED = declare(
    "holidays-cancelled", N_("The public holidays in %(place)s are added and taken out again: they do not count.")
)


def problems_of_times(times: Times, now: datetime, zone: ZoneInfo) -> list[Finding]:
    """Nothing here refuses: all of it can be meant."""
    found = list(_pairs(times, now.astimezone(zone).year))
    return [Finding(NEVER), *found] if clock.never(times, now, zone) else found


def _pairs(times: Times, year: int) -> Iterator[Finding]:
    for one, other in combinations(times.spans, 2):
        found = _holidays(one, other, year) if isinstance(one, Holidays) and isinstance(other, Holidays) else _days(one, other)
        if found is not None:
            yield found


def _days(one: Span, other: Span) -> Finding | None:
    if not (isinstance(one, Dates) and isinstance(other, Dates)) or one.excluded != other.excluded:
        return None
    if one.first > other.last or other.first > one.last:
        return None
    return Finding(OVERLAP, {"days": days_in_words(one.first, one.last), "other": days_in_words(other.first, other.last)})


def _holidays(one: Holidays, other: Holidays, year: int) -> Finding | None:
    place, same = _place(one), (one.country, one.region) == (other.country, other.region)
    if one.excluded != other.excluded:
        return Finding(CANCELLED, {"place": place}) if same else None
    if same:
        return Finding(TWICE, {"place": place})
    days, others = (days_of(which.country, which.region, year) for which in (one, other))
    if one.country == other.country and (days <= others or others <= days):
        inner, outer = (one, other) if days <= others else (other, one)
        return Finding(WITHIN, {"place": _place(inner), "wider": _place(outer)})
    return Finding(SHARED, {"place": place, "other": _place(other)}) if days & others else None


def _place(span: Holidays) -> str:
    return region_name(span.country, span.region) if span.region else country_name(span.country)
