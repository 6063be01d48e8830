"""The company's further numbers: who has them, and which are free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from portal.core import db, i18n, phone
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.numbers.models import Number, Role
from portal.features.pbx.rules import Bounds
from portal.features.subscribers.models import Kind, Status, Subscriber

POOL_SORTS: Mapping[str, tuple[Any, ...]] = {
    "number": (Number.digits, Number.id),
    "owner": (Subscriber.kind == Kind.PILOT, Subscriber.name_sort, Number.digits),
}
MOST_ON_MAP = 500


@dataclass(frozen=True)
class PoolFacts:
    total: int
    free: int

    @property
    def assigned(self) -> int:
        return self.total - self.free


@dataclass(frozen=True)
class PoolFilters:
    """`free`: None for all, else only free or only assigned ones."""

    words: str = ""
    free: bool | None = None
    owner: PublicId | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.free is not None or self.owner)


@dataclass(frozen=True)
class Owner:
    """Who can have numbers: a person or a group; the pilot has those that are free."""

    public_id: PublicId
    name: str
    extension: str | None
    kind: Kind


@dataclass(frozen=True)
class PoolNumber:
    public_id: PublicId
    digits: str
    owner: Owner

    @property
    def free(self) -> bool:
        return self.owner.kind is Kind.PILOT


@dataclass(frozen=True)
class PoolPage:
    rows: Sequence[PoolNumber]
    total: int


def pool_facts(customer_id: int) -> PoolFacts:
    """One statement."""
    row = (
        db.session()
        .execute(
            select(func.count(), func.count().filter(Subscriber.kind == Kind.PILOT))
            .select_from(Number)
            .join(Subscriber, Subscriber.id == Number.subscriber_id)
            .where(Number.customer_id == customer_id, Number.role == Role.ALIAS),
        )
        .one()
    )
    return PoolFacts(*row)


def pool_page(
    customer_id: int, filters: PoolFilters, home: Home, *, sort: str, descending: bool, limit: int, offset: int
) -> PoolPage:
    """`sort` is one of POOL_SORTS. One statement."""
    wanted = matching(_rows(), customer_id, filters, home)
    order = [column.desc() if descending else column for column in POOL_SORTS[sort]]
    rows = db.session().execute(wanted.add_columns(func.count().over()).order_by(*order).limit(limit).offset(offset)).all()
    return PoolPage([_number(row) for row in rows], rows[0][-1] if rows else 0)


def matching(rows: Select[*tuple[Any, ...]], customer_id: int, filters: PoolFilters, home: Home) -> Select[*tuple[Any, ...]]:
    """Of numbers with who has them, those that fit."""
    wanted = rows.where(Number.customer_id == customer_id, Number.role == Role.ALIAS)
    if filters.free is not None:
        wanted = wanted.where((Subscriber.kind == Kind.PILOT) == filters.free)
    if filters.owner:
        wanted = wanted.where(Subscriber.public_id == filters.owner)
    if filters.words:
        wanted = wanted.where(or_(*_meanings(filters.words, home)))
    return wanted


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        Number.public_id,
        Number.digits,
        Subscriber.public_id,
        Subscriber.display_name,
        Subscriber.extension,
        Subscriber.kind,
    ).join(Subscriber, Subscriber.id == Number.subscriber_id)


def _number(row: Sequence[Any]) -> PoolNumber:
    return PoolNumber(row[0], row[1], Owner(row[2], row[3], row[4], Kind(row[5])))


def _meanings(words: str, home: Home) -> list[ColumnElement[bool]]:
    meanings: list[ColumnElement[bool]] = [
        (Subscriber.kind != Kind.PILOT) & Subscriber.name_sort.contains(i18n.sort_key(words), autoescape=True),
    ]
    digits = phone.bare(words).removeprefix("+")
    if digits.isascii() and digits.isdigit():
        meanings.append(Number.digits.endswith(digits))
        canonical = phone.search_digits(words, home)
        if canonical is not None:
            meanings.append(Number.digits.startswith(canonical))
    return meanings


def number(customer_id: int, public_id: PublicId) -> PoolNumber:
    """One number of the pool. Raises NotFound."""
    row = (
        db.session()
        .execute(_rows().where(Number.customer_id == customer_id, Number.role == Role.ALIAS, Number.public_id == public_id))
        .first()
    )
    if row is None:
        raise NotFound
    return _number(row)


def map_of(customer_id: int) -> list[PoolNumber]:
    """The first numbers of the pool in their order. One statement."""
    wanted = (
        _rows().where(Number.customer_id == customer_id, Number.role == Role.ALIAS).order_by(Number.digits).limit(MOST_ON_MAP)
    )
    return [_number(row) for row in db.session().execute(wanted)]


def numbers_between(customer_id: int, bounds: Bounds) -> list[PoolNumber]:
    """Those of a range, in order, whoever has them. One statement."""
    inside = Number.digits.between(*bounds), func.length(Number.digits) == len(bounds.first)
    wanted = _rows().where(Number.customer_id == customer_id, Number.role == Role.ALIAS, *inside)
    return [_number(row) for row in db.session().execute(wanted.order_by(Number.digits))]


def free_numbers(customer_id: int, limit: int) -> list[PoolNumber]:
    """The first numbers that nobody has yet. One statement."""
    wanted = _rows().where(Number.customer_id == customer_id, Number.role == Role.ALIAS, Subscriber.kind == Kind.PILOT)
    return [_number(row) for row in db.session().execute(wanted.order_by(Number.digits).limit(limit))]


def owners(customer_id: int) -> list[Owner]:
    """Everybody who can be given numbers, groups after people. One statement."""
    rows = db.session().execute(
        select(Subscriber.public_id, Subscriber.display_name, Subscriber.extension, Subscriber.kind)
        .where(
            Subscriber.customer_id == customer_id,
            Subscriber.kind.in_([Kind.EXTENSION, Kind.GROUP]),
            Subscriber.status != Status.TERMINATED,
        )
        .order_by(Subscriber.kind, Subscriber.name_sort, Subscriber.id),
    )
    return [Owner(public_id, name, extension, Kind(kind)) for public_id, name, extension, kind in rows]
