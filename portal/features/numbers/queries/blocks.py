"""Number blocks: who has them, how full they are, and what is free in them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.core import db, phone
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.phone import Home, Parts
from portal.features.numbers import rules
from portal.features.numbers.models import Number, NumberBlock
from portal.features.numbers.rules import Shape
from portal.features.resellers.models import Reseller

BEHIND_DIGITS = ":"  # sorts right behind every digit
MOST_SUGGESTED = 8
SORTS: Mapping[str, tuple[Any, ...]] = {"first": (NumberBlock.prefix,), "owner": (Reseller.name_sort, NumberBlock.prefix)}


@dataclass(frozen=True)
class BlockFilters:
    words: str = ""
    free: bool | None = None  # granted to nobody
    reseller_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.free is not None or self.reseller_id)


@dataclass(frozen=True)
class ListedBlock:
    """`used`: how many of its numbers somebody has; a base number has all that begin with it."""

    block: NumberBlock
    owner: str | None
    owner_id: PublicId | None
    used: int

    @property
    def shape(self) -> Shape:
        return self.block.shape

    @property
    def free(self) -> int:
        return max(self.shape.size - self.used, 0)


@dataclass(frozen=True)
class BlockPage:
    rows: Sequence[ListedBlock]
    total: int


@dataclass(frozen=True)
class Cell:
    """A piece of a block, down to one number: `used` of `size` numbers are somebody's. `holder`: who has this very number."""

    digits: str
    size: int
    used: int
    holder: str | None = None
    line: PublicId | None = None


def begins(digits: Any, prefix: Any) -> ColumnElement[bool]:
    """As a range, which an index answers under row-level security, too."""
    return and_(digits >= prefix, digits < prefix + BEHIND_DIGITS)


def block_page(filters: BlockFilters, home: Home, *, sort: str, descending: bool, limit: int, offset: int) -> BlockPage:
    """One statement."""
    wanted = _listed().add_columns(func.count().over()).where(*_conditions(filters, home))
    order = [column.desc() if descending else column for column in SORTS[sort]]
    rows = db.session().execute(wanted.order_by(*order).limit(limit).offset(offset)).all()
    return BlockPage([ListedBlock(*row[:-1]) for row in rows], rows[0][-1] if rows else 0)


def block(public_id: PublicId) -> ListedBlock:
    """Raises NotFound. One statement."""
    row = db.session().execute(_listed().where(NumberBlock.public_id == public_id)).first()
    if row is None:
        raise NotFound
    return ListedBlock(*row)


