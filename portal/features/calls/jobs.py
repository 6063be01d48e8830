"""The worker's lane for calls that have ended at the switch."""

import threading
from dataclasses import dataclass, field
from time import monotonic

from portal.core import outbox
from portal.features.calls import operations

CHANNEL = "calls"
KIND = "ended-calls"
CLEANED_EVERY = 3600.0  # seconds


def lane(stop: threading.Event) -> None:
    """Woken when a call has ended, and every few seconds by itself."""
    outbox.attend(CHANNEL, _Lane().act, stop)


@dataclass
class _Lane:
    cleaned: float = field(default=float("-inf"))

    def act(self) -> bool:
        if operations.take_ended():
            return True
        if monotonic() - self.cleaned > CLEANED_EVERY:
            self.cleaned = monotonic()
            operations.forget_lost()
        return False
