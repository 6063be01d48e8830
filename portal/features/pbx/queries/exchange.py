"""How groups ring, for the evaluation of calls."""

from collections.abc import Collection, Mapping
from random import Random
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.core import db
from portal.features.callhandling.queries import Groups
from portal.features.callhandling.rules import Order, Ringing
from portal.features.pbx.models import Group, Member
from portal.features.pbx.rules import RingingPolicy, ring_plan
from portal.features.subscribers.models import Subscriber

_Person = aliased(Subscriber)


def members() -> Select[Any]:
    """Pairs of keys: a group, and a line in it."""
    return select(Member.group_id.label("source"), Member.subscriber_id.label("target"))


def ringing(keys: Collection[int]) -> Mapping[int, Ringing]:
    """The next call of each group. One statement, or none; chance falls the same way until a call has come in."""
    if not keys:
        return {}
    lines = (
        select(func.array_agg(aggregate_order_by(_Person.public_id, Member.position)))
        .select_from(Member)
        .join(_Person, _Person.id == Member.subscriber_id)
        .where(Member.group_id == Group.subscriber_id)
        .correlate(Group)
        .scalar_subquery()
    )
    rows = db.session().execute(
        select(Group, lines.label("members")).where(Group.subscriber_id.in_(keys)), execution_options={"populate_existing": True}
    )
    return {row.Group.subscriber_id: _ringing(row.Group, row.members or ()) for row in rows}


def _ringing(group: Group, lines: Any) -> Ringing:
    chance = Random(f"{group.subscriber_id} {group.turn}")  # noqa: S311 - nothing hangs on it but who rings first
    steps = ring_plan(RingingPolicy(group.policy), lines, group.turn, chance)
    return Ringing(steps, group.ring_seconds, group.ignore_forwards, Order(group.policy))


GROUPS = Groups(members, ringing)
