"""The list of entries, of both books together or of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.core import db, i18n, phone
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.phonebook.models import Entry, EntryNumber
from portal.features.phonebook.queries.reader import Book, Reader, seen
from portal.features.phonebook.rules import Content, Label, Numbered, letter_of
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.queries import levels_of_line
from portal.features.subscribers.rules import Allowance, Feature, Level

SORTS: Mapping[str, tuple[Any, ...]] = {
    "name": (Entry.name_sort, Entry.id),
    "company": (Entry.company_sort, Entry.name_sort, Entry.id),
}


@dataclass(frozen=True)
class Facts:
    """What a list says on top: how many entries each book has, under which letters, and what the profile lets do with the own."""

    company: int
    own: int
    letters: Sequence[str]
    level: Level

    @property
    def total(self) -> int:
        return self.company + self.own


@dataclass(frozen=True)
class Filters:
    words: str = ""
    book: Book | None = None
    letter: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.book or self.letter)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the list."""

    public_id: PublicId
    content: Content
    letter: str
    own: bool


@dataclass(frozen=True)
class Page:
    rows: Sequence[Listed]
    total: int


def facts(whom: Reader, book: Book | None = None) -> Facts:
    """One statement. Letters are those of one book when it is named."""
    first = func.substr(Entry.name_sort, 1, 1)
    own = Entry.subscriber_id.is_not(None)
    listed = {Book.COMPANY: ~own, Book.MINE: own, None: or_(own, ~own)}[book]
    counts = (
        select(
            func.count().filter(~own).label("company"),
            func.count().filter(own).label("own"),
            func.array_agg(first.distinct()).filter(listed).label("letters"),
        )
        .where(seen(whom))
        .subquery()
    )
    row = db.session().execute(select(counts, _levels(whom).scalar_subquery().label("levels"))).one()
    return Facts(row.company, row.own, sorted({letter_of(one) for one in row.letters or ()}), _level(whom, row.levels))


def level(whom: Reader) -> Level:
    """What the profile lets somebody do with a phonebook of their own. One statement."""
    return _level(whom, db.session().scalar(_levels(whom)))


def _levels(whom: Reader) -> Select[Any]:
    return select(levels_of_line()).select_from(Subscriber).where(Subscriber.id == whom.subscriber_id)


def _level(whom: Reader, levels: Mapping[str, object] | None) -> Level:
    return Level.OFF if whom.subscriber_id is None else Allowance(levels).level(Feature.PHONEBOOK)


def page(whom: Reader, filters: Filters, home: Home, *, sort: str, descending: bool, limit: int, offset: int) -> Page:
    """`sort` is one of SORTS. One statement."""
    order = [column.desc().nulls_last() if descending else column.asc().nulls_last() for column in SORTS[sort]]
    wanted = _matching(whom, filters, home).add_columns(func.count().over()).order_by(*order)
    rows = db.session().execute(wanted.limit(limit).offset(offset)).all()
    return Page([_listed(row) for row in rows], rows[0][-1] if rows else 0)


def every(whom: Reader, filters: Filters, home: Home, *, sort: str = "name", descending: bool = False) -> list[Content]:
    """All entries that fit, for a file. One statement."""
    order = [column.desc().nulls_last() if descending else column.asc().nulls_last() for column in SORTS[sort]]
    return [_listed(row).content for row in db.session().execute(_matching(whom, filters, home).order_by(*order))]


def _matching(whom: Reader, filters: Filters, home: Home) -> Select[*tuple[Any, ...]]:
    pairs = func.jsonb_build_array(EntryNumber.label, EntryNumber.digits)
    numbers = (
        select(func.jsonb_agg(aggregate_order_by(pairs, EntryNumber.position)))
        .where(EntryNumber.entry_id == Entry.id)
        .correlate(Entry)
        .scalar_subquery()
    )
    wanted = select(
        Entry.public_id,
        Entry.name,
        Entry.name_sort,
        Entry.company,
        Entry.email,
        Entry.note,
        Entry.subscriber_id,
        numbers.label("numbers"),
    ).where(seen(whom, book=filters.book))
    if filters.letter:
        wanted = wanted.where(_under(filters.letter))
    if filters.words:
        wanted = wanted.where(or_(*_meanings(whom, filters.words, home)))
    return wanted


def _under(letter: str) -> ColumnElement[bool]:
    if letter == "#":
        return Entry.name_sort.regexp_match("^[^[:alpha:]]")
    return Entry.name_sort.startswith(i18n.sort_key(letter), autoescape=True)


def _meanings(whom: Reader, words: str, home: Home) -> list[ColumnElement[bool]]:
    """Part of a name, of a company or of an address; or a number typed in any way, its beginning or its end."""
    sought = i18n.sort_key(words)
    meanings: list[ColumnElement[bool]] = [
        Entry.name_sort.contains(sought, autoescape=True),
        Entry.company_sort.contains(sought, autoescape=True),
        Entry.email.icontains(words, autoescape=True),
    ]
    digits = phone.bare(words).removeprefix("+")
    if digits.isascii() and digits.isdigit():
        numbers = [EntryNumber.digits.endswith(digits)]
        canonical = phone.search_digits(words, home)
        if canonical is not None:
            numbers.append(EntryNumber.digits.startswith(canonical))
        meanings.append(Entry.id.in_(select(EntryNumber.entry_id).where(seen(whom, EntryNumber), or_(*numbers))))
    return meanings


def _listed(row: Any) -> Listed:
    numbers = tuple(Numbered(Label(label), digits) for label, digits in row.numbers or ())
    content = Content(row.name, row.company, row.email, row.note, numbers)
    return Listed(row.public_id, content, letter_of(row.name_sort), row.subscriber_id is not None)
