"""Cells of files that spreadsheets open."""

import csv
import io
from unicodedata import category

import pytest
from hypothesis import example, given, strategies as st

from portal.core.sheets import line, safe

RUNS = "=+-@\uff1d\uff0b\uff0d\uff20"


def unseen(sign: str) -> bool:
    return sign.isspace() or category(sign) in {"Cc", "Cf"}


@given(st.text())
def test_what_runs_nowhere_stays_as_it_is(text: str) -> None:
    cell = safe(text)
    assert cell in {text, f"'{text}"}
    assert cell == text or text[0] in {*RUNS, *"\t\r\n"} or next(sign for sign in text if not unseen(sign)) in RUNS


@given(st.text(st.characters().filter(unseen)), st.sampled_from(RUNS), st.text())
@example("\u200b", "=", 'HYPERLINK("https://evil.example")')
@example("\u2003\ufeff\x0b\x85", "@", "SUM(1)")
@example("\u200b", "+", "49 89 1234")
@example("", "-", "x")
def test_no_cell_runs_whatever_hides_before_it(hidden: str, sign: str, rest: str) -> None:
    text = f"{hidden}{sign}{rest}"
    assert safe(text) == f"'{text}" or (sign in "+-" and set(text) <= set("+-0123456789 .,"))


@pytest.mark.parametrize("number", ["+49 89 1234", "-1,50", "+1.5", "-7"])
def test_a_number_stays_one(number: str) -> None:
    assert safe(number) == number


@given(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=1))
def test_a_line_is_read_back_as_it_was(texts: list[str]) -> None:
    assert next(csv.reader(io.StringIO(line(*texts), newline=""))) == [safe(text) for text in texts]
