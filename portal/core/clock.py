"""The time, through one door. Storage is UTC; a period is [from, to)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)


def today(zone: ZoneInfo) -> date:
    return now().astimezone(zone).date()


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def days(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The period [from, to) of whole local days, both named days included."""
    return midnight(first, zone), midnight(last + timedelta(days=1), zone)
