"""Bytes of a CSV file, whoever wrote it, as a table; and which of its columns is which."""

import csv
import io
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import example, given, strategies as st

from portal.core import i18n, sheets
from portal.core.errors import Refused
from portal.features.pbx.rules import files
from portal.features.pbx.rules.files import words

WESTERN = st.text(st.sampled_from("abcXYZ 012äöüßÄÖÜéèàçñøå-’–“”€'\"=;,|"), max_size=12)


def refusal(content: bytes, **how: str) -> Refused:
    with pytest.raises(Refused) as caught:
        files.read(content, **how)
    assert caught.value.field == "file"
    assert "%(" not in caught.value.sentence()
    return caught.value


@given(
    st.lists(st.lists(WESTERN, min_size=3, max_size=3).filter(lambda row: any(map(str.strip, row))), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    st.sampled_from(["\r\n", "\n", "\r"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_a_table_is_read_as_it_was_written(
    rows: list[list[str]], separator: str, encoding: str, line_end: str, quoting: int
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([["Extension", "Name", "E-mail"], *rows])
    asked = "cp1252" if encoding == "cp1252" else None  # of a few signs nobody can tell
    table = files.read(text.getvalue().encode(encoding), encoding=asked)
    assert table.headers == ("Extension", "Name", "E-mail")
    assert [list(line.cells) for line in table.lines] == [[sheets.unmarked(cell) for cell in row] for row in rows]
    assert [line.number for line in table.lines] == list(range(2, len(rows) + 2))
    assert table.separator == separator


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Jürgen Müller"),
        ("cp1252", "François Œuvre"),
        ("iso8859_15", "Jürgen €"),
        ("cp1254", "Şükrü Işık Gülşah"),
        ("cp1250", "Łukasz Żółć"),
        ("cp1250", "Žaneta Šťastná"),
        ("cp1251", "Анна Иванова, Пётр Сидоров, Ольга Кузнецова"),
        ("mac_roman", "Jürgen Müller"),
    ],
)
def test_names_look_like_names_whatever_they_were_written_in(encoding: str, name: str) -> None:
    table = files.read(f"Extension;Name\n101;{name}\n".encode(encoding))
    assert table.lines[0].cells[1] == name


def test_another_encoding_can_be_asked_for() -> None:
    content = "Extension;Name\n101;Jürgen\n".encode("cp1252")
    assert files.read(content, encoding="cp1250").lines[0].cells == ("101", "Jürgen")
    assert refusal(content, encoding="utf-8").code == "file-encoding"


def test_another_separator_can_be_asked_for() -> None:
    assert files.read(b"Extension,Name\n1;2,3\n", separator=";").headers == ("Extension,Name",)


def test_empty_lines_count_and_say_nothing() -> None:
    table = files.read(b"\r\n\r\nExtension,Name\r\n,\r\n101,Alice\r\n\r\n , \r\n102,Bob")
    assert [(line.number, line.cells) for line in table.lines] == [(5, ("101", "Alice")), (8, ("102", "Bob"))]


def test_a_cell_may_have_several_lines() -> None:
    table = files.read(b'Extension,Name\n101,"Alice\nMeier"\n102,Bob\n')
    assert [(line.number, line.cells[1]) for line in table.lines] == [(2, "Alice\nMeier"), (3, "Bob")]


def test_rows_may_be_shorter_or_longer() -> None:
    table = files.read(b"Extension,Name,E-mail\n101\n102,Bob,b@x.example,more\n")
    matching = files.match("extensions", table.headers)
    assert matching.values(table.lines[0].cells) == {"extension": "101", "display_name": "", "email": ""}
    assert table.lines[1].cells[3] == "more"


def test_zero_bytes_are_left_out() -> None:
    assert files.read(b"Extension,Name\n101,Al\0ice\n").lines[0].cells == ("101", "Alice")


def test_the_line_by_which_excel_knows_the_separator_is_no_heading() -> None:
    table = files.read(b"sep=|\r\nExtension|Name, or so\r\n101|Alice\r\n")
    assert (table.headers, table.lines[0].number) == (("Extension", "Name, or so"), 3)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"\xef\xbb\xbf\r\n \n", "file-empty"),
        (b"Extension,Name\n", "file-no-rows"),
        (b"PK\x03\x04whatever", "file-workbook"),
        (b"\xd0\xcf\x11\xe0whatever", "file-workbook"),
        (bytes(range(1, 32)) * 40, "file-no-text"),
        (b'Extension,Name\n101,"' + b"x" * 200_000, "file-cell"),
        (b"x" * (files.LARGEST + 1), "file-large"),
    ],
    ids=range(8),
)
def test_what_is_no_table_is_refused(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_fifty_thousand_rows_are_counted_and_refused() -> None:
    content = b"Extension,Name\n" + b"".join(b"%d,Person %d\n" % (n, n) for n in range(50_000))
    assert refusal(content).sentence() == "This file has 50000 rows; 10000 can be imported at once. Split it."
    assert len(files.read(content[: content.index(b"\n10000,") + 1]).lines) == 10_000


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n" + b"1\n" * 4_900_000,
        b"a,b\n1,2\n" + b"\r" * 9_900_000,
        b"a,b\n" + b"\xe4" * 9_900_000,
        b"a,b\n1" + b"," * 9_900_000,
        b"," * 9_900_000 + b"\n1,2",
        b",".join([b"a" * 90_000] * 100) + b"\n1,2",
    ],
    ids=["rows", "empty rows", "a long cell", "cells", "columns", "headings"],
)
def test_hostile_files_cost_little(content: bytes) -> None:
    began = process_time()
    with suppress(Refused):
        table = files.read(content)
        assert sum(map(len, table.headers)) <= 100 * files.LONGEST_HEADING
        assert all(len(line.cells) <= 101 for line in table.lines)
    assert process_time() - began < 10


