"""An outcome as bars over time."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from portal.core.ids import PublicId
from portal.features.callhandling.rules import (
    Call,
    Kind,
    Names,
    Outcome,
    Phones,
    Picture,
    Ringing,
    Row,
    When,
    Why,
    evaluate,
    picture,
)
from portal.features.callhandling.rules.picture import MOST_TICKS, ticks
from tests.features.callhandling.cases import (
    ALICE,
    BOB,
    CASES,
    DORA,
    MOBILE,
    RECEPTION,
    SALES,
    STRANGER,
    TUESDAY,
    Case,
    company,
    forward,
    to,
)


def plain(text: str) -> str:
    return text.replace("\u2066", "").replace("\u2069", "").replace("\u00a0", " ")


def drawn(called: str, changes: Mapping[PublicId, Mapping[str, Any]], phones: Mapping[PublicId, Phones] | None = None) -> Picture:
    exchange = company(changes)
    outcome = evaluate(Call(TUESDAY, called, STRANGER), exchange, phones)
    return picture(outcome, Names(exchange))


def shown(row: Row) -> tuple[str, str, tuple[tuple[int, int], ...], bool]:
    return row.kind.value, plain(row.who), tuple((bar.begins, bar.ends) for bar in row.bars), row.forwarded


def test_a_group_and_where_it_goes_when_nobody_answers() -> None:
    found = drawn(
        "600", {SALES: {"forwards": (forward(When.NO_ANSWER, to("reception"), to(MOBILE, 30)),)}, BOB: {"do_not_disturb": True}}
    )
    assert [shown(row) for row in found.rows] == [
        ("rings", "Alice", ((0, 20),), False),
        ("silent", "Bob", (), False),
        ("rings", "Carol", ((0, 20),), False),
        ("forwarded", "Nobody answers: Reception, 602, then 0171 5550001", (), True),
        ("rings", "Dora", ((20, 30),), True),
        ("rings", "Emil", ((30, 40),), True),
        ("leaves", "0171 5550001", ((40, 70),), True),
    ]
    assert (found.seconds, found.ticks, found.marks) == (70, (0, 15, 30, 45, 60), (20,))
    assert [row.extension for row in found.rows] == ["101", "102", "103", None, "104", "105", None]
    assert [row.within for row in found.rows][:3] == ["Sales"] * 3
    assert found.rows[1].note == "Do not disturb"


def test_who_rings_twice_in_a_plan_has_two_bars_in_one_row() -> None:
    found = drawn("600", {SALES: {"ringing": Ringing(((ALICE,), (BOB,), (ALICE,)), 10)}})
    assert [shown(row) for row in found.rows] == [
        ("rings", "Alice", ((0, 10), (20, 30)), False),
        ("rings", "Bob", ((10, 20),), False),
    ]


def test_what_others_forward_stands_under_their_names() -> None:
    exchange = company(
        {ALICE: {"forwards": (forward(When.ALWAYS, to(MOBILE)),)}, SALES: {"forwards": (forward(When.NO_ANSWER, to("dora")),)}}
    )
    found = picture(evaluate(Call(TUESDAY, "600", STRANGER), exchange), Names(exchange), SALES)
    assert [plain(row.who) for row in found.rows if row.kind is Kind.FORWARDED] == [
        "Alice forwards: 0171 5550001",
        "Nobody answers: Dora, 104",
    ]


def test_what_ends_at_once_has_no_length() -> None:
    found = drawn("602", {}, {DORA: Phones.OFF})
    assert found.rows[0].note == "Not reachable"
    nobody = picture(Outcome((), Why.NOBODY, 0), Names(company()))
    assert nobody == Picture((), 0, (0,), ())


def test_a_rule_at_the_very_beginning_needs_no_line_across() -> None:
    found = drawn("101", {ALICE: {"forwards": (forward(When.ALWAYS, to("reception")),)}})
    assert found.marks == ()
    assert shown(found.rows[0]) == ("forwarded", "Always: Reception, 602", (), True)
    assert {row.within for row in found.rows[1:]} == {"Reception"}
    assert RECEPTION not in {row.who for row in found.rows}


@pytest.mark.parametrize("seconds", [0, 1, 4, 5, 20, 50, 61, 90, 600, 3600, 40_000])
def test_ticks_are_few_and_even(seconds: int) -> None:
    found = ticks(seconds)
    assert found[0] == 0
    assert len(found) <= MOST_TICKS + 1
    assert all(0 <= tick <= seconds for tick in found)
    assert len({after - before for before, after in pairwise(found)}) <= 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_every_case_can_be_drawn(case: Case) -> None:
    found = picture(evaluate(case.call, case.exchange, case.phones), Names(case.exchange))
    assert max((bar.ends for row in found.rows for bar in row.bars), default=0) == found.seconds == case.seconds
    assert all(row.note for row in found.rows if row.kind is Kind.SILENT)
    assert all(bar.seconds > 0 for row in found.rows for bar in row.bars)
