"""The same tables, written: what was exported can be imported again and changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from portal.core import sheets
from portal.features.pbx.rules.files import words
from portal.features.pbx.rules.files.fields import FIELDS, label_of


def header(kind: str) -> str:
    """In the reader's language."""
    return sheets.line(*(label_of(kind, field.name) for field in FIELDS[kind]))


def lines(kind: str, things: Iterable[Mapping[str, Any]], number: Callable[[str], str]) -> Iterator[str]:
    """A line for each thing, given as values by field; `number` writes digits."""
    names = [field.name for field in FIELDS[kind]]
    for thing in things:
        yield sheets.line(*(sheets.marked(words.cell_text(name, thing.get(name), number)) for name in names))
