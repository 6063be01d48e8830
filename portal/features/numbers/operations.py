"""Giving numbers to lines and taking them back. Callers hold the customer (customers.queries.hold) before they come here."""

from collections.abc import Iterable, Mapping, Sequence

from portal.core import audit, db, rows
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.phone import Parts
from portal.features.customers.models import Customer
from portal.features.numbers import queries, rules
from portal.features.numbers.models import Number, Role


def add_numbers(*, by: Identity, customer: Customer, holder_id: int, parts: Sequence[Parts]) -> list[Number]:
    """New further numbers for a customer, held by its pilot or its one line. Released ones are taken over.

    Raises Refused naming the first ten that somebody has already.
    """
    wanted = {one.digits: rules.check_parts(one.cc, one.ac, one.sn) for one in parts}
    known = {number.digits: number for number in queries.known(list(wanted))}
    taken = [digits for digits, number in known.items() if number.subscriber_id is not None]
    if taken:
        raise Refused("numbers-taken", field="number", numbers=rules.listed(taken, next(iter(wanted.values())).cc))
    added = [_take(customer, holder_id, one, Role.ALIAS, known.get(digits)) for digits, one in wanted.items()]
    db.session().flush()
    audit.record(
        Event.NUMBERS_ADDED,
        by=by,
        subject=customer.public_id,
        label=customer.name,
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        numbers=sorted(wanted),
    )
    return added


def give_primary(*, customer: Customer, holder_id: int, parts: Parts) -> Number:
    """The number by which a line is reached first: a new one, a released one, or the old row with new digits."""
    current = queries.primary_of(holder_id)
    if current is not None and current.digits == parts.digits:
        return current
    known = next(iter(queries.known([parts.digits])), None)
    if known is not None and known.subscriber_id is not None:
        raise Refused("number-taken", field="extension")
    if current is None:
        number = _take(customer, holder_id, parts, Role.PRIMARY, known)
    else:
        if known is not None:  # a released row with the wanted digits makes room
            db.session().delete(known)
            db.session().flush()
        number = _renumber(current, parts)
    db.session().flush()
    return number


def _take(customer: Customer, holder_id: int, parts: Parts, role: Role, released: Number | None) -> Number:
    number = _renumber(released or Number(), parts)
    number.reseller_id = customer.reseller_id
    number.customer_id = customer.id
    number.subscriber_id = holder_id
    number.role = role.value
    db.session().add(number)
    return number


def _renumber(number: Number, parts: Parts) -> Number:
    number.cc, number.ac, number.sn, number.digits = parts.cc, parts.ac, parts.sn, parts.digits
    return number


def hand_over(*, numbers: Iterable[Number], holder_id: int) -> None:
    """Further numbers go to another line of the same customer."""
    for number in numbers:
        number.subscriber_id = holder_id
    db.session().flush()


def drop_primaries(*, holder_ids: Sequence[int]) -> None:
    """The derived numbers of extensions and groups end with them.

    They belong to the block of the base number; nobody else can have them.
    """
    for holder_id in holder_ids:
        number = queries.primary_of(holder_id)
        if number is not None:
            db.session().delete(number)
    db.session().flush()


def release(*, numbers: Iterable[Number]) -> None:
    """The numbers stay, without an owner, for whoever is given them next. Only staff see such numbers."""
    for number in numbers:
        number.customer_id = None
        number.subscriber_id = None
        number.role = Role.ALIAS.value
    db.session().flush()


def give_new_primaries(*, customer: Customer, parts: Mapping[int, Parts]) -> None:
    """Numbers that nobody has yet become those by which new lines are reached: holder -> number."""
    own = {"reseller_id": customer.reseller_id, "customer_id": customer.id, "role": Role.PRIMARY.value}
    rows.insert_rows([_renumber(Number(subscriber_id=holder, **own), one) for holder, one in parts.items()])
