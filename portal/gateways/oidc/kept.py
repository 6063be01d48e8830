"""What was fetched and is kept for a while, bounded in number and age; and how many may wait for the same at once."""

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from portal.core import clock

T = TypeVar("T")


class Kept(Generic[T]):
    def __init__(self, lasts: timedelta, most: int) -> None:
        self._lasts, self._most = lasts, most
        self._known: OrderedDict[str, tuple[datetime, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, lasts: timedelta | None = None) -> T | None:
        """`lasts`: where even that is too long."""
        with self._lock:
            since, value = self._known.get(key, (None, None))
            return value if since is not None and clock.now() - since < (lasts or self._lasts) else None

    def last(self, key: str) -> T | None:
        """However old it is."""
        with self._lock:
            return self._known.get(key, (None, None))[1]

    def put(self, key: str, value: T) -> T:
        with self._lock:
            self._known[key] = (clock.now(), value)
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return value

    def drop(self, key: str) -> None:
        with self._lock:
            self._known.pop(key, None)


class Room:
    """For so many at once, of each key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._inside: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def of(self, key: str) -> Iterator[bool]:
        """Whether there is some, which is then taken as long as this lasts."""
        with self._lock:
            free = self._inside[key] < self._most
            self._inside[key] += free
        try:
            yield free
        finally:
            with self._lock:
                self._inside[key] -= free
                self._inside += Counter()  # without those where nobody is