@given(st.binary(max_size=400))
@example(b'"')
@example(b"\xff\xfe\x00")
@example(b"sep=")
@example(b"\x00\xd8" * 20)
def test_no_bytes_break_it(content: bytes) -> None:
    with suppress(Refused):
        table = files.read(content)
        assert table.headers
        assert all("\0" not in cell for line in table.lines for cell in line.cells)


# --- columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["Extension", "EXT", "ext.", "Nebenstelle", "Durchwahl", " extension ", "Extension:", "Extensión", "extension_"]
)
def test_an_extension_has_many_names(header: str) -> None:
    assert files.match("extensions", [header]).places == {"extension": 0}


def test_our_own_labels_are_known_in_every_language() -> None:
    for language in i18n.available():
        for kind in files.FIELDS:
            with i18n.using(language):
                labels = [files.label_of(kind, field.name) for field in files.FIELDS[kind]]
            assert list(files.match(kind, labels).places) == [field.name for field in files.FIELDS[kind]]


def test_german_labels_are_known_to_whoever_reads_english() -> None:
    assert files.match("extensions", ["Nebenstelle", "Name", "E-Mail", "Sprache"]).places == {
        "extension": 0,
        "display_name": 1,
        "email": 2,
        "language": 3,
    }


def test_unknown_columns_are_left_out_and_named() -> None:
    matching = files.match("extensions", ["Extension", "Shoe size", "", "Name"])
    assert (matching.unknown, matching.trouble) == (("Shoe size",), None)


def test_a_missing_column_is_named() -> None:
    trouble = files.match("extensions", ["Name", "E-mail"]).trouble
    assert trouble is not None
    assert trouble.sentence() == "The file has no column “Extension”. Say which one it is, or add it."


def test_the_same_column_twice_is_refused() -> None:
    trouble = files.match("extensions", ["Extension", "Mail", "E-mail"]).trouble
    assert trouble is not None
    assert (trouble.code, trouble.facts) == ("column-twice", {"column": "E-mail"})


def test_columns_can_be_chosen() -> None:
    matching = files.chosen("extensions", ["a", "b", "c"], ["display_name", "nonsense", "extension"])
    assert (matching.places, matching.unknown) == ({"display_name": 0, "extension": 2}, ("b",))


# --- words ------------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(bool))
)
def test_a_list_in_a_cell_is_read_back(texts: list[str]) -> None:
    assert words.parts(words.joined(texts)) == texts


@pytest.mark.parametrize(
    ("typed", "switch"), [("yes", True), ("ON", True), ("Ja", True), ("0", False), ("aus", False), ("-", False)]
)
def test_a_switch_is_said_in_many_ways(typed: str, switch: bool) -> None:
    assert words.switch(typed) is switch


@pytest.mark.parametrize("typed", ["de", "Deutsch", "German", "DEUTSCH"])
def test_a_language_is_said_in_many_ways(typed: str) -> None:
    assert words.language(typed, ["en", "de"]) == "de"
    with pytest.raises(Refused, match="word-language"):
        words.language(typed, ["en"])
