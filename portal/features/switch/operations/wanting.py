"""Work that is wanted once, however often it is asked for."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from portal.core import clock, db, outbox
from portal.core.outbox import Job


def want_now(kind: str, payload: Mapping[str, str]) -> None:
    """One piece that still waits for the same is enough. It is held until it can be seen that it comes after its cause.

    One that somebody is doing at this moment may have been too early, and counts for nothing.
    """
    wanted = Job.kind == kind, Job.done_at.is_(None), Job.payload.contains(dict(payload))
    waiting = select(Job).where(*wanted).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
    job = db.session().scalars(waiting).first()
    if job is None:
        outbox.enqueue(kind, payload)
    else:
        job.due_at = min(job.due_at, clock.now())


def want_later(kind: str, *, after: timedelta) -> None:
    """Unless somebody has seen to it already."""
    coming = select(Job.id).where(Job.kind == kind, Job.done_at.is_(None), Job.due_at > clock.now()).limit(1)
    if db.session().scalars(coming).first() is None:
        outbox.enqueue(kind, {}, after=after)
