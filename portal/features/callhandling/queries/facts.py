"""What is stored of a line's handling, as parts of a select of lines, and read back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

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
from portal.features.callhandling.rules import (
    Blocking,
    Callers,
    Dates,
    Destination,
    Forward as Rule,
    Handling,
    Holidays,
    Mode,
    Span,
    Times,
    Weekly,
    When,
)
from portal.features.callhandling.rules.masking import in_force
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import Allowance

WEEK = range(7)
_Target = aliased(Subscriber)


def numbers() -> ScalarSelect[Any]:
    """The digits of a line's numbers, its own first."""
    own_first = aggregate_order_by(Number.digits, (Number.role == Role.PRIMARY).desc(), Number.digits)
    return select(func.array_agg(own_first)).where(Number.subscriber_id == Subscriber.id).correlate(Subscriber).scalar_subquery()


def forwards() -> ScalarSelect[Any]:
    place = func.jsonb_build_array(_Target.public_id, ForwardDestination.number, ForwardDestination.ring_seconds)
    places = (
        select(func.jsonb_agg(aggregate_order_by(place, ForwardDestination.position)))
        .select_from(ForwardDestination)
        .join(_Target, _Target.id == ForwardDestination.target_id, isouter=True)
        .where(ForwardDestination.forward_id == Forward.id)
        .correlate(Forward)
        .scalar_subquery()
    )
    columns = ("public_id", "when", "enabled", "callers_except", "called", "times_except", "starts_at", "ends_at")
    parts = [part for name in columns for part in (name, getattr(Forward, name))]
    rule = func.jsonb_build_object(*parts, "places", places, "callers", _callers(), "times", _times())
    return (
        select(func.jsonb_agg(aggregate_order_by(rule, Forward.position, Forward.id)))
        .select_from(Forward)
        .join(CallerList, CallerList.id == Forward.caller_list_id, isouter=True)
        .join(TimeSet, TimeSet.id == Forward.time_set_id, isouter=True)
        .where(Forward.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def _callers() -> Any:
    patterns = (
        select(func.jsonb_agg(aggregate_order_by(CallerEntry.pattern, CallerEntry.pattern)))
        .where(CallerEntry.caller_list_id == CallerList.id)
        .correlate(CallerList)
        .scalar_subquery()
    )
    known = func.jsonb_build_array(CallerList.name, patterns, CallerList.hidden, CallerList.colleagues)
    return case((CallerList.id.is_not(None), known))


def _times() -> Any:
    columns = ("kind", "excluded", "weekdays", "begins", "ends", "first", "last", "country", "region")
    span = func.jsonb_build_object(*(part for name in columns for part in (name, getattr(TimeSpan, name))))
    spans = (
        select(func.jsonb_agg(aggregate_order_by(span, TimeSpan.position)))
        .where(TimeSpan.time_set_id == TimeSet.id)
        .correlate(TimeSet)
        .scalar_subquery()
    )
    return case((TimeSet.id.is_not(None), func.jsonb_build_array(TimeSet.name, spans)))


def blocked() -> ScalarSelect[Any]:
    """Pairs of direction and pattern."""
    entry = func.jsonb_build_array(BlockEntry.direction, BlockEntry.pattern)
    return (
        select(func.jsonb_agg(aggregate_order_by(entry, BlockEntry.pattern)))
        .where(BlockEntry.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def speed_dials() -> ScalarSelect[Any]:
    dial = func.jsonb_build_array(SpeedDial.slot, _Target.public_id, SpeedDial.number)
    return (
        select(func.jsonb_agg(aggregate_order_by(dial, SpeedDial.slot)))
        .select_from(SpeedDial)
        .join(_Target, _Target.id == SpeedDial.target_id, isouter=True)
        .where(SpeedDial.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )


# --- read back ---------------------------------------------------------------------------------------------------------------


def handling(row: Any) -> Handling:
    """Of a row that has all of these, as far as its profile lets it."""
    stored: LineHandling | None = row.LineHandling
    entries = row.blocked or ()
    incoming, outgoing = (tuple(pattern for way, pattern in entries if way == direction) for direction in ("in", "out"))
    whole = Handling(
        forwards=tuple(map(_rule, row.forwards or ())),
        do_not_disturb=row.do_not_disturb,
        incoming=Blocking(patterns=incoming),
        outgoing=Blocking(patterns=outgoing),
        speed_dials={slot: Destination(line, number) for slot, line, number in row.speed_dials or ()},
    )
    return in_force(_with_stored(whole, stored) if stored else whole, Allowance(row.levels))


def _with_stored(whole: Handling, stored: LineHandling) -> Handling:
    return Handling(
        forwards=whole.forwards,
        ring_seconds=stored.ring_seconds,
        incoming=Blocking(Mode(stored.incoming), whole.incoming.patterns, stored.block_hidden),
        outgoing=Blocking(Mode(stored.outgoing), whole.outgoing.patterns),
        do_not_disturb=whole.do_not_disturb,
        hide_outside=stored.hide_outside,
        hide_inside=stored.hide_inside,
        speed_dials=whole.speed_dials,
    )


def _rule(stored: Mapping[str, Any]) -> Rule:
    starts, ends = (datetime.fromisoformat(at) if at else None for at in (stored["starts_at"], stored["ends_at"]))
    return Rule(
        key=PublicId(stored["public_id"]),
        when=When(stored["when"]),
        destinations=tuple(Destination(line, number, seconds) for line, number, seconds in stored["places"] or ()),
        enabled=stored["enabled"],
        callers=_read_callers(*stored["callers"]) if stored["callers"] else None,
        callers_except=stored["callers_except"],
        called=stored["called"],
        times=_read_times(*stored["times"]) if stored["times"] else None,
        times_except=stored["times_except"],
        starts=starts,
        ends=ends,
    )


def _read_callers(name: str, patterns: Sequence[str] | None, hidden: bool, colleagues: bool) -> Callers:  # noqa: FBT001 - columns
    return Callers(name, tuple(patterns or ()), hidden, colleagues)


def _read_times(name: str, spans: Iterable[Mapping[str, Any]] | None) -> Times:
    return Times(name, tuple(map(_span, spans or ())))


def _span(stored: Mapping[str, Any]) -> Span:
    excluded = stored["excluded"]
    match stored["kind"]:
        case "weekly":
            days = frozenset(day for day in WEEK if stored["weekdays"] >> day & 1)
            return Weekly(days, time.fromisoformat(stored["begins"]), time.fromisoformat(stored["ends"]), excluded)
        case "dates":
            return Dates(date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"]), excluded)
        case _:
            return Holidays(stored["country"], stored["region"], excluded)
