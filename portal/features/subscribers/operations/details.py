"""What a provider's staff change about a line of any kind: its name and limits, and the numbers of a customer."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit, db, i18n
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.phone import Parts
from portal.features.accounts import operations as accounts
from portal.features.contacts import operations as contacts
from portal.features.customers.models import Customer
from portal.features.customers.queries import hold as hold_customer
from portal.features.numbers import operations as numbers, queries as number_queries
from portal.features.numbers.models import Number
from portal.features.subscribers import queries, rules
from portal.features.subscribers.models import Kind, OutgoingNumber, Subscriber
from portal.features.subscribers.operations.lines import record


def change_line(
    *,
    by: Identity,
    line: Subscriber,
    version: int,
    display_name: str,
    email: str | None,
    language: str | None,
    time_zone: str | None,
    external_id: str | None,
    max_calls: int | None,
) -> Subscriber:
    """Raises Refused and Conflict."""
    line = _at_version(line, version)
    was = {"email": queries.email_of(line)} | {name: getattr(line, name) for name in _PLAIN}
    now = {
        "display_name": rules.check_name(display_name),
        "email": email or None,
        "language": language or None,
        "time_zone": time_zone or None,
        "external_id": rules.check_external_id(external_id),
        "max_calls": rules.check_max_calls(max_calls),
    }
    changed = {name: (was[name], now[name]) for name in now if was[name] != now[name]}
    if not changed:
        return line
    for name in _PLAIN:
        setattr(line, name, now[name])
    line.name_sort = i18n.sort_key(line.display_name)
    if "email" in changed:
        _move_email(line, email or None)
    _tell_account(by, line, email or None)
    flag_modified(line, "display_name")
    record(Event.LINE_CHANGED, by=by, line=line, **changed)
    db.session().flush()
    return line


_PLAIN = ("display_name", "language", "time_zone", "external_id", "max_calls")


def _at_version(line: Subscriber, version: int) -> Subscriber:
    line = queries.hold(line)
    if line.version != version:
        raise Conflict(line.version)
    return line


def _move_email(line: Subscriber, email: str | None) -> None:
    was = line.contact_id
    line.contact_id = contacts.keep_email(reseller_id=line.reseller_id, contact_id=was, email=email)
    db.session().flush()
    if was is not None and line.contact_id is None:
        contacts.drop(was)


def _tell_account(by: Identity, line: Subscriber, email: str | None) -> None:
    account = queries.account_of(line)
    if account is None:
        return
    account.name, account.language, account.time_zone = line.display_name, line.language, line.time_zone
    if account.email != email:
        accounts.move_mail(by=by, account=account, address=email)


def give_numbers(*, by: Identity, customer: Customer, parts: Sequence[Parts], to: Subscriber | None = None) -> list[Number]:
    """Further numbers come to a customer: to one of its lines or else to its pilot, its pool. Raises Refused."""
    customer = hold_customer(customer.id)
    holder = queries.hold(to or _holder(customer))
    if holder.customer_id != customer.id:
        raise Refused("numbers-no-line", field="to")
    added = numbers.add_numbers(by=by, customer=customer, holder_id=holder.id, parts=parts, field="numbers")
    flag_modified(holder, "display_name")
    if to is not None and holder.kind != Kind.PILOT:
        record(Event.NUMBER_ASSIGNED, by=by, line=holder, numbers=sorted(one.digits for one in parts), was=None)
    db.session().flush()
    return added


def _holder(customer: Customer) -> Subscriber:
    """Whose the numbers are that nobody was given: the pilot's; without one, the first line's."""
    found = queries.first_line(customer.id)
    if found is None:
        raise Refused("numbers-no-line", field="numbers")
    return found


def take_numbers_back(*, by: Identity, customer: Customer, public_ids: Collection[PublicId]) -> list[str]:
    """Further numbers leave a customer, whoever there has them, and wait for somebody else. Says which. Raises Refused."""
    if not public_ids:
        raise Refused("numbers-none-ticked")
    customer = hold_customer(customer.id)
    gone = number_queries.held(customer.id, public_ids)
    keys = {number.id for number in gone}
    holders = select(Subscriber).where(Subscriber.id.in_({number.subscriber_id for number in gone})).order_by(Subscriber.id)
    for line in db.session().scalars(holders.with_for_update(key_share=True), execution_options={"populate_existing": True}):
        if line.outgoing_number_id in keys:
            line.outgoing, line.outgoing_number_id = OutgoingNumber.OWN.value, None
        flag_modified(line, "display_name")
    db.session().flush()
    numbers.release(numbers=gone)
    audit.record(
        Event.NUMBERS_RELEASED,
        by=by,
        subject=customer.public_id,
        label=customer.name,
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        numbers=sorted(number.digits for number in gone),
    )
    return sorted(number.digits for number in gone)


def change_number(*, by: Identity, line: Subscriber, version: int, number: Parts) -> Subscriber:
    """Another number of its own for a regular line or a trunk; the former one is released. Raises Refused and Conflict."""
    customer = hold_customer(line.customer_id)
    line = _at_version(line, version)
    if line.kind not in {Kind.REGULAR, Kind.TRUNK}:
        raise Refused("number-derived", field="number")
    was = number_queries.primary_of(line.id)
    was_digits = was.digits if was else None
    now = numbers.take_primary(customer=customer, holder_id=line.id, parts=number)
    if line.outgoing_number_id == now.id:
        line.outgoing, line.outgoing_number_id = OutgoingNumber.OWN.value, None
    if was_digits != now.digits:
        flag_modified(line, "display_name")
        record(Event.LINE_CHANGED, by=by, line=line, number=(was_digits, now.digits))
    db.session().flush()
    return line
