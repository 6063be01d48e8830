"""A mail tells of a phone that was never seen at a line, but for its very first one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.core import clock, db
from portal.core.outbox import Job
from portal.core.tenancy import Scope
from portal.features.subscribers.jobs import HANDLERS
from portal.mail.models import Mail
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.factories.phones import USUAL, signs_in
from tests.features.pbx.reading import text_of

Browse = Callable[..., Browser]
NEW = "Linphone Desktop/5.0.2 (Debian)"


def arrives(person: Person, user_agent: str, instance: str | None = None) -> None:
    with db.unit_of_work(Scope.platform()):
        signs_in(person.subscriber, user_agent, instance=instance)


@contextmanager
def as_worker() -> Iterator[Session]:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(text("SET LOCAL ROLE portal_worker"))
        yield session
        session.flush()
        session.execute(text("SET LOCAL ROLE portal_web"))


def told() -> list[tuple[str, str, str]]:
    """The mails, once the worker has done what waits."""
    with as_worker() as session:
        for job in session.scalars(select(Job).where(Job.kind == "device-new", Job.done_at.is_(None)).order_by(Job.id)):
            HANDLERS[job.kind](job.payload)
            job.done_at = clock.now()
        rows = session.execute(select(Mail.kind, Mail.recipient, Mail.content).where(Mail.kind == "new_phone").order_by(Mail.id))
        return [(kind, recipient, str(content)) for kind, recipient, content in rows]


def test_a_phone_that_was_never_seen_is_told(cast: Cast) -> None:
    arrives(cast.alice, NEW)
    [(kind, _recipient, content)] = told()
    assert kind == "new_phone"
    assert "Linphone Desktop" in content
    assert "203.0.113.9" in content
    assert "/devices" in content


def test_the_same_phone_is_told_once(cast: Cast) -> None:
    arrives(cast.alice, NEW)
    arrives(cast.alice, NEW)
    arrives(cast.alice, USUAL)
    assert len(told()) == 1


def test_two_of_a_kind_are_told_apart_by_their_instance(cast: Cast) -> None:
    arrives(cast.alice, NEW, "<urn:uuid:1>")
    arrives(cast.alice, NEW, "<urn:uuid:2>")
    assert len(told()) == 2


def test_the_first_phone_of_a_line_surprises_nobody(cast: Cast) -> None:
    with as_worker() as session:
        waiting = session.scalars(select(Job.kind).where(Job.kind == "device-new")).all()
    assert list(waiting) == []  # each of the cast has had its first one
    assert told() == []


def test_a_job_that_comes_twice_writes_once(cast: Cast) -> None:
    arrives(cast.alice, NEW)
    with as_worker() as session:
        payload = session.scalars(select(Job.payload).where(Job.kind == "device-new")).one()
        assert payload["first"] is False
        HANDLERS["device-new"](payload)
    assert len(told()) == 1


def test_its_person_switches_it_off_and_on(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    assert "Alice Meier is not told of new phones any more." in text_of(alice.follow(alice.post("/devices/mail", {"on": ""})))
    arrives(cast.alice, NEW)
    assert told() == []
    assert "Alice Meier is told by mail" in text_of(alice.follow(alice.post("/devices/mail", {"on": "1"})))
    arrives(cast.alice, "Zoiper rv2.10.15.2")
    assert len(told()) == 1


def test_the_pilot_switches_it_for_a_colleague(cast: Cast, browse: Browse) -> None:
    clare, line = browse(cast.clare), cast.bob.subscriber.public_id
    page = clare.follow(clare.post(f"/devices/mail/{line}", {"on": ""}))
    assert "Bob Turner is not told of new phones any more." in text_of(page)
    assert "You changed Bob Turner: mail about new phones off (before: on)" in text_of(page)
    arrives(cast.bob, NEW)
    assert told() == []
