"""Whom the keys *0 to *9 call."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from portal.core import db
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.callhandling import queries, rules
from portal.features.callhandling.models import SpeedDial
from portal.features.callhandling.operations.handling import at_version, check_has_phone, renewed
from portal.features.callhandling.rules import Dial
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.operations import check_may_change, record
from portal.features.subscribers.rules import Feature

Kept = Mapping[int, tuple[int | None, str | None, str | None]]  # (key of a line, number, name) by slot


def change_speed_dials(*, by: Identity, line: Subscriber, version: int, dials: Mapping[int, Dial]) -> None:
    """All keys at once; those not given call nobody. Raises Conflict."""
    check_may_change(by=by, line=line, feature=Feature.SPEED_DIAL)
    check_has_phone(line)
    handling = at_version(line, version)
    settled = rules.settled_dials(dials, queries.directory(line.customer_id))
    keys = queries.line_keys(line.customer_id, [dial.to.line for dial in settled.values() if dial.to.line])
    wanted = {slot: _columns(dial, keys) for slot, dial in settled.items()}
    was = _kept(line)
    if wanted == was:
        return
    _write(line, wanted)
    renewed(handling)
    changed = [f"*{slot}" for slot in rules.SLOTS if wanted.get(slot) != was.get(slot)]
    record(Event.SPEED_DIAL_CHANGED, by=by, line=line, keys=changed)


def _columns(dial: Dial, keys: Mapping[PublicId, int]) -> tuple[int | None, str | None, str | None]:
    return (keys[dial.to.line] if dial.to.line else None, dial.to.number, dial.name)


def _kept(line: Subscriber) -> Kept:
    found = db.session().scalars(select(SpeedDial).where(SpeedDial.subscriber_id == line.id))
    return {one.slot: (one.target_id, one.number, one.name) for one in found}


def _write(line: Subscriber, wanted: Kept) -> None:
    db.session().execute(delete(SpeedDial).where(SpeedDial.subscriber_id == line.id))
    owned = {"subscriber_id": line.id, "reseller_id": line.reseller_id, "customer_id": line.customer_id}
    db.session().add_all(
        SpeedDial(slot=slot, target_id=target, number=number, name=name, **owned)
        for slot, (target, number, name) in wanted.items()
    )
    db.session().flush()
