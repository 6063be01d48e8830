from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.customers.models import Customer, ServiceClass
from portal.features.subscribers.models import Kind, Profile, Status, Subscriber
from portal.features.subscribers.rules import Allowance

PERSONAL = (Kind.EXTENSION.value, Kind.REGULAR.value)  # lines of a person; pilots and groups are under no profile


def levels_of_line() -> ScalarSelect[Any]:
    """For selects of lines: the lower of what their class of service and their profile say; null allows everything.

    The profile is their own or else their customer’s, and counts for people only; the class counts for every line.
    """
    counts = Subscriber.kind.in_(PERSONAL) & (Profile.id == func.coalesce(Subscriber.profile_id, Customer.default_profile_id))
    return (
        select(func.lower_levels(ServiceClass.levels, Profile.levels, type_=JSONB))
        .select_from(Customer)
        .outerjoin(ServiceClass, ServiceClass.id == Customer.service_class_id)
        .outerjoin(Profile, counts)
        .where(Customer.id == Subscriber.customer_id)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def levels_of_class() -> ScalarSelect[Any]:
    """For selects of lines: what their class of service says; null allows everything."""
    return (
        select(ServiceClass.levels)
        .join(Customer, Customer.service_class_id == ServiceClass.id)
        .where(Customer.id == Subscriber.customer_id)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def ceiling_of(customer_id: int) -> Allowance:
    """How far whoever runs a company may go: what its class of service says. One statement."""
    held = select(ServiceClass.levels).join(Customer, Customer.service_class_id == ServiceClass.id)
    return Allowance(db.session().scalar(held.where(Customer.id == customer_id)))


def allowance_of(subscriber_id: int) -> Allowance:
    """By the class of service, and the line’s own profile or else its customer’s. One statement."""
    return Allowance(db.session().scalar(select(levels_of_line()).select_from(Subscriber).where(Subscriber.id == subscriber_id)))


def allowances(subscriber_ids: Collection[int]) -> Mapping[int, Allowance]:
    """The same for many lines. One statement."""
    rows = db.session().execute(select(Subscriber.id, levels_of_line()).where(Subscriber.id.in_(subscriber_ids)))
    return {subscriber_id: Allowance(levels) for subscriber_id, levels in rows}


@dataclass(frozen=True)
class ProfileUse:
    """A profile of a company. `holders` are the people who have it as their own; `people` also those who have it by default."""

    profile: Profile
    default: bool
    holders: int
    people: int

    @property
    def allowance(self) -> Allowance:
        return Allowance(self.profile.levels)

    @property
    def in_use(self) -> bool:
        return self.default or self.holders > 0


def profiles(customer_id: int) -> list[ProfileUse]:
    """Those of a company by name. One statement."""
    holder = aliased(Subscriber)
    live = (holder.status != Status.TERMINATED) & holder.kind.in_(PERSONAL)
    unheld = (
        select(func.count())
        .select_from(holder)
        .where(holder.customer_id == Customer.id, holder.profile_id.is_(None), live)
        .correlate(Customer)
        .scalar_subquery()
    )
    own = (
        select(func.count()).select_from(holder).where(holder.profile_id == Profile.id, live).correlate(Profile).scalar_subquery()
    )
    rows: Sequence[Any] = (
        db.session()
        .execute(
            select(Profile, func.coalesce(Customer.default_profile_id == Profile.id, False), own, unheld)
            .join(Customer, Customer.id == Profile.customer_id)
            .where(Profile.customer_id == customer_id)
            .order_by(Profile.name_sort),
        )
        .all()
    )
    return [ProfileUse(profile, default, held, held + (rest if default else 0)) for profile, default, held, rest in rows]


def profile(customer_id: int, public_id: PublicId) -> Profile:
    """Raises NotFound."""
    wanted = select(Profile).where(Profile.customer_id == customer_id, Profile.public_id == public_id)
    found = db.session().scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def held_profile(profile: Profile) -> Profile:
    """As it is stored now, kept from others until the end of the transaction. NotFound when it is gone meanwhile."""
    wanted = select(Profile).where(Profile.id == profile.id).with_for_update(key_share=True)
    found = db.session().scalars(wanted, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound
    return found


def default_profile(customer_id: int) -> Profile | None:
    wanted = select(Profile).join(Customer, Customer.default_profile_id == Profile.id).where(Customer.id == customer_id)
    return db.session().scalars(wanted).first()


def holders_of(profile_id: int) -> int:
    """How many people have a profile as their own."""
    wanted = select(func.count()).select_from(Subscriber)
    return db.session().scalar(wanted.where(Subscriber.profile_id == profile_id, Subscriber.status != Status.TERMINATED)) or 0


def profile_name_taken(customer_id: int, name_sort: str, besides: int | None = None) -> bool:
    wanted = select(Profile.id).where(Profile.customer_id == customer_id, Profile.name_sort == name_sort)
    return db.session().scalar(wanted.where(Profile.id != (besides or 0)).limit(1)) is not None
