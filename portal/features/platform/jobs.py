"""Beside a worker's own work: it says every few seconds that it is there."""

import os
import secrets
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import structlog

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.platform import operations
from portal.features.platform.operations import Beat

EVERY_SECONDS = 10.0
log = structlog.get_logger()


@contextmanager
def beating(lanes: Iterable[str], *, every: float = EVERY_SECONDS) -> Iterator[Beat]:
    """While this holds, the worker is seen; a database that does not answer for a while is waited for."""
    own = Beat(secrets.token_hex(8), f"{socket.gethostname()}, {os.getpid()}", tuple(sorted(lanes)), clock.now())
    stop = threading.Event()
    thread = threading.Thread(target=_go_on, args=(own, stop, every), name="beat", daemon=True)
    thread.start()
    try:
        yield own
    finally:
        stop.set()
        thread.join()


def _go_on(own: Beat, stop: threading.Event, every: float) -> None:
    while not stop.is_set():
        _say(own, ended=False)
        stop.wait(every)
    _say(own, ended=True)


def _say(own: Beat, *, ended: bool) -> None:
    try:
        with db.unit_of_work(Scope.platform()):
            (operations.gone if ended else operations.beat)(own)
    except db.Unavailable as error:
        log.warning("this worker could not say that it is there", trouble=str(error).partition("\n")[0])
