"""How the status of a customer changes, and what that does to its lines."""

from portal.core import clock, db
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.customers import queries, rules
from portal.features.customers.models import Customer, Status
from portal.features.customers.operations.above import acts
from portal.features.customers.operations.traces import record


def activate(*, by: Identity, customer: Customer) -> Customer:
    """Puts a prepared customer in service, or lifts the lock of one; what others have locked stays locked."""
    customer = queries.hold(customer.id)
    was = Status(customer.status)
    _step(customer, Status.ACTIVE)
    if was is Status.PENDING:
        customer.activated_at = customer.activated_at or clock.now()
        record(Event.CUSTOMER_STARTED, by, customer)
    else:
        lines = acts().unlock(customer)
        record(Event.CUSTOMER_UNLOCKED, by, customer, reason=(customer.lock_reason, None), free=lines)
        customer.lock_reason = None
    db.session().flush()
    return customer


def lock_customer(*, by: Identity, customer: Customer, reason: str) -> Customer:
    """No calls and no portal for any of its lines. Raises Refused for one that is not in service."""
    customer = queries.hold(customer.id)
    told = rules.check_reason(reason)
    _step(customer, Status.LOCKED)
    customer.lock_reason = told
    acts().lock(by, customer, told)
    record(Event.CUSTOMER_LOCKED, by, customer, reason=told)
    db.session().flush()
    return customer


def terminate_customer(*, by: Identity, customer: Customer) -> Customer:
    """Ends everything that belongs to a customer, for ever; its numbers are released, its contact stays."""
    customer = queries.hold(customer.id)
    _step(customer, Status.TERMINATED)
    customer.lock_reason = customer.default_profile_id = customer.service_class_id = customer.domain_id = None
    customer.terminated_at = clock.now()
    db.session().flush()
    ended = acts().end(customer)
    record(Event.CUSTOMER_TERMINATED, by, customer, **ended)
    db.session().flush()
    return customer


def _step(customer: Customer, then: Status) -> None:
    rules.check_step(Status(customer.status), then)
    customer.status, customer.changed_at = then.value, clock.now()