def held_block(block: NumberBlock) -> NumberBlock:
    """As it is stored now, kept from others. Raises NotFound when it is gone meanwhile."""
    wanted = select(NumberBlock).where(NumberBlock.id == block.id).with_for_update()
    found = db.session().scalars(wanted, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound
    return found


def _listed() -> Any:
    return select(NumberBlock, Reseller.name, Reseller.public_id, _used()).outerjoin(
        Reseller, Reseller.id == NumberBlock.reseller_id
    )


def _used() -> Any:
    whole = func.char_length(NumberBlock.cc + NumberBlock.ac) + NumberBlock.sn_length
    length = func.char_length(Number.digits)
    single = func.count(func.distinct(func.left(Number.digits, whole))).filter(length >= whole)
    many = func.coalesce(func.sum(func.power(10, whole - length)).filter(length < whole), 0)
    mine = begins(Number.digits, NumberBlock.prefix), Number.subscriber_id.is_not(None)
    return select((single + many).cast(Number.id.type)).where(*mine).correlate(NumberBlock).scalar_subquery()


def _conditions(filters: BlockFilters, home: Home) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.free is not None:
        wanted.append(NumberBlock.reseller_id.is_(None) if filters.free else NumberBlock.reseller_id.is_not(None))
    if filters.reseller_id is not None:
        wanted.append(NumberBlock.reseller_id == filters.reseller_id)
    if filters.words:
        digits = phone.search_digits(filters.words, home)
        meant = literal(digits or "-")
        wanted.append(or_(begins(NumberBlock.prefix, meant), func.starts_with(meant, NumberBlock.prefix)))
    return wanted


def overlapping(shape: Shape) -> NumberBlock | None:
    """A block that has some of the same numbers. One statement."""
    shorter = [shape.prefix[:digits] for digits in range(1, len(shape.prefix) + 1)]
    wanted = select(NumberBlock).where(or_(NumberBlock.prefix.in_(shorter), begins(NumberBlock.prefix, literal(shape.prefix))))
    return db.session().scalars(wanted.limit(1)).first()


def numbers_in_use_of(shape: Shape, *, besides: int | None = None) -> int:
    """How many numbers that begin like this customers have, but for those of one reseller. One statement."""
    mine = begins(Number.digits, literal(shape.prefix)), Number.subscriber_id.is_not(None)
    others = Number.reseller_id != (besides or 0)
    return db.session().scalar(select(func.count()).select_from(Number).where(*mine, others)) or 0


def next_free(reseller_id: int) -> list[Parts]:
    """The lowest free number of each of the first few blocks of a reseller. One statement."""
    own = select(NumberBlock.id).where(NumberBlock.reseller_id == reseller_id, NumberBlock.allocable)
    first = own.order_by(NumberBlock.prefix).limit(MOST_SUGGESTED).scalar_subquery()
    mine = and_(begins(Number.digits, NumberBlock.prefix), Number.subscriber_id.is_not(None))
    wanted = select(NumberBlock, Number.digits).outerjoin(Number, mine).where(NumberBlock.id.in_(first))
    used: dict[Shape, list[str]] = defaultdict(list)
    for block, digits in db.session().execute(wanted.order_by(NumberBlock.prefix)):
        used[block.shape].extend([digits] if digits else [])
    found = ((shape, rules.first_free(shape, taken)) for shape, taken in used.items())
    return [shape.parts(digits) for shape, digits in found if digits is not None]


def released(reseller_id: int, limit: int) -> list[Parts]:
    """Numbers of a reseller that wait for somebody, lowest first."""
    waiting = select(Number).where(Number.reseller_id == reseller_id, Number.customer_id.is_(None)).order_by(Number.digits)
    return [number.parts for number in db.session().scalars(waiting.limit(limit))]


def cells(shape: Shape, at: str, holders: Any) -> list[Cell]:
    """The numbers of a block that begin with `at`, as 100 cells at most. `holders` is the table of lines. One statement."""
    open_digits = shape.length - len(at)
    step = min(open_digits, 2)
    size = 10 ** (open_digits - step)
    line = aliased(holders)
    piece = func.left(Number.digits, len(at) + step)
    length = func.char_length(Number.digits)
    weight = case((length < shape.length, func.power(10, shape.length - length)), else_=1)
    wanted = (
        select(piece, func.least(func.sum(weight), size), func.min(line.display_name), func.min(line.public_id))
        .join(line, line.id == Number.subscriber_id)
        .where(begins(Number.digits, literal(at)))
        .group_by(piece)
    )
    known = {digits: (int(used), name, line_id) for digits, used, name, line_id in db.session().execute(wanted)}
    every = [f"{at}{n:0{step}}" for n in range(10**step)] if step else [at]
    return [_cell(digits, size, known) for digits in every]


def _cell(digits: str, size: int, known: Mapping[str, tuple[int, str, PublicId]]) -> Cell:
    """A base number that is shorter than a piece has all of its pieces."""
    covering = next((known[digits[:end]] for end in range(len(digits), 0, -1) if digits[:end] in known), None)
    if covering is None:
        return Cell(digits, size, 0)
    used, name, line = covering if digits in known else (size, *covering[1:])
    return Cell(digits, size, min(used, size), *((name, line) if size == 1 else (None, None)))
