"""Contracts of resellers and peering partners, and the system contacts that they can have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from portal.core import db, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.leaves import Beside, Order, begins, leaf
from portal.core.places import Page
from portal.features.contacts.models import Contact, Status as ContactStatus
from portal.features.customers.models import Contract, Status
from portal.features.resellers.models import Reseller

MOST_OFFERED = 200


@dataclass(frozen=True)
class ContractFilters:
    """Without a state, all that have not ended."""

    words: str = ""
    product: str = ""
    state: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.product or self.state)


@dataclass(frozen=True)
class ListedContract:
    public_id: PublicId
    name: str
    product: str
    status: str
    external_id: str | None
    contact: str
    created_at: datetime


@dataclass(frozen=True)
class ContractSheet:
    contract: Contract
    contact: Contact
    reseller: Reseller | None


def contracts(filters: ContractFilters, *, size: int, place: Beside | None = None) -> Page[ListedContract]:
    """A page of the list by name. Two statements at most."""
    wanted = select(Contract, Contact).join(Contact, Contact.id == Contract.contact_id).where(*_conditions(filters))
    return leaf(wanted, Order((Contract.name_sort, Contract.id), Contract.public_id), _listed, size=size, place=place)


def _listed(one: Contract, contact: Contact) -> ListedContract:
    return ListedContract(one.public_id, one.name, one.product, one.status, one.external_id, contact.name, one.created_at)


def _conditions(filters: ContractFilters) -> list[ColumnElement[bool]]:
    wanted: list[Any] = [Contract.status == filters.state if filters.state else Contract.status != Status.TERMINATED]
    if filters.product:
        wanted.append(Contract.product == filters.product)
    if filters.words:
        wanted.append(begins(Contract.name_sort, i18n.sort_key(filters.words)))
    return wanted


def contract(public_id: PublicId) -> ContractSheet:
    """Of any state. One statement. Raises NotFound."""
    wanted = select(Contract, Contact, Reseller).join(Contact, Contact.id == Contract.contact_id)
    row = (
        db.session()
        .execute(wanted.outerjoin(Reseller, Reseller.id == Contract.reseller_id).where(Contract.public_id == public_id))
        .first()
    )
    if row is None:
        raise NotFound
    return ContractSheet(*row)


def system_contacts_offered() -> Sequence[Contact]:
    """The first of them by name, to choose one of."""
    system = Contact.reseller_id.is_(None), Contact.status == ContactStatus.ACTIVE
    return db.session().scalars(select(Contact).where(*system).order_by(Contact.name_sort, Contact.id).limit(MOST_OFFERED)).all()


def system_contact(public_id: PublicId | None) -> Contact | None:
    if public_id is None:
        return None
    system = Contact.reseller_id.is_(None), Contact.status == ContactStatus.ACTIVE, Contact.public_id == public_id
    return db.session().scalars(select(Contact).where(*system)).first()
