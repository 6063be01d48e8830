"""Which records a leg makes: one for each side that is a line of ours."""

from datetime import datetime
from typing import NamedTuple

from portal.features.calls.rules.legs import Leg
from portal.features.calls.rules.words import Direction, Side, Type


class Line(NamedTuple):
    """A line of ours. `label`: by what its colleagues dial it, the extension where it has one."""

    reseller_id: int
    customer_id: int
    subscriber_id: int
    label: str


class Record(NamedTuple):
    """A row of call_record, in the order in which it is copied to the database."""

    reseller_id: int
    customer_id: int
    subscriber_id: int
    call_id: str
    leg: int
    init_time: datetime
    start_time: datetime
    duration_ms: int
    side: str
    direction: str
    in_company: bool
    type: str
    result: str
    code: int | None
    own_number: str | None
    other_number: str | None
    other_subscriber_id: int | None
    forwarded_to: str | None
    forwarded_to_id: int | None
    dialled: str | None
    network_number: str | None
    peer: str | None


class Party(NamedTuple):
    """The other side as one side may see it: number shown, colleague, and what was withheld."""

    number: str | None
    subscriber_id: int | None
    withheld: str | None


NOBODY = Party(None, None, None)


def colleagues(one: Line | None, other: Line | None) -> bool:
    return one is not None and other is not None and one[:2] == other[:2]


def records(leg: Leg, caller: Line | None, callee: Line | None, origin: Line | None) -> list[Record]:
    """`origin`: whose number the callee is shown, when that is a line; of a forwarded leg it is who called first."""
    made = []
    forwarded = leg.type != Type.CALL
    inside = colleagues(caller, callee)
    first = origin if forwarded else caller
    if caller and forwarded:
        made.append(_record(leg, caller, Direction.FORWARD, _from(leg, first, caller), _to(leg, callee, inside=inside)))
    elif caller:
        made.append(_record(leg, caller, Direction.INSIDE if inside else Direction.OUT, _to(leg, callee, inside=inside), NOBODY))
    if callee:
        direction = Direction.INSIDE if colleagues(first, callee) else Direction.IN
        made.append(_record(leg, callee, direction, _from(leg, first, callee), NOBODY, side=Side.CALLEE, in_company=not inside))
    return made


def _to(leg: Leg, callee: Line | None, *, inside: bool) -> Party:
    """A line of somebody else is known by the number that was called."""
    if callee and inside:
        return Party(callee.label, callee.subscriber_id, None)
    return Party(leg.called or leg.callee.shown, None, None)


def _from(leg: Leg, caller: Line | None, viewer: Line) -> Party:
    """Colleagues do not hide from each other."""
    if caller and colleagues(caller, viewer):
        return Party(caller.label, caller.subscriber_id, None)
    number = leg.shown or leg.caller.shown
    return Party(None, None, number) if leg.hidden else Party(number, None, None)


def _record(
    leg: Leg, line: Line, direction: Direction, other: Party, goal: Party, *, side: Side = Side.CALLER, in_company: bool = True,
) -> Record:
    return Record(
        line.reseller_id,
        line.customer_id,
        line.subscriber_id,
        leg.call_id,
        leg.leg,
        leg.init_time,
        leg.start_time,
        leg.duration_ms,
        side,
        direction,
        in_company,
        leg.type,
        leg.result,
        leg.code,
        leg.shown if side is Side.CALLER else leg.called,
        other.number,
        other.subscriber_id,
        goal.number,
        goal.subscriber_id,
        leg.dialled,
        other.withheld,
        leg.peer,
    )
