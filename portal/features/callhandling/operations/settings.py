"""Ring time, do not disturb, and whether the own number is shown."""

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.callhandling import rules
from portal.features.callhandling.models import LineHandling
from portal.features.callhandling.operations.handling import at_version, check_has_phone, renewed
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.operations import check_may_change, record
from portal.features.subscribers.rules import Feature


def change_ring_time(*, by: Identity, line: Subscriber, version: int, ring_seconds: int | None) -> None:
    """How long it rings until a call counts as not answered. Raises Conflict."""
    check_may_change(by=by, line=line, feature=Feature.FORWARDING)
    check_has_phone(line)
    handling = at_version(line, version)
    if ring_seconds is None or not 1 <= ring_seconds <= rules.LONGEST_RING:
        raise Refused("ring-time", field="ring_seconds", longest=rules.LONGEST_RING)
    _change(by, line, handling, {"ring_seconds": ring_seconds})


def change_privacy(*, by: Identity, line: Subscriber, version: int, hide_outside: bool, hide_inside: bool) -> None:
    """Whether called people see who calls. Raises Conflict."""
    check_may_change(by=by, line=line, feature=Feature.PRIVACY)
    check_has_phone(line)
    _change(by, line, at_version(line, version), {"hide_outside": hide_outside, "hide_inside": hide_inside})


def _change(by: Identity, line: Subscriber, handling: LineHandling, wanted: dict[str, int | bool]) -> None:
    changed = {name: (getattr(handling, name), now) for name, now in wanted.items() if getattr(handling, name) != now}
    if not changed:
        return
    for name, now in wanted.items():
        setattr(handling, name, now)
    renewed(handling)
    record(Event.HANDLING_CHANGED, by=by, line=line, **changed)


def switch_do_not_disturb(*, by: Identity, line: Subscriber, on: bool) -> None:
    """Kept at the line itself, where the page of an extension switches it, too. Switching it to what it is changes nothing."""
    check_may_change(by=by, line=line, feature=Feature.DO_NOT_DISTURB)
    check_has_phone(line)
    subscribers.hold(line)
    if line.do_not_disturb == on:
        return
    line.do_not_disturb = on
    record(Event.HANDLING_CHANGED, by=by, line=line, do_not_disturb=(not on, on))
    db.session().flush()
