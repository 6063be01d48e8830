"""What features that know lines, numbers and groups do for the life of a customer."""

from collections.abc import Mapping

from sqlalchemy import delete

from portal.core import db
from portal.core.errors import NotFound, Refused
from portal.core.ids import PublicId
from portal.features.callhandling import operations as callhandling
from portal.features.customers.models import Customer
from portal.features.customers.operations import Acts
from portal.features.numbers import operations as numbers
from portal.features.pbx.models import Group, Import, ImportRow, Member
from portal.features.pbx.queries.of_customer import numbers_of_customer
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import Kind

DERIVED = (Kind.EXTENSION.value, Kind.GROUP.value)


def end(customer: Customer) -> Mapping[str, object]:
    """Everything that belongs to a customer, in any feature. Its calls stay, and its contact."""
    for table in (ImportRow, Import, Member, Group):
        db.session().execute(delete(table).where(table.customer_id == customer.id))
    callhandling.forget_company(customer.id)
    lines = subscribers.end_of_customer(customer)
    derived, released = numbers_of_customer(customer.id, DERIVED)
    for number in derived:
        db.session().delete(number)
    db.session().flush()
    numbers.release(numbers=released)
    return {"lines": lines, "numbers": [number.digits for number in released]}


def give_profile(customer: Customer, profile: PublicId | None) -> tuple[str | None, str | None]:
    """Makes a profile the company's, or none. Raises Refused at the field “profile” for one that is gone."""
    was = subscriber_queries.default_profile(customer.id)
    if (was.public_id if was else None) == profile:
        return (was.name, was.name) if was else (None, None)
    wanted = None
    if profile is not None:
        try:
            wanted = subscriber_queries.profile(customer.id, profile)
        except NotFound:
            raise Refused("profile-gone", field="profile") from None
    customer.default_profile_id = wanted.id if wanted else None
    return was.name if was else None, wanted.name if wanted else None


ACTS = Acts(lock=subscribers.lock_of_customer, unlock=subscribers.unlock_of_customer, end=end, give_profile=give_profile)
