"""What a chain is proven from, read in its order, some thousand rows at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Row, Select, Table, exists, func, or_, select

from portal.core import db
from portal.core.audit import AuditChain, AuditEntry, AuditLink, beginning
from portal.core.tenancy import Scope
from portal.features.audit.rules.proof import Chain, Link

CHUNK = 2_000
LEAST = -(2**63)  # who puts in a row may choose any number for it
_ENTRY, _LINK = cast("Table", AuditEntry.__table__), cast("Table", AuditLink.__table__)
_COLUMNS = [column.key for column in _ENTRY.columns]


@contextmanager
def verified() -> Iterator[None]:
    """A unit of work that sees one moment of the whole log, whatever is written meanwhile."""
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield


def chain(reseller_id: int) -> Chain | None:
    """None where no chain was begun. Raises Unsealed when its key is not one that this portal stored."""
    found = db.session().get(AuditChain, reseller_id)
    if found is None:
        return None
    first = beginning(found.key, reseller_id, found.after_entry)
    return Chain(found.key, first, found.length, found.head, found.after_entry)


def links(reseller_id: int) -> Iterator[Link]:
    """Each with what stands in its entry now, whosever it is now."""
    joined = _LINK.outerjoin(_ENTRY, _ENTRY.c.id == _LINK.c.entry_id)
    wanted = select(_LINK.c.place, _LINK.c.entry_id, _LINK.c.hash, *_ENTRY.c).select_from(joined)
    wanted = wanted.where(_LINK.c.reseller_id == reseller_id).order_by(_LINK.c.place)
    for row in _chunks(lambda last: wanted.where(_LINK.c.place > last)):
        yield Link(row[0], row[1], row[2], _entry(row[3:]) if row[3] is not None else None)


def unlinked(reseller_id: int, after_entry: int) -> Iterator[Mapping[str, Any]]:
    """Entries that came after the beginning of the chain, and are not in it."""
    in_chain = exists().where(_LINK.c.entry_id == _ENTRY.c.id)
    wanted = select(*_ENTRY.c).where(_ENTRY.c.reseller_id == reseller_id, ~in_chain).order_by(_ENTRY.c.id)
    no_older = or_(_ENTRY.c.id > after_entry, _ENTRY.c.id < 1)
    for row in _chunks(lambda last: wanted.where(no_older, _ENTRY.c.id > last)):
        yield _entry(row)


def older(reseller_id: int, after_entry: int) -> int:
    """How many entries there are from before the chain."""
    between = _ENTRY.c.id.between(1, after_entry)
    in_chain = exists().where(_LINK.c.entry_id == _ENTRY.c.id)
    wanted = select(func.count()).select_from(_ENTRY).where(_ENTRY.c.reseller_id == reseller_id, between, ~in_chain)
    return db.session().scalar(wanted) or 0


def place_of(reseller_id: int, link: bytes) -> int | None:
    """Where a link stands that was noted elsewhere."""
    found: int | None = db.session().scalar(select(_LINK.c.place).where(_LINK.c.reseller_id == reseller_id, _LINK.c.hash == link))
    return found


def _chunks(behind: Callable[[int], Select[*tuple[Any, ...]]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a statement whose first column is the place to go on from."""
    last = LEAST
    while rows := db.session().execute(behind(last).limit(CHUNK)).all():
        yield from rows
        last = rows[-1][0]


def _entry(values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(_COLUMNS, values, strict=True))
