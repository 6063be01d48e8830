"""What is agreed with a customer, and what its lines start with. Each part saves on its own."""

from decimal import Decimal

from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.accounts import operations as accounts
from portal.features.contacts.models import Contact
from portal.features.customers import queries, rules
from portal.features.customers.models import Customer, Product, ServiceClass
from portal.features.customers.operations.above import acts
from portal.features.customers.operations.traces import Change, at_version, held_contact, save
from portal.features.resellers.models import SipDomain
from portal.features.resellers.queries import own_domain
from portal.features.resellers.rules import check_defaults

SHOWN_OUTSIDE = 3


def change_basics(
    *, by: Identity, customer: Customer, version: int, name: str, external_id: str | None, was: Contact, contact: Contact
) -> Customer:
    """`was`: the contact that it has so far. Raises Conflict when somebody has changed the customer since this version."""
    customer = at_version(customer, version)
    changed: dict[str, Change] = {
        "name": (customer.name, rules.check_name(name)),
        "external_id": (customer.external_id, rules.check_external_id(external_id)),
    }
    customer.name, customer.external_id = str(changed["name"][1]), rules.check_external_id(external_id)
    if contact.id != customer.contact_id:
        accounts.check_moves_mail(by, "who")
        customer.contact_id = held_contact(contact, customer.reseller_id).id
        changed["contact"] = (was.name, contact.name)
    return save(by, customer, changed)


def change_limits(
    *, by: Identity, customer: Customer, version: int, max_subscribers: int | None, max_calls: int | None
) -> Customer:
    """None is no limit. Raises Refused below what is in use."""
    rules.check_limits(max_subscribers, max_calls)
    customer = at_version(customer, version)
    if max_subscribers != customer.max_subscribers:
        rules.check_limit(max_subscribers, queries.above().belongings(customer.id).lines)
    changed: dict[str, Change] = {
        "max_subscribers": (customer.max_subscribers, max_subscribers),
        "max_calls": (customer.max_calls, max_calls),
    }
    customer.max_subscribers, customer.max_calls = max_subscribers, max_calls
    return save(by, customer, changed)


def change_range(
    *, by: Identity, customer: Customer, version: int, extension_min: int | None, extension_max: int | None
) -> Customer:
    """Of a CloudPBX; all extensions and groups that there are have to be inside."""
    rules.check_range(extension_min, extension_max)
    customer = at_version(customer, version)
    if customer.product != Product.CLOUDPBX:
        raise Refused("wrong-product")
    outside = queries.above().outside(customer.id, extension_min, extension_max)
    if outside:
        facts = {"count": len(outside), "extensions": ", ".join(outside[:SHOWN_OUTSIDE])}
        raise Refused("extension-range-outside", field="extension_min", **facts)
    changed: dict[str, Change] = {
        "extension_min": (customer.extension_min, extension_min),
        "extension_max": (customer.extension_max, extension_max),
    }
    customer.extension_min, customer.extension_max = extension_min, extension_max
    return save(by, customer, changed)


def change_billing(
    *, by: Identity, customer: Customer, version: int, add_vat: bool, vat_rate: Decimal, send_invoice: bool
) -> Customer:
    rate = rules.check_vat_rate(vat_rate)
    customer = at_version(customer, version)
    changed: dict[str, Change] = {
        "add_vat": (customer.add_vat, add_vat),
        "vat_rate": (customer.vat_rate, rate),
        "send_invoice": (customer.send_invoice, send_invoice),
    }
    customer.add_vat, customer.vat_rate, customer.send_invoice = add_vat, rate, send_invoice
    return save(by, customer, changed)


def change_service(
    *,
    by: Identity,
    customer: Customer,
    version: int,
    service_class: ServiceClass | None,
    was: ServiceClass | None,
    profile: PublicId | None = None,
) -> Customer:
    """The ceiling for all lines, in force at once; `profile`: what counts for people without one of their own (CloudPBX)."""
    customer = at_version(customer, version)
    changed: dict[str, Change] = {}
    if (service_class.id if service_class else None) != customer.service_class_id:
        held = None if service_class is None else queries.hold_class(service_class)
        if held is not None and held.reseller_id != customer.reseller_id:
            raise Refused("service-class-gone", field="service_class")
        changed["service_class"] = (was.name if was else None, held.name if held else None)
        customer.service_class_id = held.id if held else None
    if customer.product == Product.CLOUDPBX:
        changed["profile"] = acts().give_profile(customer, profile)
    return save(by, customer, changed)


def change_defaults(
    *,
    by: Identity,
    customer: Customer,
    version: int,
    domain: SipDomain | None,
    was: SipDomain | None,
    language: str | None,
    lock_level: int | None,
    ring_seconds: int | None,
    hide_number: bool | None,
) -> Customer:
    """What new lines start with; None is as the SIP domain has it. Lines that there are stay as they are."""
    check_defaults(lock_level or 0, ring_seconds)
    domain_id = own_domain(domain, customer.reseller_id)  # held first, as by whoever removes it
    customer = at_version(customer, version)
    changed: dict[str, Change] = {
        "language": (customer.language, language),
        "lock_level": (customer.lock_level, lock_level),
        "ring_seconds": (customer.ring_seconds, ring_seconds),
        "hide_number": (customer.hide_number, hide_number),
        "domain": (was.domain if was else None, domain.domain if domain else None),
    }
    customer.domain_id = domain_id
    customer.language, customer.lock_level = language, lock_level
    customer.ring_seconds, customer.hide_number = ring_seconds, hide_number
    return save(by, customer, changed)
