"""Times in words: “Mon to Fri 18:00–08:00, Sat, Sun and the public holidays in Berlin”."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from babel.dates import format_interval, format_skeleton, format_time

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.callhandling.rules.calendars import country_name, region_name
from portal.features.callhandling.rules.lines import Dates, Holidays, Span, Times, Weekly
from portal.features.callhandling.rules.wording import listed

WEEK = range(7)
_SHORTEST_RUN = 3  # “Mon to Wed”, but “Mon, Tue”


def times_in_words(times: Times) -> str:
    counted = [span_in_words(span) for span in times.spans if not span.excluded]
    taken_out = [span_in_words(span) for span in times.spans if span.excluded]
    words = listed(counted) if counted else i18n.gettext(N_("never"))
    if not taken_out:
        return words
    return i18n.gettext(N_("%(times)s, except %(taken_out)s"), times=words, taken_out=listed(taken_out))


def span_in_words(span: Span) -> str:
    match span:
        case Weekly():
            return _weekly(span)
        case Dates(first=first, last=last):
            return days_in_words(first, last)
        case Holidays(country=country, region=region):
            place = region_name(country, region) if region else country_name(country)
            return i18n.gettext(N_("the public holidays in %(place)s"), place=place)


def _weekly(span: Weekly) -> str:
    days = weekdays_in_words(span.weekdays)
    if span.begins == span.ends == time.min:
        return days
    hours = f"{clock_in_words(span.begins)}–{clock_in_words(span.ends)}"
    return i18n.gettext(N_("%(days)s %(hours)s"), days=days, hours=hours)


def weekdays_in_words(days: Iterable[int]) -> str:
    """“Mon to Fri”, “Sat, Sun”, “every day”."""
    wanted = frozenset(days)
    if len(wanted) == len(WEEK):
        return i18n.gettext(N_("every day"))
    return i18n.listed(_run_in_words(run) for run in _runs(wanted))


def _run_in_words(run: Sequence[int]) -> str:
    if len(run) < _SHORTEST_RUN:
        return i18n.listed(map(weekday, run))
    return i18n.gettext(N_("%(first)s to %(last)s"), first=weekday(run[0]), last=weekday(run[-1]))


def _runs(days: frozenset[int]) -> list[list[int]]:
    """Days one after the other; a run may go on over Sunday: Sat to Mon."""
    runs: list[list[int]] = []
    for day in WEEK:
        if day in days and runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        elif day in days:
            runs.append([day])
    if len(runs) > 1 and runs[0][0] == 0 and runs[-1][-1] == WEEK[-1] and len(runs[0]) + len(runs[-1]) >= _SHORTEST_RUN:
        return [*runs[1:-1], [*runs[-1], *runs[0]]]
    return runs


def weekday(day: int, width: str = "abbreviated") -> str:
    """0 is Monday."""
    return str(i18n.babel_locale(i18n.current()).days["stand-alone"][width][day])


def moment_in_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """“18:00” today, “tomorrow 18:00”, “Friday 18:00” within a week, else the day; a day that is whole says no hour."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    ahead = (local.date() - today).days
    shown = clock_in_words(local.time())
    if ahead == 0:
        return shown
    if ahead == 1:
        return i18n.gettext(N_("tomorrow %(time)s"), time=shown)
    if ahead < len(WEEK):
        return i18n.gettext(N_("%(day)s %(time)s"), day=i18n.weekday_inside(weekday(local.weekday(), "wide")), time=shown)
    day = days_in_words(local.date(), local.date())
    return day if local.time() == time.min else i18n.gettext(N_("%(day)s %(time)s"), day=day, time=shown)


def clock_in_words(clock: time) -> str:
    return str(format_time(clock, "short", locale=i18n.babel_name(i18n.current())))


def days_in_words(first: date, last: date) -> str:
    spoken = i18n.babel_name(i18n.current())
    if first == last:
        return str(format_skeleton("yMMMd", first, locale=spoken))
    return str(format_interval(first, last, "yMMMd", locale=spoken))
