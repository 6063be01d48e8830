"""The life of a rule of forwarding."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified

from portal.core import clock, db
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.callhandling import queries, rules
from portal.features.callhandling.models import CallerList, Forward, ForwardDestination, TimeSet
from portal.features.callhandling.rules import Destination, Exchange, Plan
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.operations import check_may_change, record
from portal.features.subscribers.rules import Feature


def add_forward(*, by: Identity, line: Subscriber, plan: Plan, place: int | None = None) -> Forward:
    """A new rule, the last of its kind unless `place` (from 0) says otherwise."""
    check_may_change(by=by, line=line, feature=Feature.FORWARDING)
    line = subscribers.hold(line)
    present = queries.forwards_of(line.id)
    if len(present) >= rules.MOST_FORWARDS:
        raise Refused("forwards-full", most=rules.MOST_FORWARDS)
    company = queries.directory(line.customer_id)
    forward = Forward(
        subscriber_id=line.id,
        reseller_id=line.reseller_id,
        customer_id=line.customer_id,
        when=plan.when.value,
        position=len(present),
        enabled=plan.enabled,
    )
    _conditions(forward, line, plan)
    db.session().add(forward)
    db.session().flush()
    destinations = _destinations(forward, plan.destinations, company)
    if place is not None:
        _put(forward, _peers(present, forward), place)
    check_leads(line, forward)
    _told(Event.FORWARD_ADDED, by, line, forward, _names(destinations, company))
    return forward


def change_forward(*, by: Identity, line: Subscriber, forward: Forward, version: int, plan: Plan) -> Forward:
    """Raises Conflict when somebody else changed the rule since it was at this version."""
    check_may_change(by=by, line=line, feature=Feature.FORWARDING)
    line, forward = subscribers.hold(line), _held(line, forward)
    if forward.version != version:
        raise Conflict(forward.version)
    company = queries.directory(line.customer_id)
    if plan.when != forward.when or plan.scheduled != _is_scheduled(forward):
        forward.position = len(queries.forwards_of(line.id))
        forward.when = plan.when.value
    _conditions(forward, line, plan)
    destinations = _destinations(forward, plan.destinations, company)
    _renew(forward)
    check_leads(line, forward)
    _told(Event.FORWARD_CHANGED, by, line, forward, _names(destinations, company))
    return forward


def switch_forward(*, by: Identity, line: Subscriber, forward: Forward, on: bool) -> Forward:
    check_may_change(by=by, line=line, feature=Feature.FORWARDING)
    line, forward = subscribers.hold(line), _held(line, forward)
    if forward.enabled != on:
        forward.enabled = on
        db.session().flush()
        check_leads(line, forward)
        _told(Event.FORWARD_CHANGED, by, line, forward, queries.destination_names(forward.id), enabled=(not on, on))
    return forward


def move_forward(*, by: Identity, line: Subscriber, forward: Forward, up: bool) -> Forward:
    """One place up or down among those of its kind; the first that fits is used."""
    check_may_change(by=by, line=line, feature=Feature.FORWARDING)
    line, forward = subscribers.hold(line), _held(line, forward)
    peers = _peers(queries.forwards_of(line.id), forward)
    was = next(place for place, one in enumerate([*peers]) if one.id == forward.id)
    now = max(0, min(len(peers) - 1, was + (-1 if up else 1)))
    if was != now:
        _put(forward, [one for one in peers if one.id != forward.id], now)
        _told(Event.FORWARD_CHANGED, by, line, forward, queries.destination_names(forward.id), place=(was + 1, now + 1))
    return forward


def remove_forward(*, by: Identity, line: Subscriber, forward: Forward) -> None:
    check_may_change(by=by, line=line, feature=Feature.FORWARDING)
    line, forward = subscribers.hold(line), _held(line, forward)
    _told(Event.FORWARD_REMOVED, by, line, forward, queries.destination_names(forward.id))
    db.session().delete(forward)
    db.session().flush()


def check_leads(line: Subscriber, forward: Forward) -> None:
    """Refused when nobody can be reached by it: calls would go round in a circle."""
    exchange = queries.exchange(line.customer_id, [line.public_id])
    rules.refuse(rules.problems_of_rule(exchange, line.public_id, forward.public_id, clock.now()))


def _held(line: Subscriber, forward: Forward) -> Forward:
    """The rule as it is stored now; with the line its rules are held. Raises NotFound, or Refused when it has gone meanwhile."""
    if forward.subscriber_id != line.id:
        raise NotFound
    found = db.session().get(Forward, forward.id, populate_existing=True)
    if found is None:
        raise Refused("forward-gone")
    return found


def _is_scheduled(forward: Forward) -> bool:
    return forward.starts_at is not None or forward.ends_at is not None


def _peers(forwards: Sequence[Forward], forward: Forward) -> list[Forward]:
    """Those that are tried in the same case, changes for some days apart."""
    return [one for one in forwards if one.when == forward.when and _is_scheduled(one) == _is_scheduled(forward)]


def _put(forward: Forward, others: list[Forward], place: int) -> None:
    """Positions only count among those of a kind."""
    others.insert(max(0, place), forward)
    for position, one in enumerate(others):
        one.position = position
    db.session().flush()


def _conditions(forward: Forward, line: Subscriber, plan: Plan) -> None:
    rules.check_period(plan, clock.now(), (forward.starts_at, forward.ends_at))
    if plan.called and plan.called not in queries.numbers_of(line.id):
        raise Refused("called-foreign", field="called")
    forward.caller_list_id = _condition(CallerList, line, plan.callers, "callers")
    forward.callers_except = plan.callers is not None and plan.callers_except
    forward.time_set_id = _condition(TimeSet, line, plan.times, "times")
    forward.times_except = plan.times is not None and plan.times_except
    forward.called = plan.called or None
    forward.starts_at, forward.ends_at = plan.starts, plan.ends


def _condition(kind: type[CallerList | TimeSet], line: Subscriber, wanted: PublicId | None, field: str) -> int | None:
    """The key of one of the company's, or of the line's own."""
    if wanted is None:
        return None
    found = queries.condition_key(kind, wanted, line)
    if found is None:
        raise Refused("condition-foreign", field=field)
    return found


def _destinations(forward: Forward, wanted: Sequence[Destination], company: Exchange) -> list[Destination]:
    """Written in place of those that were there."""
    destinations = rules.settled(wanted, company)
    keys = queries.line_keys(forward.customer_id, [one.line for one in destinations if one.line])
    db.session().execute(delete(ForwardDestination).where(ForwardDestination.forward_id == forward.id))
    own = {"forward_id": forward.id, "reseller_id": forward.reseller_id, "customer_id": forward.customer_id}
    db.session().add_all(
        ForwardDestination(
            position=position,
            target_id=keys[one.line] if one.line else None,
            number=one.number,
            ring_seconds=one.ring_seconds,
            **own,
        )
        for position, one in enumerate(destinations)
    )
    db.session().flush()
    return destinations


def _renew(forward: Forward) -> None:
    """A new version, also where only the destinations have changed."""
    flag_modified(forward, "when")
    db.session().flush()


def _names(destinations: Sequence[Destination], company: Exchange) -> list[str]:
    return [rules.label(company.lines[one.line]) if one.line else one.number or "" for one in destinations]


def _told(event: Event, by: Identity, line: Subscriber, forward: Forward, to: Sequence[str], **more: object) -> None:
    record(event, by=by, line=line, when=forward.when, to=list(to), **more)
