"""Contacts of a reseller, and system contacts."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, literal, not_, or_, select

from portal.core import db, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.leaves import Beside, Order, begins, counted, leaf
from portal.core.places import Page
from portal.features.contacts.models import Contact, Status
from portal.features.contacts.queries import uses

_live = Contact.status != Status.TERMINATED


@dataclass(frozen=True)
class Filters:
    """`words`: what the name or the e-mail address begins with. `of_lines`: instead of others those of a line each."""

    words: str = ""
    of_lines: bool = False
    unused: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.of_lines or self.unused)


@dataclass(frozen=True)
class ListedContact:
    """`customers` have it and have not ended."""

    public_id: PublicId
    name: str
    email: str
    person: str
    city: str | None
    phone_number: str | None
    customers: int


def contacts(reseller_id: int | None, filters: Filters, *, size: int, place: Beside | None = None) -> Page[ListedContact]:
    """By name, from any place on in the same time; without a reseller, system contacts. Two statements at most."""
    order = Order((Contact.name_sort, Contact.id), Contact.public_id, of=[_of(reseller_id)])
    return leaf(_rows().where(*_conditions(reseller_id, filters)), order, _listed, size=size, place=place)


def count(reseller_id: int | None, filters: Filters) -> tuple[int, bool]:
    """How many there are, and whether that is only as far as they are counted."""
    return counted(select(literal(1)).select_from(Contact).where(*_conditions(reseller_id, filters)))


def found(reseller_id: int, words: str, most: int) -> list[ListedContact]:
    """The first that a typed text can mean, to choose one of. One statement."""
    wanted = _rows().where(*_conditions(reseller_id, Filters(words)))
    return [_listed(*row) for row in db.session().execute(wanted.order_by(Contact.name_sort, Contact.id).limit(most))]


def contact(public_id: PublicId, *, system: bool = False) -> Contact:
    """Of a reseller, or with `system` of none. Raises NotFound."""
    whose = Contact.reseller_id.is_(None) if system else Contact.reseller_id.is_not(None)
    one = db.session().scalars(select(Contact).where(Contact.public_id == public_id, whose, _live)).first()
    if one is None:
        raise NotFound
    return one


def hold(contact: Contact) -> Contact:
    """As it is stored now, kept from others until the end of the transaction. Raises NotFound when it is gone."""
    wanted = select(Contact).where(Contact.id == contact.id, _live).with_for_update(key_share=True)
    one = db.session().scalars(wanted, execution_options={"populate_existing": True}).first()
    if one is None:
        raise NotFound
    return one


def _rows() -> Any:
    return select(Contact, uses.known().customers().label("customers"))


def _listed(one: Contact, customers: int) -> ListedContact:
    person = " ".join(part for part in (one.first_name, one.last_name) if part)
    phone = one.phone_number or one.mobile_number
    return ListedContact(one.public_id, one.name, one.email, person, one.city, phone, customers)


def _of(reseller_id: int | None) -> ColumnElement[bool]:
    return Contact.reseller_id.is_(None) if reseller_id is None else Contact.reseller_id == reseller_id


def _conditions(reseller_id: int | None, filters: Filters) -> list[ColumnElement[bool]]:
    wanted = [_of(reseller_id), _live]
    if reseller_id is not None:
        of_line = uses.known().of_line()
        wanted.append(of_line if filters.of_lines else not_(of_line))
    if filters.unused:
        wanted.append(uses.known().customers() == 0)
    if filters.words:
        name, typed = i18n.sort_key(filters.words), filters.words.strip().lower()
        wanted.append(or_(begins(Contact.name_sort, name), begins(Contact.email_sort, typed)))
    return wanted
