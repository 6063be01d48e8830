"""All that the page of a line shows and edits, in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.callhandling.models import (
    BlockEntry,
    CallerList,
    Forward,
    ForwardDestination,
    LineHandling,
    SpeedDial,
    TimeSet,
)
from portal.features.callhandling.rules import When
from portal.features.customers.models import Customer, Product
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Kind, Status, Subscriber
from portal.features.subscribers.queries import levels_of_class, levels_of_line
from portal.features.subscribers.rules import Allowance

_Target = aliased(Subscriber)


_FIRST, _NUMBER = aliased(Subscriber), aliased(Number)


@dataclass(frozen=True)
class Target:
    """A line of the company that something leads to."""

    public_id: PublicId
    name: str
    extension: str | None
    ended: bool = False

    @property
    def label(self) -> str:
        return f"{self.name}, {self.extension}" if self.extension else self.name


@dataclass(frozen=True)
class Place:
    """Where a forwarded call goes, or a speed dial: a line of the company, or the digits of any number."""

    target: Target | None
    number: str | None
    ring_seconds: int = 20
    name: str | None = None


@dataclass(frozen=True)
class Named:
    """A time set or a caller list."""

    public_id: PublicId
    name: str
    own: bool


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of forwarding; `called` is digits."""

    public_id: PublicId
    when: When
    enabled: bool
    version: int
    places: tuple[Place, ...]
    callers: Named | None
    callers_except: bool
    called: str | None
    times: Named | None
    times_except: bool
    starts_at: datetime | None
    ends_at: datetime | None

    @property
    def scheduled(self) -> bool:
        return self.starts_at is not None or self.ends_at is not None

    @property
    def conditional(self) -> bool:
        return bool(self.callers or self.called or self.times)


@dataclass(frozen=True)
class Blocked:
    pattern: str
    note: str | None


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """`handling` is the usual one (version 0) for a line that has none of its own. `numbers`: the own one first.

    `ceiling`: what the class of service says; `allowance` is under it.

    `base`: the number of the company or, without CloudPBX, the own one.

    `blocked` by direction, `in` and `out`; `speed_dials` by slot.
    """

    line: Subscriber
    company: str
    base: str | None
    cloudpbx: bool
    allowance: Allowance
    ceiling: Allowance
    numbers: tuple[str, ...]
    handling: LineHandling
    rules: tuple[Rule, ...]
    blocked: Mapping[str, tuple[Blocked, ...]]
    speed_dials: Mapping[int, Place]

    @property
    def kind(self) -> Kind:
        return Kind(self.line.kind)

    @property
    def is_group(self) -> bool:
        return self.kind is Kind.GROUP

    def of(self, when: When) -> list[Rule]:
        """The rules of a kind that are no changes for some days, in their order."""
        return [rule for rule in self.rules if rule.when is when and not rule.scheduled]

    @property
    def scheduled(self) -> list[Rule]:
        return sorted(
            (rule for rule in self.rules if rule.scheduled), key=lambda rule: (rule.starts_at is not None, rule.starts_at)
        )


def sheet(line_id: PublicId | None, *, own: int | None = None) -> Sheet:
    """A line by its public id, or the one with the key `own`. Raises NotFound when it is not there, or has ended."""
    wanted = Subscriber.id == own if line_id is None else Subscriber.public_id == line_id
    row = (
        db.session()
        .execute(
            select(
                Subscriber,
                Customer.name.label("company"),
                Customer.product,
                _base().label("base"),
                levels_of_line().label("levels"),
                levels_of_class().label("ceiling"),
                LineHandling,
                _numbers().label("numbers"),
                _rules().label("rules"),
                _blocked().label("blocked"),
                _speed_dials().label("speed_dials"),
            )
            .join(Customer, Customer.id == Subscriber.customer_id)
            .join(LineHandling, LineHandling.subscriber_id == Subscriber.id, isouter=True)
            .where(wanted, Subscriber.status != Status.TERMINATED),
            execution_options={"populate_existing": True},
        )
        .first()
    )
    if row is None:
        raise NotFound
    blocked: dict[str, list[Blocked]] = {"in": [], "out": []}
    for direction, pattern, note in row.blocked or ():
        blocked[direction].append(Blocked(pattern, note))
    return Sheet(
        line=row.Subscriber,
        company=row.company,
        base=row.base,
        cloudpbx=row.product == Product.CLOUDPBX,
        allowance=Allowance(row.levels),
        ceiling=Allowance(row.ceiling),
        numbers=tuple(row.numbers or ()),
        handling=row.LineHandling or usual(row.Subscriber),
        rules=tuple(_rule(facts) for facts in row.rules or ()),
        blocked={direction: tuple(entries) for direction, entries in blocked.items()},
        speed_dials={slot: _place(*place, name=name) for slot, name, place in row.speed_dials or ()},
    )


