"""Where new lines of customers begin."""

from sqlalchemy import update

from portal.core import db
from portal.features.customers.models import Customer


def leave_domain(domain_id: int) -> None:
    """Of customers whose lines would have begun in this SIP domain, the next ones begin wherever is chosen."""
    db.session().execute(update(Customer).where(Customer.domain_id == domain_id).values(domain_id=None))
