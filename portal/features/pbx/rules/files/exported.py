"""The same tables, written: what was exported can be imported again and changes nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from portal.core import i18n, sheets
from portal.features.pbx.rules.files import words
from portal.features.pbx.rules.files.fields import FIELDS, label_of

AT_ONCE = 500


def header(kind: str) -> str:
    """In the reader's language."""
    return sheets.line(*(label_of(kind, field.name) for field in FIELDS[kind]))


def pieces(kind: str, things: Iterable[Mapping[str, Any]], number: Callable[[str], str]) -> Iterator[str]:
    """Some lines at a time, one for each thing, given as values by field; `number` writes digits.

    In the language of whoever asks now, also when it is read later.
    """
    return _pieces(kind, iter(things), number, i18n.current())


def _pieces(kind: str, rest: Iterator[Mapping[str, Any]], number: Callable[[str], str], language: str) -> Iterator[str]:
    names = [field.name for field in FIELDS[kind]]
    while some := list(islice(rest, AT_ONCE)):
        with i18n.using(language):
            text = "".join([_line(names, thing, number) for thing in some])
        yield text


def _line(names: Iterable[str], thing: Mapping[str, Any], number: Callable[[str], str]) -> str:
    return sheets.line(*(sheets.marked(words.cell_text(name, thing.get(name), number)) for name in names))
