"""Lists that are leafed through from row to row: a page from any place on costs no more than the first one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_

from portal.core import db
from portal.core.ids import PublicId
from portal.core.places import Page

COUNTED = 10_000
LAST = "\U0010ffff"  # sorts behind everything that begins alike
Row = TypeVar("Row")


@dataclass(frozen=True)
class Beside:
    """Behind a row of a list, or with `back` before it."""

    public_id: PublicId
    back: bool = False


@dataclass(frozen=True)
class Order:
    """What a list is sorted by; `key` ends in something unique. `named`: the public id of a row, `of`: whose rows are places."""

    key: Sequence[Any]
    named: Any
    of: Sequence[ColumnElement[bool]] = ()
    down: bool = False


def leaf(
    found: Select[*tuple[Any, ...]], order: Order, read: Callable[..., Row], *, size: int, place: Beside | None = None
) -> Page[Row]:
    """A page of what was found, each row as `read` makes it. One statement, a second one to find the place.

    A row that is not there (any more), or is not seen from here, is no place: the list begins anew.
    """
    at = _key_at(order, place) if place else None
    back = place is not None and place.back and at is not None
    down = order.down ^ back
    if at is not None:
        here, there = tuple_(*order.key), tuple_(*at)
        found = found.where(here < there if down else here > there)
    found = found.order_by(*(column.desc() if down else column for column in order.key))
    rows = [read(*row) for row in db.session().execute(found.limit(size + 1))]
    more, rows = len(rows) > size, rows[:size]
    if back:
        return Page(rows[::-1], earlier=more, further=True)
    return Page(rows, earlier=at is not None, further=more)


def _key_at(order: Order, place: Beside) -> Sequence[Any] | None:
    row = db.session().execute(select(*order.key).where(order.named == place.public_id, *order.of)).first()
    return tuple(row) if row else None


def counted(found: Select[*tuple[Any, ...]]) -> tuple[int, bool]:
    """How many rows there are, and whether that is only as far as they are counted. One statement."""
    some = found.limit(COUNTED + 1).subquery()
    number = db.session().scalar(select(func.count()).select_from(some)) or 0
    return min(number, COUNTED), number > COUNTED


def begins(column: Any, start: str) -> ColumnElement[bool]:
    """A range, for LIKE finds no index where row-level security stands."""
    return and_(column >= start, column < start + LAST)
