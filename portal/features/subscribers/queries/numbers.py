"""The numbers of one customer, and which of its lines has each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from portal.core import db, i18n, phone
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Kind, Status, Subscriber


@dataclass(frozen=True)
class NumberFilters:
    words: str = ""
    free: bool | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.free is not None)


@dataclass(frozen=True)
class ListedNumber:
    """A number of a customer and the line that has it. `free`: with the pilot, given to nobody."""

    public_id: PublicId
    digits: str
    primary: bool
    line: PublicId
    name: str
    kind: Kind
    extension: str | None

    @property
    def free(self) -> bool:
        return not self.primary and self.kind is Kind.PILOT


@dataclass(frozen=True)
class NumberPage:
    rows: Sequence[ListedNumber]
    total: int


@dataclass(frozen=True)
class NumberCounts:
    total: int
    free: int
    given: int


NUMBER_SORTS: Mapping[str, tuple[Any, ...]] = {
    "number": (Number.digits,),
    "owner": (Subscriber.name_sort, Number.digits),
}
_FREE = (Subscriber.kind == Kind.PILOT) & (Number.role == Role.ALIAS)
# Derived ones are no numbers by themselves.
_OWN = (Number.role == Role.ALIAS) | Subscriber.kind.not_in([Kind.EXTENSION, Kind.GROUP])


def number_page(
    customer_id: int, filters: NumberFilters, home: Home, *, sort: str, descending: bool, limit: int, offset: int
) -> NumberPage:
    """`sort` is one of NUMBER_SORTS. One statement."""
    primary = (Number.role == Role.PRIMARY).label("primary")
    named = Subscriber.public_id, Subscriber.display_name, Subscriber.kind, Subscriber.extension
    wanted = select(Number.public_id, Number.digits, primary, *named, func.count().over())
    wanted = wanted.join(Subscriber, Subscriber.id == Number.subscriber_id).where(Number.customer_id == customer_id, _OWN)
    if filters.free is not None:
        wanted = wanted.where(_FREE if filters.free else ~_FREE)
    if filters.words:
        wanted = wanted.where(or_(*_meanings(filters.words, home)))
    order = [column.desc() if descending else column for column in NUMBER_SORTS[sort]]
    rows = db.session().execute(wanted.order_by(*order).limit(limit).offset(offset)).all()
    return NumberPage([_number(row) for row in rows], rows[0][-1] if rows else 0)


def _number(row: Sequence[Any]) -> ListedNumber:
    public_id, digits, primary, line, name, kind, extension, _total = row
    return ListedNumber(public_id, digits, primary, line, name, Kind(kind), extension)


def number_counts(customer_id: int) -> NumberCounts:
    """One statement."""
    counted = select(func.count(), func.count().filter(_FREE)).select_from(Number)
    counted = counted.join(Subscriber, Subscriber.id == Number.subscriber_id).where(Number.customer_id == customer_id, _OWN)
    total, free = db.session().execute(counted).one()
    return NumberCounts(total, free, total - free)


def _meanings(words: str, home: Home) -> list[ColumnElement[bool]]:
    """Part of a name, an extension, or the beginning or the end of a number."""
    digits = phone.bare(words).removeprefix("+")
    found: list[ColumnElement[bool]] = [Subscriber.name_sort.contains(i18n.sort_key(words), autoescape=True)]
    if digits.isascii() and digits.isdigit():
        found += [Number.digits.endswith(digits), Subscriber.extension == digits]
        canonical = phone.search_digits(words, home)
        found += [Number.digits.startswith(canonical)] if canonical else []
    return found


def receivers(customer_id: int, limit: int) -> list[Subscriber]:
    """Lines that further numbers can be given to, the pilot first."""
    living = Subscriber.customer_id == customer_id, Subscriber.status != Status.TERMINATED
    ordered = (Subscriber.kind == Kind.PILOT).desc(), Subscriber.name_sort, Subscriber.id
    return list(db.session().scalars(select(Subscriber).where(*living).order_by(*ordered).limit(limit)))


def numbers_held(customer_id: int, public_ids: Collection[PublicId]) -> list[ListedNumber]:
    """Further numbers of a customer, with who has them. One statement."""
    named = Subscriber.public_id, Subscriber.display_name, Subscriber.kind, Subscriber.extension
    wanted = select(Number.public_id, Number.digits, Number.role == Role.PRIMARY, *named, func.count().over())
    own = Number.customer_id == customer_id, Number.role == Role.ALIAS, Number.public_id.in_(public_ids)
    rows = db.session().execute(
        wanted.join(Subscriber, Subscriber.id == Number.subscriber_id).where(*own).order_by(Number.digits)
    )
    return [_number(row) for row in rows]
