"""Names for numbers. One's own name for a number counts before the company's."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Label, ScalarSelect, Select, Text, any_, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.core import db, i18n
from portal.core.ids import PublicId
from portal.features.phonebook.models import Entry, EntryNumber
from portal.features.phonebook.queries.reader import Book, Reader, seen

MOST_NAMED = 500  # numbers of people who are looked for by name


@dataclass(frozen=True, slots=True)
class Known:
    """Who a number is."""

    public_id: PublicId
    name: str


def known(whom: Reader, digits: Collection[str]) -> Mapping[str, Known]:
    """Those of the numbers that stand in a phonebook. One statement, none for no numbers."""
    wanted = sorted({one for one in digits if one.isascii() and one.isdigit()})
    if not wanted:
        return {}
    rows = db.session().execute(
        select(EntryNumber.digits, Entry.public_id, Entry.name)
        .join(Entry, Entry.id == EntryNumber.entry_id)
        .where(seen(whom, EntryNumber), EntryNumber.digits == any_(literal(wanted, ARRAY(Text))))
        .order_by(EntryNumber.subscriber_id.nulls_first(), Entry.name.desc()),
    )
    return {number: Known(public_id, name) for number, public_id, name in rows}  # the last one counts: the own, the first by name


def names(whom: Reader, digits: Collection[str]) -> dict[str, str]:
    """The names alone. One statement."""
    return {number: one.name for number, one in known(whom, digits).items()}


def name_for(whom: Reader, digits: ColumnElement[Any], label: str) -> Label[Any]:
    """For statements that read numbers: the name of each. The numbers are sought in an index, row by row."""
    return func.coalesce(*(_named(whom, digits, label, book) for book in (Book.MINE, Book.COMPANY))).label(label)


def _named(whom: Reader, digits: ColumnElement[Any], label: str, book: Book) -> ScalarSelect[Any]:
    entry, number = _called(label, book)
    wanted = select(func.min(entry.name)).join(number, number.entry_id == entry.id)
    return wanted.where(seen(whom, number, book), number.digits == digits).scalar_subquery()


@cache
def _called(label: str, book: Book) -> tuple[type[Entry], type[EntryNumber]]:
    """Other names for the two tables, made once: that costs more than asking them."""
    return aliased(Entry, name=f"{label}_{book}"), aliased(EntryNumber, name=f"{label}_{book}_number")


def numbers_named(whom: Reader, words: str) -> Select[str]:
    """The numbers of those whose name or company has this in it, to be read along with something else."""
    sought = i18n.sort_key(words)
    named = or_(Entry.name_sort.contains(sought, autoescape=True), Entry.company_sort.contains(sought, autoescape=True))
    wanted = select(EntryNumber.digits).join(Entry, Entry.id == EntryNumber.entry_id).where(seen(whom), named)
    return wanted.distinct().order_by(EntryNumber.digits).limit(MOST_NAMED)
