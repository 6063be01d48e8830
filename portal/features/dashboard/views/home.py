"""One address, a page for each kind of person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import NamedTuple

from babel.dates import format_date
from flask import g
from werkzeug.wrappers import Response

from portal.core import clock, i18n
from portal.core.permissions import STAFF, P
from portal.features.audit import queries as audit
from portal.features.audit.rules import Told, told
from portal.features.callhandling import queries as callhandling
from portal.features.callhandling.rules import Effect, Names, effect
from portal.features.calls import queries as calls
from portal.features.calls.queries import MissedCall
from portal.features.contacts import queries as contacts
from portal.features.customers.rules import KIND_TEXTS
from portal.features.dashboard import queries, rules
from portal.features.dashboard.queries import OwnLine
from portal.features.dashboard.rules import Today
from portal.features.dashboard.views import guide
from portal.features.dashboard.views.door import bp
from portal.features.pbx.rules import LOCK_WORDS
from portal.features.platform import queries as platform
from portal.features.platform.rules import health as platform_rules
from portal.features.platform.rules.health import SEVERITY, Finding, Mark
from portal.web.access import signed_in
from portal.web.nav import Card
from portal.web.session import me
from portal.web.templating import clock_time, render, zone
from portal.web.tenant import tenant

LISTED = 5
LATEST_CALLS = 8
MOST_COUNTED = 12  # missed calls are counted in words


@bp.get("/")
@signed_in
def show() -> Response:
    who = me()
    if who.role in STAFF:
        return _staff()
    return _company(who.customer_id) if who.can(P.EXTENSIONS_VIEW) and who.customer_id else _line()


def _company(customer_id: int) -> Response:
    facts = queries.company_facts(customer_id)
    g.card = Card(facts.name, facts.number)
    return render(
        "dashboard/company.html",
        now=now(),
        facts=facts,
        calls=_calls(),
        changes=changes(customer_id),
        quiet=queries.quiet_people(customer_id, LISTED),
        lock_words=LOCK_WORDS,
    )


def _line() -> Response:
    line = queries.own_line(me())
    return render(
        "dashboard/line.html",
        now=now(),
        line=line,
        locks=rules.LOCKS,
        forwarded=_forwarded(line) if line else None,
        calls=_calls(),
        latest=calls.latest(calls.whose(me()), limit=LATEST_CALLS) if me().can(P.CALLS_VIEW) else (),
    )


@dataclass(frozen=True)
class Calls:
    """What a dashboard says of calls. `pace`: how the day compares with a usual one."""

    today: Today
    pace: str
    hours: Sequence["Bar"]
    missed: "Missed"


def _calls() -> Calls | None:
    """None for staff who view as somebody and are not shown calls."""
    if not me().can(P.CALLS_VIEW):
        return None
    whose = calls.whose(me())
    day = queries.today(whose, zone())
    not_returned = missed(calls.missed_not_returned(whose, limit=MOST_COUNTED + 1))
    return Calls(day, rules.SENTENCES[day.pace], bars(day), not_returned)


def _forwarded(line: OwnLine) -> Effect | None:
    """What callers of a line experience that forwards calls, at times or always."""
    g.card = Card(line.customer, line.base)
    exchange = callhandling.exchange(me().customer_id or 0, [line.public_id])
    if not exchange.lines[line.public_id].handling.forwards:
        return None
    return effect(Names(exchange), line.public_id, clock.now(), own=True)


def _staff() -> Response:
    return render(
        "dashboard/staff.html",
        now=now(),
        customers=queries.customers(),
        domains=queries.domains(),
        resellers=queries.resellers() if me().can(P.RESELLERS_VIEW) else None,
        spoken=i18n.available(),
        troubled=contacts.troubled_count(),
        guide=guide.shown(),
        health=_health() if me().can(P.HEALTH_VIEW) else None,
        own_name=i18n.own_name,
        kinds=KIND_TEXTS,
    )


def _health() -> Sequence[Finding]:
    """What needs somebody, the worst first."""
    found = platform_rules.of_pulse(platform.pulse(), platform.head())
    return sorted((one for one in found if one.mark is not Mark.GOOD), key=lambda one: SEVERITY.index(one.mark), reverse=True)


@dataclass(frozen=True)
class Now:
    """The moment as the reader lives it; day is like “Tuesday, 24 November 2026”, weekday like “Tuesday”, within a sentence."""

    moment: datetime
    day: str
    weekday: str


def now() -> Now:
    locale = i18n.babel_name(i18n.current())
    moment = clock.now().astimezone(zone())
    weekday = i18n.weekday_inside(format_date(moment, "EEEE", locale=locale))
    return Now(moment, format_date(moment, "full", locale=locale), weekday)


class Bar(NamedTuple):
    """An hour of the chart."""

    title: str
    label: str
    answered: int
    missed: int
    usual: int


def bars(day: Today) -> list[Bar]:
    midnight = datetime.combine(clock.today(zone()), time.min, zone())
    return [
        Bar(clock_time(midnight.replace(hour=one.hour)), str(one.hour), one.answered, one.missed, round(one.usual or 0))
        for one in day.hours
    ]


@dataclass(frozen=True)
class Missed:
    """The first of those who were not called back, and how many there are: in words, where that is how people say it."""

    calls: Sequence[MissedCall]
    number: int
    many: bool  # more than were counted

    @property
    def words(self) -> str | None:
        return rules.in_words(self.number)


def missed(found: Sequence[MissedCall]) -> Missed:
    return Missed(found[:LISTED], min(len(found), MOST_COUNTED), many=len(found) > MOST_COUNTED)


def changes(customer_id: int) -> list[Told]:
    """What was changed in the company."""
    return told(audit.latest(customer_id, LISTED).entries, reader=me().public_id, home_cc=tenant().home.cc)