def usual(line: Subscriber) -> LineHandling:
    """What a line does that has no row of its own; not in the session."""
    return LineHandling(
        subscriber_id=line.id,
        reseller_id=line.reseller_id,
        customer_id=line.customer_id,
        ring_seconds=20,
        incoming="block",
        outgoing="block",
        block_hidden=False,
        hide_outside=False,
        hide_inside=False,
        version=0,
    )


def _rule(facts: Mapping[str, Any]) -> Rule:
    starts, ends = (datetime.fromisoformat(at) if at else None for at in (facts["starts_at"], facts["ends_at"]))
    return Rule(
        public_id=PublicId(facts["public_id"]),
        when=When(facts["when"]),
        enabled=facts["enabled"],
        version=facts["version"],
        places=tuple(_place(*place) for place in facts["places"] or ()),
        callers=Named(*facts["callers"]) if facts["callers"] else None,
        callers_except=facts["callers_except"],
        called=facts["called"],
        times=Named(*facts["times"]) if facts["times"] else None,
        times_except=facts["times_except"],
        starts_at=starts,
        ends_at=ends,
    )


def _place(target: Sequence[Any] | None, number: str | None, ring_seconds: int = 20, *, name: str | None = None) -> Place:
    return Place(Target(*target) if target else None, number, ring_seconds, name)


def _numbers() -> ScalarSelect[Any]:
    own_first = aggregate_order_by(Number.digits, (Number.role == Role.PRIMARY).desc(), Number.digits)
    return select(func.array_agg(own_first)).where(Number.subscriber_id == Subscriber.id).correlate(Subscriber).scalar_subquery()


def _base() -> ScalarSelect[Any]:
    """That of the pilot, or of the line itself when it is a regular one."""
    own = (_FIRST.kind == Kind.PILOT) | ((_FIRST.kind == Kind.REGULAR) & (_FIRST.id == Subscriber.id))
    return (
        select(_NUMBER.digits)
        .join(_FIRST, _FIRST.id == _NUMBER.subscriber_id)
        .where(
            _NUMBER.role == Role.PRIMARY, own, _FIRST.customer_id == Subscriber.customer_id, _FIRST.status != Status.TERMINATED
        )
        .correlate(Subscriber)
        .limit(1)
        .scalar_subquery()
    )


def _target() -> Any:
    """The line that is joined as _Target, or null."""
    facts = _Target.public_id, _Target.display_name, _Target.extension, _Target.status == Status.TERMINATED
    return case((_Target.id.is_not(None), func.jsonb_build_array(*facts)))


def _named(one: type[TimeSet | CallerList]) -> Any:
    return case((one.id.is_not(None), func.jsonb_build_array(one.public_id, one.name, one.subscriber_id.is_not(None))))


def _rules() -> ScalarSelect[Any]:
    place = func.jsonb_build_array(_target(), ForwardDestination.number, ForwardDestination.ring_seconds)
    places = (
        select(func.jsonb_agg(aggregate_order_by(place, ForwardDestination.position)))
        .join(_Target, _Target.id == ForwardDestination.target_id, isouter=True)
        .where(ForwardDestination.forward_id == Forward.id)
        .correlate(Forward)
        .scalar_subquery()
    )
    columns = ("public_id", "when", "enabled", "version", "callers_except", "called", "times_except", "starts_at", "ends_at")
    facts = [part for name in columns for part in (name, getattr(Forward, name))]
    facts += ["places", places, "callers", _named(CallerList), "times", _named(TimeSet)]
    return (
        select(func.jsonb_agg(aggregate_order_by(func.jsonb_build_object(*facts), Forward.position, Forward.id)))
        .join(CallerList, CallerList.id == Forward.caller_list_id, isouter=True)
        .join(TimeSet, TimeSet.id == Forward.time_set_id, isouter=True)
        .where(Forward.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def _blocked() -> ScalarSelect[Any]:
    facts = func.jsonb_build_array(BlockEntry.direction, BlockEntry.pattern, BlockEntry.note)
    return (
        select(func.jsonb_agg(aggregate_order_by(facts, BlockEntry.pattern)))
        .where(BlockEntry.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def _speed_dials() -> ScalarSelect[Any]:
    place = func.jsonb_build_array(_target(), SpeedDial.number)
    facts = func.jsonb_build_array(SpeedDial.slot, SpeedDial.name, place)
    return (
        select(func.jsonb_agg(aggregate_order_by(facts, SpeedDial.slot)))
        .join(_Target, _Target.id == SpeedDial.target_id, isouter=True)
        .where(SpeedDial.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )
