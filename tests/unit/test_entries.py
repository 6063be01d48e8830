"""Numbers typed one per line: what is read, and what is said about what cannot be."""

from contextlib import suppress

import pytest
from hypothesis import given, strategies as st

from portal.core.errors import Refused
from portal.core.phone import Home
from portal.features.callhandling.rules import Entry, emergency_numbers, read_entries, shown_entries
from portal.features.callhandling.rules.conditions import MOST_ENTRIES
from portal.features.callhandling.rules.emergency import check_emergency
from portal.features.callhandling.rules.entries import LONGEST_NOTE, split
from portal.features.callhandling.rules.patterns import parse

BERLIN = Home("49", "30")


def sentence(text: str) -> str:
    with pytest.raises(Refused) as caught:
        read_entries(text, BERLIN)
    assert caught.value.field == "entries"
    return caught.value.sentence().replace("\u2066", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("typed", "number", "note"),
    [
        ("0900*  Premium", "0900*", "Premium"),
        ("0900*\tPremium", "0900*", "Premium"),
        ("0900*, Premium", "0900*", "Premium"),
        ("0900* ; 24 hours", "0900*", "24 hours"),
        ("0900* Premium numbers", "0900*", "Premium numbers"),
        ("030 5550 0101", "030 5550 0101", None),
        ("030 5550 0101  Kranz & Söhne", "030 5550 0101", "Kranz & Söhne"),
        ("+49 (0)30 5550-0101 Kranz", "+49 (0)30 5550-0101", "Kranz"),
        ("030  5550  0101", "030  5550  0101", None),
        ("+43 1 23?? Vienna", "+43 1 23??", "Vienna"),
        ("٠٣٠٥٥٥ عمر", "٠٣٠٥٥٥", "عمر"),
        ("premium", "premium", None),
    ],
)
def test_a_line_is_a_number_and_a_note(typed: str, number: str, note: str | None) -> None:
    assert split(typed) == (number, note)


def test_empty_lines_do_not_count() -> None:
    assert read_entries("\n  \n0900* Premium\n\n101\n", BERLIN) == [Entry("49900*", "Premium"), Entry("101")]


def test_what_is_no_number_is_named_by_its_line() -> None:
    assert sentence("0900*\nKranz").startswith("Line 2, “Kranz”, is not a number.")
    assert sentence("x\n0900*\ny\nz").startswith("Lines 1, 3 and 4 are not numbers.")
    assert sentence("\n".join("x" * n for n in range(1, 30))).startswith("Lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 … are not")
    assert "0*9" in sentence("0*9")


def test_what_stands_twice_is_named_by_both_lines() -> None:
    assert sentence("0171 2044918\n\n+49 171 2044918  Kim") == "Line 3 says the same as line 1: 0171\u00a02044918."


def test_a_note_has_its_length() -> None:
    assert read_entries("101 " + "n" * LONGEST_NOTE, BERLIN)[0].note == "n" * LONGEST_NOTE
    assert sentence("0900*\n101 " + "n" * (LONGEST_NOTE + 1)).startswith("The note in line 2 is too long")


def test_there_is_room_for_a_long_list_and_not_for_a_longer_one() -> None:
    lines = [f"030 {n:06}" for n in range(100_000, 100_000 + MOST_ENTRIES)]
    assert len(read_entries("\n".join(lines), BERLIN)) == MOST_ENTRIES
    assert sentence("\n".join([*lines, "0900*"])).startswith("These are 501 numbers; at most 500 fit.")


PATTERNS = st.from_regex(r"(\+?[1-9]|0[1-9]|[1-9])[0-9]{0,8}[0-9?]{0,3}\*?", fullmatch=True)
NOTES = st.none() | st.text("abcdefgh &äöü", min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(
    lambda text: text[:1].isalpha()
)


@given(st.lists(st.tuples(PATTERNS, NOTES), max_size=20, unique_by=lambda pair: parse(pair[0], BERLIN)))
def test_what_is_shown_to_edit_is_read_as_it_was(typed: list[tuple[str, str | None]]) -> None:
    entries = [Entry(parse(pattern, BERLIN), note) for pattern, note in typed]
    assert read_entries(shown_entries(entries, BERLIN), BERLIN) == entries


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    with suppress(Refused):
        entries = read_entries(text, BERLIN)
        assert len({entry.pattern for entry in entries}) == len(entries)


# --- emergency numbers -------------------------------------------------------------------------------------------------------


def test_every_country_has_its_own() -> None:
    assert emergency_numbers(BERLIN) == {"110", "112"}
    assert emergency_numbers(Home("44", "20")) == {"110", "112", "999"}
    assert emergency_numbers(Home("54", "11")) >= {"110", "112", "911"}
    assert emergency_numbers(Home("999", "")) == {"110", "112"}


@pytest.mark.parametrize("typed", ["110", "112", "11?", "1??", "11*", "1*", "???"])
def test_whoever_lists_one_to_be_blocked_is_told(typed: str) -> None:
    with pytest.raises(Refused, match="blocks-emergency") as caught:
        check_emergency([parse("0900*", BERLIN), parse(typed, BERLIN)], BERLIN, field="entries")
    number = "112" if typed == "112" else "110"
    assert caught.value.sentence() == f"{number} is an emergency number and can always be called. Take {typed} out of the list."


@pytest.mark.parametrize("typed", ["*", "0*", "00*", "118*", "0110", "113", "+49 110"])
def test_others_can_be_blocked(typed: str) -> None:
    check_emergency([parse(typed, BERLIN)], BERLIN, field="entries")
