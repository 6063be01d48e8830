"""How groups ring, for the evaluation of calls."""

from random import Random
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.features.callhandling.queries import Groups
from portal.features.callhandling.rules import Order, Ringing
from portal.features.pbx.models import Group, Member
from portal.features.pbx.rules import RingingPolicy, ring_plan
from portal.features.subscribers.models import Subscriber

_Person = aliased(Subscriber)


def members(group_key: ColumnElement[int]) -> Select[Any]:
    return select(Member.subscriber_id).where(Member.group_id == group_key)


def stored() -> ScalarSelect[Any]:
    people = (
        select(func.jsonb_agg(aggregate_order_by(_Person.public_id, Member.position)))
        .select_from(Member)
        .join(_Person, _Person.id == Member.subscriber_id)
        .where(Member.group_id == Group.subscriber_id)
        .correlate(Group)
        .scalar_subquery()
    )
    facts = func.jsonb_build_array(
        Group.policy, Group.ring_seconds, Group.ignore_forwards, Group.turn, Group.subscriber_id, people
    )
    return select(facts).where(Group.subscriber_id == Subscriber.id).correlate(Subscriber).scalar_subquery()


def read(facts: Any) -> Ringing:
    """How the group rings on its next call; chance falls the same way until it has come in."""
    policy, seconds, ignore_forwards, turn, key, people = facts
    chance = Random(f"{key} {turn}")  # noqa: S311 - nothing hangs on it but who rings first
    steps = ring_plan(RingingPolicy(policy), people or (), turn, chance)
    return Ringing(steps, seconds, ignore_forwards, Order(policy))


GROUPS = Groups(members, stored, read)
