from sqlalchemy import select

from portal.core import db
from portal.core.errors import NotFound
from portal.features.customers.models import Customer


def hold(customer_id: int) -> Customer:
    """The customer, until the end of the transaction: whoever else wants its limits, extensions or numbers waits here.

    Taken before a reseller is held, never after. Raises NotFound.
    """
    held = select(Customer).where(Customer.id == customer_id).with_for_update(key_share=True)
    found = db.session().scalars(held, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound
    return found
