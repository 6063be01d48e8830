"""Who does not get through to a line, and what cannot be called from it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.phone import Home
from portal.features.callhandling import queries, rules
from portal.features.callhandling.models import BlockEntry, LineHandling
from portal.features.callhandling.operations.handling import at_version, check_has_phone, handling_of, renewed
from portal.features.callhandling.rules import Direction, Entry, Mode
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.operations import check_may_change, record
from portal.features.subscribers.rules import Feature

FEATURES = {Direction.IN: Feature.BLOCK_INCOMING, Direction.OUT: Feature.BLOCK_OUTGOING}


def change_blocking(
    *,
    by: Identity,
    line: Subscriber,
    version: int,
    direction: Direction,
    mode: Mode,
    entries: Sequence[Entry],
    home: Home,
    hidden: bool = False,
) -> None:
    """`hidden`: whether callers without a number are blocked, too; incoming only. Raises Conflict."""
    check_may_change(by=by, line=line, feature=FEATURES[direction])
    if direction is Direction.OUT:
        check_has_phone(line)
    handling = at_version(line, version)
    rules.check_blocking(direction, mode, entries, home)
    wanted = {entry.pattern: entry.note for entry in entries}
    now = {"mode": mode.value, "hidden": hidden and direction is Direction.IN, "entries": wanted}
    was = _state(handling, direction)
    if now == was:
        return
    db.session().execute(delete(BlockEntry).where(BlockEntry.subscriber_id == line.id, BlockEntry.direction == direction.value))
    _add(line, direction, wanted)
    if direction is Direction.IN:
        handling.incoming, handling.block_hidden = mode.value, hidden
    else:
        handling.outgoing = mode.value
    renewed(handling)
    record(Event.BLOCKING_CHANGED, by=by, line=line, direction=direction.value, **_told(was, now))


def _state(handling: LineHandling, direction: Direction) -> dict[str, object]:
    incoming = direction is Direction.IN
    return {
        "mode": handling.incoming if incoming else handling.outgoing,
        "hidden": incoming and handling.block_hidden,
        "entries": _entries(handling.subscriber_id, direction),
    }


def _entries(line_id: int, direction: Direction) -> dict[str, str | None]:
    wanted = select(BlockEntry).where(BlockEntry.subscriber_id == line_id, BlockEntry.direction == direction.value)
    return {entry.pattern: entry.note for entry in db.session().scalars(wanted)}


def _add(line: Subscriber, direction: Direction, entries: dict[str, str | None]) -> None:
    owned = {"subscriber_id": line.id, "reseller_id": line.reseller_id, "customer_id": line.customer_id}
    db.session().add_all(BlockEntry(direction=direction.value, pattern=one, note=note, **owned) for one, note in entries.items())
    db.session().flush()


def _told(was: Mapping[str, object], now: Mapping[str, object]) -> dict[str, object]:
    """What has changed: values as pairs, and what was put on the list and taken off."""
    changed: dict[str, object] = {name: (was[name], now[name]) for name in ("mode", "hidden") if was[name] != now[name]}
    before, after = dict(was["entries"]), dict(now["entries"])  # type: ignore[call-overload]
    listed = {"listed": sorted(after.keys() - before.keys()), "unlisted": sorted(before.keys() - after.keys())}
    return changed | {name: patterns for name, patterns in listed.items() if patterns}


def block_caller(*, by: Identity, line: Subscriber, number: str) -> None:
    """Puts one number, in canonical digits, on the list of those whose calls are not taken."""
    check_may_change(by=by, line=line, feature=Feature.BLOCK_INCOMING)
    if not rules.is_outside_number(number) or queries.is_of_customer(line.customer_id, number):
        raise Refused("caller-unknown")
    handling = handling_of(line)
    if handling.incoming == Mode.ALLOW:
        raise Refused("blocking-allows")
    have = _entries(line.id, Direction.IN)
    if number in have:
        raise Refused("blocked-already")
    rules.check_entries([*map(Entry, have), Entry(number)])
    _add(line, Direction.IN, {number: None})
    renewed(handling)
    record(Event.BLOCKING_CHANGED, by=by, line=line, direction=Direction.IN.value, listed=[number])


def unblock_caller(*, by: Identity, line: Subscriber, number: str) -> None:
    """Takes it off again; not there any more is as good."""
    check_may_change(by=by, line=line, feature=Feature.BLOCK_INCOMING)
    if not rules.is_outside_number(number):
        raise Refused("caller-unknown")
    handling = handling_of(line)
    entry = db.session().get(BlockEntry, (line.id, Direction.IN.value, number))
    if entry is None or handling.incoming == Mode.ALLOW:
        return
    db.session().delete(entry)
    renewed(handling)
    record(Event.BLOCKING_CHANGED, by=by, line=line, direction=Direction.IN.value, unlisted=[number])
