"""What lines do with calls, written as it is stored from what the evaluation sees."""

from collections.abc import Mapping

from portal.core import db, i18n, ids
from portal.core.ids import PublicId
from portal.features.callhandling.models import (
    BlockEntry,
    CallerEntry,
    CallerList,
    Forward,
    ForwardDestination,
    LineHandling,
    SpeedDial,
    TimeSet,
    TimeSpan,
)
from portal.features.callhandling.rules import Callers, Dates, Forward as Rule, Handling, Span, Times, Weekly
from portal.features.subscribers.models import Subscriber


def owned(line: Subscriber) -> dict[str, int]:
    return {"reseller_id": line.reseller_id, "customer_id": line.customer_id}


def write_handling(line: Subscriber, handling: Handling, keys: Mapping[PublicId, int] | None = None) -> None:
    """Everything of it; `keys` are those of the lines that it leads to."""
    session, keys = db.session(), keys or {}
    of_line = {"subscriber_id": line.id, **owned(line)}
    line.do_not_disturb = handling.do_not_disturb
    session.add(
        LineHandling(
            **of_line,
            ring_seconds=handling.ring_seconds,
            incoming=handling.incoming.mode.value,
            outgoing=handling.outgoing.mode.value,
            block_hidden=handling.incoming.hidden,
            hide_outside=handling.hide_outside,
            hide_inside=handling.hide_inside,
        )
    )
    for direction, blocking in (("in", handling.incoming), ("out", handling.outgoing)):
        session.add_all(BlockEntry(**of_line, direction=direction, pattern=pattern) for pattern in blocking.patterns)
    for slot, dial in handling.speed_dials.items():
        session.add(SpeedDial(**of_line, slot=slot, target_id=keys[dial.line] if dial.line else None, number=dial.number))
    for position, rule in enumerate(handling.forwards):
        write_forward(line, rule, position, keys)
    session.flush()


def write_forward(line: Subscriber, rule: Rule, position: int, keys: Mapping[PublicId, int]) -> Forward:
    made = Forward(
        **owned(line),
        public_id=rule.key or ids.new(),
        subscriber_id=line.id,
        when=rule.when.value,
        position=position,
        enabled=rule.enabled,
        caller_list_id=write_callers(line, rule.callers).id if rule.callers else None,
        callers_except=rule.callers_except,
        called=rule.called,
        time_set_id=write_times(line, rule.times).id if rule.times else None,
        times_except=rule.times_except,
        starts_at=rule.starts,
        ends_at=rule.ends,
    )
    db.session().add(made)
    db.session().flush()
    for place, one in enumerate(rule.destinations):
        facts = {"number": one.number, "ring_seconds": one.ring_seconds, "target_id": keys[one.line] if one.line else None}
        db.session().add(ForwardDestination(forward_id=made.id, position=place, **owned(line), **facts))
    return made


def write_callers(line: Subscriber, callers: Callers) -> CallerList:
    named = {"name": callers.name, "name_sort": i18n.sort_key(callers.name)}
    made = CallerList(**owned(line), subscriber_id=line.id, hidden=callers.hidden, colleagues=callers.colleagues, **named)
    db.session().add(made)
    db.session().flush()
    db.session().add_all(CallerEntry(caller_list_id=made.id, pattern=one, **owned(line)) for one in callers.patterns)
    return made


def write_times(line: Subscriber, times: Times) -> TimeSet:
    made = TimeSet(**owned(line), subscriber_id=line.id, name=times.name, name_sort=i18n.sort_key(times.name))
    db.session().add(made)
    db.session().flush()
    for position, span in enumerate(times.spans):
        db.session().add(TimeSpan(time_set_id=made.id, position=position, excluded=span.excluded, **owned(line), **_span(span)))
    return made


def _span(span: Span) -> dict[str, object]:
    match span:
        case Weekly():
            return {
                "kind": "weekly",
                "weekdays": sum(1 << day for day in span.weekdays),
                "begins": span.begins,
                "ends": span.ends,
            }
        case Dates():
            return {"kind": "dates", "first": span.first, "last": span.last}
        case _:
            return {"kind": "holidays", "country": span.country, "region": span.region}
