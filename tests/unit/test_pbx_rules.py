"""Extensions, their range, and what callers experience."""

import pytest
from hypothesis import given, strategies as st

from portal.core import i18n
from portal.core.errors import Refused
from portal.features.pbx import rules
from portal.features.pbx.rules import Range
from portal.features.subscribers.rules import LockLevel

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


def effect(**facts: object) -> rules.Effect:
    usual = {
        "name": "Alice",
        "extension": "101",
        "numbers": ["49305550000101"],
        "shown": "49305550000101",
        "level": LockLevel.NONE,
        "quiet": False,
    }
    return rules.effect(**{**usual, **facts}, home_cc="49")  # type: ignore[arg-type]


def plain(text: str) -> str:
    return text.replace("\u2066", "").replace("\u2069", "").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("facts", "sentence", "note"),
    [
        ({}, "Calls to 101 and 030 5550000101 ring Alice.", "People outside who are called see 030 5550000101."),
        (
            {"numbers": ["49305550000101", "49305550700"], "shown": "49305550000"},
            "Calls to 101, 030 5550000101 and 030 5550700 ring Alice.",
            "People outside who are called see 030 5550000.",
        ),
        (
            {"quiet": True},
            "Calls to 101 and 030 5550000101 do not ring: do not disturb is on.",
            "People outside who are called see 030 5550000101.",
        ),
        ({"level": LockLevel.FOREIGN}, "Calls to 101 and 030 5550000101 ring Alice.", "Only colleagues can be called from it."),
        (
            {"level": LockLevel.OUTGOING},
            "Calls to 101 and 030 5550000101 ring Alice.",
            "Nobody can be called from it, except emergency numbers.",
        ),
        (
            {"level": LockLevel.IN_AND_OUT},
            "Calls to 101 and 030 5550000101 are turned away: the line is locked.",
            "Nobody can be called from it either, except emergency numbers.",
        ),
        (
            {"level": LockLevel.GLOBAL, "quiet": True},
            "Calls to 101 and 030 5550000101 are turned away: the line is locked.",
            "Nobody can be called from it either, except emergency numbers.",
        ),
        (
            {"level": LockLevel.PORTED},
            "Calls to 101 and 030 5550000101 only go where they are forwarded: the number has moved away.",
            "People outside who are called see 030 5550000101.",
        ),
    ],
)
def test_the_effect_says_what_callers_experience(facts: dict[str, object], sentence: str, note: str) -> None:
    with i18n.using("en"):
        told = effect(**facts)
    assert (plain(told.sentence), plain(told.note)) == (sentence, note)


def test_numbers_in_sentences_stay_in_one_piece_in_any_direction() -> None:
    with i18n.using("en"):
        assert "\u2066030\u00a05550000101\u2069" in effect().sentence
