"""What a process keeps in memory because it is asked for again and again, up to a weight."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class _Gate:
    """Before something that is being made: one goes through at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiting = 0


class Kept(Generic[Key, Value]):
    """What was asked for least recently goes first."""

    def __init__(self, most: int) -> None:
        """`most`: the sum of all weights; what is heavier alone is not kept."""
        self._most = most
        self._weight = 0
        self._things: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Key, _Gate] = {}

    def get(self, key: Key) -> Value | None:
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key][0]

    def put(self, key: Key, value: Value, weight: int = 1) -> None:
        with self._lock:
            self._drop(key)
            if weight > self._most:
                return
            self._things[key] = value, weight
            self._weight += weight
            while self._weight > self._most:
                self._drop(next(iter(self._things)))

    def made(self, key: Key, make: Callable[[], Value | None], weigh: Callable[[Value], int]) -> Value | None:
        """What is not there is made, once, however many ask for it at the same moment; None is not kept."""
        found = self.get(key)
        if found is not None:
            return found
        with self._alone(key):
            found = self.get(key)
            if found is None and (found := make()) is not None:
                self.put(key, found, weigh(found))
            return found

    @contextmanager
    def _alone(self, key: Key) -> Iterator[None]:
        with self._lock:
            gate = self._making.setdefault(key, _Gate())
            gate.waiting += 1
        try:
            with gate.lock:
                yield
        finally:
            with self._lock:
                gate.waiting -= 1
                if not gate.waiting:
                    del self._making[key]

    def _drop(self, key: Key) -> None:
        if key in self._things:
            self._weight -= self._things.pop(key)[1]

    def forget(self) -> None:
        with self._lock:
            self._things.clear()
            self._weight = 0

    def __len__(self) -> int:
        return len(self._things)

    @property
    def weight(self) -> int:
        return self._weight
