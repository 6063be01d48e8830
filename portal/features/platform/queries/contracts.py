"""Contracts of resellers and peering partners, and the system contacts that they can have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_

from portal.core import db, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.contacts.models import Contact, Status as ContactStatus
from portal.features.customers.models import Contract, Status
from portal.features.resellers.models import Reseller

LAST = "\U0010ffff"
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
class ContractPage:
    rows: Sequence[ListedContract]
    earlier: bool
    further: bool


@dataclass(frozen=True)
class ContractSheet:
    contract: Contract
    contact: Contact
    reseller: Reseller | None


def contracts(filters: ContractFilters, *, size: int, place: PublicId | None = None, back: bool = False) -> ContractPage:
    """A page of the list by name. Two statements at most."""
    at = _anchor(place) if place else None
    back = back and at is not None
    wanted = select(Contract, Contact).join(Contact, Contact.id == Contract.contact_id).where(*_conditions(filters))
    if at is not None:
        key = tuple_(Contract.name_sort, Contract.id)
        wanted = wanted.where(key < tuple_(*at) if back else key > tuple_(*at))
    order = [column.desc() if back else column for column in (Contract.name_sort, Contract.id)]
    rows = [_listed(*row) for row in db.session().execute(wanted.order_by(*order).limit(size + 1))]
    more, rows = len(rows) > size, rows[:size]
    if back:
        return ContractPage(rows[::-1], earlier=more, further=True)
    return ContractPage(rows, earlier=at is not None, further=more)


def _listed(one: Contract, contact: Contact) -> ListedContract:
    return ListedContract(one.public_id, one.name, one.product, one.status, one.external_id, contact.name, one.created_at)


def _anchor(place: PublicId) -> tuple[str, int] | None:
    row = db.session().execute(select(Contract.name_sort, Contract.id).where(Contract.public_id == place)).first()
    return (row[0], row[1]) if row else None


def _conditions(filters: ContractFilters) -> list[ColumnElement[bool]]:
    wanted: list[Any] = [Contract.status == filters.state if filters.state else Contract.status != Status.TERMINATED]
    if filters.product:
        wanted.append(Contract.product == filters.product)
    if filters.words:
        start = i18n.sort_key(filters.words)
        wanted += [Contract.name_sort >= start, Contract.name_sort < start + LAST]
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
