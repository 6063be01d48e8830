"""Work that follows a commit: done at least once, by one worker at a time, whatever dies on the way."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import ProgrammingError

from portal.core import clock, db, outbox
from portal.core.outbox import Job
from portal.core.tenancy import Scope
from portal.features.contacts.models import Contact
from tests.cast import Cast
from tests.waiting import until

Payload = Mapping[str, Any]


@pytest.fixture
def worker(own_database: db.Database, own_cast: Cast) -> Iterator[db.Database]:
    """The database as workers see it; `own_database` is as pages see it."""
    opened = db.Database(own_database.url, role=db.WORKER)
    db.install(opened)
    yield opened
    opened.dispose()


@contextmanager
def pages(own_database: db.Database, worker: db.Database) -> Iterator[None]:
    db.install(own_database)
    yield
    db.install(worker)


@pytest.fixture
def enqueue(own_database: db.Database, own_cast: Cast, worker: db.Database) -> Callable[..., None]:
    """Queues from a page of clare's: its role may do that, and nothing else with jobs."""

    def put(kind: str, **payload: Any) -> None:
        with pages(own_database, worker), db.unit_of_work(own_cast.clare.scope):
            outbox.enqueue(kind, payload)

    return put


def jobs() -> list[Any]:
    with db.unit_of_work(Scope.platform()) as session:
        return list(session.execute(select(Job.kind, Job.tries, Job.trouble, Job.due_at, Job.done_at).order_by(Job.id)))


@contextmanager
def working(handlers: Mapping[str, outbox.Handler], *, wait_seconds: float = 60.0) -> Iterator[threading.Thread]:
    stop = threading.Event()
    thread = threading.Thread(target=outbox.work, args=(handlers, stop), kwargs={"wait_seconds": wait_seconds})
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive(), "the worker does not stop"


# --- queueing ---------------------------------------------------------------------------------------------------------------


def test_a_job_is_there_when_its_cause_is(own_database: db.Database, own_cast: Cast, worker: db.Database) -> None:
    with pages(own_database, worker), db.unit_of_work(own_cast.clare.scope):
        outbox.enqueue("mail", {"to": "alice"})
    assert [job.kind for job in jobs()] == ["mail"]


def test_a_job_goes_with_its_cause(own_database: db.Database, own_cast: Cast, worker: db.Database) -> None:
    with pages(own_database, worker), pytest.raises(ZeroDivisionError), db.unit_of_work(own_cast.clare.scope):
        _queue_and_fail()
    assert jobs() == []


def _queue_and_fail() -> None:
    outbox.enqueue("mail", {"to": "alice"})
    raise ZeroDivisionError


def test_who_queues_cannot_look(own_database: db.Database, own_cast: Cast) -> None:
    for words in ("SELECT id FROM job", "UPDATE job SET tries = 0", "DELETE FROM job"):
        with pytest.raises(ProgrammingError, match="permission denied"), db.unit_of_work(Scope.platform()) as session:
            session.execute(text(words))


# --- delivering -------------------------------------------------------------------------------------------------------------


def test_jobs_are_done_once_and_in_order(worker: db.Database, enqueue: Callable[..., None]) -> None:
    for number in range(3):
        enqueue("mail", number=number)
    done: list[int] = []
    handlers = {"mail": lambda payload: done.append(payload["number"])}
    assert [outbox.deliver_one(handlers) for _ in range(4)] == [True, True, True, False]
    assert done == [0, 1, 2]
    assert all(job.done_at is not None for job in jobs())


def test_a_kind_that_this_worker_does_not_know_waits_for_another(worker: db.Database, enqueue: Callable[..., None]) -> None:
    enqueue("fax")
    assert not outbox.deliver_one({"mail": lambda _payload: None})
    assert not outbox.deliver_one({})
    assert [(job.tries, job.done_at) for job in jobs()] == [(0, None)]


def test_what_fails_is_tried_again_later_and_holds_up_nobody(worker: db.Database, enqueue: Callable[..., None]) -> None:
    def send(payload: Payload) -> None:
        if payload["to"] == "nobody":
            raise ConnectionRefusedError("the mail server is away")
        sent.append(payload["to"])

    sent: list[str] = []
    enqueue("mail", to="nobody")
    enqueue("mail", to="alice")
    now = clock.now()
    with clock.frozen(now):
        assert [outbox.deliver_one({"mail": send}) for _ in range(3)] == [True, True, False]
    assert sent == ["alice"]
    failed, fine = jobs()
    assert (failed.tries, failed.trouble, failed.done_at) == (1, "ConnectionRefusedError: the mail server is away", None)
    assert failed.due_at == now + outbox.delay(1)
    assert fine.done_at == now


def test_waits_double_until_it_works(worker: db.Database, enqueue: Callable[..., None]) -> None:
    enqueue("mail")
    time, broken = clock.now(), True

    def send(_payload: Payload) -> None:
        if broken:
            raise OSError

    for tries in range(1, 15):
        with clock.frozen(time):
            assert outbox.deliver_one({"mail": send})
        with clock.frozen(time + outbox.delay(tries) - timedelta(seconds=1)):
            assert not outbox.deliver_one({"mail": send})
        time += outbox.delay(tries)
    broken = False
    with clock.frozen(time):
        assert outbox.deliver_one({"mail": send})
    (job,) = jobs()
    assert (job.tries, job.done_at) == (14, time)


