"""Waiting for what another thread or process does."""

import threading
from collections.abc import Callable

PATIENCE_SECONDS = 20.0
STEP_SECONDS = 0.02


def until(condition: Callable[[], object], what: str = "it") -> None:
    """Returns as soon as the condition holds; fails when it does not for a long time."""
    never = threading.Event()
    for _ in range(round(PATIENCE_SECONDS / STEP_SECONDS)):
        if condition():
            return
        never.wait(STEP_SECONDS)
    raise AssertionError(f"{what} did not happen")
