"""What is wrong with a line's handling: said when it is saved. What nobody can have meant is refused, the rest is pointed out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from portal.core import i18n, phone
from portal.core.errors import SENTENCES, Refused, declare
from portal.core.i18n import N_
from portal.core.ids import PublicId
from portal.features.callhandling.rules import times as clock
from portal.features.callhandling.rules.circles import Way, way_back
from portal.features.callhandling.rules.evaluation import evaluate
from portal.features.callhandling.rules.fitting import in_order
from portal.features.callhandling.rules.lines import Call, Destination, Exchange, Forward, Handling, Line, When
from portal.features.callhandling.rules.names import Names
from portal.features.callhandling.rules.outcome import Leaves, Rings, Silent, Why
from portal.features.callhandling.rules.outgoing import forwards_not
from portal.features.subscribers.rules import LockLevel

ITSELF = declare("forward-itself", N_("Calls would come back to the same line. Choose another destination."))
CIRCLE = declare("forward-circle", N_("Calls would go round in a circle and reach nobody: %(way)s."))
COMES_BACK = declare("forward-comes-back", N_("Calls can come back: %(way)s. They do not go round a second time."))
OWN_GROUP = declare("forward-own-group", N_("%(name)s is in %(group)s, and does not ring there for calls that come from here."))
ENDED = declare("forward-ended", N_("A line that calls went to has ended. Choose another destination."))
LOCKED = declare("forward-locked", N_("%(name)s is locked: calls that go there are turned away."))
BARRED = declare("forward-barred", N_("This line may not call %(number)s, so calls do not get there."))
EMPTY = declare("forward-empty-group", N_("Nobody is in %(name)s: calls that go there find nobody."))
BEHIND = declare("forward-behind", N_("This is never used: a rule before it takes every call that it would fit."))
BEHIND_ALWAYS = declare("forward-behind-always", N_("This is not used as long as calls always go elsewhere."))
OVER = declare("forward-over", N_("This was planned until a time that has passed. It is not used any more."))
NEVER = declare("forward-times-never", N_("“%(times)s” does not come any more, so this is never used."))
NO_MEMBERS = declare("group-without-members", N_("Nobody is in this group, so nothing rings."))
REFUSING = frozenset({ITSELF, CIRCLE})


@dataclass(frozen=True)
class Finding:
    """`code`: that of a declared sentence. `rule`: which one it is about. `place`: which of its destinations, from 1."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    rule: PublicId | None = None
    place: int | None = None

    @property
    def refuses(self) -> bool:
        return self.code in REFUSING

    def sentence(self) -> str:
        return i18n.gettext(SENTENCES[self.code], **self.facts)


def refuse(findings: Iterable[Finding]) -> None:
    """Raises Refused for the first that refuses, at the field of its destination (“to_1”)."""
    for finding in findings:
        if finding.refuses:
            raise Refused(finding.code, field=f"to_{finding.place or 1}", **finding.facts)


def problems_of_line(exchange: Exchange, line_id: PublicId, now: datetime) -> list[Finding]:
    """All that is wrong with what a line does; the exchange holds every line that its calls can come to."""
    line = exchange.lines[line_id]
    found = [finding for rule in line.handling.forwards for finding in problems_of_rule(exchange, line_id, rule.key, now)]
    if line.ringing is not None and not any(line.ringing.steps):
        found.append(Finding(NO_MEMBERS))
    return found


def problems_of_rule(exchange: Exchange, line_id: PublicId, key: PublicId, now: datetime) -> list[Finding]:
    """What is wrong with one rule of a line, as it stands among the others; nothing, while it is not in force."""
    line = exchange.lines[line_id]
    rule = next((rule for rule in line.handling.forwards if rule.key == key and rule.enabled), None)
    if rule is None:
        return []
    return [*_where_it_leads(exchange, line, rule), *_whether_it_is_used(exchange, line, rule, now)]


def _where_it_leads(exchange: Exchange, line: Line, rule: Forward) -> Iterator[Finding]:
    for place, destination in enumerate(rule.destinations, 1):
        found = _destination(exchange, line, rule, destination)
        if found is not None:
            yield replace(found, rule=rule.key, place=place)


