"""The nodes of the switch: what they have to read anew, and what they say when they are asked."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.core import clock, db, outbox
from portal.core.outbox import Job
from portal.features.switch.models import SwitchNode
from portal.features.switch.operations.wanting import want_now

RELOAD_NODE = "switch-reload-node"
STEADY = timedelta(seconds=5)  # a start that is told a little differently each time is the same start


def spread(what: str, nodes: Iterable[str]) -> None:
    """A piece of work for each node: one that is away holds up no other."""
    for node in nodes:
        want_now(RELOAD_NODE, {"node": node, "what": what})


def note_answer(node: str, uptime: timedelta) -> None:
    """What it could not be told while it was away is tried now."""
    now = clock.now()
    known = db.session().get(SwitchNode, node)
    started = now - uptime
    if known is not None and known.up_since is not None and abs(known.up_since - started) < STEADY:
        started = known.up_since
    _write(node, asked_at=now, answered_at=now, up_since=started, trouble=None)
    _hasten(node, now)


def note_silence(node: str, code: str, words: str) -> None:
    _write(node, asked_at=clock.now(), trouble=f"{code}:{words}")


def note_reload(node: str) -> None:
    _write(node, reloaded_at=clock.now())


def forget_others(nodes: Collection[str]) -> None:
    """Those that the settings do not name any more."""
    db.session().execute(delete(SwitchNode).where(SwitchNode.name.not_in(nodes)))


def _write(node: str, **facts: Any) -> None:
    written = insert(SwitchNode).values(name=node, **facts).on_conflict_do_update(index_elements=["name"], set_=facts)
    db.session().execute(written)


def _hasten(node: str, now: datetime) -> None:
    own = Job.kind == RELOAD_NODE, Job.payload["node"].astext == node, Job.done_at.is_(None), Job.tries > 0, Job.due_at > now
    late = select(Job.id).where(*own).with_for_update(skip_locked=True)
    if db.session().execute(update(Job).where(Job.id.in_(late)).values(due_at=now).returning(Job.id)).all():
        db.session().execute(select(func.pg_notify(outbox.CHANNEL, "")))
