"""All that the page of one customer shows, in one statement."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer, Kind, ServiceClass, Status
from portal.features.customers.queries.above import above
from portal.features.customers.rules.guide import Way
from portal.features.resellers.models import Reseller, SipDomain


@dataclass(frozen=True)
class Sheet:
    """`lines` and `numbers` in use; `profile`: public id and name of the one that is the company's; `way`: how far it is."""

    customer: Customer
    contact: Contact
    reseller: Reseller
    domain: SipDomain | None
    service_class: ServiceClass | None
    lines: int
    numbers: int
    profile: tuple[PublicId, str] | None
    way: Way

    @property
    def kind(self) -> Kind:
        return Kind(self.customer.kind)

    @property
    def status(self) -> Status:
        return Status(self.customer.status)

    @property
    def cloudpbx(self) -> bool:
        return self.kind is Kind.CLOUDPBX

    @property
    def ended(self) -> bool:
        return self.status is Status.TERMINATED


def sheet(public_id: PublicId) -> Sheet:
    """Raises NotFound."""
    row = (
        db.session()
        .execute(
            select(Customer, Contact, Reseller, SipDomain, ServiceClass, *_above())
            .join(Contact, Contact.id == Customer.contact_id)
            .join(Reseller, Reseller.id == Customer.reseller_id)
            .outerjoin(SipDomain, SipDomain.id == Customer.domain_id)
            .outerjoin(ServiceClass, ServiceClass.id == Customer.service_class_id)
            .where(Customer.public_id == public_id),
            execution_options={"populate_existing": True},
        )
        .first()
    )
    if row is None:
        raise NotFound
    one, contact, reseller, domain, held, lines, numbers, profile, way = row
    named = (PublicId(profile[0]), str(profile[1])) if profile else None
    return Sheet(one, contact, reseller, domain, held, lines, numbers, named, Way(*way))


def _above() -> tuple[Any, ...]:
    return above().lines(), above().numbers(), above().profile(), above().way()


def customer(public_id: PublicId) -> Customer:
    """Raises NotFound."""
    found = db.session().scalars(select(Customer).where(Customer.public_id == public_id)).first()
    if found is None:
        raise NotFound
    return found
