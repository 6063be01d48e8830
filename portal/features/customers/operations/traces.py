"""What every operation on a customer begins and ends with."""

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.identity import Identity
from portal.features.contacts import queries as contacts
from portal.features.contacts.models import Contact
from portal.features.customers import queries
from portal.features.customers.models import Customer, Status

Change = tuple[object, object]


def at_version(customer: Customer, version: int) -> Customer:
    """Held. Raises Refused when it has ended, Conflict when somebody has changed it since it was at this version."""
    held = queries.hold(customer.id)
    if held.status == Status.TERMINATED:
        raise Refused("customer-final")
    if held.version != version:
        raise Conflict(held.version)
    return held


def held_contact(contact: Contact, reseller_id: int | None) -> Contact:
    """Kept from whoever would remove it. Raises Refused at the field “contact” when it is gone or none of this reseller's."""
    if contact.reseller_id is None or contact.reseller_id != reseller_id:
        raise Refused("contact-foreign", field="contact")
    try:
        return contacts.hold(contact)
    except NotFound:
        raise Refused("contact-gone", field="contact") from None


def save(by: Identity, customer: Customer, changed: dict[str, Change]) -> Customer:
    """Writes what differs, and the trace of it; nothing where nothing differs. `changed` holds pairs in words for the trace."""
    differing = {name: change for name, change in changed.items() if change[0] != change[1]}
    if differing:
        customer.changed_at = clock.now()
        record(Event.CUSTOMER_CHANGED, by, customer, **differing)
        db.session().flush()
    return customer


def record(event: Event, by: Identity, customer: Customer, **details: object) -> None:
    audit.record(
        event,
        by=by,
        subject=customer.public_id,
        label=customer.name,
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        **details,
    )
