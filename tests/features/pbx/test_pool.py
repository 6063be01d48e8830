"""Giving, moving and returning numbers."""

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.numbers.models import Number
from portal.features.numbers.queries import aliases_of
from portal.features.pbx import operations, queries
from portal.features.pbx.operations import Move
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.queries import line as any_line
from tests.cast import Cast
from tests.features.pbx.conftest import Line, raises_refused, traces


def give(cast: Cast, numbers: list[Number], to: Subscriber) -> list[Move]:
    return operations.assign_numbers(
        by=cast.clare.identity, customer_id=cast.lantern.id, numbers=[one.public_id for one in numbers], to=to
    )


def take(cast: Cast, numbers: list[Number]) -> list[Move]:
    return operations.return_numbers(
        by=cast.clare.identity, customer_id=cast.lantern.id, numbers=[one.public_id for one in numbers]
    )


def undo(cast: Cast, moves: list[Move], holder: Subscriber) -> list[Move]:
    back = {move.number: move.was for move in moves}
    return operations.take_back(by=cast.clare.identity, customer_id=cast.lantern.id, holder=holder.public_id, back=back)


def test_a_move_says_from_whom(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    alice, bob = line("alice"), line("bob")
    assert [move.was_free for move in give(as_clare, pool[:2], alice)] == [True, True]
    moved = give(as_clare, pool[:3], bob)
    assert [(move.digits, move.was_name, move.was_free) for move in moved] == [
        ("49305550700", "Alice Meier", False),
        ("49305550701", "Alice Meier", False),
        ("49305550702", "Clare Fenn", True),
    ]
    assert (aliases_of(alice.id), aliases_of(bob.id)) == ([], pool[:3])
    assert traces(alice.public_id, Event.NUMBER_RETURNED)[0].details == {
        "numbers": ["49305550700", "49305550701"],
        "now": "Bob Turner",
    }
    assert [entry.details for entry in traces(bob.public_id, Event.NUMBER_ASSIGNED)] == [
        {"numbers": ["49305550700", "49305550701"], "was": "Alice Meier"},
        {"numbers": ["49305550702"], "was": None},
    ]


def test_a_group_can_have_numbers(as_clare: Cast, pool: list[Number]) -> None:
    sales = any_line(as_clare.groups["sales"].public_id)
    give(as_clare, pool[:1], sales)
    assert aliases_of(sales.id) == pool[:1]


def test_returned_numbers_are_free(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    give(as_clare, pool[:2], line("alice"))
    assert queries.pool_facts(as_clare.lantern.id) == queries.PoolFacts(total=4, free=2)
    take(as_clare, pool)
    assert queries.pool_facts(as_clare.lantern.id) == queries.PoolFacts(total=4, free=4)


def test_giving_to_whoever_has_it_changes_nothing(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    alice = line("alice")
    give(as_clare, pool[:1], alice)
    version = alice.version
    assert give(as_clare, pool[:1], alice) == []
    assert alice.version == version


def test_somebody_who_edits_the_numbers_meanwhile_is_told(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    alice = line("alice")
    version = alice.version
    give(as_clare, pool[:1], alice)
    assert alice.version == version + 1


def test_a_move_can_be_undone(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    alice, bob = line("alice"), line("bob")
    give(as_clare, pool[:1], alice)
    moves = give(as_clare, pool[:2], bob)
    undo(as_clare, moves, bob)
    assert (aliases_of(alice.id), aliases_of(bob.id)) == (pool[:1], [])


def test_undoing_never_takes_from_a_third(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    moves = give(as_clare, pool[:1], line("alice"))
    give(as_clare, pool[:1], line("carol"))
    with raises_refused("number-moved"):
        undo(as_clare, moves, line("alice"))
    assert aliases_of(line("carol").id) == pool[:1]


def test_all_or_none(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    with pytest.raises(NotFound):
        operations.assign_numbers(
            by=as_clare.clare.identity,
            customer_id=as_clare.lantern.id,
            numbers=[pool[0].public_id, PublicId("0" * 16)],
            to=line("alice"),
        )
    assert aliases_of(line("alice").id) == []


def test_own_numbers_of_people_are_not_in_the_pool(as_clare: Cast, line: Line) -> None:
    own = queries.sheet(line("alice").public_id).number
    public_id = db.session().scalar(select(Number.public_id).where(Number.digits == own))
    assert public_id is not None
    with pytest.raises(NotFound):
        operations.assign_numbers(
            by=as_clare.clare.identity, customer_id=as_clare.lantern.id, numbers=[public_id], to=line("bob")
        )


def test_nothing_ticked_is_said(as_clare: Cast, line: Line) -> None:
    with raises_refused("number-none", "number"):
        give(as_clare, [], line("alice"))


def test_numbers_go_to_own_people_only(as_clare: Cast, pool: list[Number]) -> None:
    ike = as_clare.ike.subscriber
    assert ike is not None
    with pytest.raises(NotFound):
        give(as_clare, pool[:1], ike)


def test_a_company_that_is_not_there_cannot_be_held(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    ids = [pool[0].public_id]
    with pytest.raises(NotFound):
        operations.assign_numbers(by=as_clare.clare.identity, customer_id=as_clare.city_bank.id, numbers=ids, to=line("alice"))
