"""The worker looks at names in the DNS, soon after they were set up and then every day."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from portal.core import clock, db, outbox
from portal.core.audit import AuditEntry
from portal.core.lookups import UNANSWERED, Answers, Question
from portal.core.outbox import Job
from portal.core.tenancy import Scope
from portal.features.resellers import jobs, operations
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from portal.features.resellers.operations import Watch
from portal.features.resellers.queries import tenant_by_host
from portal.settings import Settings
from tests.cast import Cast, Person
from tests.dnsserver import Mood, Zone


@dataclass
class Looking:
    """The worker, at any time."""

    pages: db.Database
    worker: db.Database
    watch: Watch

    def after(self, **wait: float) -> int:
        """How many looks are due by then."""
        db.install(self.worker)
        try:
            with clock.frozen(clock.now() + timedelta(**wait)):
                looks = 0
                while outbox.deliver_one(jobs.handlers(self.watch)):
                    looks += 1
                return looks
        finally:
            db.install(self.pages)

    def failed(self) -> list[str | None]:
        """Why looks are to be tried again."""
        db.install(self.worker)
        try:
            with db.unit_of_work(Scope.platform()) as session:
                return list(session.scalars(select(Job.trouble).where(Job.tries > 0)))
        finally:
            db.install(self.pages)

    def waits(self) -> list[float]:
        """Seconds until each look that is still to come, from when it was left to be done."""
        db.install(self.worker)
        try:
            with db.unit_of_work(Scope.platform()) as session:
                waiting = select(Job.created_at, Job.due_at).where(Job.done_at.is_(None), Job.kind.in_(jobs.handlers(self.watch)))
                found = session.execute(waiting.order_by(Job.id))
                return [(due - created).total_seconds() for created, due in found]
        finally:
            db.install(self.pages)


@pytest.fixture
def looking(own_database: db.Database, own_cast: Cast, settings: Settings) -> Iterator[Looking]:
    worker = db.Database(own_database.url, role=db.WORKER)
    yield Looking(own_database, worker, Watch.of(settings))
    worker.dispose()


@pytest.fixture
def host(own_cast: Cast, looking: Looking) -> WebHost:
    return claim(own_cast.tom, own_cast.telephone)


def claim(by: Person, reseller: Reseller) -> WebHost:
    with db.unit_of_work(by.scope) as session:
        added = operations.add_host(by=by.identity, reseller=reseller, host="phone.acme.test")
        session.expunge(added)
        return added


def stored(host: WebHost) -> WebHost:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalars(select(WebHost).where(WebHost.id == host.id)).one()
        session.expunge(found)
        return found


def test_a_host_is_proved_as_soon_as_its_record_is_seen(host: WebHost, looking: Looking, zone: Zone, own_cast: Cast) -> None:
    assert looking.after(seconds=1) == 0
    assert looking.after(seconds=20) == 1
    assert stored(host).checked_at is not None
    assert (stored(host).proved_at, stored(host).points) == (None, "nothing")
    zone.names["phone.acme.test"] = {"A": ["192.0.2.80"]}
    zone.names["_portal-proof.phone.acme.test"] = {"TXT": [f'"{host.proof}"']}
    assert looking.after(seconds=60) == 1
    assert stored(host).points == "here"
    found = tenant_by_host("phone.acme.test")
    assert found is not None
    assert found.reseller_id == own_cast.telephone.id
    with db.unit_of_work(own_cast.tom.scope) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "host-proved")).one()
        assert (entry.actor_name, entry.actor, entry.label) == ("DNS", None, "phone.acme.test")
    assert looking.waits() == [24 * 60 * 60], "from then on once a day"


def test_each_look_leads_to_one_other_and_to_none_when_the_host_is_gone(
    host: WebHost, looking: Looking, zone: Zone, own_cast: Cast
) -> None:
    for look in range(1, 6):
        assert looking.after(hours=look) == 1
        assert len(looking.waits()) == 1
    with db.unit_of_work(own_cast.tom.scope):
        operations.remove_host(by=own_cast.tom.identity, host=host)
    assert looking.after(hours=8) == 1
    assert looking.waits() == []


@dataclass
class Meanwhile:
    """A DNS that takes its time: something else happens before it answers."""

    happens: Callable[[], None]

    def ask(self, questions: Collection[Question]) -> Answers:
        self.happens()
        return dict.fromkeys(questions, UNANSWERED)


def test_what_is_removed_while_the_dns_is_asked_is_no_failure(host: WebHost, looking: Looking, own_cast: Cast) -> None:
    def remove() -> None:
        db.install(looking.pages)
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(delete(WebHost).where(WebHost.id == host.id))
        db.install(looking.worker)

    looking.watch = Watch(Meanwhile(remove))
    assert looking.after(minutes=1) >= 1
    assert looking.failed() == []


@pytest.mark.parametrize("mood", [Mood.BROKEN, Mood.SILENT])
def test_a_dns_that_does_not_answer_is_asked_again(host: WebHost, looking: Looking, zone: Zone, mood: Mood) -> None:
    zone.names.update({"phone.acme.test": mood, "_portal-proof.phone.acme.test": mood})
    assert looking.after(seconds=20) == 1
    assert (stored(host).proved_at, stored(host).points) == (None, "silent")
    assert len(looking.waits()) == 1


def test_a_record_that_went_is_noted_and_the_host_goes_on_answering(host: WebHost, looking: Looking, zone: Zone) -> None:
    zone.names["_portal-proof.phone.acme.test"] = {"TXT": [f'"{host.proof}"']}
    looking.after(seconds=20)
    del zone.names["_portal-proof.phone.acme.test"]
    looking.after(days=2)
    assert stored(host).gone_at is not None
    assert tenant_by_host("phone.acme.test") is not None


def test_somebody_elses_host_is_not_proved_and_looked_at_no_less(
    host: WebHost, looking: Looking, zone: Zone, own_cast: Cast
) -> None:
    other = claim(own_cast.rita, own_cast.cheapcall)
    zone.names["_portal-proof.phone.acme.test"] = {"TXT": [f'"{host.proof}"', f'"{other.proof}"']}
    assert looking.after(seconds=20) == 2
    assert [stored(one).proved_at is not None for one in (host, other)] == [True, False]
    assert len(looking.waits()) == 2


def test_a_domain_is_looked_at_and_what_was_seen_is_kept(looking: Looking, zone: Zone, own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.tom.scope) as session:
        facts = {"languages": ["en"], "time_zone": "Europe/Berlin", "cc": "49", "ac": ""}
        made = operations.add_domain(by=own_cast.tom.identity, reseller=own_cast.telephone, domain="sip.acme.test", **facts)  # type: ignore[arg-type]
        session.expunge(made)
    zone.names["_sip._udp.sip.acme.test"] = {"SRV": ["10 10 5060 proxy.acme.test."]}
    zone.names["proxy.acme.test"] = {"A": ["192.0.2.20"]}
    assert looking.after(seconds=20) == 1
    with db.unit_of_work(own_cast.tom.scope) as session:
        kept = session.get_one(SipDomain, made.id)
        assert (kept.points, kept.version) == ("here", 1)
        session.execute(update(SipDomain).where(SipDomain.id == made.id).values(removed_at=clock.now()))
    assert looking.after(days=2) == 1
    assert looking.waits() == []


def test_a_look_rings_no_bell(looking: Looking, host: WebHost, zone: Zone) -> None:
    """Web processes keep what hosts mean; a look every few minutes is no reason to forget it."""
    with db.listening("tenants", looking.pages) as bell:
        looking.after(seconds=20)
        assert not bell(0.2)
        zone.names["_portal-proof.phone.acme.test"] = {"TXT": [f'"{host.proof}"']}
        looking.after(seconds=60)
        assert bell(2)
