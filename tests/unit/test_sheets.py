"""Cells of files that spreadsheets open."""

import csv
import io

from hypothesis import given, strategies as st

from portal.core.sheets import line, safe


@given(st.text())
def test_no_cell_runs(text: str) -> None:
    cell = safe(text)
    assert cell in {text, f"'{text}"}
    assert cell == text or text.lstrip(" \u00a0")[:1] in {*"=+-@\uff1d\uff0b\uff0d\uff20\t\r\n"}


@given(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=1))
def test_a_line_is_read_back_as_it_was(texts: list[str]) -> None:
    assert next(csv.reader(io.StringIO(line(*texts), newline=""))) == [safe(text) for text in texts]
