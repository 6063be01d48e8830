"""How calls are shown: words, pictures, numbers and dates in the reader's language. Asked for once per page, not once per row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import gettext as _, pgettext
from markupsafe import Markup

from portal.core import clock, i18n, phone
from portal.core.periods import Period
from portal.features.calls.queries import Call, Day, Person
from portal.features.calls.rules.asked import Outcome
from portal.features.calls.rules.words import Direction, Result
from portal.web import dates
from portal.web.templating import clock_time, duration, money, number as figure

MISSED = "missed"
REMEMBERED = 32_768  # numbers, as they are shown


class Mark(NamedTuple):
    """A picture with its word."""

    icon: str
    word: str
    bad: bool = False


@dataclass(frozen=True)
class Words:
    """The words of one page, in one language."""

    directions: Mapping[str, Mark]
    missed: Mark
    results: Mapping[str, str]
    hung_up: str
    hidden: str
    forwarded_to: str
    home_cc: str

    def marks(self) -> dict[str, Mark]:
        """By `Row.mark`."""
        return {**self.directions, MISSED: self.missed}

    def direction(self, direction: str, *, missed: bool) -> str:
        return (self.missed if missed else self.directions[direction]).word

    def result(self, call: Call) -> str:
        if call.direction == Direction.FORWARD and call.answered:
            name = call.goal.name if call.goal else call.goal_name
            return self.forwarded(name or phone.display(call.forwarded_to or "", self.home_cc))
        return self.plain_result(call.result, missed=call.missed)

    def plain_result(self, result: str, *, missed: bool) -> str:
        return self.hung_up if result == Result.CANCEL and not missed else self.results[result]

    def forwarded(self, goal: str) -> str:
        return self.forwarded_to % {"goal": goal}


def words(home_cc: str) -> Words:
    return Words(
        directions={
            Direction.OUT: Mark("arrow-up-right", _("Outgoing")),
            Direction.IN: Mark("arrow-down-left", _("Incoming")),
            Direction.INSIDE: Mark("arrow-left-right", pgettext("a call", "Inside")),
            Direction.FORWARD: Mark("corner-down-right", _("Forwarded")),
        },
        missed=Mark("phone-missed", _("Missed"), bad=True),
        results={
            Result.OK: _("Answered"),
            Result.BUSY: _("Busy"),
            Result.NOANSWER: _("No answer"),
            Result.TIMEOUT: _("No answer"),
            Result.CANCEL: _("Caller hung up"),
            Result.OFFLINE: _("Not reachable"),
            Result.OTHER: _("Failed"),
            Result.FAILED: _("Failed"),
        },
        hung_up=_("Hung up"),
        hidden=_("Hidden caller"),
        forwarded_to=_("Forwarded to %(goal)s", goal="%(goal)s"),
        home_cc=home_cc,
    )


def outcomes() -> dict[str, str]:
    return {
        Outcome.ANSWERED: _("Answered"),
        Outcome.MISSED: _("Missed"),
        Outcome.BUSY: _("Busy"),
        Outcome.UNANSWERED: _("No answer"),
        Outcome.FAILED: _("Failed"),
    }


class Row(NamedTuple):
    """`who`: name or number of the other side; `beside` it: extension, country, or the number of somebody known by name.

    `own`: who of the company. `key` tells rows apart; `digits` can be called; `menu` says by what menu. `blockable`: a caller
    from outside whose calls need not get through.
    `plain`: answered, as most are, which a card need not say.
    """

    time: str
    moment: str
    mark: str
    who: str
    beside: str
    hidden: bool
    who_url: str
    own: str
    own_extension: str
    own_url: str
    result: str
    missed: bool
    plain: bool
    duration: str
    cost: str
    key: str
    digits: str
    menu: str
    blockable: bool


@dataclass(frozen=True)
class Links:
    """Where names and numbers lead: the list of their calls. Made by replacing "~", for making an address takes its time."""

    person: str
    number: str

    def to_person(self, person: Person) -> str:
        return self.person.replace("~", person.public_id)

    def to_number(self, text: str) -> str:
        return self.number.replace("~", quote(f"+{text}" if text.isdecimal() else text))


def rows(calls: Sequence[Call], said: Words, links: Links, zone: ZoneInfo) -> list[Row]:
    spoken = i18n.current()
    return [_row(call, call.start_time.astimezone(zone), said, links, spoken) for call in calls]


def _row(call: Call, local: datetime, said: Words, links: Links, spoken: str) -> Row:
    other, text = call.other, call.other_number or ""
    digits = text if text.isascii() and text.isdigit() else ""
    who, beside = _who(call, said, spoken)
    return Row(
        time=clock_time(call.start_time),
        moment=local.isoformat(timespec="seconds"),
        mark=MISSED if call.missed else call.direction,
        who=who,
        beside=beside,
        hidden=call.hidden and not other,
        who_url=(links.person and links.to_person(other)) if other else links.to_number(text) if text else "",
        own=call.own.name,
        own_extension=call.own.extension or "",
        own_url=links.person and links.to_person(call.own),
        result=said.result(call),
        missed=call.missed,
        plain=call.answered and call.direction != Direction.FORWARD,
        duration=duration(call.duration) if call.answered else "",
        cost=money(call.cost, call.currency or "EUR"),
        key=str(call.id),
        digits=digits,
        menu=_menu(call, digits),
        blockable=call.direction == Direction.IN and not call.other and len(digits) > phone.SHORT,
    )


def _menu(call: Call, digits: str) -> str:
    """Unknown numbers can be put into a phonebook; short ones are extensions and service numbers."""
    if len(digits) <= phone.SHORT:
        return "short" if digits else ""
    return "known" if call.other or call.other_name else "unknown"


def _who(call: Call, said: Words, spoken: str) -> tuple[str, str]:
    """Name and what stands beside it. The number stays in sight."""
    text = call.other_number or ""
    if call.other:
        return call.other.name, call.other.extension or ""
    if call.other_name:
        return call.other_name, phone.display(text, said.home_cc)
    return said.hidden if call.hidden else phone.display(text, said.home_cc), country(text, said.home_cc, spoken)


def plain_number(text: str, home_cc: str) -> str:
    """With blanks alone: what has a hyphen in it, a spreadsheet may take for a sum."""
    return phone.display(text, home_cc).replace("-", " ")


@lru_cache(maxsize=REMEMBERED)
def country(text: str, home_cc: str, spoken: str) -> str:
    """The country of a number from abroad."""
    if text.startswith(home_cc):
        return ""
    found = phone.territory(text)
    return (i18n.babel_locale(spoken).territories.get(found) or "") if found else ""


class DayRows(NamedTuple):
    """One day's calls: “Today” or the weekday, then the date and what there was of calls on that day."""

    title: str
    note: str
    rows: list[Row]


