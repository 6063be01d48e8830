"""The log: a page from any place on, how many entries there are, and all of them in turn. The scope says whose."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select, tuple_

from portal.core import db, places
from portal.core.audit import AuditEntry
from portal.core.places import Page
from portal.core.tenancy import Scope
from portal.features.audit.rules.asked import Asked, Place
from portal.features.audit.rules.kinds import EVENTS, Kind

COUNTED = 10_000  # from an index
COUNTED_BY_WORDS = 1_000  # when each entry must be looked at
MOST_WORDS = 5
CHUNK = 2_000

Entry = Row[*tuple[Any, ...]]  # the columns of AuditEntry, by their names


def page(asked: Asked, *, size: int, place: Place | None = None) -> Page[Entry]:
    """Newest first. One statement; a second one when somebody goes back to the beginning."""
    return places.page(lambda at, number: db.session().execute(_ordered(asked, at).limit(number)).all(), place, size)


class Count(NamedTuple):
    """`more`: there are more than were counted."""

    entries: int
    more: bool


def count(asked: Asked) -> Count:
    """How many entries there are, as far as can be counted in passing. One statement."""
    most = COUNTED_BY_WORDS if asked.by_words else COUNTED
    some = select(literal(1)).select_from(AuditEntry).where(*_conditions(asked)).limit(most + 1).subquery()
    found = db.session().scalar(select(func.count()).select_from(some)) or 0
    return Count(min(found, most), more=found > most)


def chunks(scope: Scope, asked: Asked) -> Iterator[Sequence[Entry]]:
    """All of them, each chunk in a unit of work of its own: a slow reader keeps no connection."""
    place: Place | None = None
    while True:
        with db.unit_of_work(scope, read_only=True) as session:
            rows = session.execute(_ordered(asked, place).limit(CHUNK)).all()
        if rows:
            yield rows
        if len(rows) < CHUNK:
            return
        place = place_at(rows[-1])


def place_at(entry: Entry, *, back: bool = False) -> Place:
    return Place(entry.at, entry.id, back)


def _ordered(asked: Asked, place: Place | None) -> Select[*tuple[Any, ...]]:
    wanted = select(*AuditEntry.__mapper__.columns).where(*_conditions(asked))
    key = (AuditEntry.at, AuditEntry.id)
    if place is not None:
        there = tuple_(place.at, place.id)
        wanted = wanted.where(tuple_(*key) > there if place.back else tuple_(*key) < there)
    back = place is not None and place.back
    return wanted.order_by(*(column.asc() if back else column.desc() for column in key))


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [AuditEntry.at >= asked.start, AuditEntry.at < asked.end]
    if asked.reseller_id is not None:
        wanted.append(AuditEntry.reseller_id == asked.reseller_id)
    if asked.without:
        wanted.append(AuditEntry.event.not_in(sorted(asked.without)))
    if asked.kind is not None:
        wanted.append(_of_kind(asked.kind))
    names = (AuditEntry.actor_name, AuditEntry.as_whom_name)
    wanted += [_said(word, *names) for word in _words(asked.who)]
    return [*wanted, *(_said(word, AuditEntry.label, AuditEntry.address, *names) for word in _words(asked.words))]


def _of_kind(kind: Kind) -> ColumnElement[bool]:
    """What staff did while they viewed as somebody belongs to their views, whatever it was."""
    events = AuditEntry.event.in_(EVENTS[kind])
    return or_(events, AuditEntry.as_whom.is_not(None)) if kind is Kind.VIEWS else events


def _words(text: str | None) -> list[str]:
    return (text or "").split()[:MOST_WORDS]


def _said(word: str, *where: Any) -> ColumnElement[bool]:
    return or_(*(func.coalesce(column, "").icontains(word, autoescape=True) for column in where))
