"""The life of a web host: claimed, proved, changed, removed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import AuditEntry
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.tenancy import Scope
from portal.features.resellers import operations, queries
from portal.features.resellers.models import Reseller, WebHost
from portal.features.resellers.queries import tenant_by_host
from portal.features.resellers.rules import Points, Sight
from tests.cast import Cast, Person


def claim(by: Person, reseller: Reseller, name: str = "phone.acme.example", **more: object) -> WebHost:
    with db.unit_of_work(by.scope) as session:
        added = operations.add_host(by=by.identity, reseller=reseller, host=name, **more)  # type: ignore[arg-type]
        session.expunge(added)
        return added


def see(by: Person, host: WebHost, *, proof: bool | None, points: Points = Points.HERE) -> bool:
    """Whether that proved it."""
    with db.unit_of_work(by.scope):
        return operations.keep_host_sight(by=by.identity, host=host, sight=Sight(points, (), proof)).proved


def stored(host: WebHost) -> WebHost:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalars(select(WebHost).where(WebHost.id == host.id)).one()
        session.expunge(found)
        return found


def events(host: WebHost) -> list[str]:
    with db.unit_of_work(Scope.platform()) as session:
        found = select(AuditEntry.event).where(AuditEntry.subject == host.public_id).order_by(AuditEntry.id)
        return list(session.scalars(found))


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_a_claimed_host_answers_when_it_is_proved(cast: Cast) -> None:
    host = claim(cast.tom, cast.telephone, "Phone.Acme.example", title=" Acme   Inc ")
    assert (host.host, host.title, host.proved_at) == ("phone.acme.example", "Acme Inc", None)
    assert tenant_by_host("phone.acme.example") is None
    assert not see(cast.tom, host, proof=False)
    assert not see(cast.tom, host, proof=None)
    assert tenant_by_host("phone.acme.example") is None
    assert see(cast.tom, host, proof=True)
    found = tenant_by_host("phone.acme.example")
    assert found is not None
    assert (found.reseller_id, found.title) == (cast.telephone.id, "Acme Inc")
    assert events(host) == ["host-added", "host-proved"]
    assert not see(cast.tom, host, proof=True), "it is proved once"


def test_each_claim_has_a_proof_of_its_own(cast: Cast) -> None:
    claims = [
        claim(cast.tom, cast.telephone),
        claim(cast.rita, cast.cheapcall),
        claim(cast.tom, cast.telephone, "b.acme.example"),
    ]
    assert len({one.proof for one in claims}) == 3
    assert all(len(one.proof) == 24 for one in claims)


def test_a_claim_keeps_nobody_from_what_is_theirs(cast: Cast) -> None:
    squatter, owner = claim(cast.rita, cast.cheapcall), claim(cast.tom, cast.telephone)
    assert see(cast.tom, owner, proof=True)
    found = tenant_by_host("phone.acme.example")
    assert found is not None
    assert found.reseller_id == cast.telephone.id
    assert refused(lambda: see(cast.rita, squatter, proof=True)) == "host-taken"
    assert stored(squatter).proved_at is None


def test_what_somebody_else_has_proved_is_refused_without_a_name(cast: Cast) -> None:
    for name in ("cheapcall.localhost", "isar.localhost", "cheapcall.example"):
        with pytest.raises(Refused) as caught:
            claim(cast.tom, cast.telephone, name)
        assert caught.value.code == "host-taken"
        assert "Cheap" not in caught.value.sentence()
    assert refused(lambda: claim(cast.tom, cast.telephone, "telephone.localhost")) == "host-yours"


def test_a_sip_domain_of_this_name_elsewhere_keeps_nobody_from_it(cast: Cast) -> None:
    with db.unit_of_work(cast.rita.scope):
        facts = {"languages": ["de"], "time_zone": "Europe/Berlin", "cc": "49", "ac": ""}
        operations.add_domain(by=cast.rita.identity, reseller=cast.cheapcall, domain="phone.acme.example", **facts)  # type: ignore[arg-type]
    assert see(cast.tom, claim(cast.tom, cast.telephone), proof=True)
    found = tenant_by_host("phone.acme.example")
    assert found is not None
    assert found.reseller_id == cast.telephone.id


def test_what_the_operator_adds_needs_no_record(cast: Cast) -> None:
    host = claim(cast.olga, cast.telephone)
    assert host.proved_at is not None
    assert not see(cast.olga, host, proof=False)
    assert stored(host).gone_at is None, "it never had one"


def test_a_proved_host_goes_on_answering_without_its_record(cast: Cast) -> None:
    host = claim(cast.tom, cast.telephone)
    see(cast.tom, host, proof=True)
    see(cast.tom, host, proof=None, points=Points.SILENT)
    assert (stored(host).gone_at, stored(host).points) == (None, "here"), "no answer says nothing"
    with clock.frozen(clock.now() + timedelta(days=1)):
        see(cast.tom, host, proof=False, points=Points.NOTHING)
        gone = stored(host)
        assert (gone.gone_at, gone.points) == (clock.now(), "nothing")
    with clock.frozen(clock.now() + timedelta(days=2)):
        see(cast.tom, host, proof=False)
    assert stored(host).gone_at == gone.gone_at, "since when it is gone"
    assert tenant_by_host("phone.acme.example") is not None
    see(cast.tom, host, proof=True)
    assert stored(host).gone_at is None


def test_a_look_is_no_change_that_editors_are_told_of(cast: Cast) -> None:
    host = claim(cast.tom, cast.telephone)
    see(cast.tom, host, proof=True)
    with db.unit_of_work(cast.tom.scope):
        changed = operations.change_host(
            by=cast.tom.identity, host=host, version=1, domain=cast.domains["lantern"], title="Lantern Co"
        )
        assert changed.version == 2
        with pytest.raises(Conflict):
            operations.change_host(by=cast.tom.identity, host=host, version=1, domain=None, title=None)
    with db.unit_of_work(Scope.platform()) as session:
        details = session.scalars(select(AuditEntry.details).where(AuditEntry.event == "host-changed")).one()
    assert details == {"title": [None, "Lantern Co"], "tied_domain": [None, "lantern.telephone.example"]}


def test_a_host_is_not_tied_to_somebody_elses_domain(cast: Cast) -> None:
    assert refused(lambda: claim(cast.tom, cast.telephone, domain=cast.domains["cheapcall"])) == "domain-gone"


def test_a_removed_host_answers_no_more(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope) as session:
        host = session.scalars(select(WebHost).where(WebHost.host == "lantern.localhost")).one()
        operations.remove_host(by=cast.tom.identity, host=host)
        with pytest.raises(NotFound):
            queries.host_sheet(host.public_id)
    assert tenant_by_host("lantern.localhost") is None
    with db.unit_of_work(cast.rita.scope):
        assert operations.add_host(by=cast.rita.identity, reseller=cast.cheapcall, host="lantern.localhost").proved_at is None
