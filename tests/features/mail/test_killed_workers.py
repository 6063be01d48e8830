"""kill -9 of a real worker at each point of a delivery: the mail arrives, and a repeat is the same mail."""

import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from portal.core import db
from tests.features.mail.conftest import Worker, kept
from tests.mailserver import MailServerOfATest, Wishes, mail_server
from tests.waiting import until


@contextmanager
def as_login(database: db.Database) -> Iterator[Connection]:
    with database.engine.connect() as connection:
        connection.execute(text("SET ROLE NONE"))
        yield connection


def stuck(database: db.Database, words: str) -> bool:
    """Whether the worker waits for a lock with such a statement."""
    with as_login(database) as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE :words"
        return bool(connection.scalar(text(f"{asked} AND datname = current_database()"), {"words": words}))


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(30)


def state() -> str:
    (mail,) = kept()
    return mail.state


def arrivals(server: MailServerOfATest) -> list[str]:
    return [taken.message["Message-ID"] for taken in server.taken]


def test_killed_before_it_connects(cause: Callable[[], str], own_database: db.Database, run_worker: Worker) -> None:
    message_id = cause()
    with mail_server() as server:
        with as_login(own_database) as connection, run_worker(PORTAL_SMTP_URL=server.url) as process:
            connection.execute(text("LOCK TABLE mail IN ACCESS EXCLUSIVE MODE"))
            until(lambda: stuck(own_database, "%FROM mail%FOR UPDATE%"), "the worker taking up the mail")
            kill(process)
        assert state() == "queued"
        assert arrivals(server) == []
        with run_worker(PORTAL_SMTP_URL=server.url):
            until(lambda: state() == "sent", "the mail")
        assert arrivals(server) == [message_id]


def test_killed_in_the_middle_of_the_content(cause: Callable[[], str], run_worker: Worker) -> None:
    message_id, amid, dead = cause(), threading.Event(), threading.Event()

    def meanwhile() -> None:
        amid.set()
        dead.wait(30)

    with mail_server(wishes=Wishes(amid_content=meanwhile)) as server:
        with run_worker(PORTAL_SMTP_URL=server.url) as process:
            assert amid.wait(30)
            kill(process)
            dead.set()
        assert state() == "queued"
        assert arrivals(server) == []
    server.wishes = Wishes()
    server.up()
    try:
        with run_worker(PORTAL_SMTP_URL=server.url):
            until(lambda: state() == "sent", "the mail")
    finally:
        server.down()
    assert arrivals(server) == [message_id]


@pytest.mark.parametrize("point", ["before it hears the yes", "before it writes it down"])
def test_killed_when_the_mail_is_taken(
    cause: Callable[[], str], own_database: db.Database, run_worker: Worker, point: str
) -> None:
    """SMTP cannot tell this apart from a mail that was lost: it is sent again, and is the same mail."""
    message_id, taken, go_on = cause(), threading.Event(), threading.Event()

    def meanwhile() -> None:
        taken.set()
        go_on.wait(30)

    with mail_server(wishes=Wishes(before_answer=meanwhile)) as server:
        with as_login(own_database) as connection, run_worker(PORTAL_SMTP_URL=server.url) as process:
            assert taken.wait(30)
            connection.execute(text("LOCK TABLE mail IN SHARE MODE"))
            if point == "before it writes it down":
                go_on.set()
                until(lambda: stuck(own_database, "UPDATE mail SET%"), "the worker writing it down")
            kill(process)
            go_on.set()
        assert (state(), arrivals(server)) == ("queued", [message_id])
        with run_worker(PORTAL_SMTP_URL=server.url):
            until(lambda: state() == "sent", "the mail")
        assert arrivals(server) == [message_id, message_id]
