"""Customers of a reseller, as lists show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select

from portal.core import i18n
from portal.core.ids import PublicId
from portal.core.leaves import Beside, Order, begins, counted, leaf
from portal.core.places import Page
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer, Kind, ServiceClass, Status
from portal.features.customers.queries.above import above

_external = func.coalesce(Customer.external_id, "")
SORTS: Mapping[str, Sequence[Any]] = {
    "name": (Customer.name_sort, Customer.id),
    "external": (_external, Customer.id),
    "newest": (Customer.id,),  # the highest first, so it is told by `downwards`
}
DOWNWARDS = frozenset({"newest"})


@dataclass(frozen=True)
class Filters:
    """`words`: what a name, an external #, or the name or address of a contact begins with. Those that ended are asked for."""

    words: str = ""
    kind: Kind | None = None
    status: Status | None = None
    service_class: PublicId | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.kind or self.status or self.service_class)


@dataclass(frozen=True)
class ListedCustomer:
    """`limit` None: as many lines as they like."""

    public_id: PublicId
    name: str
    external_id: str | None
    kind: Kind
    status: Status
    contact: str
    limit: int | None
    lines: int
    numbers: int

    @property
    def full(self) -> bool:
        return self.limit is not None and self.lines >= self.limit


def customers(
    reseller_id: int, filters: Filters, *, sort: str, size: int, descending: bool = False, place: Beside | None = None
) -> Page[ListedCustomer]:
    """A page of the list, from any place on in the same time. Two statements at most."""
    down = (sort in DOWNWARDS) ^ descending
    order = Order(SORTS[sort], Customer.public_id, of=[Customer.reseller_id == reseller_id], down=down)
    return leaf(_rows().where(*_conditions(reseller_id, filters)), order, _listed, size=size, place=place)


def count(reseller_id: int, filters: Filters) -> tuple[int, bool]:
    """How many there are, and whether that is only as far as they are counted."""
    return counted(select(literal(1)).select_from(Customer).where(*_conditions(reseller_id, filters)))


def _rows() -> Select[*tuple[Any, ...]]:
    person = func.nullif(func.concat_ws(" ", Contact.first_name, Contact.last_name), "")
    return select(
        Customer.public_id,
        Customer.name,
        Customer.external_id,
        Customer.kind,
        Customer.status,
        func.coalesce(person, Contact.email),
        Customer.max_subscribers,
        above().lines(),
        above().numbers(),
    ).join(Contact, Contact.id == Customer.contact_id)


def _listed(public_id: PublicId, name: str, external_id: str | None, kind: str, status: str, *rest: Any) -> ListedCustomer:
    return ListedCustomer(public_id, name, external_id, Kind(kind), Status(status), *rest)


def _conditions(reseller_id: int, filters: Filters) -> list[ColumnElement[bool]]:
    wanted = [Customer.reseller_id == reseller_id]
    wanted.append(Customer.status == filters.status if filters.status else Customer.status != Status.TERMINATED)
    if filters.kind:
        wanted.append(Customer.kind == filters.kind)
    if filters.service_class:
        held = select(ServiceClass.id).where(ServiceClass.public_id == filters.service_class).scalar_subquery()
        wanted.append(Customer.service_class_id == held)
    if filters.words:
        wanted.append(or_(*_meanings(reseller_id, filters.words)))
    return wanted


def _meanings(reseller_id: int, words: str) -> list[ColumnElement[bool]]:
    name, typed = i18n.sort_key(words), words.strip()
    of_contact = or_(begins(Contact.name_sort, name), begins(Contact.email_sort, typed.lower()))
    contacts = select(Contact.id).where(Contact.reseller_id == reseller_id, of_contact)
    return [begins(Customer.name_sort, name), begins(Customer.external_id, typed), Customer.contact_id.in_(contacts)]
