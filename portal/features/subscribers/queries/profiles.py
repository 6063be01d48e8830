from sqlalchemy import func, select

from portal.core import db
from portal.features.customers.models import Customer
from portal.features.subscribers.models import Profile, Subscriber
from portal.features.subscribers.rules import Allowance


def allowance_of(subscriber_id: int) -> Allowance:
    """By the line's own profile, else by its customer's. One statement."""
    wanted = (
        select(Profile.levels)
        .select_from(Subscriber)
        .join(Customer, Customer.id == Subscriber.customer_id)
        .join(Profile, Profile.id == func.coalesce(Subscriber.profile_id, Customer.default_profile_id))
        .where(Subscriber.id == subscriber_id)
    )
    return Allowance(db.session().scalar(wanted))
