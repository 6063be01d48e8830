"""Files of call records as switches write them: CSV with a header line, or a JSON object per line; UTF-8 or Latin-1."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from enum import StrEnum, auto
from itertools import chain
from operator import itemgetter
from pathlib import PurePath
from typing import NamedTuple, Protocol

from portal.features.calls.rules.legs import REQUIRED, BadLine, Fields

BLOCK = 1 << 20
LONGEST_LINE = 65_536
SEPARATORS = (",", ";", "\t")


class UnusableFile(Exception):  # noqa: N818
    """Nothing of the file can be taken; the message is a sentence that says why."""


class Format(StrEnum):
    CSV = auto()
    JSONL = auto()


class Line(NamedTuple):
    """`number` counts from 1, `size` is in bytes. Without fields the line is bad, and `trouble` says why."""

    number: int
    size: int
    raw: str
    fields: Fields | None
    trouble: str = ""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._sum = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        block = self._file.read(size)
        self._sum.update(block)
        return block

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


def pieces(file: Readable) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a file with their size in bytes; None in place of one that is longer than any record."""
    rest, passed = b"", 0
    while block := file.read(BLOCK):
        first, *others = (rest + block).split(b"\n")
        found, rest = [first, *others[:-1]] if others else [], others[-1] if others else first
        for line in found:
            size = passed + len(line) + 1
            yield size, None if size > LONGEST_LINE else line
            passed = 0
        if passed or len(rest) > LONGEST_LINE:
            passed, rest = passed + len(rest), b""
    if passed or rest:
        yield passed + len(rest), None if passed else rest


class Text:
    """The lines of a file. UTF-8 until a line cannot be; from there on Latin-1."""

    def __init__(self, file: Readable) -> None:
        self._file = file

    def __iter__(self) -> Iterator[tuple[int, int, str | None]]:
        """(line number, bytes, text) of what is not blank; the text is None when the line is too long. Raises UnusableFile."""
        encoding = "utf-8"
        for number, (size, line) in enumerate(pieces(self._file), 1):
            if line is None:
                yield number, size, None
                continue
            bare = (_without_mark(line) if number == 1 else line).strip(b"\r")
            try:
                text = bare.decode(encoding)
            except UnicodeDecodeError:
                encoding = "latin-1"
                text = bare.decode(encoding)
            if text and not text.isspace():
                yield number, size, text


def _without_mark(line: bytes) -> bytes:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in line:
        raise UnusableFile("The file is no text in UTF-8 or Latin-1. Save it as UTF-8 and try again.")
    return line.removeprefix(b"\xef\xbb\xbf")


def lines(file: Readable, name: str, wanted: Format | None = None) -> Iterator[Line]:
    """The lines that hold records. Raises UnusableFile, at the latest when the first line is asked for."""
    text = iter(Text(file))
    number, size, first = next(text, (0, 0, ""))
    if not number:
        raise UnusableFile("The file is empty.")
    if first is None:
        raise UnusableFile("The first line is longer than any header or record.")
    if (wanted or _format(name, first)) is Format.CSV:
        columns = Columns.of(first)
        yield from (columns.line(*line) for line in text)
    elif first.lstrip().startswith("{"):
        yield from (_json_line(*line) for line in chain([(number, size, first)], text))
    else:
        raise UnusableFile(f"Line {number} is no JSON object, so this is no file of JSON lines.")


def _format(name: str, first: str) -> Format:
    if PurePath(name).suffix.lower() in {".jsonl", ".ndjson", ".json"}:
        return Format.JSONL
    return Format.JSONL if first.lstrip().startswith("{") else Format.CSV


class Columns(NamedTuple):
    """How a CSV file is written: its separator, where each column of ours stands (else at -1), and how many it has at least."""

    separator: str
    pick: Callable[[list[str]], tuple[str, ...]]
    width: int

    @classmethod
    def of(cls, header: str) -> "Columns":
        """Raises UnusableFile."""
        separator = max(SEPARATORS, key=header.count)
        try:
            names = next(csv.reader([header], delimiter=separator))
        except csv.Error as error:
            raise UnusableFile("The header line cannot be read as one of a CSV file.") from error
        places = _places(names)
        return cls(separator, itemgetter(*(places.get(name, -1) for name in Fields._fields)), max(places.values()) + 1)

    def line(self, number: int, size: int, text: str | None) -> Line:
        if text is None:
            return _too_long(number, size)
        try:
            cells = text.split(self.separator) if '"' not in text else self._quoted(text)
        except csv.Error:
            return Line(number, size, text, None, "The quotation marks of this line do not match.")
        if len(cells) < self.width:
            return Line(number, size, text, None, f"The line has {len(cells)} columns; its record needs {self.width}.")
        cells.append("")
        return Line(number, size, text, Fields._make(map(str.strip, self.pick(cells))))

    def _quoted(self, text: str) -> list[str]:
        return next(csv.reader((text,), delimiter=self.separator, strict=True))


def _too_long(number: int, size: int) -> Line:
    return Line(number, size, "", None, f"The line has {size:,} bytes, more than any record.")


def _places(header: list[str]) -> dict[str, int]:
    """Where each known column stands. Raises UnusableFile."""
    names = [cell.strip().lower().replace(" ", "_") for cell in header]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise UnusableFile(f"The header line has no column {' and no column '.join(f'“{name}”' for name in missing)}.")
    twice = [name for name in Fields._fields if names.count(name) > 1]
    if twice:
        raise UnusableFile(f"The header line names the column “{twice[0]}” twice.")
    return {name: names.index(name) for name in Fields._fields if name in names}


def _json_line(number: int, size: int, text: str | None) -> Line:
    if text is None:
        return _too_long(number, size)
    try:
        return Line(number, size, text, _json_fields(json.loads(text)))
    except (ValueError, RecursionError) as error:
        return Line(number, size, text, None, str(error) if isinstance(error, BadLine) else "The line is no JSON object.")


def _json_fields(found: object) -> Fields:
    if not isinstance(found, dict):
        raise BadLine("The line is no JSON object.")
    return Fields(*(_plain(name, found.get(name)) for name in Fields._fields))


def _plain(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value).strip()
    raise BadLine(f"{name} is neither a text nor a number.")
