"""What was fetched and is kept for a while: bounded in number and age."""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from portal.core import clock

T = TypeVar("T")


class Kept(Generic[T]):
    def __init__(self, lasts: timedelta, most: int) -> None:
        self._lasts, self._most = lasts, most
        self._known: OrderedDict[str, tuple[datetime, T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> T | None:
        with self._lock:
            since, value = self._known.get(key, (None, None))
            return value if since is not None and clock.now() - since < self._lasts else None

    def put(self, key: str, value: T) -> T:
        with self._lock:
            self._known[key] = (clock.now(), value)
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return value
