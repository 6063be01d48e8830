"""Patterns of numbers: typed, kept, matched, and said."""

import pytest
from hypothesis import given, strategies as st

from portal.core import phone
from portal.core.errors import Refused
from portal.core.phone import Home, NotANumber
from portal.features.callhandling.rules import patterns

BERLIN = Home("49", "30")
KEPT = {
    "0900*": "49900*",
    "+49 900 *": "49900*",
    "0049 900*": "49900*",
    "0171 2044918": "491712044918",
    "0171 20449??": "4917120449??",
    "4412870": "49304412870",
    "+43*": "0043*",
    "+43 1 9999*": "4319999*",
    "+1*": "001*",
    "1*": "1*",
    "101": "101",
    "10?": "10?",
    "110": "110",
    "*": "*",
    "00*": "00*",
    "0*": "0049*",
    "+49*": "0049*",
    "+49 ?0*": "0049?0*",
}


def plain(text: str) -> str:
    return text.replace("\u2066", "").replace("\u2069", "").replace("\u00a0", " ")


@pytest.mark.parametrize(("typed", "kept"), KEPT.items())
def test_what_is_typed_is_kept_as_digits(typed: str, kept: str) -> None:
    assert patterns.parse(typed, BERLIN) == kept
    assert patterns.parse(patterns.typed(kept, BERLIN), BERLIN) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "pattern-empty"),
        (" - ", "pattern-empty"),
        ("abc", "pattern-signs"),
        ("0900**", "pattern-star"),
        ("*0900", "pattern-star"),
        ("09*00", "pattern-star"),
        ("+", "pattern-signs"),
        ("0", "pattern-signs"),
        ("00", "pattern-signs"),
        ("+*", "pattern-signs"),
        ("000*", "pattern-signs"),
        ("1+2", "pattern-signs"),
        ("1" * 41, "pattern-long"),
    ],
)
def test_anything_else_is_refused_with_a_reason(typed: str, code: str) -> None:
    with pytest.raises(NotANumber):
        patterns.parse(typed, BERLIN)
    with pytest.raises(Refused) as refused:
        patterns.check(typed, BERLIN, field="pattern")
    assert (refused.value.code, refused.value.field) == (code, "pattern")
    assert refused.value.sentence()


@pytest.mark.parametrize(
    ("pattern", "digits", "matched"),
    [
        ("49900*", "49900123456", True),
        ("49900*", "49900", True),
        ("49900*", "4990", False),
        ("49900*", "4989123456", False),
        ("491712044918", "491712044918", True),
        ("491712044918", "4917120449180", False),
        ("4917120449??", "491712044918", True),
        ("4917120449??", "49171204491", False),
        ("*", "43199990", True),
        ("*", "101", True),
        ("00*", "43199990", True),
        ("00*", "49304412870", False),
        ("00*", "101", False),
        ("0043*", "43199990", True),
        ("0043*", "430", False),
        ("43*", "43199990", False),
        ("43*", "430", True),
        ("0049*", "49304412870", True),
        ("1*", "12125550100", False),
        ("001*", "12125550100", True),
        ("10?", "101", True),
        ("10?", "1010", False),
        ("110", "110", True),
    ],
)
def test_numbers_match_or_do_not(pattern: str, digits: str, *, matched: bool) -> None:
    assert patterns.matches(pattern, digits, BERLIN) is matched


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("49900*", "everything that starts with 0900"),
        ("0043*", "everything that starts with +43"),
        ("1*", "everything that starts with 1"),
        ("*", "every number"),
        ("00*", "every number abroad"),
        ("0049*", "every number in this country"),
        ("49304412870", "030 4412870"),
        ("101", "101"),
        ("4917120449??", "017120449??"),
        ("4319999", "+43 1 9999"),
    ],
)
def test_they_are_said_in_words(pattern: str, words: str) -> None:
    assert plain(patterns.spoken(pattern, BERLIN)) == words


# --- for all -----------------------------------------------------------------------------------------------------------------

TYPED = st.from_regex(r"\A(\+|00?)?[0-9?]{1,12}\*?\Z")
HOMES = st.sampled_from([BERLIN, Home("43", "1"), Home("1", "212"), Home("39", "06")])
NUMBERS = st.from_regex(r"\A[1-9][0-9]{7,13}\Z")


@given(TYPED, HOMES)
def test_what_is_kept_fits_its_column_and_can_be_typed_again(typed: str, home: Home) -> None:
    try:
        kept = patterns.parse(typed, home)
    except NotANumber:
        return
    assert len(kept) <= patterns.LONGEST_PATTERN
    assert set(kept) <= set("0123456789*?")
    assert patterns.parse(patterns.typed(kept, home), home) == kept
    assert patterns.spoken(kept, home)


@given(NUMBERS, st.integers(5, 8), HOMES)
def test_a_number_matches_itself_and_each_of_its_beginnings(number: str, length: int, home: Home) -> None:
    assert patterns.matches(patterns.parse(f"+{number}", home), number, home)
    assert patterns.matches(patterns.parse(f"+{number[:length]}*", home), number, home)
    assert patterns.matches(patterns.parse(f"+{number[:2]}*", home), number, home)
    assert patterns.matches("*", number, home)


@given(NUMBERS, NUMBERS, HOMES)
def test_one_number_never_matches_another(one: str, other: str, home: Home) -> None:
    assert patterns.matches(patterns.parse(f"+{one}", home), other, home) == (one == other)


@given(NUMBERS, st.data(), HOMES)
def test_a_question_mark_stands_for_any_digit(number: str, data: st.DataObject, home: Home) -> None:
    place = data.draw(st.integers(5, len(number) - 1))
    pattern = patterns.parse(f"+{number[:place]}?{number[place + 1 :]}", home)
    digit = data.draw(st.sampled_from("0123456789"))
    assert patterns.matches(pattern, number[:place] + digit + number[place + 1 :], home)


@given(st.text("0123456789 ()/-", max_size=14), HOMES)
def test_a_number_typed_whole_is_kept_like_everywhere(typed: str, home: Home) -> None:
    try:
        digits = phone.parse(typed, home)
    except NotANumber:
        return
    if len(phone.bare(typed)) > patterns.LONGEST_SHORT and len(digits) > patterns.LONGEST_SHORT:
        assert patterns.parse(typed, home) == digits
