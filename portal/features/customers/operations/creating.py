"""New customers."""

from decimal import Decimal
from types import EllipsisType
from typing import Any, cast

from portal.core import clock, db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.contacts.models import Contact
from portal.features.contacts.rules import standard_rate
from portal.features.customers import queries, rules
from portal.features.customers.models import Customer, Kind, ServiceClass, Status
from portal.features.customers.operations.traces import held_contact, record
from portal.features.customers.rules import KIND_DEFAULTS
from portal.features.resellers.models import SipDomain
from portal.features.resellers.queries import hold_open, own_domain


def create_customer(
    *,
    by: Identity,
    contact: Contact,
    name: str,
    kind: Kind,
    external_id: str | None = None,
    max_subscribers: int | None = None,
    max_calls: int | None = None,
    extension_min: int | None = None,
    extension_max: int | None = None,
    status: Status = Status.ACTIVE,
    service_class: ServiceClass | EllipsisType | None = ...,
    domain: SipDomain | None = None,
    add_vat: bool | None = None,
    vat_rate: Decimal | None = None,
    send_invoice: bool | None = None,
    currency: str = "EUR",
) -> Customer:
    """A customer of the contact's reseller. Raises Refused.

    Where nothing is said, tax and invoices are what is usual for the kind, the rate is that of the contact's country. `...`: the
    service class that new customers of this kind get.
    """
    rules.check_range(extension_min, extension_max)
    rules.check_limits(max_subscribers, max_calls)
    contact = held_contact(contact, contact.reseller_id)
    reseller_id = cast("int", contact.reseller_id)
    hold_open(reseller_id)
    chosen = queries.usual_class(reseller_id, kind) if isinstance(service_class, EllipsisType) else service_class
    customer = Customer(
        reseller_id=reseller_id,
        contact_id=contact.id,
        name=rules.check_name(name),
        external_id=rules.check_external_id(external_id),
        kind=kind.value,
        product=kind.product.value,
        max_subscribers=max_subscribers,
        max_calls=max_calls,
        extension_min=extension_min,
        extension_max=extension_max,
        service_class_id=chosen.id if chosen else None,
        domain_id=own_domain(domain, reseller_id),
        currency=currency,
        **_begun(status),
        **_billing(kind, contact, add_vat=add_vat, vat_rate=vat_rate, send_invoice=send_invoice),
    )
    db.session().add(customer)
    db.session().flush()
    record(Event.CUSTOMER_CREATED, by, customer)
    return customer


def _begun(status: Status) -> dict[str, Any]:
    """Raises Refused for what no customer begins as."""
    if status not in {Status.PENDING, Status.ACTIVE}:
        raise Refused("customer-no-way-back", field="status")
    now = clock.now()
    return {"status": status.value, "created_at": now, "activated_at": now if status is Status.ACTIVE else None}


def _billing(
    kind: Kind, contact: Contact, *, add_vat: bool | None, vat_rate: Decimal | None, send_invoice: bool | None
) -> dict[str, Any]:
    usual = KIND_DEFAULTS[kind]
    return {
        "add_vat": usual.add_vat if add_vat is None else add_vat,
        "vat_rate": rules.check_vat_rate(standard_rate(contact.country) if vat_rate is None else vat_rate),
        "send_invoice": usual.send_invoice if send_invoice is None else send_invoice,
    }
