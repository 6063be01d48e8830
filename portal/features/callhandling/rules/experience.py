"""What callers of a line experience at a moment, before it is put into words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice

from portal.core import clock
from portal.core.ids import PublicId
from portal.features.callhandling.rules import times
from portal.features.callhandling.rules.evaluation import arrives, next_rule, rings_not
from portal.features.callhandling.rules.fitting import fits, instead
from portal.features.callhandling.rules.lines import Blocking, Call, Callers, Exchange, Forward, Line, When
from portal.features.callhandling.rules.outcome import Why

MOST_TURNS = 250  # moments at which something could be otherwise
MOST_SAMPLES = 3  # numbers of a list that are tried
_ANY_COLLEAGUE = PublicId("")


@dataclass(frozen=True)
class Experience:
    """`gone`: the rule by which calls go elsewhere at once; else `why` they do not ring, if so, and what comes `then`."""

    gone: Forward | None = None
    why: Why | None = None
    then: Forward | None = None


def experience(line: Line, call: Call, exchange: Exchange) -> Experience:
    """For a caller who gets through, even where only some do."""
    open_line = replace(line, handling=replace(line.handling, incoming=Blocking()))
    why = arrives(open_line, call, exchange)
    if why is not None:
        return Experience(why=why)
    gone = instead(line, call, When.ALWAYS, exchange)
    if gone is not None:
        return Experience(gone=gone)
    why = rings_not(line) or (Why.NOBODY if line.ringing is not None and not any(line.ringing.steps) else None)
    return Experience(why=why, then=next_rule(line, call, why or Why.NOT_ANSWERED, exchange))


def anybody(line: Line, at: datetime, exchange: Exchange, called: str | None = None) -> Call:
    """A call from a number of the own town that nobody has."""
    return Call(at, called or own_name(line), caller=f"{exchange.home.cc}{exchange.home.ac}{0:010}")


def own_name(line: Line) -> str:
    return line.extension or next(iter(line.numbers), "")


def dialled_alike(line: Line, at: datetime, exchange: Exchange) -> list[tuple[Experience, list[str]]]:
    """What is dialled for a line, by what callers experience then; the extension and the own number first."""
    found: dict[Experience, list[str]] = {}
    decided = _decided(line, anybody(line, at, exchange), exchange, now=True)
    for called in [*([line.extension] if line.extension else ()), *line.numbers]:
        found.setdefault(experience(decided, anybody(line, at, exchange, called), exchange), []).append(called)
    alike = list(found.values()) or [[]]
    return [(experience(line, anybody(line, at, exchange, next(iter(one), None)), exchange), one) for one in alike]


def _decided(line: Line, call: Call, exchange: Exchange, *, now: bool) -> Line:
    """The line with those rules only that are for this caller (`now`: and at its moment), that being asked once for all."""
    rules = []
    for rule in line.handling.forwards:
        asked = replace(rule, called=None) if now else replace(rule, called=None, times=None, starts=None, ends=None)
        if fits(asked, line, call, exchange):
            rules.append(replace(rule, callers=None, times=None if now else rule.times))
    return replace(line, handling=replace(line.handling, forwards=tuple(rules)))


def next_other(line: Line, at: datetime, exchange: Exchange) -> tuple[datetime, Experience] | None:
    """When callers of the own number experience something else the next time, and what, today or tomorrow."""
    last = clock.midnight(at.astimezone(exchange.zone).date() + timedelta(days=2), exchange.zone)
    decided = _decided(line, anybody(line, at, exchange), exchange, now=False)
    first = experience(decided, anybody(line, at, exchange), exchange)
    for moment in islice(_turns(decided, at, last, exchange), MOST_TURNS):
        if experience(decided, anybody(line, moment, exchange), exchange) != first:
            return moment, experience(line, anybody(line, moment, exchange), exchange)
    return None


def _turns(line: Line, at: datetime, last: datetime, exchange: Exchange) -> Iterator[datetime]:
    before = at
    for moment in merge(*(_turns_of(rule, at, last, exchange) for rule in line.handling.forwards)):
        if moment > before:
            before = moment
            yield moment


def _turns_of(rule: Forward, at: datetime, last: datetime, exchange: Exchange) -> Iterator[datetime]:
    changes = times.changes(rule.times, at, exchange.zone, last - at) if rule.times else iter(())
    period = sorted(moment for moment in (rule.starts, rule.ends) if moment is not None)
    yield from (moment for moment in merge(changes, period) if at < moment < last)


def treated_otherwise(line: Line, at: datetime, exchange: Exchange) -> dict[Experience, list[str]]:
    """The names of caller lists whose callers experience something else than anybody does, by what they do."""
    usual = anybody(line, at, exchange)
    now = experience(line, usual, exchange)
    lists = {rule.callers.name: rule.callers for rule in line.handling.forwards if rule.enabled and rule.callers is not None}
    found: dict[Experience, list[str]] = {}
    for name, callers in lists.items():
        felt = next((felt for felt in _felt_by(callers, line, usual, exchange) if felt != now), None)
        if felt is not None:
            found.setdefault(felt, []).append(name)
    return found


def _felt_by(callers: Callers, line: Line, usual: Call, exchange: Exchange) -> Iterator[Experience]:
    yield from (experience(line, call, exchange) for call in _samples(callers, usual))


def _samples(callers: Callers, usual: Call) -> Iterator[Call]:
    """Calls by those who are in a list."""
    if callers.colleagues:
        yield replace(usual, caller=None, colleague=_ANY_COLLEAGUE)
    if callers.hidden:
        yield replace(usual, hidden=True)
    yield from (replace(usual, caller=_sample(pattern)) for pattern in callers.patterns[:MOST_SAMPLES])


def _sample(pattern: str) -> str:
    return pattern.removeprefix("00").replace("?", "5").replace("*", "5555555")
