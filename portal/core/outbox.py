"""Work that follows a commit: a row written in the same transaction, delivered by the worker at least once, with back-off."""

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import structlog
from sqlalchemy import BigInteger, Identity as IdentityColumn, Index, Table, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, db
from portal.core.tenancy import Scope

CHANNEL = "outbox"
FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(hours=1)
Handler = Callable[[Mapping[str, Any]], None]
Lane = Callable[[threading.Event], None]
log = structlog.get_logger()


class Job(db.Base):
    """A piece of work to be done, once its cause is committed."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "due_at", postgresql_where=text("done_at IS NULL")),)

    id: Mapped[int] = mapped_column(BigInteger, IdentityColumn(always=True), primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None]
    done_at: Mapped[datetime | None]


def enqueue(kind: str, payload: Mapping[str, Any], *, after: timedelta = timedelta()) -> None:
    """Work that is due at once, or `after` a while."""
    now = clock.now()
    row = {"kind": kind, "payload": dict(payload), "created_at": now, "due_at": now + after, "tries": 0}
    db.session().execute(insert(cast("Table", Job.__table__)).inline().values(row))  # who enqueues may not even read an id
    db.session().execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})


def delay(tries: int) -> timedelta:
    """How long to wait after the n-th failure: doubling, an hour at most."""
    doublings = min(tries - 1, 20)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def deliver_one(handlers: Mapping[str, Handler]) -> bool:
    """Takes one due job and does it, in one transaction: a killed worker leaves it as it was. False when none is due."""
    with db.unit_of_work(Scope.platform()) as session:
        due = select(Job).where(Job.done_at.is_(None), Job.due_at <= clock.now(), Job.kind.in_(handlers))
        job = session.scalars(due.order_by(Job.due_at).limit(1).with_for_update(skip_locked=True)).first()
        if job is None:
            return False
        try:
            with session.begin_nested():
                handlers[job.kind](job.payload)
        except Exception as error:  # noqa: BLE001 - whatever a handler fails with, the job is kept and tried again
            job.tries += 1
            job.trouble = f"{type(error).__name__}: {error}"[:500]
            job.due_at = clock.now() + delay(job.tries)
            log.warning("job failed", kind=job.kind, job=job.id, tries=job.tries, trouble=job.trouble)
        else:
            job.done_at = clock.now()
        return True


def work(handlers: Mapping[str, Handler], stop: threading.Event, *, wait_seconds: float = 5.0) -> None:
    """Delivers until told to stop; woken by NOTIFY, and looks by itself every few seconds.

    Begins with what waits for another try: what was in its way may just have been put right.
    """
    attend(CHANNEL, partial(deliver_one, handlers), stop, begin=partial(_hasten, handlers), wait_seconds=wait_seconds)


def attend(
    channel: str,
    act: Callable[[], bool],
    stop: threading.Event,
    *,
    begin: Callable[[], None] | None = None,
    wait_seconds: float = 5.0,
) -> None:
    """Acts until there is nothing to do (False), and again when the channel rings or some seconds have passed."""
    while not stop.is_set():
        try:
            with db.listening(channel) as bell:
                if begin is not None:
                    begin()
                while not stop.is_set():
                    while not stop.is_set() and act():
                        pass
                    _wait(bell, stop, wait_seconds)
        except db.Unavailable as error:
            log.warning("database not reachable, trying again", trouble=str(error).partition("\n")[0])
            stop.wait(wait_seconds)


def work_side_by_side(lanes: Sequence[Mapping[str, Handler]], stop: threading.Event, *others: Lane) -> None:
    """Each lane delivers its own kinds: what hangs in one holds up nobody in another. A lane that breaks ends them all.

    `others`: lanes of work that does not come from the outbox; told to stop, they end.
    """
    busy: list[Lane] = [*(partial(work, handlers) for handlers in lanes if handlers), *others]
    with ThreadPoolExecutor(max(len(busy), 1)) as pool:
        for ended in as_completed([pool.submit(lane, stop) for lane in busy]):
            stop.set()
            ended.result()


def _hasten(handlers: Mapping[str, Handler]) -> None:
    """What waits for its next try is due now, but for what another worker has in hand."""
    now = clock.now()
    waiting = select(Job.id).where(Job.done_at.is_(None), Job.tries > 0, Job.due_at > now, Job.kind.in_(handlers))
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Job).where(Job.id.in_(waiting.with_for_update(skip_locked=True))).values(due_at=now))


def _wait(bell: db.Bell, stop: threading.Event, seconds: float) -> None:
    waited = 0.0
    while not stop.is_set() and waited < seconds and not bell(0.5):
        waited += 0.5


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set: the job at hand finishes, then the worker ends."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
