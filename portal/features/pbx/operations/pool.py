"""The numbers of the pool: given to people and groups, moved between them, returned to the pilot."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified

from portal.core import db, phone
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.customers.queries import hold as hold_customer
from portal.features.numbers import operations as numbers, queries as number_queries
from portal.features.numbers.models import Number
from portal.features.pbx import queries
from portal.features.subscribers import queries as subscriber_queries
from portal.features.subscribers.models import Kind, OutgoingNumber, Subscriber
from portal.features.subscribers.operations import record
from portal.features.subscribers.queries import Company


@dataclass(frozen=True)
class Move:
    """A number that went from one line to another; the pilot's line is the pool."""

    number: PublicId
    digits: str
    was: PublicId
    was_name: str
    was_free: bool


def assign_numbers(*, by: Identity, customer_id: int, numbers: Collection[PublicId], to: Subscriber) -> list[Move]:
    """Gives numbers of the pool to a person or a group, also those that somebody else has. All of them or none."""
    if not numbers:
        raise Refused("number-none", field="number")
    hold_customer(customer_id)
    if to.customer_id != customer_id:
        raise NotFound
    found = number_queries.held(customer_id, numbers)
    return _move(by, {number: to for number in found if number.subscriber_id != to.id})


def return_numbers(*, by: Identity, customer_id: int, numbers: Collection[PublicId]) -> list[Move]:
    """Numbers go back to the pool, where they are free."""
    hold_customer(customer_id)
    return assign_numbers(by=by, customer_id=customer_id, numbers=numbers, to=subscriber_queries.company(customer_id).pilot)


def take_back(*, by: Identity, customer_id: int, holder: PublicId, back: Mapping[PublicId, PublicId]) -> list[Move]:
    """Undoes a move: each number returns to the line that had it, if it is still where the move had put it."""
    hold_customer(customer_id)
    found = number_queries.held(customer_id, back.keys())
    lines = {line.public_id: line for line in queries.lines(customer_id, {holder, *back.values()})}
    if not {holder, *back.values()} <= lines.keys() or any(number.subscriber_id != lines[holder].id for number in found):
        raise Refused("number-moved")
    return _move(by, {number: lines[back[number.public_id]] for number in found})


def exchange(*, by: Identity, company: Company, line: Subscriber, keep: Collection[PublicId], add: Collection[PublicId]) -> None:
    """A line keeps some of its further numbers, the others return to the pool, and free ones are added. The customer is held."""
    current = number_queries.aliases_of(line.id)
    moves = {number: company.pilot for number in current if number.public_id not in keep}
    for number in number_queries.held(company.customer.id, add):
        if number.subscriber_id == company.pilot.id:
            moves[number] = line
        elif number.subscriber_id != line.id:
            facts = {"number": phone.spoken(number.digits, company.home.cc), "name": queries.name_of(number.subscriber_id)}
            raise Refused("number-not-free", field="add", **facts)
    _move(by, moves)


def _move(by: Identity, moves: Mapping[Number, Subscriber]) -> list[Move]:
    holders = {number.subscriber_id for number in moves if number.subscriber_id is not None}
    lines = _held_lines(holders | {to.id for to in moves.values()})
    done: list[Move] = []
    bundles: dict[tuple[int, int], list[Number]] = defaultdict(list)
    for number, to in moves.items():
        was = lines[number.subscriber_id or 0]
        done.append(Move(number.public_id, number.digits, was.public_id, was.display_name, was.kind == Kind.PILOT))
        bundles[was.id, to.id].append(number)
    for (was_id, to_id), together in bundles.items():
        _hand_over(by, lines[was_id], lines[to_id], together)
    return done


def _held_lines(ids: Iterable[int]) -> dict[int, Subscriber]:
    return {line.id: subscriber_queries.hold(line) for line in queries.lines_by_key(sorted(ids))}


def _hand_over(by: Identity, was: Subscriber, to: Subscriber, together: Sequence[Number]) -> None:
    numbers.hand_over(numbers=together, holder_id=to.id)
    if was.outgoing_number_id in {number.id for number in together}:
        was.outgoing, was.outgoing_number_id = OutgoingNumber.OWN.value, None
    for line in (was, to):
        flag_modified(line, "display_name")  # a new version: whoever edits this line's numbers now is told
    digits = [number.digits for number in together]
    if to.kind != Kind.PILOT:
        record(Event.NUMBER_ASSIGNED, by=by, line=to, numbers=digits, was=None if was.kind == Kind.PILOT else was.display_name)
    if was.kind != Kind.PILOT:
        record(Event.NUMBER_RETURNED, by=by, line=was, numbers=digits, now=None if to.kind == Kind.PILOT else to.display_name)
    db.session().flush()
