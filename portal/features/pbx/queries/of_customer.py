"""What hangs on customers, for the pages of those."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, or_, select

from portal.core import db
from portal.core.ids import PublicId
from portal.features.accounts.models import Account, Status as AccountStatus
from portal.features.customers.models import Customer
from portal.features.customers.queries import Above, Belongings
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Kind, Profile, Status, Subscriber

MOST_OUTSIDE = 1_000
_live = Subscriber.status != Status.TERMINATED


def lines() -> ScalarSelect[int]:
    counted = select(func.count()).select_from(Subscriber).where(Subscriber.customer_id == Customer.id, _live)
    return counted.correlate(Customer).scalar_subquery()


def numbers() -> ScalarSelect[int]:
    counted = select(func.count()).select_from(Number).where(Number.customer_id == Customer.id)
    return counted.correlate(Customer).scalar_subquery()


def profile() -> ScalarSelect[Any]:
    named = select(func.jsonb_build_array(Profile.public_id, Profile.name)).where(Profile.id == Customer.default_profile_id)
    return named.correlate(Customer).scalar_subquery()


def way() -> ScalarSelect[Any]:
    """Whether a company has a pilot, the pilot a password, and there are further numbers and extensions."""
    pilot = select(Subscriber.id).where(Subscriber.customer_id == Customer.id, _live, Subscriber.kind == Kind.PILOT)
    accepted = select(Account.id).where(
        Account.customer_id == Customer.id, Account.role == "pilot", Account.password_hash.is_not(None)
    )
    further = select(Number.id).where(Number.customer_id == Customer.id, Number.role == Role.ALIAS)
    extensions = select(Subscriber.id).where(Subscriber.customer_id == Customer.id, _live, Subscriber.kind == Kind.EXTENSION)
    truths = [one.correlate(Customer).exists() for one in (pilot, accepted, further, extensions)]
    asked: Select[Any] = select(func.jsonb_build_array(*truths))
    return asked.scalar_subquery()


def belongings(customer_id: int) -> Belongings:
    """One statement."""
    of_kind = [func.count().filter(Subscriber.kind == kind) for kind in (Kind.GROUP, Kind.TRUNK)]
    owned = select(func.count()).select_from(Number).where(Number.customer_id == customer_id).scalar_subquery()
    living = Account.customer_id == customer_id, Account.status != AccountStatus.TERMINATED
    people = select(func.count()).select_from(Account).where(*living).scalar_subquery()
    wanted = select(func.count(), *of_kind, owned, people).select_from(Subscriber)
    row: Any = db.session().execute(wanted.where(Subscriber.customer_id == customer_id, _live)).one()
    every, groups, trunks, held, accounts = row
    return Belongings(lines=every, groups=groups, numbers=held, accounts=accounts, trunks=trunks)


def outside(customer_id: int, low: int | None, high: int | None) -> Sequence[str]:
    """The extensions that a range leaves out, in order."""
    beyond = []
    if low is not None:
        beyond.append(Subscriber.extension_number < low)
    if high is not None:
        beyond.append(Subscriber.extension_number > high)
    if not beyond:
        return []
    wanted = select(Subscriber.extension).where(Subscriber.customer_id == customer_id, _live, or_(*beyond))
    return [str(one) for one in db.session().scalars(wanted.order_by(Subscriber.extension_number).limit(MOST_OUTSIDE))]


def profiles(customer_id: int) -> Sequence[tuple[PublicId, str]]:
    wanted = select(Profile.public_id, Profile.name).where(Profile.customer_id == customer_id)
    return [(public_id, name) for public_id, name in db.session().execute(wanted.order_by(Profile.name_sort))]


def numbers_of_customer(customer_id: int, derived: Collection[str]) -> tuple[list[Number], list[Number]]:
    """Those that are derived from the base number for lines of these kinds, and the others; in order, held."""
    wanted = (
        select(Number, (Number.role == Role.PRIMARY) & Subscriber.kind.in_(derived))
        .join(Subscriber, Subscriber.id == Number.subscriber_id)
        .where(Number.customer_id == customer_id)
        .order_by(Number.digits)
        .with_for_update(of=Number, key_share=True)
    )
    rows = db.session().execute(wanted, execution_options={"populate_existing": True}).all()
    return [number for number, own in rows if own], [number for number, own in rows if not own]


ABOVE = Above(lines=lines, numbers=numbers, profile=profile, belongings=belongings, outside=outside, profiles=profiles, way=way)
