"""Places in endless lists: pages from a place on, and places as text for addresses, made of what a list is sorted by."""

import base64
import binascii
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST_MOMENT = 4_102_444_800_000_000  # 2100


class Place(Protocol):
    """Between two rows of a list. A page goes on from here, away from its beginning or (`back`) towards it."""

    @property
    def back(self) -> bool: ...


P = TypeVar("P", bound=Place)
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """`earlier` and `further` say whether the list goes on before and behind these rows."""

    rows: Sequence[T]
    earlier: bool
    further: bool


def page(read: Callable[[P | None, int], Sequence[T]], place: P | None, size: int) -> Page[T]:
    """`read` gives so many rows from a place on, in the order in which they are met. Asked once, or twice at the beginning."""
    found = read(place, size + 1)
    more, rows = len(found) > size, found[:size]
    if place is None or not place.back:
        return Page(rows, earlier=place is not None, further=more)
    if more:
        return Page(rows[::-1], earlier=True, further=True)
    first = read(None, size + 1)
    return Page(first[:size], earlier=False, further=len(first) > size)


def text(moment: datetime, *numbers: int) -> str:
    packed = struct.pack(f">{1 + len(numbers)}q", (moment - _EPOCH) // _MICROSECOND, *numbers)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def read(typed: str, numbers: int) -> tuple[datetime, tuple[int, ...]] | None:
    """The moment and so many numbers that a text stands for; None for anything else."""
    try:
        packed = base64.b64decode(typed + "=" * (-len(typed) % 4), altchars=b"-_", validate=True)
        micros, *found = struct.unpack(f">{1 + numbers}q", packed)
    except (binascii.Error, struct.error, ValueError):
        return None
    if not 0 <= micros <= _LAST_MOMENT or any(number < 0 for number in found):
        return None
    return _EPOCH + micros * _MICROSECOND, tuple(found)
