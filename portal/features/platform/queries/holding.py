"""What is kept from others while a reseller's life takes a turn."""

from sqlalchemy import select

from portal.core import db
from portal.core.errors import Conflict, NotFound
from portal.core.ids import PublicId
from portal.features.customers.models import Contract, Customer, Status as CustomerStatus
from portal.features.resellers.models import Reseller, Status


def reseller(public_id: PublicId) -> Reseller:
    """Also one that has ended: its history stays. Raises NotFound."""
    found = db.session().scalars(select(Reseller).where(Reseller.public_id == public_id)).first()
    if found is None:
        raise NotFound
    return found


def hold_customers(reseller_id: int) -> None:
    """All of a reseller, in one order. Whoever adds lines or customers, numbers or limits to one waits here."""
    wanted = select(Customer.id).where(Customer.reseller_id == reseller_id, Customer.status != CustomerStatus.TERMINATED)
    db.session().execute(wanted.order_by(Customer.id).with_for_update(key_share=True)).all()


def hold(reseller: Reseller, *, version: int | None = None, whole: bool = False) -> Reseller:
    """The reseller as it is stored now, until the end of the transaction; `whole`: not even a new customer is made meanwhile.

    Customers are held first, never after. Raises Conflict when another version is stored, NotFound when it has ended.
    """
    db.session().refresh(reseller, with_for_update={"key_share": not whole})
    if reseller.status == Status.TERMINATED:
        raise NotFound
    if version is not None and reseller.version != version:
        raise Conflict(reseller.version)
    return reseller


def contract_of(reseller_id: int) -> Contract | None:
    """That in force, kept from others until the end of the transaction."""
    own = Contract.reseller_id == reseller_id, Contract.status != Status.TERMINATED
    return db.session().scalars(select(Contract).where(*own).with_for_update(key_share=True)).first()
