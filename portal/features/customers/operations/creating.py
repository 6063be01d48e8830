"""The life of a customer."""

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.contacts.models import Contact
from portal.features.customers import rules
from portal.features.customers.models import Customer, Kind, Status


def create_customer(
    *,
    by: Identity,
    contact: Contact,
    name: str,
    kind: Kind,
    external_id: str | None = None,
    max_subscribers: int | None = None,
    extension_min: int | None = None,
    extension_max: int | None = None,
    status: Status = Status.ACTIVE,
    currency: str = "EUR",
) -> Customer:
    """A customer of the contact's reseller. Raises Refused."""
    rules.check_range(extension_min, extension_max)
    customer = Customer(
        reseller_id=contact.reseller_id,
        contact_id=contact.id,
        name=rules.check_name(name),
        external_id=external_id,
        kind=kind.value,
        product=kind.product.value,
        status=status.value,
        max_subscribers=max_subscribers,
        extension_min=extension_min,
        extension_max=extension_max,
        currency=currency,
        created_at=clock.now(),
        activated_at=clock.now() if status is Status.ACTIVE else None,
    )
    db.session().add(customer)
    db.session().flush()
    audit.record(
        Event.CUSTOMER_CREATED,
        by=by,
        subject=customer.public_id,
        label=customer.name,
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
    )
    return customer
