"""The list of calls: a page from any place on, how many there are, and all of them in turn."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, Text, and_, any_, false, func, literal, or_, select, tuple_

from portal.core import db, places
from portal.features.calls.models import CallRecord
from portal.features.calls.queries.records import COLUMNS, Call, call, named
from portal.features.calls.queries.whose import Whose
from portal.features.calls.rules.asked import RESULTS, Asked, Order, Outcome, Place
from portal.features.calls.rules.words import Direction, Side

COUNTED = 10_000  # from an index alone
COUNTED_TOGETHER = 1_000  # when each call must be looked at


@dataclass(frozen=True)
class Page:
    """`earlier` and `further` say whether the list goes on before and behind these calls."""

    calls: Sequence[Call]
    earlier: bool
    further: bool

    def first(self) -> Place | None:
        return _place(self.calls[0], back=True) if self.calls and self.earlier else None

    def last(self) -> Place | None:
        return _place(self.calls[-1]) if self.calls and self.further else None


def page(whose: Whose, asked: Asked, *, order: Order = Order.NEWEST, size: int = 50, place: Place | None = None) -> Page:
    """One statement; a second one when somebody goes back to the beginning."""
    records = select(*COLUMNS).where(*conditions(whose, asked))
    found = places.page(lambda at, number: _calls(whose, records, order, number, at), place, size)
    return Page(found.rows, found.earlier, found.further)


@dataclass(frozen=True)
class Count:
    """`more`: there are more than were counted."""

    calls: int
    more: bool = False


def count(whose: Whose, asked: Asked) -> Count:
    """How many calls there are, as far as can be counted in passing. One statement."""
    most = COUNTED if asked.criteria <= 1 else COUNTED_TOGETHER
    some = select(literal(1)).select_from(CallRecord).where(*conditions(whose, asked)).limit(most + 1).subquery()
    found = db.session().scalar(select(func.count()).select_from(some)) or 0
    return Count(min(found, most), more=found > most)


def _place(at: Call, *, back: bool = False) -> Place:
    return Place(at.start_time, at.id, at.duration_ms, back)


def ordered(records: Select[*tuple[Any, ...]], order: Order, place: Place | None) -> Select[*tuple[Any, ...]]:
    """In the list's order, the other way round towards its beginning; from a place on."""
    keys = _keys(order)
    descending = _descending(order, place)
    if place is not None:
        records = records.where(*_beyond(place, order, keys, descending=descending))
    return records.order_by(*((key.desc() if descending else key.asc()) for key in keys))


def _calls(whose: Whose, records: Select[*tuple[Any, ...]], order: Order, size: int, place: Place | None) -> list[Call]:
    found = ordered(records, order, place).limit(size).subquery()
    outer = [found.c[key.key] for key in _keys(order)]
    descending = _descending(order, place)
    rows = db.session().execute(named(found, whose, *((key.desc() if descending else key.asc()) for key in outer)))
    return [call(row) for row in rows]


def _keys(order: Order) -> tuple[Any, ...]:
    in_time = (CallRecord.start_time, CallRecord.id)
    return (CallRecord.duration_ms, *in_time) if order is Order.LONGEST else in_time


def _descending(order: Order, place: Place | None) -> bool:
    return (order is not Order.OLDEST) != (place is not None and place.back)


def _beyond(place: Place, order: Order, keys: tuple[Any, ...], *, descending: bool) -> list[ColumnElement[bool]]:
    """Behind a place. What is said twice lets the planner leave out months."""
    at = (place.start_time, place.id)
    there = tuple_(*((place.duration_ms, *at) if order is Order.LONGEST else at))
    first, value = (keys[0], place.duration_ms if order is Order.LONGEST else place.start_time)
    here = tuple_(*keys)
    return [here < there, first <= value] if descending else [here > there, first >= value]


def conditions(whose: Whose, asked: Asked) -> list[ColumnElement[bool]]:
    seen = whose.line(asked.line) if asked.line is not None else whose
    wanted: list[ColumnElement[bool]] = [CallRecord.start_time >= asked.start, CallRecord.start_time < asked.end]
    if asked.direction or asked.outcome:
        wanted += _kinds(seen, asked.direction, asked.outcome)
    if asked.at_least is not None:
        wanted.append(CallRecord.duration_ms >= asked.at_least * 1000)
    if asked.at_most is not None:
        wanted.append(CallRecord.duration_ms < (asked.at_most + 1) * 1000)
    if asked.prefix is None and asked.people is None and not asked.numbers:
        return [*seen.records(), *wanted]
    return [*seen.tenant(), *wanted, or_(false(), *_with(seen, asked))]


def _kinds(seen: Whose, direction: str | None, outcome: Outcome | None) -> list[ColumnElement[bool]]:
    """Both are always said, so that the index on them helps when only one was asked for."""
    directions = [direction] if direction else [one.value for one in Direction]
    if outcome is Outcome.MISSED and seen.company:
        directions = [one for one in directions if one == Direction.IN]
    wanted: list[ColumnElement[bool]] = [CallRecord.direction.in_(directions)]
    if outcome:
        wanted.append(CallRecord.result.in_([result.value for result in RESULTS[outcome]]))
    if outcome is Outcome.MISSED and not seen.company:
        wanted.append(CallRecord.side == Side.CALLEE.value)
    return wanted


def _with(seen: Whose, asked: Asked) -> Iterator[ColumnElement[bool]]:
    """Calls with a number, and calls of people. The company sees a call between two of them once."""
    people = literal(list(asked.people or ()), ARRAY(Integer))
    others = func.coalesce(CallRecord.other_subscriber_id, 0) == any_(people)
    if asked.prefix is not None:
        number = and_(CallRecord.other_number >= asked.prefix, CallRecord.other_number < _after(asked.prefix))
        own = (seen.records()[-1], number)
        yield and_(*own, ~others) if asked.people and seen.company else and_(*own)
    if asked.people and seen.company:
        yield and_(CallRecord.subscriber_id == any_(people), or_(CallRecord.in_company, ~others))
    elif asked.people:
        yield and_(seen.records()[-1], others)
    if asked.numbers:
        known = CallRecord.other_number == any_(literal(list(asked.numbers), ARRAY(Text)))
        yield and_(seen.records()[-1], known, CallRecord.other_subscriber_id.is_(None))


def _after(prefix: str) -> str:
    """The first text behind all those that begin with these digits."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
