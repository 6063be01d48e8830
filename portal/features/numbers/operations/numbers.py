"""Giving numbers to lines and taking them back."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from portal.core import audit, db, phone, rows
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.phone import Parts
from portal.features.customers.models import Customer
from portal.features.numbers import queries, rules
from portal.features.numbers.models import Number, Role


def check_in_blocks(*, reseller_id: int, digits: Collection[str], field: str = "number") -> None:
    """Numbers come to customers of a reseller from its own blocks or, if it may, from outside of all blocks.

    The one rule for whatever brings numbers in. Blocks stay as they are until the end of the transaction. Raises Refused.
    """
    outside = queries.outside_blocks(reseller_id, digits)
    elsewhere = [number for number, of_others in outside.items() if of_others]
    if elsewhere:
        raise Refused("numbers-elsewhere", field=field, numbers=rules.listed(elsewhere, _home_cc(digits)))
    if outside:
        raise Refused("numbers-outside", field=field, numbers=rules.listed(outside, _home_cc(digits)))


def _home_cc(digits: Iterable[str]) -> str:
    """How the numbers of a sentence are shown: at home in the country of the first one."""
    return phone.country_code(next(iter(digits)))


def _claim(reseller_id: int, wanted: Mapping[str, Parts], field: str) -> dict[str, Number]:
    """Those of the wanted numbers that wait here without an owner. Raises Refused naming the first ten that somebody has."""
    check_in_blocks(reseller_id=reseller_id, digits=list(wanted), field=field)
    taken = queries.in_use(reseller_id, list(wanted))
    if taken:
        raise Refused("numbers-taken", field=field, numbers=rules.listed(taken, _home_cc(wanted)))
    return {number.digits: number for number in queries.known(list(wanted))}


def check_free(*, reseller_id: int, parts: Sequence[Parts], field: str = "number") -> None:
    """Whether numbers could be given to a customer of this reseller now; nothing is kept. Raises Refused."""
    wanted = {one.digits: rules.check_parts(one.cc, one.ac, one.sn, field=field) for one in parts}
    with db.session().begin_nested() as trying:
        _claim(reseller_id, wanted, field)
        trying.rollback()


def add_numbers(
    *, by: Identity, customer: Customer, holder_id: int, parts: Sequence[Parts], field: str = "number"
) -> list[Number]:
    """New further numbers for a customer, held by its pilot or one of its lines. Released ones are taken over.

    Raises Refused naming the first ten that somebody has already.
    """
    wanted = {one.digits: rules.check_parts(one.cc, one.ac, one.sn, field=field) for one in parts}
    waiting = _claim(customer.reseller_id, wanted, field)
    added = [_take(customer, holder_id, one, Role.ALIAS, waiting.get(digits)) for digits, one in wanted.items()]
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


def take_primary(*, customer: Customer, holder_id: int, parts: Parts, field: str = "number") -> Number:
    """The number by which a line is reached first, brought in from outside. Raises Refused.

    One of its further numbers changes places with the former one; otherwise the former one is nobody's any more.
    """
    wanted = rules.check_parts(parts.cc, parts.ac, parts.sn, field=field)
    current = queries.primary_of(holder_id)
    if current is not None and current.digits == wanted.digits:
        return current
    own = next((number for number in queries.aliases_of(holder_id) if number.digits == wanted.digits), None)
    if own is not None:
        return _change_places(own, current)
    waiting = _claim(customer.reseller_id, {wanted.digits: wanted}, field).get(wanted.digits)
    if current is None:
        number = _take(customer, holder_id, wanted, Role.PRIMARY, waiting)
    else:
        _make_room(waiting)
        number = _renumber(current, wanted)
    db.session().flush()
    return number


def _change_places(alias: Number, primary: Number | None) -> Number:
    if primary is not None:
        primary.role = Role.ALIAS.value
        db.session().flush()
    alias.role = Role.PRIMARY.value
    db.session().flush()
    return alias


def _make_room(released: Number | None) -> None:
    """A released row with the wanted digits goes."""
    if released is not None:
        db.session().delete(released)
        db.session().flush()


def give_primary(*, customer: Customer, holder_id: int, parts: Parts, checked: bool = False) -> Number:
    """The derived number of an extension or a group: a new one, a released one, or the old row with new digits.

    `checked`: its base number was, against the blocks.
    """
    current = queries.primary_of(holder_id)
    if current is not None and current.digits == parts.digits:
        return current
    if not checked:
        check_in_blocks(reseller_id=customer.reseller_id, digits=[parts.digits], field="extension")
    known = next(iter(queries.known([parts.digits])), None)
    if known is not None and known.subscriber_id is not None:
        raise Refused("number-taken", field="extension")
    if current is None:
        number = _take(customer, holder_id, parts, Role.PRIMARY, known)
    else:
        _make_room(known)
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
    check_in_blocks(reseller_id=customer.reseller_id, digits=[one.digits for one in parts.values()], field="extension")
    own = {"reseller_id": customer.reseller_id, "customer_id": customer.id, "role": Role.PRIMARY.value}
    rows.insert_rows([_renumber(Number(subscriber_id=holder, **own), one) for holder, one in parts.items()])
