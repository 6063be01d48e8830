"""Files of call records as switches write them: CSV with a header line, or a JSON object per line; UTF-8 or Latin-1."""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum, auto
from pathlib import PurePath
from typing import NamedTuple, Protocol

from portal.features.calls.rules.legs import OPTIONAL, REQUIRED, BadLine

NAMES = (*REQUIRED, *OPTIONAL)
LONGEST_LINE = 65_536
SEPARATORS = (",", ";", "\t")
_NOTHING = dict.fromkeys(NAMES, "")


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
    fields: Mapping[str, str] | None
    trouble: str = ""


class Readable(Protocol):
    def readline(self, limit: int = -1, /) -> bytes: ...


class Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._sum = hashlib.sha256()

    def readline(self, limit: int = -1, /) -> bytes:
        chunk = self._file.readline(limit)
        self._sum.update(chunk)
        return chunk

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


class Text:
    """The lines of a file. UTF-8 until a line cannot be; from there on Latin-1."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self.latin = False
        self.number = 0

    def __iter__(self) -> Iterator[tuple[int, int, str | None]]:
        """(line number, bytes, text); the text is None when the line is too long. Raises UnusableFile."""
        while chunk := self._file.readline(LONGEST_LINE):
            self.number += 1
            size, whole = len(chunk), chunk.endswith(b"\n") or len(chunk) < LONGEST_LINE
            while not whole:
                more = self._file.readline(LONGEST_LINE)
                size, whole = size + len(more), more.endswith(b"\n") or len(more) < LONGEST_LINE
                chunk = b""
            yield self.number, size, self._decoded(chunk) if chunk else None

    def _decoded(self, chunk: bytes) -> str:
        if self.number == 1:
            chunk = _without_mark(chunk)
        if not self.latin:
            try:
                return chunk.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                self.latin = True
        return chunk.decode("latin-1").rstrip("\r\n")


def _without_mark(chunk: bytes) -> bytes:
    if chunk.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in chunk:
        raise UnusableFile("The file is no text in UTF-8 or Latin-1. Save it as UTF-8 and try again.")
    return chunk.removeprefix(b"\xef\xbb\xbf")


def lines(file: Readable, name: str, wanted: Format | None = None) -> Iterator[Line]:
    """The lines that hold records. Raises UnusableFile, at the latest when the first line is asked for."""
    text = iter(Text(file))
    number, size, first = next(((number, size, line) for number, size, line in text if line is None or line.strip()), (0, 0, ""))
    if not number:
        raise UnusableFile("The file is empty.")
    if first is None:
        raise UnusableFile("The first line is longer than any header or record.")
    found = wanted or _format(name, first)
    if found is Format.JSONL:
        if not first.lstrip().startswith("{"):
            raise UnusableFile(f"Line {number} is no JSON object, so this is no file of JSON lines.")
        yield _json_line(number, size, first)
        yield from (_json_line(number, size, line) for number, size, line in text if line is None or line.strip())
    else:
        yield from _csv_lines(first, text)


def _format(name: str, first: str) -> Format:
    if PurePath(name).suffix.lower() in {".jsonl", ".ndjson", ".json"}:
        return Format.JSONL
    return Format.JSONL if first.lstrip().startswith("{") else Format.CSV


class Columns(NamedTuple):
    """How a CSV file is written: its separator, where each known column stands, and how many columns a record needs."""

    separator: str
    places: Mapping[str, int]
    width: int

    @classmethod
    def of(cls, header: str) -> "Columns":
        """Raises UnusableFile."""
        separator = max(SEPARATORS, key=header.count)
        try:
            places = _places(next(csv.reader([header], delimiter=separator)))
        except csv.Error as error:
            raise UnusableFile("The header line cannot be read as one of a CSV file.") from error
        return cls(separator, places, max(places.values()) + 1)

    def line(self, number: int, size: int, text: str) -> Line:
        try:
            cells = next(csv.reader((text,), delimiter=self.separator, strict=True))
        except csv.Error:
            return Line(number, size, text, None, "The quotation marks of this line do not match.")
        if len(cells) < self.width:
            return Line(number, size, text, None, f"The line has {len(cells)} columns; its record needs {self.width}.")
        return Line(number, size, text, _NOTHING | {name: cells[place].strip() for name, place in self.places.items()})


def _csv_lines(header: str, text: Iterable[tuple[int, int, str | None]]) -> Iterator[Line]:
    columns = Columns.of(header)
    for number, size, line in text:
        if line is None:
            yield Line(number, size, "", None, f"The line has {size} bytes, more than any record.")
        elif line.strip():
            yield columns.line(number, size, line)


def _places(header: list[str]) -> dict[str, int]:
    """Where each known column stands. Raises UnusableFile."""
    names = [cell.strip().lower().replace(" ", "_") for cell in header]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise UnusableFile(f"The header line has no column {' and no column '.join(f'“{name}”' for name in missing)}.")
    twice = [name for name in NAMES if names.count(name) > 1]
    if twice:
        raise UnusableFile(f"The header line names the column “{twice[0]}” twice.")
    return {name: names.index(name) for name in NAMES if name in names}


def _json_line(number: int, size: int, line: str | None) -> Line:
    if line is None:
        return Line(number, size, "", None, f"The line has {size} bytes, more than any record.")
    try:
        return Line(number, size, line, _json_fields(json.loads(line)))
    except (ValueError, RecursionError):
        return Line(number, size, line, None, "The line is no JSON object.")
    except BadLine as error:
        return Line(number, size, line, None, str(error))


def _json_fields(found: object) -> dict[str, str]:
    if not isinstance(found, dict):
        raise BadLine("The line is no JSON object.")
    return _NOTHING | {name: _plain(name, found[name]) for name in NAMES if name in found}


def _plain(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value).strip()
    raise BadLine(f"{name} is neither a text nor a number.")
