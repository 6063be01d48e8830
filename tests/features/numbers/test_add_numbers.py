"""Numbers come to a customer: new ones, released ones, and never somebody else's."""

from collections.abc import Iterator

import pytest

from portal.core import db
from portal.core.errors import NotFound, Refused
from portal.core.phone import Parts
from portal.features.customers.queries import hold
from portal.features.numbers import operations, queries, rules
from portal.features.numbers.models import Number
from tests.cast import Cast

FIRST = Parts("49", "30", "5550800")


@pytest.fixture(autouse=True)
def _at_toms_desk(cast: Cast) -> Iterator[None]:
    with db.unit_of_work(cast.tom.scope):
        yield


def add(cast: Cast, *parts: Parts) -> list[Number]:
    clare = cast.clare.subscriber
    assert clare is not None
    return operations.add_numbers(by=cast.tom.identity, customer=hold(cast.lantern.id), holder_id=clare.id, parts=parts)


def test_a_run_of_numbers_is_the_customers(cast: Cast) -> None:
    added = add(cast, *rules.consecutive(FIRST, 10))
    assert [number.digits for number in added] == [f"493055508{n:02}" for n in range(10)]
    assert {(number.customer_id, number.role) for number in added} == {(cast.lantern.id, "alias")}


def test_numbers_that_somebody_has_are_listed(cast: Cast) -> None:
    add(cast, *rules.consecutive(FIRST, 3))
    with pytest.raises(Refused) as refused:
        add(cast, *rules.consecutive(FIRST, 5))
    assert refused.value.code == "numbers-taken"
    plain = refused.value.sentence().replace("\u2066", "").replace("\u2069", "").replace("\u00a0", " ")
    assert plain == "Already in use: 030 5550800, 030 5550801, 030 5550802."


def test_the_same_digits_split_otherwise_are_the_same_number(cast: Cast) -> None:
    add(cast, FIRST)
    with pytest.raises(Refused) as refused:
        add(cast, Parts("49", "305", "550800"))
    assert refused.value.code == "numbers-taken"


def test_a_number_of_another_reseller_is_in_use_and_nothing_else_is_told(cast: Cast) -> None:
    with pytest.raises(Refused) as refused, db.session().begin_nested():
        add(cast, FIRST, Parts("49", "30", "6660000"))
    assert refused.value.code == "numbers-taken"
    assert "6660000" in refused.value.sentence()
    assert not [word for word in ("Cheap", "Charlie", "5550800") if word in refused.value.sentence()]


def test_what_is_no_number_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        add(cast, Parts("0", "30", "1"))
    assert refused.value.code == "number-parts"


def test_only_numbers_of_the_pool_can_be_held_for_a_move(cast: Cast) -> None:
    added = add(cast, FIRST)
    assert queries.held(cast.lantern.id, [added[0].public_id]) == added
    with pytest.raises(NotFound):
        queries.held(cast.city_bank.id, [added[0].public_id])