def test_what_a_failed_job_wrote_is_taken_back(own_database: db.Database, own_cast: Cast) -> None:
    def half(_payload: Payload) -> None:
        db.session().execute(update(Contact).values(city="half done"))
        raise RuntimeError

    owner = db.Database(own_database.url, role=db.OWNER)
    db.install(owner)
    with db.unit_of_work(Scope.platform()):
        outbox.enqueue("half", {})
    assert outbox.deliver_one({"half": half})
    with db.unit_of_work(Scope.platform()) as session:
        assert set(session.scalars(select(Contact.city))) == {None}
        assert session.scalars(select(Job.tries)).one() == 1
    owner.dispose()


def test_a_trouble_is_told_in_few_words(worker: db.Database, enqueue: Callable[..., None]) -> None:
    def shout(_payload: Payload) -> None:
        raise ValueError("a" * 10_000)

    enqueue("mail")
    outbox.deliver_one({"mail": shout})
    assert len(jobs()[0].trouble) == 500


# --- several workers ----------------------------------------------------------------------------------------------------------


def test_two_workers_share_the_work_and_never_do_the_same(worker: db.Database, enqueue: Callable[..., None]) -> None:
    for number in range(40):
        enqueue("mail", number=number)
    both_inside = threading.Barrier(2, timeout=20)
    lock, running, done = threading.Lock(), set[int](), list[int]()
    by: dict[int, int] = {}

    def send(payload: Payload) -> None:
        with lock:
            assert payload["number"] not in running
            running.add(payload["number"])
        if payload["number"] < 2:
            both_inside.wait()  # the first two jobs are under way at the same moment
        with lock:
            running.remove(payload["number"])
            done.append(payload["number"])
            by[payload["number"]] = threading.get_ident()

    with working({"mail": send}), working({"mail": send}):
        until(lambda: len(done) == 40, "all jobs being done")
    assert sorted(done) == list(range(40))
    assert by[0] != by[1]
    assert [job.tries for job in jobs()] == [0] * 40


def test_a_worker_is_woken_by_the_commit(own_database: db.Database, own_cast: Cast, worker: db.Database) -> None:
    """It would look by itself only after a minute."""
    done: list[str] = []
    with working({"mail": lambda payload: done.append(payload["to"])}):
        until(lambda: _listening(own_database), "the worker listening")
        _as_login(own_database, PUT)
        until(lambda: done == ["alice"], "the mail")
    assert done == ["alice"]


def test_a_worker_outlives_its_connections(own_database: db.Database, own_cast: Cast, worker: db.Database) -> None:
    done: list[str] = []
    with working({"mail": lambda payload: done.append(payload["to"])}, wait_seconds=0.1) as thread:
        until(lambda: _listening(own_database), "the worker listening")
        _as_login(own_database, PUT)
        until(lambda: len(done) == 1, "the first mail")
        _cut(own_database)
        _as_login(own_database, PUT)
        until(lambda: len(done) == 2, "the second mail")
        assert thread.is_alive()


HERE = "datname = current_database() AND pid <> pg_backend_pid()"
PUT = """
    INSERT INTO job (kind, payload, created_at, due_at, tries) VALUES ('mail', jsonb_build_object('to', 'alice'), now(), now(), 0)
    RETURNING pg_notify('outbox', '')
"""


def _as_login(database: db.Database, words: str) -> Any:
    with database.engine.begin() as connection:
        connection.execute(text("SET ROLE NONE"))
        return connection.scalar(text(words))


def _listening(database: db.Database) -> bool:
    return bool(_as_login(database, f"SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN outbox' AND {HERE}"))


def _cut(database: db.Database) -> None:
    assert _as_login(database, f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE {HERE}")


# --- a worker that dies -------------------------------------------------------------------------------------------------------

WORKER = """
import pathlib, sys, threading
from portal.core import db, outbox
db.install(db.Database(sys.argv[1], role=db.WORKER))
def send(payload):
    pathlib.Path(sys.argv[2]).touch()
    threading.Event().wait()  # until killed
outbox.work({"mail": send}, outbox.stop_on_signals())
"""


def test_a_killed_worker_leaves_the_job_to_the_next(
    own_database: db.Database, worker: db.Database, enqueue: Callable[..., None], tmp_path: Path
) -> None:
    enqueue("mail", to="alice")
    begun = tmp_path / "begun"
    address = own_database.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", WORKER, address, str(begun)])
    done: list[str] = []
    handlers = {"mail": lambda payload: done.append(payload["to"])}
    try:
        until(begun.exists, "the job beginning")
        assert not outbox.deliver_one(handlers), "nobody else touches a job that is being done"
        os.kill(process.pid, signal.SIGKILL)
        process.wait(20)
        until(lambda: outbox.deliver_one(handlers), "the job being free again")
    finally:
        process.kill()
        process.wait(20)
    assert done == ["alice"]
    assert [(job.tries, job.done_at is not None) for job in jobs()] == [(0, True)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_stop_stops(own_database: db.Database, own_cast: Cast, tmp_path: Path, number: int) -> None:
    address = own_database.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", WORKER, address, str(tmp_path / "begun")])
    try:
        until(lambda: _listening(own_database), "the worker listening")
        process.send_signal(number)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait(20)
