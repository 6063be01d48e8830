"""A chain: each link is a keyed hash over a row and the link before it. No row can be changed, removed or put in unseen."""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


def link(key: str, previous: bytes, row: Mapping[str, Any]) -> bytes:
    """`key` is hexadecimal, `previous` the link before this one."""
    return hmac.digest(bytes.fromhex(key), previous + canonical(row), "sha256")


def canonical(row: Mapping[str, Any]) -> bytes:
    """The one way to write a row, whether it was just made or read from the database.

    What is None is left out: links stay true when the table is given another column.
    """
    told = {name: _plain(value) for name, value in row.items() if value is not None}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _number(value: float) -> float | int:
    """The database keeps the digits of a number, and reads 1e22 back as a whole one."""
    return int(Decimal(repr(value))) if value.is_integer() else value
