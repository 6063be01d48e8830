"""Bytes of a CSV file, whoever wrote it, as a table."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.sheets import unmarked
from portal.features.pbx.rules.files.encodings import ENCODINGS, codec_of, encoding_of

MOST_ROWS = 10_000
MOST_COLUMNS = 100
LARGEST = 10_000_000  # bytes
LONGEST_CELL = 131_072
LONGEST_HEADING = 200
MOST_LINES = 20 * MOST_ROWS  # with those that are empty, and those within cells
_SAMPLE = 100_000  # signs that tell the separator
SEPARATORS: Mapping[str, str] = {",": N_("Comma"), ";": N_("Semicolon"), "\t": N_("Tab"), "|": N_("Vertical bar")}
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
_HINT = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # a first line by which Excel knows the separator

declare("file-empty", N_("There is nothing in this file."))
declare("file-large", N_("This file is larger than %(most)s MB. Split it."))
declare("file-workbook", N_("This is a workbook. Save the sheet as CSV in your spreadsheet program, and choose that file."))
declare("file-no-text", N_("This is not a CSV file."))
declare("file-encoding", N_("The signs in this file cannot be read as %(encoding)s. Choose another encoding."))
declare("file-no-rows", N_("There are headings in this file, and no rows below them."))
declare("file-rows", N_("This file has %(rows)s rows; %(most)s can be imported at once. Split it."))
declare("file-columns", N_("This file has %(columns)s columns; %(most)s are read at most. Perhaps another separator is right."))
declare("file-cell", N_("Row %(line)s has a quotation mark that is never closed, or a cell that is far too long."))


@dataclass(frozen=True)
class Line:
    """A row with its number as a spreadsheet shows it: the first one of the file is 1, empty ones count."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    headers: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str
    separator: str


def read(content: bytes, *, encoding: str | None = None, separator: str | None = None) -> Table:
    """What is not said is found. Raises Refused."""
    _check_bytes(content)
    encoding = encoding if encoding and encoding in ENCODINGS else encoding_of(content)
    text = _decoded(content, encoding)
    _check_length(text)
    hint = _HINT.fullmatch(text[: text.find("\n") + 1] or text)
    separator = separator or (hint[1] if hint and hint[1] in SEPARATORS else separator_of(text))
    lines = _lines(text, separator, skip=1 if hint else 0)
    head = next(lines, None)
    if head is None:
        raise Refused("file-empty", field="file")
    _number, headings = head
    if len(headings) > MOST_COLUMNS:
        raise Refused("file-columns", field="file", columns=len(headings), most=MOST_COLUMNS)
    rows = tuple(_line(number, cells) for number, cells in islice(lines, MOST_ROWS))
    more = sum(1 for _ in lines)
    if more:
        raise Refused("file-rows", field="file", rows=len(rows) + more, most=MOST_ROWS)
    if not rows:
        raise Refused("file-no-rows", field="file")
    return Table(tuple(unmarked(cell).strip()[:LONGEST_HEADING] for cell in headings), rows, encoding, separator)


def _line(number: int, cells: list[str]) -> Line:
    """One cell more than there are columns is kept, to say that it is one too many."""
    return Line(number, tuple(map(unmarked, cells[: MOST_COLUMNS + 1])))


def _check_bytes(content: bytes) -> None:
    if not content.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise Refused("file-empty", field="file")
    if len(content) > LARGEST:
        raise Refused("file-large", field="file", most=LARGEST // 1_000_000)
    if content.startswith(_WORKBOOKS):
        raise Refused("file-workbook", field="file")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(codec_of(content, encoding))
    except UnicodeDecodeError:
        raise Refused("file-encoding", field="file", encoding=ENCODINGS[encoding]) from None
    text = text.removeprefix("\ufeff").replace("\0", "")
    if sum(1 for sign in text[:4000] if ord(sign) < 32 and sign not in "\t\r\n") > 40:
        raise Refused("file-no-text", field="file")
    return text


def _check_length(text: str) -> None:
    """Before any row is read."""
    lines = max(text.count("\n"), text.count("\r"))
    if lines > MOST_LINES:
        raise Refused("file-rows", field="file", rows=lines, most=MOST_ROWS)


def separator_of(text: str) -> str:
    """The one that parts the first lines into the most columns, as evenly as possible."""
    sample = "".join(islice(io.StringIO(text[:_SAMPLE], newline=""), 20))
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: str, separator: str) -> tuple[int, int]:
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator) if row]
    except csv.Error:
        return (0, 0)
    head = widths[0] if widths else 0
    return (head - 1, sum(width == head for width in widths))


def _lines(text: str, separator: str, *, skip: int) -> Iterator[tuple[int, list[str]]]:
    """All that are not empty."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if number > skip and any(cell and not cell.isspace() for cell in cells):
                yield number, cells
    except csv.Error:
        raise Refused("file-cell", field="file", line=number + 1) from None
