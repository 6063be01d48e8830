"""Number blocks and typed numbers: what they come to, for any block."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from portal.core import phone
from portal.core.errors import Refused
from portal.core.phone import Home
from portal.features.numbers import rules
from portal.features.numbers.rules import Shape

BERLIN = Home("49", "30")
SHAPES = st.builds(
    lambda prefix, more: Shape("49", "30", prefix, len(prefix) + more),
    st.from_regex(r"[1-9][0-9]{2,4}", fullmatch=True),
    st.integers(0, 3),
)


@given(SHAPES)
def test_a_block_is_found_again_by_its_first_number(shape: Shape) -> None:
    assert rules.shape(f"+{shape.first}", shape.size, BERLIN) == shape
    assert int(shape.last) - int(shape.first) + 1 == shape.size


@given(SHAPES, st.sampled_from([10, 100]))
def test_pieces_are_the_block_again(shape: Shape, count: int) -> None:
    if count > shape.size:
        with pytest.raises(Refused):
            rules.pieces(shape, count)
        return
    pieces = rules.pieces(shape, count)
    assert [piece.size for piece in pieces] == [shape.size // count] * count
    assert (pieces[0].first, pieces[-1].last) == (shape.first, shape.last)
    assert all(int(one.last) + 1 == int(other.first) for one, other in pairwise(pieces))


@given(SHAPES, st.data())
def test_the_lowest_free_number_is_free_and_the_lowest(shape: Shape, data: st.DataObject) -> None:
    every = [str(int(shape.first) + step) for step in range(shape.size)]
    used = data.draw(st.sets(st.sampled_from(every)))
    free = [one for one in every if one not in used]
    assert rules.first_free(shape, used) == (free[0] if free else None)


def test_a_base_number_has_all_that_begin_with_it() -> None:
    shape = Shape("49", "30", "555", 7)
    assert rules.first_free(shape, ["493055500"]) == "49305550100"
    assert rules.first_free(shape, ["49305550000101"]) == "49305550001"


@pytest.mark.parametrize(
    ("typed", "count", "first", "last"),
    [
        ("030 5550700", 1, "49305550700", "49305550700"),
        ("030 5550700 – 19", 20, "49305550700", "49305550719"),
        ("030 5550700 - 0709", 10, "49305550700", "49305550709"),
        ("+49 30 5550700 to +49 30 5550702", 3, "49305550700", "49305550702"),
        ("030 55507xx", 100, "49305550700", "49305550799"),
        ("5550700\n5550701;5550700", 2, "49305550700", "49305550701"),
        ("+43 1 9999100", 1, "4319999100", "4319999100"),
    ],
)
def test_typed_numbers(typed: str, count: int, first: str, last: str) -> None:
    found = sorted(one.digits for one in rules.numbers(typed, BERLIN))
    assert (len(found), found[0], found[-1]) == (count, first, last)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "numbers-none"),
        ("hello", "number-typed"),
        ("030 5550719 – 00", "number-end"),
        ("030 555xxxx", "number-open"),
        ("030 5550000 – 9999", "numbers-many"),
        ("030 1xxx\n030 2xxx", "numbers-many"),
    ],
)
def test_what_cannot_be_read_says_why(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.numbers(typed, BERLIN)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("digits", "parts"),
    [
        ("49305550000", ("49", "30", "5550000")),
        ("498999998007", ("49", "89", "99998007")),
        ("33199000001", ("33", "1", "99000001")),
        ("49555", ("49", "", "555")),
    ],
)
def test_a_number_is_split_as_its_country_does(digits: str, parts: tuple[str, str, str]) -> None:
    found = phone.split(digits, BERLIN)
    assert (found.cc, found.ac, found.sn) == parts
