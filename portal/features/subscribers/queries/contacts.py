"""Who has a contact: customers, lines, and contracts of the platform."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, literal, select, union_all

from portal.core import db
from portal.features.contacts.models import Contact
from portal.features.contacts.queries import User, Users, Uses
from portal.features.customers.models import Contract, Customer, Status as CustomerStatus
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Status, Subscriber

ENDED = "terminated"  # in every kind of thing


def customers() -> ScalarSelect[int]:
    using = Customer.contact_id == Contact.id, Customer.status != CustomerStatus.TERMINATED
    return select(func.count()).select_from(Customer).where(*using).correlate(Contact).scalar_subquery()


def of_line() -> ColumnElement[bool]:
    return select(Subscriber.id).where(Subscriber.contact_id == Contact.id).correlate(Contact).exists()


def users(contact_id: int) -> Sequence[User]:
    rows = db.session().execute(union_all(_customers(contact_id), _lines(contact_id), _contracts(contact_id))).all()
    found = [
        User(Users(what), public_id, name, detail, status, status != ENDED) for what, public_id, name, detail, status in rows
    ]
    return sorted(found, key=lambda one: (not one.living, list(Users).index(one.what), one.name, one.detail or ""))


def _customers(contact_id: int) -> Select[*tuple[Any, ...]]:
    what = literal(Users.CUSTOMER.value)
    facts = select(what, Customer.public_id, Customer.name, Customer.external_id, Customer.status)
    return facts.where(Customer.contact_id == contact_id)


def _lines(contact_id: int) -> Select[*tuple[Any, ...]]:
    own = (Number.subscriber_id == Subscriber.id) & (Number.role == Role.PRIMARY)
    what = literal(Users.LINE.value)
    facts = select(what, Subscriber.public_id, Subscriber.display_name, Number.digits, Subscriber.status).outerjoin(Number, own)
    return facts.where(Subscriber.contact_id == contact_id, Subscriber.status != Status.TERMINATED)


def _contracts(contact_id: int) -> Select[*tuple[Any, ...]]:
    what = literal(Users.CONTRACT.value)
    facts = select(what, Contract.public_id, Contract.name, Contract.external_id, Contract.status)
    return facts.where(Contract.contact_id == contact_id)


USES = Uses(customers=customers, of_line=of_line, users=users)