def _destination(exchange: Exchange, line: Line, rule: Forward, destination: Destination) -> Finding | None:
    if destination.line is None:
        number = destination.number or ""
        barred = forwards_not(line, number, exchange.home)
        return Finding(BARRED, {"number": phone.spoken(number, exchange.home.cc)}) if barred else None
    if destination.line == line.public_id:
        return Finding(ITSELF)
    target = exchange.lines.get(destination.line)
    if target is None:
        return Finding(ENDED)
    return _dead_end(target) or _circle(exchange, line, rule, target)


def _dead_end(target: Line) -> Finding | None:
    if target.lock in {LockLevel.IN_AND_OUT, LockLevel.GLOBAL}:
        return Finding(LOCKED, {"name": target.name})
    if target.ringing is not None and not any(target.ringing.steps) and not target.handling.forwards:
        return Finding(EMPTY, {"name": target.name})
    return None


def _circle(exchange: Exchange, line: Line, rule: Forward, target: Line) -> Finding | None:
    way = way_back(exchange, line.public_id, target.public_id)
    if way is None:
        return None
    names = Names(exchange)
    if len(way.lines) == 1 and way.into_group:
        return Finding(OWN_GROUP, {"name": line.name, "group": target.name})
    return Finding(CIRCLE if _goes_round(exchange, line, rule) else COMES_BACK, {"way": _said(way, line, names)})


def _said(way: Way, line: Line, names: Names) -> str:
    return " → ".join(names.person(one) for one in (line.public_id, *way.lines, line.public_id))


def _goes_round(exchange: Exchange, line: Line, rule: Forward) -> bool:
    """Whether nothing but rules that always hold bring every call back, before anything rings."""
    if not _holds_for_all(rule):
        return False
    bare = {key: _with_what_always_holds(one) for key, one in exchange.lines.items()}
    called = next(iter(line.numbers), line.extension) or ""
    steps = evaluate(_anybody(called), replace(exchange, lines=bare)).steps
    back = any(isinstance(step, Silent) and step.why is Why.LOOP for step in steps)
    return back and not any(isinstance(step, Rings | Leaves) for step in steps)


def _anybody(called: str) -> Call:
    return Call(datetime.fromisoformat("2000-01-01T12:00:00+00:00"), called, caller="0")


def _with_what_always_holds(line: Line) -> Line:
    rules = tuple(rule for rule in line.handling.forwards if _holds_for_all(rule))
    return replace(line, handling=Handling(forwards=rules), reachable=None)


def _holds_for_all(rule: Forward) -> bool:
    conditions = (rule.callers, rule.called, rule.times)
    return rule.enabled and rule.when is When.ALWAYS and not rule.scheduled and conditions == (None, None, None)


def _whether_it_is_used(exchange: Exchange, line: Line, rule: Forward, now: datetime) -> Iterator[Finding]:
    if rule.ends is not None and rule.ends <= now:
        yield Finding(OVER, rule=rule.key)
        return
    if _never_comes(rule, exchange, now) and rule.times is not None:
        yield Finding(NEVER, {"times": rule.times.name}, rule=rule.key)
    before = [one for one in _before(line, rule) if one.enabled and _takes_all(one, rule)]
    if before:
        yield Finding(BEHIND, rule=rule.key)
    elif rule.when is not When.ALWAYS and any(map(_holds_for_all, line.handling.forwards)):
        yield Finding(BEHIND_ALWAYS, rule=rule.key)


def _never_comes(rule: Forward, exchange: Exchange, now: datetime) -> bool:
    if rule.times is None:
        return False
    begins = max(now, rule.starts or now)
    comes = clock.always if rule.times_except else clock.never
    return comes(rule.times, begins, exchange.zone)


def _before(line: Line, rule: Forward) -> list[Forward]:
    same = in_order(line.handling, rule.when)
    return same[: same.index(rule)]


def _takes_all(earlier: Forward, later: Forward) -> bool:
    """Whether the earlier rule fits whenever the later does."""
    return (
        (earlier.callers is None or (earlier.callers, earlier.callers_except) == (later.callers, later.callers_except))
        and earlier.called in {None, later.called}
        and (earlier.times is None or (earlier.times, earlier.times_except) == (later.times, later.times_except))
        and (earlier.starts is None or (later.starts is not None and earlier.starts <= later.starts))
        and (earlier.ends is None or (later.ends is not None and earlier.ends >= later.ends))
    )
