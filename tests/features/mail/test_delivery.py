"""From the queue to the mail server: once, as far as SMTP can tell, and never not at all."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from portal.core import clock, db, outbox
from portal.core.outbox import Job
from portal.core.tenancy import Scope
from portal.features.accounts import mails
from portal.gateways.smtp import MailServerOutgoing, NotNow, Outgoing, RefusedForGood, RememberingOutgoing
from portal.mail import delivery
from portal.mail.models import Mail
from tests.cast import Cast
from tests.features.mail.conftest import Worker, kept
from tests.mailserver import MailServerOfATest, Wishes, mail_server
from tests.waiting import until


def deliver(outgoing: Outgoing | None, *, keep: bool = False) -> bool:
    return outbox.deliver_one({"mail": delivery.handler(outgoing, keep=keep)})


def jobs() -> list[Any]:
    with db.unit_of_work(Scope.platform()) as session:
        return list(session.execute(select(Job.tries, Job.trouble, Job.due_at, Job.done_at).order_by(Job.id)))


def only() -> Mail:
    (mail,) = kept()
    return mail


# --- sent -------------------------------------------------------------------------------------------------------------------


def test_what_is_sent_is_known_and_what_it_said_is_not_kept(cause: Callable[[], str]) -> None:
    message_id = cause()
    out, now = RememberingOutgoing(), clock.now()
    with clock.frozen(now):
        assert deliver(out)
    (letter,) = out.taken
    assert (letter.message_id, letter.recipient, letter.language) == (message_id, "alice@lantern.example", "en")
    assert letter.subject == "Your password was changed"
    assert "Alice Meier" in letter.text
    assert "Alice Meier" in letter.html
    mail = only()
    assert (mail.state, mail.content, mail.trouble, mail.tries, mail.settled_at) == ("sent", None, None, 0, now)


def test_a_job_that_comes_twice_sends_once(cause: Callable[[], str]) -> None:
    cause()
    out = RememberingOutgoing()
    assert deliver(out)
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Job).values(done_at=None))
    assert deliver(out)
    assert len(out.taken) == 1
    assert jobs()[0].done_at is not None


def test_one_cause_makes_one_mail(own_database: db.Database, own_cast: Cast, worker: db.Database) -> None:
    at, told = clock.now(), []
    db.install(own_database)
    for _ in range(3):
        with db.unit_of_work(own_cast.clare.scope) as session:
            told.append(mails.password_changed(session.merge(own_cast.clare.account), at=at))
    db.install(worker)
    out = RememberingOutgoing()
    while deliver(out):
        pass
    assert told == [True, False, False]
    assert [letter.recipient for letter in out.taken] == ["clare@lantern.example"]


def test_a_mail_goes_with_its_cause(own_database: db.Database, own_cast: Cast) -> None:
    def fail() -> None:
        with db.unit_of_work(own_cast.clare.scope) as session:
            mails.password_changed(session.merge(own_cast.clare.account), at=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert kept() == []


# --- refused for good -------------------------------------------------------------------------------------------------------


def test_what_is_refused_for_good_is_not_tried_again_and_can_be_repeated(cause: Callable[[], str]) -> None:
    cause()
    out = RememberingOutgoing(RefusedForGood("refused", "550 5.1.1 No such user"))
    assert deliver(out)
    mail = only()
    assert (mail.state, mail.trouble, mail.tries) == ("refused", "refused: 550 5.1.1 No such user", 0)
    assert mail.settled_at is not None
    assert "Alice Meier" in (mail.content or "")
    assert jobs()[0].done_at is not None
    with db.unit_of_work(Scope.platform()) as session:
        stored = session.scalar(text("SELECT content FROM mail"))
        assert "Alice" not in stored, "what it says stays sealed"


# --- not now ----------------------------------------------------------------------------------------------------------------


def test_what_cannot_be_sent_now_is_tried_again_and_says_why(cause: Callable[[], str]) -> None:
    message_id, now = cause(), clock.now()
    out = RememberingOutgoing(*[NotNow("unreachable", "Connection refused")] * 3)
    with clock.frozen(now):
        assert deliver(out)
    mail, (job,) = only(), jobs()
    assert (mail.state, mail.tries, mail.trouble, mail.settled_at) == ("queued", 1, "unreachable: Connection refused", None)
    assert (job.tries, job.due_at, job.done_at) == (1, now + outbox.delay(1), None)
    with clock.frozen(now + timedelta(hours=1)):
        assert [deliver(out)] == [True]
    with clock.frozen(now + timedelta(hours=2)):
        assert [deliver(out)] == [True]
    assert only().tries == 3
    with clock.frozen(now + timedelta(hours=3)):
        assert [deliver(out), deliver(out)] == [True, False]
    assert [letter.message_id for letter in out.taken] == [message_id]
    assert (only().state, only().trouble, only().tries) == ("sent", None, 3)


def test_a_day_without_a_mail_server_loses_nothing(cause: Callable[[], str]) -> None:
    server = MailServerOfATest()
    out = MailServerOutgoing(server.address(), patience_seconds=2)
    wanted, time = [cause()], clock.now()
    for hour in range(24):
        with clock.frozen(time + timedelta(hours=hour)):
            if hour == 12:
                wanted.append(cause())
            while deliver(out):
                pass
    assert [mail.state for mail in kept()] == ["queued", "queued"]
    server.up()
    with clock.frozen(time + timedelta(hours=25)):
        while deliver(out):
            pass
    server.down()
    assert sorted(taken.message["Message-ID"] for taken in server.taken) == sorted(wanted)
    assert [mail.state for mail in kept()] == ["sent", "sent"]


def test_one_address_that_is_refused_holds_up_nobody(cause: Callable[[], str]) -> None:
    cause(), cause()
    out = RememberingOutgoing(NotNow("later", "451 Greylisted"))
    with clock.frozen(clock.now()):
        assert [deliver(out), deliver(out), deliver(out)] == [True, True, False]
    assert sorted((mail.state, mail.tries) for mail in kept()) == [("queued", 1), ("sent", 0)]


def test_while_somebody_has_the_mail_in_hand_it_is_left_alone_and_not_forgotten(
    cause: Callable[[], str], own_database: db.Database
) -> None:
    """The keys are changed, for example: all mails are locked for as long as that lasts."""
    cause()
    out = RememberingOutgoing()
    with db.unit_of_work(Scope.platform()) as other:
        other.execute(text("SELECT id FROM mail FOR UPDATE"))
        assert deliver(out)
        assert out.taken == []
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert deliver(out)
    assert len(out.taken) == 1


def test_a_mail_that_no_key_opens_waits_for_its_key(cause: Callable[[], str]) -> None:
    cause()
    with db.unit_of_work(Scope.platform()) as session:
        whole = session.scalar(text("SELECT content FROM mail"))
        session.execute(text("UPDATE mail SET content = 'broken'"))
    out = RememberingOutgoing()
    assert deliver(out)
    with db.unit_of_work(Scope.platform()) as session:
        assert session.execute(text("SELECT state, tries, trouble FROM mail")).one() == ("queued", 1, "sealed")
        session.execute(text("UPDATE mail SET content = :whole"), {"whole": whole})
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert deliver(out)
    assert len(out.taken) == 1


# --- without a mail server --------------------------------------------------------------------------------------------------


def test_without_a_mail_server_the_demo_keeps_mails(cause: Callable[[], str]) -> None:
    cause()
    assert deliver(None, keep=True)
    mail = only()
    assert mail.state == "kept"
    assert "Alice Meier" in (mail.content or "")


def test_without_a_mail_server_mails_wait_for_one(cause: Callable[[], str], run_worker: Worker) -> None:
    """And leave as soon as a worker starts that has one."""
    message_id = cause()
    for _ in range(4):
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(update(Job).values(due_at=clock.now()))
        assert deliver(None)
    assert (only().state, only().tries, only().trouble) == ("queued", 4, "unset")
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Job).values(due_at=clock.now() + timedelta(hours=1)))
    with mail_server() as server, run_worker(PORTAL_SMTP_URL=server.url):
        until(lambda: only().state == "sent", "the mail")
    assert [taken.message["Message-ID"] for taken in server.taken] == [message_id]


def test_a_worker_in_development_keeps_mails(cause: Callable[[], str], run_worker: Worker) -> None:
    cause()
    with run_worker(PORTAL_DEVELOPMENT="1", PORTAL_SMTP_URL=""):
        until(lambda: only().state == "kept", "the mail")
    assert only().content is not None


# --- a mail server that hangs -----------------------------------------------------------------------------------------------


@contextmanager
def working(*lanes: dict[str, outbox.Handler]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=outbox.work_side_by_side, args=(lanes, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive(), "the worker does not stop"


def test_a_mail_server_that_hangs_holds_up_no_other_work(
    cause: Callable[[], str], own_database: db.Database, own_cast: Cast, worker: db.Database
) -> None:
    cause()
    done: list[str] = []
    with mail_server(wishes=Wishes(hangs=True)) as server:
        mails_out = delivery.handler(MailServerOutgoing(server.address(), patience_seconds=3))
        others: dict[str, outbox.Handler] = {"reload": lambda payload: done.append(payload["what"])}
        with working({"mail": mails_out}, others, {}):
            until(lambda: _in_hand(own_database), "the mail being tried")
            with db.unit_of_work(Scope.platform()):
                outbox.enqueue("reload", {"what": "the dial plan"})
            until(lambda: done == ["the dial plan"], "the other work")
            assert only().tries == 0, "the mail server still says nothing"
            until(lambda: only().tries == 1, "the mail being given up for now")


def _in_hand(database: db.Database) -> bool:
    with database.engine.begin() as connection:
        connection.execute(text("SET ROLE NONE"))
        waiting = "state = 'idle in transaction' AND query LIKE '%FOR UPDATE NOWAIT%' AND datname = current_database()"
        return bool(connection.scalar(text(f"SELECT count(*) FROM pg_stat_activity WHERE {waiting}")))


def test_a_lane_that_breaks_ends_the_worker(own_database: db.Database, own_cast: Cast, worker: db.Database) -> None:
    """Whoever looks after the process starts it anew: nobody goes on with half a worker."""

    class Broken(dict[str, outbox.Handler]):
        def __iter__(self) -> Iterator[str]:
            raise RuntimeError("this lane is broken")

    broken = Broken(mail=lambda _payload: None)
    with pytest.raises(RuntimeError, match="this lane is broken"):
        outbox.work_side_by_side([{"reload": lambda _payload: None}, broken], threading.Event())
