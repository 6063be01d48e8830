"""Extensions, and their range."""

import pytest
from hypothesis import given, strategies as st

from portal.core.errors import Refused
from portal.features.pbx import rules
from portal.features.pbx.rules import Range

EXTENSIONS = st.integers(0, 60)
BOUNDS = st.tuples(EXTENSIONS, EXTENSIONS).map(sorted)


def refusal(code: str, allowed: Range, typed: str) -> Refused:
    with pytest.raises(Refused) as refused:
        allowed.check(typed)
    assert (refused.value.code, refused.value.field) == (code, "extension")
    return refused.value


@pytest.mark.parametrize("typed", ["100", " 104 ", "699", "1 05"])
def test_an_extension_of_the_range_is_taken_without_its_blanks(typed: str) -> None:
    assert Range(100, 699).check(typed) == typed.replace(" ", "")


@pytest.mark.parametrize("typed", ["", "abc", "10a", "1.5", "-1", "+101", "١٠١", "12345678901"])
def test_what_is_no_extension_is_refused(typed: str) -> None:
    assert "digits only" in refusal("extension-digits", Range(), typed).sentence()


@pytest.mark.parametrize(
    ("allowed", "typed", "code", "sentence"),
    [
        (Range(100, 699), "99", "extension-range", "Your extensions reach from 100 to 699."),
        (Range(100, 699), "700", "extension-range", "Your extensions reach from 100 to 699."),
        (Range(100, None), "7", "extension-low", "Your extensions begin at 100."),
        (Range(None, 699), "700", "extension-high", "Your extensions end at 699."),
    ],
)
def test_the_range_is_said(allowed: Range, typed: str, code: str, sentence: str) -> None:
    assert refusal(code, allowed, typed).sentence() == sentence


def test_bounds_compare_as_numbers_and_belong_to_the_range() -> None:
    assert 99 not in Range(100, 699)
    assert 100 in Range(100, 699)
    assert 699 in Range(100, 699)
    assert Range(90, 110).check("100") == "100"
    assert Range().check("0") == "0"


@pytest.mark.parametrize(
    ("taken", "people", "allowed", "expected"),
    [
        ([], [], Range(100, 699), 100),
        ([101, 102, 103, 600], [101, 102, 103], Range(100, 699), 104),
        ([101, 103], [101, 103], Range(100, 699), 102),
        ([600, 601], [], Range(100, 699), 100),
        ([698, 699], [698, 699], Range(100, 699), 100),
        ([10], [10], Range(10, 10), None),
        ([], [], Range(), 100),
        ([], [], Range(None, 50), 0),
        ([5], [5], Range(100, None), 100),
    ],
)
def test_the_next_free_extension_continues_where_people_are(
    taken: list[int], people: list[int], allowed: Range, expected: int | None
) -> None:
    assert rules.next_free(taken, allowed, people) == expected


@given(st.sets(EXTENSIONS), BOUNDS, st.data())
def test_the_next_free_extension_is_allowed_and_free_and_found_if_there_is_one(
    taken: set[int], bounds: list[int], data: st.DataObject
) -> None:
    allowed = Range(*bounds)
    people = data.draw(st.sets(st.sampled_from(sorted(taken)))) if taken else set()
    found = rules.next_free(taken, allowed, people)
    free = {one for one in range(bounds[0], bounds[1] + 1) if one not in taken}
    assert (found in free) if free else (found is None)
