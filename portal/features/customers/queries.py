from sqlalchemy import select

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.customers.models import Customer, Status


def customer(public_id: PublicId) -> Customer:
    found = (
        db.session()
        .scalars(select(Customer).where(Customer.public_id == public_id, Customer.status != Status.TERMINATED))
        .first()
    )
    if found is None:
        raise NotFound
    return found


def hold(customer_id: int) -> Customer:
    """The customer, until the end of the transaction: whoever else wants its limits, extensions or numbers waits here.

    Taken before a reseller is held, never after.
    """
    held = select(Customer).where(Customer.id == customer_id).with_for_update(key_share=True)
    return db.session().scalars(held, execution_options={"populate_existing": True}).one()