def by_day(calls: Sequence[Call], shown: Sequence[Row], zone: ZoneInfo, counted: Mapping[date, Day] | None) -> Iterator[DayRows]:
    """`counted` None: only some of the days' calls are listed, so that their numbers would mislead."""
    today, spoken = clock.today(zone), i18n.current()
    pairs = zip(calls, shown, strict=True)
    for day, some in groupby(pairs, key=lambda pair: pair[0].start_time.astimezone(zone).date()):
        notes = [dates.full(day, spoken, today.year), *(_counts(counted[day]) if counted and day in counted else ())]
        yield DayRows(dates.title(day, today), i18n.listed(notes), [row for _call, row in some])


def undated(calls: Sequence[Call], shown: Sequence[Row], zone: ZoneInfo) -> DayRows:
    """Calls in another order than that of time: each says its date itself."""
    spoken = i18n.current()
    said = (dates.short(call.start_time.astimezone(zone).date(), spoken) for call in calls)
    return DayRows("", "", [row._replace(time=i18n.listed([day, row.time])) for day, row in zip(said, shown, strict=True)])


def _counts(day: Day) -> Iterator[str]:
    yield i18n.ngettext("%(num)s call", "%(num)s calls", day.calls, num=figure(day.calls))
    if day.missed:
        yield i18n.ngettext("%(num)s missed", "%(num)s missed", day.missed, num=figure(day.missed))


@dataclass(frozen=True)
class ChartDay:
    """A column of the chart."""

    title: str
    label: str
    answered: int
    missed: int
    url: str
    chosen: bool


def chart(
    days: Sequence[date], counted: Mapping[date, Day], wanted: Period, today: date, url_of: Callable[[date], str],
) -> Markup:
    spoken = i18n.current()
    nothing = Day(today, 0, 0, 0)
    columns = (
        ChartDay(
            title=i18n.listed([dates.weekday(day, spoken), dates.full(day, spoken, today.year)]),
            label=_axis(day, today, spoken),
            answered=counted.get(day, nothing).answered,
            missed=counted.get(day, nothing).missed,
            url=url_of(day),
            chosen=day in wanted,
        )
        for day in days
    )
    return drawn(tuple(columns), spoken)


@lru_cache(maxsize=512)
def drawn(days: tuple[ChartDay, ...], _spoken: str) -> Markup:
    """The chart. Pages of one list, and of the next minutes, have the same."""
    component: Any = current_app.jinja_env.get_template("components/chart.html").module
    return Markup(component.chart(days, _("Calls per day; a day shows its calls"), _("Day")))  # noqa: S704 - our own, autoescaped macro


def _axis(day: date, today: date, spoken: str) -> str:
    """Mondays and today; what is too near to today says nothing."""
    if day == today:
        return _("Today")
    return dates.short(day, spoken) if day.weekday() == 0 and (today - day).days > 1 else ""
