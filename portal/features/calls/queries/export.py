"""All calls of a list, read for a file: plain rows, some thousands at a time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, null, select

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.calls.models import CallRecord
from portal.features.calls.queries.listing import conditions, ordered
from portal.features.calls.queries.whose import Whose
from portal.features.calls.rules.asked import Asked, Order, Place
from portal.features.phonebook import queries as phonebook
from portal.features.subscribers.models import Subscriber

CHUNK = 5_000


class Exported(NamedTuple):
    """A call, with lines by their keys. `moment` is local time as text."""

    start_time: datetime
    id: int
    duration_ms: int
    moment: str
    side: str
    direction: str
    result: str
    subscriber_id: int
    other_subscriber_id: int | None
    other_number: str | None
    forwarded_to_id: int | None
    forwarded_to: str | None
    cost: Decimal | None
    currency: str | None


def names(whose: Whose) -> dict[int, tuple[str, str | None]]:
    """Name and extension of every line of the customer, gone ones too, by key."""
    rows = db.session().execute(
        select(Subscriber.id, Subscriber.display_name, Subscriber.extension).where(
            Subscriber.reseller_id == whose.reseller_id, Subscriber.customer_id == whose.customer_id,
        ),
    )
    return {key: (name, extension) for key, name, extension in rows}


class Chunk(NamedTuple):
    """Rows like Exported, with the names that their numbers have in phonebooks."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    known: Mapping[str, str]


def chunks(scope: Scope, whose: Whose, asked: Asked, order: Order, zone: ZoneInfo) -> Iterator[Chunk]:
    """Each in a unit of work of its own: a slow reader keeps no connection."""
    local = func.to_char(func.timezone(zone.key, CallRecord.start_time), "YYYY-MM-DD HH24:MI:SS")
    records = select(
        CallRecord.start_time,
        CallRecord.id,
        CallRecord.duration_ms,
        local,
        CallRecord.side,
        CallRecord.direction,
        CallRecord.result,
        CallRecord.subscriber_id,
        CallRecord.other_subscriber_id,
        CallRecord.other_number,
        CallRecord.forwarded_to_id,
        CallRecord.forwarded_to,
        *((CallRecord.customer_cost, CallRecord.currency) if whose.costs else (null(), null())),
    ).where(*conditions(whose, asked))
    place: Place | None = None
    while True:
        with db.unit_of_work(scope, read_only=True) as session:
            rows = session.execute(ordered(records, order, place).limit(CHUNK)).all()
            known = phonebook.names(whose.reader, {text for row in rows for text in row[9:12:2] if text}) if whose.reader else {}
        if rows:
            yield Chunk(rows, known)
        if len(rows) < CHUNK:
            return
        place = Place(*rows[-1][:3])
