"""Bringing all that is stored encrypted under the newest key, so that older ones can be dropped."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Text, literal, select, tuple_, type_coerce, update

from portal.core import db, secrets
from portal.core.sealed import Sealed
from portal.core.tenancy import Scope

BATCH = 500


@dataclass(frozen=True)
class SealedColumn:
    """A column of any table that holds what only processes with the keys can read."""

    column: Column[Any]
    purpose: str

    def __str__(self) -> str:
        return f"{self.column.table.name}.{self.column.name}"


@dataclass
class Renewed:
    """`lost`: rows that no key opens, by their primary keys."""

    seen: int = 0
    changed: int = 0
    lost: list[str] = field(default_factory=list)


def sealed_columns() -> list[SealedColumn]:
    """Of all tables that this process knows; it must have loaded every feature."""
    return [
        SealedColumn(column, column.type.purpose)
        for table in db.Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    ]


def rotate(sealed: SealedColumn) -> Renewed:
    """In small transactions: what is interrupted goes on where it stopped, and nobody waits long for a row."""
    done, after = Renewed(), None
    while True:
        with db.unit_of_work(Scope.platform()):
            rows = _batch(sealed, after)
            for *key, stored in rows:
                _renew(sealed, tuple(key), stored, done)
        if len(rows) < BATCH:
            return done
        after = tuple(rows[-1][:-1])


def _batch(sealed: SealedColumn, after: tuple[Any, ...] | None) -> list[Any]:
    """As it is stored, in the order of the primary key."""
    ids = list(sealed.column.table.primary_key)
    wanted = select(*ids, type_coerce(sealed.column, Text)).where(sealed.column.is_not(None))
    if after is not None:
        wanted = wanted.where(tuple_(*ids) > tuple_(*(literal(value, one.type) for one, value in zip(ids, after, strict=True))))
    return list(db.session().execute(wanted.order_by(*ids).limit(BATCH)).all())


def _renew(sealed: SealedColumn, key: tuple[Any, ...], stored: str, done: Renewed) -> None:
    """What somebody has written since it was read is left as it is: it is under the newest key."""
    done.seen += 1
    renewed = secrets.ring(sealed.purpose).renew(stored)
    ids = list(sealed.column.table.primary_key)
    if renewed is None:
        done.lost.append(", ".join(f"{one.name} {value}" for one, value in zip(ids, key, strict=True)))
    elif renewed != stored:
        unchanged = [one == value for one, value in zip(ids, key, strict=True)]
        change = update(sealed.column.table).where(*unchanged, type_coerce(sealed.column, Text) == stored)
        change = change.values({sealed.column: literal(renewed, Text)}).returning(*ids)
        done.changed += len(db.session().execute(change).all())
