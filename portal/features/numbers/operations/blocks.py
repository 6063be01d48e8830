"""Number blocks, as the operator of the platform makes and grants them. Changing one waits for numbers that are on their way."""

from typing import Any

from sqlalchemy import func, select

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.core.phone import Home
from portal.features.numbers import queries, rules
from portal.features.numbers.models import NumberBlock
from portal.features.numbers.rules import Shape
from portal.features.resellers.models import Reseller


def add_block(
    *,
    by: Identity,
    first: str,
    size: int,
    home: Home,
    reseller: Reseller | None = None,
    allocable: bool = True,
    authoritative: bool = True,
) -> NumberBlock:
    """A new block of so many numbers from the first one on, granted at once if somebody is named. Raises Refused."""
    shape = rules.shape(first, size, home)
    _keep_others_out()
    if queries.overlapping(shape) is not None:
        raise Refused("block-overlaps", field="first")
    block = _made(shape, None, allocable=allocable, authoritative=authoritative)
    db.session().add(block)
    db.session().flush()
    _record(Event.BLOCK_ADDED, by, block, size=shape.size)
    if reseller is not None:
        _grant(by, block, reseller)
    return block


def _made(shape: Shape, reseller_id: int | None, *, allocable: bool, authoritative: bool) -> NumberBlock:
    return NumberBlock(
        reseller_id=reseller_id,
        cc=shape.cc,
        ac=shape.ac,
        sn_prefix=shape.sn_prefix,
        prefix=shape.prefix,
        sn_length=shape.sn_length,
        allocable=allocable,
        authoritative=authoritative,
    )


def _keep_others_out() -> None:
    """One after the other; and no number comes to a customer meanwhile (numbers_outside holds the same lock, shared)."""
    db.session().execute(select(func.pg_advisory_xact_lock(func.hashtext("number blocks"))))


def _held(block: NumberBlock) -> NumberBlock:
    _keep_others_out()
    return queries.held_block(block)


def grant_block(*, by: Identity, block: NumberBlock, reseller: Reseller) -> NumberBlock:
    """Raises Refused when it is granted already, or when customers of somebody else use numbers of it."""
    block = _held(block)
    if block.reseller_id is not None:
        raise Refused("block-granted-already", field="reseller")
    _grant(by, block, reseller)
    return block


def _grant(by: Identity, block: NumberBlock, reseller: Reseller) -> None:
    foreign = queries.numbers_in_use_of(block.shape, besides=reseller.id)
    if foreign:
        raise Refused("block-used-elsewhere", field="reseller", count=foreign)
    block.reseller_id = reseller.id
    db.session().flush()
    _record(Event.BLOCK_GRANTED, by, block, reseller=reseller.name)


def take_block_back(*, by: Identity, block: NumberBlock) -> NumberBlock:
    """Raises Refused while customers have numbers of it."""
    block = _held(block)
    if block.reseller_id is None:
        raise Refused("block-not-granted")
    _check_unused(block)
    _record(Event.BLOCK_TAKEN_BACK, by, block)
    block.reseller_id = None
    db.session().flush()
    return block


def split_block(*, by: Identity, block: NumberBlock, count: int) -> list[NumberBlock]:
    """The same numbers as so many smaller blocks of the same owner."""
    block = _held(block)
    shapes = rules.pieces(block.shape, count)
    facts = {"allocable": block.allocable, "authoritative": block.authoritative}
    made = [_made(shape, block.reseller_id, **facts) for shape in shapes]
    _record(Event.BLOCK_SPLIT, by, block, count=count)
    db.session().delete(block)
    db.session().flush()
    db.session().add_all(made)
    db.session().flush()
    return made


def change_block(*, by: Identity, block: NumberBlock, version: int, allocable: bool, authoritative: bool) -> NumberBlock:
    block = _held(block)
    if block.version != version:
        raise Conflict(block.version)
    wanted = {"allocable": allocable, "authoritative": authoritative}
    changed = {name: (getattr(block, name), now) for name, now in wanted.items() if getattr(block, name) != now}
    if changed:
        block.allocable, block.authoritative = allocable, authoritative
        db.session().flush()
        _record(Event.BLOCK_CHANGED, by, block, **changed)
    return block


def remove_block(*, by: Identity, block: NumberBlock) -> None:
    """Raises Refused while somebody has it or uses numbers of it."""
    block = _held(block)
    if block.reseller_id is not None:
        raise Refused("block-granted")
    _check_unused(block)
    _record(Event.BLOCK_REMOVED, by, block)
    db.session().delete(block)
    db.session().flush()


def _check_unused(block: NumberBlock) -> None:
    used = queries.numbers_in_use_of(block.shape)
    if used:
        raise Refused("block-in-use", count=used)


def _record(event: Event, by: Identity, block: NumberBlock, **details: Any) -> None:
    """In the log of whoever has the block; the operator's own for one that nobody has."""
    audit.record(
        event,
        by=by,
        subject=block.public_id,
        label=f"+{block.shape.first}",
        reseller_id=block.reseller_id or by.reseller_id,
        first=block.shape.first,
        last=block.shape.last,
        **details,
    )
