"""Places in endless lists, as text for addresses: the numbers by which a list is sorted."""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LAST_MOMENT = 4_102_444_800_000_000  # 2100


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
