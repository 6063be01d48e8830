"""Customers at TelephOne, as its staff see them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import db
from portal.core.audit import AuditEntry
from portal.core.tenancy import Scope
from portal.features.contacts.models import Contact
from portal.features.contacts.operations import create_contact
from portal.features.customers import operations
from portal.features.customers.models import Customer, Kind, ServiceClass
from portal.features.customers.rules import Feature, Level
from tests.browser import Browser
from tests.cast import Cast
from tests.features.callhandling.reading import form_of

Make = Callable[..., Customer]


@pytest.fixture
def make(cast: Cast) -> Make:
    """A customer of TelephOne with a contact of its own."""

    def made(name: str = "Morning Times", kind: Kind = Kind.SOHO, **facts: Any) -> Customer:
        with db.unit_of_work(cast.tom.scope) as session:
            email = facts.pop("email", "office@times.example")
            contact = create_contact(by=cast.tom.identity, reseller_id=cast.telephone.id, email=email)
            new = operations.create_customer(by=cast.tom.identity, contact=contact, name=name, kind=kind, **facts)
            session.expunge(new)
            return new

    return made


def add_class(cast: Cast, name: str = "Basic", kinds: tuple[Kind, ...] = (), **levels: Level) -> ServiceClass:
    with db.unit_of_work(cast.tom.scope) as session:
        wanted = {Feature(feature.replace("_", "-")): level for feature, level in levels.items()}
        made = operations.add_class(by=cast.tom.identity, reseller_id=cast.telephone.id, name=name, kinds=kinds, levels=wanted)
        session.expunge(made)
        return made


def give_class(cast: Cast, customer: Customer, service_class: ServiceClass | None) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Customer, customer.id).service_class_id = service_class.id if service_class else None


def stored(customer: Customer) -> Customer:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.get_one(Customer, customer.id, populate_existing=True)
        session.expunge(found)
        return found


def contact_of(customer: Customer) -> Contact:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.get_one(Contact, customer.contact_id)
        session.expunge(found)
        return found


def events(subject: str) -> list[str]:
    with db.unit_of_work(Scope.platform()) as session:
        return list(session.scalars(select(AuditEntry.event).where(AuditEntry.subject == subject).order_by(AuditEntry.id)))


def fill(browser: Browser, path: str, typed: dict[str, Any]) -> TestResponse:
    """Opens a form, and sends it with something else in it."""
    carried = form_of(browser.get(path), path)
    return browser.post(path, {**{name: value for name, value in carried.items() if name != "csrf_token"}, **typed})
