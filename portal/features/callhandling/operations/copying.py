"""One line's handling taken over by others: all of it or parts, for all of them or for none."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from portal.core import clock, db, i18n
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.callhandling import queries, rules
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
from portal.features.callhandling.operations.handling import handling_of, renewed
from portal.features.callhandling.rules import Copied
from portal.features.callhandling.rules.copying import FEATURES
from portal.features.subscribers.models import Kind, Subscriber
from portal.features.subscribers.operations import record
from portal.features.subscribers.queries import ceiling_of

Condition = TimeSet | CallerList
Kept = TypeVar("Kept", TimeSet, CallerList)


def copy_handling(*, by: Identity, source: Subscriber, to: Collection[PublicId], parts: Collection[Copied]) -> list[Subscriber]:
    """What `to` have in these parts is replaced. Conditions of the line's own become theirs.

    Rules that depend on a further number of the source are left out. Raises Refused when calls of somebody would go in a circle.
    """
    if by.role is not None and not by.can(P.CALL_HANDLING_COMPANY):
        raise NotFound
    source, targets = _held(source, to)
    wanted = [part for part in Copied if part in parts and (source.kind != Kind.GROUP or part in rules.FOR_GROUPS)]
    if not wanted:
        raise Refused("copy-nothing", field="parts")
    if by.role is not None:
        _check_sold(source.customer_id, wanted)
    copy = _Copy(source, targets)
    for part in wanted:
        copy.parts[part]()
    for target in targets:
        copy.save(target)
    if Copied.FORWARDING in wanted:
        _check_circles(source.customer_id, targets)
    for target in targets:
        record(Event.HANDLING_COPIED, by=by, line=target, was=source.display_name, parts=[part.value for part in wanted])
    return targets


def _check_sold(customer_id: int, parts: Collection[Copied]) -> None:
    """What their class of service keeps back cannot be given to lines in this way either."""
    ceiling = ceiling_of(customer_id)
    for feature in (one for part in parts for one in FEATURES[part]):
        ceiling.check_sold(feature)


def _held(source: Subscriber, to: Collection[PublicId]) -> tuple[Subscriber, list[Subscriber]]:
    """All of them, held in the order of their keys, so that two who copy do it one after the other."""
    if not to:
        raise Refused("copy-nobody", field="to")
    wanted = {*to, source.public_id}
    lines = {line.public_id: line for line in queries.held_lines(source.customer_id, wanted)}
    is_group = source.kind == Kind.GROUP
    alike = all((line.kind == Kind.GROUP) == is_group for line in lines.values())
    if lines.keys() != wanted or source.public_id in to or not alike:
        raise Refused("copy-line", field="to")
    return lines[source.public_id], [lines[one] for one in sorted(to, key=lambda one: lines[one].id)]


class _Copy:
    """What the source has, read once, and the rows of those who take it over."""

    def __init__(self, source: Subscriber, targets: Sequence[Subscriber]) -> None:
        self.source, self.targets = source, targets
        self.keys = [target.id for target in targets]
        self.own = handling_of(source)
        self.rows: dict[int, LineHandling] = {target.id: handling_of(target) for target in targets}
        self.parts = {
            Copied.FORWARDING: self.forwarding,
            Copied.BLOCKING: self.blocking,
            Copied.PRIVACY: self.privacy,
            Copied.SPEED_DIAL: self.speed_dial,
        }

    def save(self, target: Subscriber) -> None:
        renewed(self.rows[target.id])

    def _take(self, *names: str) -> None:
        for row in self.rows.values():
            for name in names:
                setattr(row, name, getattr(self.own, name))

    def privacy(self) -> None:
        self._take("hide_outside", "hide_inside")

    def blocking(self) -> None:
        self._take("incoming", "block_hidden", *(() if self.source.kind == Kind.GROUP else ("outgoing",)))
        entries = list(db.session().scalars(select(BlockEntry).where(BlockEntry.subscriber_id == self.source.id)))
        db.session().execute(delete(BlockEntry).where(BlockEntry.subscriber_id.in_(self.keys)))
        db.session().add_all(
            BlockEntry(direction=one.direction, pattern=one.pattern, note=one.note, **_of(target))
            for target in self.targets
            for one in entries
        )

    def speed_dial(self) -> None:
        dials = list(db.session().scalars(select(SpeedDial).where(SpeedDial.subscriber_id == self.source.id)))
        db.session().execute(delete(SpeedDial).where(SpeedDial.subscriber_id.in_(self.keys)))
        db.session().add_all(
            SpeedDial(slot=one.slot, target_id=one.target_id, number=one.number, name=one.name, **_of(target))
            for target in self.targets
            for one in dials
            if one.target_id != target.id
        )

    def forwarding(self) -> None:
        if self.source.kind != Kind.GROUP:
            self._take("ring_seconds")
        forwards = queries.forwards_of(self.source.id)
        places = queries.destinations_of([one.id for one in forwards])
        primaries = queries.primaries_of([self.source.id, *self.keys])
        conditions = _Conditions(self.source)
        db.session().execute(delete(Forward).where(Forward.subscriber_id.in_(self.keys)))
        for target in self.targets:
            for forward in forwards:
                if forward.called in {None, primaries.get(self.source.id)}:
                    called = primaries.get(target.id) if forward.called else None
                    _write_forward(target, forward, places.get(forward.id, ()), called, conditions)


def _of(line: Subscriber) -> dict[str, int]:
    return {"subscriber_id": line.id, "reseller_id": line.reseller_id, "customer_id": line.customer_id}


def _write_forward(
    target: Subscriber,
    forward: Forward,
    places: Sequence[ForwardDestination],
    called: str | None,
    conditions: "_Conditions",
) -> None:
    if any(place.target_id == target.id for place in places):
        raise Refused("copy-own", field="to", name=target.display_name)
    made = Forward(
        **_of(target),
        when=forward.when,
        position=forward.position,
        enabled=forward.enabled,
        caller_list_id=conditions.of(CallerList, forward.caller_list_id, target),
        callers_except=forward.callers_except,
        called=called,
        time_set_id=conditions.of(TimeSet, forward.time_set_id, target),
        times_except=forward.times_except,
        starts_at=forward.starts_at,
        ends_at=forward.ends_at,
    )
    db.session().add(made)
    db.session().flush()
    own = {"forward_id": made.id, "reseller_id": made.reseller_id, "customer_id": made.customer_id}
    db.session().add_all(
        ForwardDestination(
            position=one.position, target_id=one.target_id, number=one.number, ring_seconds=one.ring_seconds, **own
        )
        for one in places
    )


class _Conditions:
    """The keys of conditions for others: those of the company are everybody's, those of the source are made anew for each."""

    def __init__(self, source: Subscriber) -> None:
        self.source = source
        self.made: dict[tuple[type[Condition], int, int], int] = {}

    def of(self, kind: type[Condition], key: int | None, target: Subscriber) -> int | None:
        if key is None:
            return None
        session = db.session()
        kept: Condition = session.get_one(TimeSet, key) if kind is TimeSet else session.get_one(CallerList, key)
        if kept.subscriber_id is None:
            return key
        found = self.made.get((kind, key, target.id))
        if found is None:
            found = self.made[kind, key, target.id] = self._again(kept, target)
        return found

    def _again(self, kept: Condition, target: Subscriber) -> int:
        name = f"{kept.name} ({self.source.display_name})"[: rules.LONGEST_CONDITION_NAME]
        named = {**_of(target), "name": name, "name_sort": i18n.sort_key(name)}
        return _copy_times(kept, named) if isinstance(kept, TimeSet) else _copy_callers(kept, named)


