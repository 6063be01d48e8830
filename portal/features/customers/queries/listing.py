"""Customers of a reseller, as lists show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_

from portal.core import db, i18n
from portal.core.ids import PublicId
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer, Kind, ServiceClass, Status
from portal.features.customers.queries.above import above

COUNTED = 10_000
LAST = "\U0010ffff"  # sorts behind everything that begins alike
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
class Place:
    """Behind a customer of the list, or with `back` before it."""

    public_id: PublicId
    back: bool = False


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


@dataclass(frozen=True)
class CustomerPage:
    """`earlier` and `further` say whether the list goes on."""

    rows: Sequence[ListedCustomer]
    earlier: bool
    further: bool


def customers(
    reseller_id: int, filters: Filters, *, sort: str, size: int, descending: bool = False, place: Place | None = None
) -> CustomerPage:
    """A page of the list, from any place on in the same time. Two statements at most."""
    key = SORTS[sort]
    at = _anchor(reseller_id, key, place) if place else None
    back = place is not None and place.back and at is not None
    down = (sort in DOWNWARDS) ^ descending ^ back
    wanted = _rows().where(*_conditions(reseller_id, filters))
    if at is not None:
        here = tuple_(*key)
        wanted = wanted.where(here < tuple_(*at) if down else here > tuple_(*at))
    wanted = wanted.order_by(*(column.desc() if down else column for column in key))
    rows = [_listed(row) for row in db.session().execute(wanted.limit(size + 1))]
    more, rows = len(rows) > size, rows[:size]
    if back:
        return CustomerPage(rows[::-1], earlier=more, further=True)
    return CustomerPage(rows, earlier=at is not None, further=more)


def count(reseller_id: int, filters: Filters) -> tuple[int, bool]:
    """How many there are, and whether that is only as far as they are counted."""
    some = select(literal(1)).select_from(Customer).where(*_conditions(reseller_id, filters)).limit(COUNTED + 1).subquery()
    found = db.session().scalar(select(func.count()).select_from(some)) or 0
    return min(found, COUNTED), found > COUNTED


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


def _listed(row: Sequence[Any]) -> ListedCustomer:
    public_id, name, external_id, kind, status, *rest = row
    return ListedCustomer(public_id, name, external_id, Kind(kind), Status(status), *rest)


def _anchor(reseller_id: int, key: Sequence[Any], place: Place) -> tuple[Any, ...] | None:
    own = Customer.public_id == place.public_id, Customer.reseller_id == reseller_id
    row = db.session().execute(select(*key).where(*own)).first()
    return tuple(row) if row else None


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
    of_contact = or_(_begins(Contact.name_sort, name), _begins(Contact.email_sort, typed.lower()))
    contacts = select(Contact.id).where(Contact.reseller_id == reseller_id, of_contact)
    return [_begins(Customer.name_sort, name), _begins(Customer.external_id, typed), Customer.contact_id.in_(contacts)]


def _begins(column: Any, start: str) -> ColumnElement[bool]:
    """A range, for LIKE finds no index where row-level security stands."""
    return and_(column >= start, column < start + LAST)
