"""Rules of forwarding, as the page of a line shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _

from portal.core import clock, i18n, phone
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.callhandling.queries import Place, Rule, Sheet
from portal.features.callhandling.rules import Names, Times, When, times_in_words
from portal.web.session import me
from portal.web.templating import clock_time, day

PICTURES = {
    When.ALWAYS: "phone-forwarded",
    When.BUSY: "phone",
    When.NO_ANSWER: "timer",
    When.UNREACHABLE: "wifi-off",
}


class Stop(NamedTuple):
    """A destination for the component `forward`."""

    what: str
    sub: str
    person: str
    picture: str
    url: str


class Condition(NamedTuple):
    picture: str
    words: str
    tag: str


class State(StrEnum):
    """Of a change for some days."""

    COMING = "coming"
    ON = "on"
    OVER = "over"


@dataclass(frozen=True)
class Shown:
    """`label` names the rule for those who do not see where it stands; `first` and `last` among those of its kind."""

    rule: Rule
    title: str
    label: str
    stops: Sequence[Stop]
    conditions: Sequence[Condition]
    first: bool = True
    last: bool = True
    state: State | None = None

    @property
    def period(self) -> str:
        begins, ends = self.rule.starts_at, self.rule.ends_at
        if begins is None or ends is None:
            return ""
        return _(
            "%(first_day)s, %(begins)s until %(last_day)s, %(ends)s",
            first_day=day(begins),
            begins=clock_time(begins),
            last_day=day(ends),
            ends=clock_time(ends),
        )


@dataclass(frozen=True)
class Case:
    """One of the four cases, with its rules; without any, `nothing` says what callers hear."""

    when: When
    title: str
    picture: str
    nothing: str
    rules: Sequence[Shown]


def cases(sheet: Sheet, names: Names) -> list[Case]:
    times = _times(sheet, names)
    titles, nothing = _titles(sheet), _nothing(sheet)
    return [
        Case(when, titles[when], PICTURES[when], nothing[when], list(_in_order(sheet.of(when), titles[when], times, names)))
        for when in When
    ]


def changes(sheet: Sheet, names: Names) -> list[Shown]:
    """Those for some days, the earliest first."""
    times, titles, now = _times(sheet, names), _titles(sheet), clock.now()
    return [_shown(rule, titles[rule.when], times, names, state=_state(rule, now)) for rule in sheet.scheduled]


def _state(rule: Rule, now: datetime) -> State:
    if rule.ends_at is not None and rule.ends_at <= now:
        return State.OVER
    return State.COMING if rule.starts_at is not None and rule.starts_at > now else State.ON


def _times(sheet: Sheet, names: Names) -> Mapping[PublicId, Times]:
    """The hours behind the names, by rule; those of rules that are not in force are not known here."""
    line = names.exchange.lines.get(sheet.line.public_id)
    return {rule.key: rule.times for rule in line.handling.forwards if rule.times} if line else {}


def _in_order(rules: Sequence[Rule], title: str, times: Mapping[PublicId, Times], names: Names) -> Iterator[Shown]:
    for place, rule in enumerate(rules):
        shown = _("Otherwise") if place else title
        yield _shown(rule, shown, times, names, first=place == 0, last=place == len(rules) - 1)


def _shown(
    rule: Rule,
    title: str,
    times: Mapping[PublicId, Times],
    names: Names,
    *,
    first: bool = True,
    last: bool = True,
    state: State | None = None,
) -> Shown:
    stops = [_stop(place, names) for place in rule.places]
    where = _("%(when)s: %(places)s", when=title, places=i18n.listed(stop.what for stop in stops))
    return Shown(rule, title, where, stops, _conditions(rule, times, names.exchange.home.cc), first, last, state)


def _stop(place: Place, names: Names) -> Stop:
    seconds = _("%(seconds)s s", seconds=place.ring_seconds)
    target = place.target
    if target is None:
        name = names.known.get(place.number or "")
        sub = _("%(name)s, %(seconds)s", name=name, seconds=seconds) if name else seconds
        return Stop(phone.spoken(place.number or "", names.exchange.home.cc), sub, "", "smartphone", "")
    line = names.exchange.lines.get(target.public_id)
    if target.ended or line is None:
        return Stop(target.label, _("has left"), "", "user-x", "")
    url = url_for("callhandling.show", line_id=target.public_id) if me().can(P.CALL_HANDLING_COMPANY) else ""
    is_group = line.ringing is not None
    return Stop(target.label, "" if is_group else seconds, "" if is_group else target.name, "users-round", url)


def _conditions(rule: Rule, times: Mapping[PublicId, Times], home_cc: str) -> list[Condition]:
    found = []
    if rule.times:
        hours = times.get(rule.public_id)
        tag = _("%(name)s: %(hours)s", name=rule.times.name, hours=times_in_words(hours)) if hours else rule.times.name
        found.append(Condition("clock", _("except") if rule.times_except else _("only"), tag))
    if rule.callers:
        found.append(Condition("users", _("not from") if rule.callers_except else _("only from"), rule.callers.name))
    if rule.called:
        found.append(Condition("hash", _("only calls to"), phone.spoken(rule.called, home_cc)))
    return found


def _titles(sheet: Sheet) -> dict[When, str]:
    seconds = sheet.handling.ring_seconds
    rung = _("Not answered") if sheet.is_group else _("Not answered after %(seconds)s seconds", seconds=seconds)
    return {When.ALWAYS: _("Always"), When.BUSY: _("When busy"), When.NO_ANSWER: rung, When.UNREACHABLE: _("Not reachable")}


def _nothing(sheet: Sheet) -> dict[When, str]:
    return {
        When.ALWAYS: _("Off. The group rings.") if sheet.is_group else _("Off. The phones ring here."),
        When.BUSY: _("Off. Callers hear the busy tone."),
        When.NO_ANSWER: _("Off. Callers hear that nobody answers."),
        When.UNREACHABLE: _("Off. Callers are told that nobody can be reached."),
    }