def _copy_times(kept: TimeSet, named: Mapping[str, Any]) -> int:
    made = _taken_over(TimeSet, named) or TimeSet(**named)
    _kept_as(made)
    _copy_rows(TimeSpan, kept.id, made.id, "time_set_id")
    return made.id


def _copy_callers(kept: CallerList, named: Mapping[str, Any]) -> int:
    made = _taken_over(CallerList, named) or CallerList(**named)
    made.hidden, made.colleagues = kept.hidden, kept.colleagues
    _kept_as(made)
    _copy_rows(CallerEntry, kept.id, made.id, "caller_list_id")
    return made.id


def _taken_over(kind: type[Kept], named: Mapping[str, Any]) -> Kept | None:
    """What the line has from an earlier copy: what is in it now is not what the source has now."""
    own = select(kind).where(kind.subscriber_id == named["subscriber_id"], kind.name_sort == named["name_sort"])
    return db.session().scalars(own.limit(1).with_for_update()).first()


def _kept_as(made: Condition) -> None:
    db.session().add(made)
    flag_modified(made, "name")  # a new version, for those who edit it
    db.session().flush()


def _copy_rows(table: type[TimeSpan | CallerEntry], was: int, now: int, owner: str) -> None:
    db.session().execute(delete(table).where(getattr(table, owner) == now))
    for row in db.session().scalars(select(table).where(getattr(table, owner) == was)):
        values = {column.key: getattr(row, column.key) for column in table.__table__.columns}
        db.session().add(table(**{**values, owner: now}))
    db.session().flush()


def _check_circles(customer_id: int, targets: Sequence[Subscriber]) -> None:
    exchange = queries.exchange(customer_id, [target.public_id for target in targets])
    for target in targets:
        if any(one.refuses for one in rules.problems_of_line(exchange, target.public_id, clock.now())):
            raise Refused("copy-circle", field="to", name=target.display_name)
