"""How the platform is, in words: each part good, to be looked at, or broken, and what to do."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import ProgrammingError

from portal.core import clock, db, i18n, outbox
from portal.core.audit import AuditEntry, Event
from portal.core.outbox import Job
from portal.core.tenancy import Scope
from portal.features.platform import jobs, operations, queries
from portal.features.platform.models import WorkerBeat
from portal.features.platform.operations import Beat
from portal.features.platform.rules import health as rules
from portal.features.platform.rules.health import Beats, Finding, MailState, Mark, Queue
from portal.features.resellers.models import WebHost
from tests.browser import Browser
from tests.cast import Cast
from tests.mailserver import mail_server
from tests.waiting import until

Browse = Callable[..., Browser]
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def queue(*, failing: int = 0, waiting: int = 1, since: timedelta = timedelta(seconds=3)) -> Queue:
    return Queue("mail", waiting, failing, NOW - since, None, None)


# --- what a state comes to ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("finding", "mark", "words"),
    [
        (rules.database(recovering=False), Mark.GOOD, "answers"),
        (rules.database(recovering=True), Mark.BAD, "copy of another"),
        (rules.schema("0006", "0006"), Mark.GOOD, "of this version"),
        (rules.schema("0005", "0006"), Mark.BAD, "older version"),
        (rules.schema("0007", "0006"), Mark.BAD, "newer version"),
        (rules.schema("", "0006"), Mark.BAD, "older version"),
        (rules.worker(Beats(2, NOW)), Mark.GOOD, "2 workers are at work"),
        (rules.worker(Beats(0, NOW)), Mark.BAD, "for a while"),
        (rules.worker(Beats(0, None)), Mark.BAD, "ever been seen"),
        (rules.queues([], NOW), Mark.GOOD, "Nothing"),
        (rules.queues([queue()], NOW), Mark.GOOD, "Nothing"),
        (rules.queues([queue(since=timedelta(minutes=6))], NOW), Mark.WARN, "longer than it should"),
        (rules.queues([queue(failing=1)], NOW), Mark.WARN, "1 piece of work has failed"),
        (rules.mail(MailState(server=False, keeps=True)), Mark.GOOD, "demo"),
        (rules.mail(MailState(server=False, keeps=False)), Mark.BAD, "No mail server"),
        (rules.mail(MailState(server=True, keeps=False, counts={"sent": 100, "bounced": 1})), Mark.GOOD, "leave"),
        (rules.mail(MailState(server=True, keeps=False, counts={"sent": 5, "bounced": 1})), Mark.WARN, "did not arrive"),
        (rules.mail(MailState(server=True, keeps=False, waiting=3)), Mark.WARN, "3 mails wait"),
        (rules.hosts(proved=3, unproved=0, troubled=0), Mark.GOOD, "All 3"),
        (rules.hosts(proved=3, unproved=1, troubled=0), Mark.WARN, "1 web host waits"),
        (rules.hosts(proved=3, unproved=1, troubled=2), Mark.WARN, "do not lead here"),
        (rules.catalogues(complete=["de", "en"], incomplete=[]), Mark.GOOD, "Deutsch, English"),
        (rules.catalogues(complete=["en"], incomplete=["tr"]), Mark.WARN, "Türkçe"),
        (rules.disk(free=50 * 1024**3, total=100 * 1024**3), Mark.GOOD, "room"),
        (rules.disk(free=4 * 1024**3, total=100 * 1024**3), Mark.WARN, "fills up"),
        (rules.disk(free=4 * 1024**3, total=8 * 1024**3), Mark.GOOD, "room"),
        (rules.disk(free=1024**2, total=8 * 1024**3), Mark.BAD, "hardly any room"),
    ],
)
def test_each_part(finding: Finding, mark: Mark, words: str) -> None:
    assert finding.mark is mark
    assert words in finding.sentence
    assert bool(finding.todo) is (mark is not Mark.GOOD), "what is not good says what to do"


def test_the_whole_is_as_its_worst_part() -> None:
    good, warn, bad = (Finding("x", mark, "") for mark in Mark)
    assert rules.worst([good, warn]) is Mark.WARN
    assert rules.worst([bad, warn, good]) is Mark.BAD
    assert rules.worst([]) is Mark.GOOD


# --- workers ------------------------------------------------------------------------------------------------------------------


def beat(name: str = "one", at: datetime | None = None) -> None:
    own = Beat(name, "here, 17", ("mail",), clock.now())
    with db.unit_of_work(Scope.platform()):
        operations.beat(own)
    if at is not None:
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(update(WorkerBeat).where(WorkerBeat.id == name).values(seen_at=at))


@pytest.fixture
def as_worker(own_database: db.Database) -> db.Database:
    """The database as a worker process sees it."""
    opened = db.Database(own_database.url, role=db.WORKER)
    db.install(opened)
    return opened


def test_a_worker_is_seen_while_it_works_and_gone_when_it_ends(as_worker: db.Database) -> None:
    def seen() -> list[str]:
        with db.unit_of_work(Scope.platform()) as session:
            return list(session.scalars(select(WorkerBeat.place)))

    with jobs.beating(["mail", "forgotten-password"], every=0.05) as own:
        until(seen, "the first beat")
        with db.unit_of_work(Scope.platform()) as session:
            first = session.get_one(WorkerBeat, own.id).seen_at
            assert session.get_one(WorkerBeat, own.id).lanes == ["forgotten-password", "mail"]

        def later() -> bool:
            with db.unit_of_work(Scope.platform()) as session:
                return session.get_one(WorkerBeat, own.id).seen_at > first

        until(later, "another beat")
    assert seen() == []
    as_worker.dispose()


def test_workers_that_died_are_forgotten_after_a_week(as_worker: db.Database) -> None:
    beat("old", clock.now() - timedelta(days=8))
    beat("new")
    with db.unit_of_work(Scope.platform()):
        assert [one.place for one in queries.workers()] == ["here, 17"]
    as_worker.dispose()


def test_pages_do_not_write_beats(own_database: db.Database, own_cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), db.unit_of_work(Scope.platform()) as session:
        session.execute(delete(WorkerBeat))


# --- queues -------------------------------------------------------------------------------------------------------------------


def leave_work(kind: str = "mail", *, tries: int = 0, after: timedelta = timedelta(), trouble: str | None = None) -> None:
    """Written by the owner: pages may only add fresh work."""
    with db.database().engine.connect() as connection:
        connection.execute(text("SET ROLE NONE"))
        now = clock.now()
        values = {"kind": kind, "payload": {}, "created_at": now, "due_at": now + after, "tries": tries, "trouble": trouble}
        connection.execute(Job.__table__.insert().values(values))  # type: ignore[attr-defined]
        connection.commit()


def test_what_waits_is_told_without_what_it_is_about(own_database: db.Database, own_cast: Cast) -> None:
    leave_work(tries=2, after=timedelta(minutes=8), trouble="NotNow: unreachable")
    leave_work()
    leave_work("pbx-import-forget", after=timedelta(hours=1))
    with db.unit_of_work(Scope.platform()):
        (found,) = queries.queues()
    assert (found.kind, found.waiting, found.failing, found.trouble) == ("mail", 2, 1, "NotNow: unreachable")


@pytest.mark.parametrize("question", ["SELECT * FROM waiting_jobs()", "SELECT retry_jobs('mail', now())"])
def test_only_the_platform_is_told(question: str, own_database: db.Database, own_cast: Cast) -> None:
    for scope in (own_cast.tom.scope, own_cast.clare.scope):
        with pytest.raises(ProgrammingError, match="insufficient_privilege"), db.unit_of_work(scope) as session:
            session.execute(text(question))
    with pytest.raises(ProgrammingError, match="permission denied"), db.unit_of_work(Scope.platform()) as session:
        session.execute(text("SELECT payload FROM job"))


def test_failed_work_is_tried_at_once(own_database: db.Database, own_cast: Cast, app: Flask) -> None:
    leave_work(tries=3, after=timedelta(hours=1), trouble="NotNow: unreachable")
    olga = Browser(app, "isar.localhost", own_cast.olga)
    page = olga.get("/health")
    assert "NotNow: unreachable" in page.text
    assert "1 piece of work has failed" in page.text
    page = olga.follow(olga.post("/health/queues", {"kind": "mail"}))
    assert "is tried again now" in page.text
    opened = db.Database(own_database.url, role=db.WORKER)
    db.install(opened)
    done: list[object] = []
    assert outbox.deliver_one({"mail": done.append})
    assert len(done) == 1
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.event == Event.JOBS_HASTENED)) == 1
    opened.dispose()


def test_work_of_another_kind_is_nothing_to_hasten(cast: Cast, browse: Browse) -> None:
    assert browse(cast.olga).post("/health/queues", {"kind": "nothing"}).status_code == 200


# --- the page -----------------------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_wrong_and_what_to_do(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.add(WebHost(reseller_id=cast.telephone.id, host="phones.telephone.example"))
    page = browse(cast.olga).get("/health").text
    assert "No worker has ever been seen." in page
    assert "portal worker" in page
    assert "1 web host waits for its owner’s proof." in page
    assert "phones.<wbr>telephone.<wbr>example" in page
    assert "replication is off" in page
    assert "of this version" in page


def test_the_first_page_of_the_operator_sums_it_up(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = olga.get("/").text
    assert "1 thing of the platform needs somebody" in page
    assert "No worker has ever been seen." in page
    assert 'href="/health"' in page
    assert "of the platform needs somebody" not in browse(cast.tom).get("/").text


def test_languages_that_are_not_complete_are_named() -> None:
    assert i18n.available() <= i18n.shipped()
    assert "en" in i18n.shipped()


def test_the_mail_server_is_asked_and_no_mail_is_sent(cast: Cast, browse: Browse, app: Flask) -> None:
    olga = browse(cast.olga)
    assert "/health/mail" not in olga.get("/health").text
    assert olga.post("/health/mail").status_code == 200
    settings = app.extensions["plant"]
    with mail_server() as server:
        app.extensions["plant"] = replace(settings, smtp_url=server.url)
        try:
            assert "The mail server answers" in olga.post("/health/mail").text
            assert server.taken == []
        finally:
            app.extensions["plant"] = settings


def test_a_mail_server_that_is_not_there_is_said(cast: Cast, browse: Browse, app: Flask) -> None:
    olga = browse(cast.olga)
    settings = app.extensions["plant"]
    app.extensions["plant"] = replace(settings, smtp_url="smtp://127.0.0.1:9")
    try:
        assert "cannot be reached" in olga.post("/health/mail").text
    finally:
        app.extensions["plant"] = settings


def test_beats_of_many_threads_do_not_disturb(as_worker: db.Database) -> None:
    threads = [threading.Thread(target=beat, args=(f"w{n}",)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.unit_of_work(Scope.platform()):
        assert len(queries.workers()) == 5
    as_worker.dispose()
