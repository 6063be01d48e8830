"""What people have set up that a profile may put out of force."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from portal.core import clock, db
from portal.core.ids import PublicId
from portal.features.callhandling.models import BlockEntry, Forward, LineHandling, SpeedDial
from portal.features.customers.models import Customer
from portal.features.phonebook.models import Entry
from portal.features.subscribers.models import Profile, Status, Subscriber
from portal.features.subscribers.queries import PERSONAL, levels_of_line
from portal.features.subscribers.rules import STORED, Allowance, Feature, Level


def _has(table: Any, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(1).select_from(table).where(table.subscriber_id == Subscriber.id, *conditions).correlate(Subscriber).exists()


def _set_up() -> Mapping[Feature, ColumnElement[bool]]:
    """Whether a line has something set that each feature puts in force."""
    lasting = Forward.ends_at.is_(None) | (Forward.ends_at > clock.now())
    unusual_in = (LineHandling.incoming != "block") | LineHandling.block_hidden
    unusual_out = LineHandling.outgoing != "block"
    return {
        Feature.FORWARDING: _has(Forward, Forward.enabled.is_(True), lasting),
        Feature.BLOCK_INCOMING: _has(BlockEntry, BlockEntry.direction == "in") | _has(LineHandling, unusual_in),
        Feature.BLOCK_OUTGOING: _has(BlockEntry, BlockEntry.direction == "out") | _has(LineHandling, unusual_out),
        Feature.PRIVACY: _has(LineHandling, LineHandling.hide_outside | LineHandling.hide_inside),
        Feature.DO_NOT_DISTURB: Subscriber.do_not_disturb.expression,
        Feature.SPEED_DIAL: _has(SpeedDial),
        Feature.PHONEBOOK: _has(Entry),
    }


def default_of(customer_id: int) -> ScalarSelect[int | None]:
    return select(Customer.default_profile_id).where(Customer.id == customer_id).scalar_subquery()


def under(customer_id: int, profile: PublicId) -> ColumnElement[bool]:
    """Lines for which a profile counts, as their own or by default."""
    meant = select(Profile.id).where(Profile.customer_id == customer_id, Profile.public_id == profile).scalar_subquery()
    return func.coalesce(Subscriber.profile_id, default_of(customer_id)) == meant


def without_own() -> ColumnElement[bool]:
    return Subscriber.profile_id.is_(None)


def these(public_ids: Collection[PublicId]) -> ColumnElement[bool]:
    return Subscriber.public_id.in_(public_ids)


def losing(customer_id: int, lines: ColumnElement[bool], after: Allowance) -> Mapping[Feature, int]:
    """How many people of these lines have something in force now that is not any more under `after`. One statement."""
    gone = [feature for feature in Feature if not after.may_use(feature)]
    if not gone:
        return {}
    set_up = _set_up()
    person = Subscriber.kind.in_(PERSONAL) & (Subscriber.status != Status.TERMINATED)
    found = (
        select(levels_of_line().label("levels"), *(set_up[feature].label(feature.value) for feature in gone))
        .where(Subscriber.customer_id == customer_id, person, lines)
        .subquery()
    )
    counts = [
        func.count().filter(
            found.c[feature.value],
            func.coalesce(found.c.levels[feature.value].astext, STORED[Level.CHANGE]) != STORED[Level.OFF],
        )
        for feature in gone
    ]
    row = db.session().execute(select(*counts).select_from(found)).one()
    return {feature: count for feature, count in zip(gone, row, strict=True) if count}
