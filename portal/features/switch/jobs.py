"""What the worker does for the switch: tells each node what to read anew, asks how it is, and fills its tables."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from portal.core import db
from portal.core.outbox import Handler
from portal.core.tenancy import Scope
from portal.features.switch import operations
from portal.features.switch.operations import RELOAD_NODE
from portal.gateways.kamailio import Kamailio, Switch, SwitchTrouble, What
from portal.settings import Settings

RELOAD, TABLES = "switch-reload", "switch-tables"
EVERY_SECONDS = 10.0
DAILY = timedelta(days=1)
log = structlog.get_logger()


def nodes_of(settings: Settings) -> Sequence[Switch]:
    return [Kamailio(url) for url in settings.kamailio_rpc_urls]


def lanes(nodes: Sequence[Switch]) -> Sequence[Mapping[str, Handler]]:
    """Telling takes as long as a node does not answer, so it is done beside the rest."""
    return [
        {RELOAD: partial(_spread, nodes), TABLES: lambda _payload: _keep_tables()},
        {RELOAD_NODE: partial(_tell, {node.name: node for node in nodes})},
    ]


def _spread(nodes: Sequence[Switch], payload: Mapping[str, Any]) -> None:
    operations.spread(str(payload["what"]), [node.name for node in nodes])


def _tell(nodes: Mapping[str, Switch], payload: Mapping[str, Any]) -> None:
    """A node that the settings do not name any more has nothing to hear."""
    node = nodes.get(str(payload["node"]))
    if node is not None:
        node.reload(What(payload["what"]))
        operations.note_reload(node.name)


# --- tables -------------------------------------------------------------------------------------------------------------------


def begin_keeping_tables() -> None:
    """When a worker starts: at once, and from then on every day, however many workers there are."""
    _guarded(lambda: operations.want_now(TABLES, {}))


def _keep_tables() -> None:
    operations.keep_tables()
    operations.want_later(TABLES, after=DAILY)


# --- how the nodes are --------------------------------------------------------------------------------------------------------


@contextmanager
def asking(nodes: Sequence[Switch], *, every: float = EVERY_SECONDS) -> Iterator[None]:
    """While this holds, each node is asked every few seconds how it is; pages show what was heard last, and wait for nobody."""
    stop = threading.Event()
    thread = threading.Thread(target=_go_on, args=(nodes, stop, every), name="switch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _go_on(nodes: Sequence[Switch], stop: threading.Event, every: float) -> None:
    _guarded(lambda: operations.forget_others([node.name for node in nodes]))
    if not nodes:
        return
    with ThreadPoolExecutor(len(nodes), thread_name_prefix="switch") as pool:
        while not stop.is_set():
            list(pool.map(_ask, nodes))
            stop.wait(every)


def _ask(node: Switch) -> None:
    try:
        uptime = node.uptime()
    except SwitchTrouble as trouble:
        code, words = trouble.code, trouble.words
        _guarded(lambda: operations.note_silence(node.name, code, words))
    else:
        _guarded(lambda: operations.note_answer(node.name, uptime))


def _guarded(write: Callable[[], object]) -> None:
    try:
        with db.unit_of_work(Scope.platform()):
            write()
    except db.Unavailable as error:
        log.warning("not noted how the switch is", trouble=str(error).partition("\n")[0])
