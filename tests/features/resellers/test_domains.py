"""The life of a SIP domain."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.core import db, i18n
from portal.core.audit import AuditEntry
from portal.core.errors import CONSTRAINTS, Conflict, NotFound, Refused
from portal.core.tenancy import Scope
from portal.features.calls.queries import intake
from portal.features.calls.rules.legs import Address
from portal.features.customers.models import Customer
from portal.features.resellers import operations, queries
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from portal.features.resellers.queries import tenant_by_host
from portal.features.resellers.rules import Defaults
from portal.features.subscribers.models import Subscriber
from portal.web.forms import constraint_of
from tests.cast import Cast, Person
from tests.factories.resellers import SipDomainFactory, WebHostFactory
from tests.factories.subscribers import SubscriberFactory


def add(by: Person, reseller: Reseller, name: str, **more: object) -> SipDomain:
    facts: dict[str, object] = {"languages": ["en"], "time_zone": "Europe/Berlin", "cc": "49", "ac": "30", **more}
    return operations.add_domain(by=by.identity, reseller=reseller, domain=name, **facts)  # type: ignore[arg-type]


def events(subject: str) -> list[tuple[str, dict[str, object]]]:
    found = select(AuditEntry.event, AuditEntry.details).where(AuditEntry.subject == subject).order_by(AuditEntry.id)
    return [(event, details) for event, details in db.session().execute(found)]


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.sentence()
    return caught.value.code


def test_a_domain_is_added_with_what_its_lines_start_with(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope) as session:
        defaults = Defaults(lock_level=1, ring_seconds=25, hide_number=True)
        added = add(cast.tom, cast.telephone, "Neu.München.example", defaults=defaults, cc="+43", ac="01")
        assert (added.domain, added.cc, added.ac) == ("neu.xn--mnchen-3ya.example", "43", "1")
        assert (added.lock_level, added.ring_seconds, added.hide_number) == (1, 25, True)
        assert events(added.public_id) == [("domain-added", {})]
        assert session.scalar(select(AuditEntry.label).where(AuditEntry.subject == added.public_id)) == "neu.münchen.example"


def test_what_somebody_else_has_is_refused_without_a_name(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope):
        for name in ("cheapcall.example", "CheapCall.Example.", "cheapcall.localhost", "isar.localhost"):
            with pytest.raises(Refused) as caught:
                add(cast.tom, cast.telephone, name)
            assert caught.value.code == "domain-taken"
            assert "Cheap" not in caught.value.sentence()
        assert refused(lambda: add(cast.tom, cast.telephone, "telephone.example")) == "domain-yours"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"languages": ["en", "sv"]}, "language-not-available"),
        ({"languages": []}, "languages-none"),
        ({"time_zone": "Europe/Atlantis"}, "zone-unknown"),
        ({"cc": "999"}, "home-country"),
        ({"defaults": Defaults(lock_level=4)}, "default-restriction"),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, more: dict[str, object], code: str) -> None:
    with db.unit_of_work(cast.tom.scope):
        assert refused(lambda: add(cast.tom, cast.telephone, "new.example", **more)) == code
        assert not queries.has_domain("new.example", cast.telephone.id)


def test_an_address_is_no_domain_but_while_developing(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope):
        assert refused(lambda: add(cast.tom, cast.telephone, "192.0.2.1")) == "name-is-address"
        assert add(cast.tom, cast.telephone, "[2001:DB8::1]", addresses=True).domain == "2001:db8::1"


def test_what_a_provider_adds_is_no_web_address_by_itself(cast: Cast) -> None:
    """Anybody can name a SIP domain after what is somebody else's web address tomorrow."""
    with db.unit_of_work(cast.tom.scope):
        add(cast.tom, cast.telephone, "phone.acme.example")
    assert tenant_by_host("phone.acme.example") is None
    with db.unit_of_work(cast.olga.scope):
        add(cast.olga, cast.telephone, "phone.other.example")
    assert tenant_by_host("phone.other.example") is not None


# --- changes ------------------------------------------------------------------------------------------------------------------


def test_each_part_is_changed_on_its_own_and_leaves_a_trace(cast: Cast) -> None:
    domain = cast.domains["lantern"]
    with db.unit_of_work(cast.tom.scope):
        now = operations.change_languages(by=cast.tom.identity, domain=domain, version=1, languages=["de", "en"])
        now = operations.change_place(by=cast.tom.identity, domain=now, version=2, time_zone="Europe/Vienna", cc="43", ac="1")
        now = operations.change_defaults(
            by=cast.tom.identity, domain=now, version=3, lock_level=2, ring_seconds=None, hide_number=False
        )
        assert now.version == 4
        assert events(domain.public_id) == [
            ("domain-changed", {"languages": [["en", "de"], ["de", "en"]]}),
            ("domain-changed", {"time_zone": ["Europe/Berlin", "Europe/Vienna"], "cc": ["49", "43"], "ac": ["30", "1"]}),
            ("domain-changed", {"lock_level": [0, 2]}),
        ]
    found = tenant_by_host("lantern.localhost")
    assert found is not None
    assert (found.languages[0], found.time_zone, found.home.cc) == ("de", "Europe/Vienna", "43")


def test_nothing_is_written_when_nothing_changes(cast: Cast) -> None:
    domain = cast.domains["lantern"]
    with db.unit_of_work(cast.tom.scope):
        operations.change_languages(by=cast.tom.identity, domain=domain, version=1, languages=domain.languages)
        assert events(domain.public_id) == []


def test_who_comes_too_late_is_told(cast: Cast) -> None:
    domain = cast.domains["lantern"]
    with db.unit_of_work(cast.tom.scope):
        operations.change_languages(by=cast.tom.identity, domain=domain, version=1, languages=["de"])
        with pytest.raises(Conflict) as caught:
            operations.change_languages(by=cast.tom.identity, domain=domain, version=1, languages=["en"])
        assert caught.value.version == 2


def test_a_domain_offers_some_of_its_providers_languages(cast: Cast) -> None:
    there = min(i18n.available() - {"en", "de"})
    with db.unit_of_work(cast.tom.scope):
        change: dict[str, Any] = {"by": cast.tom.identity, "domain": cast.domains["lantern"], "version": 1}
        assert refused(lambda: operations.change_languages(**change, languages=["en", there])) == "language-not-allowed"
        assert refused(lambda: operations.change_languages(**change, languages=["en", "sv"])) == "language-not-available"


# --- removing -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def spare(cast: Cast) -> SipDomain:
    """A domain of TelephOne with a host, where nobody lives any more."""
    with db.unit_of_work(Scope.platform()) as session:
        made: SipDomain = SipDomainFactory(reseller_id=cast.telephone.id, domain="spare.example")
        WebHostFactory(reseller_id=cast.telephone.id, host="spare.localhost", domain_id=made.id)
        own = {"reseller_id": cast.telephone.id, "customer_id": cast.lantern.id, "domain_id": made.id}
        SubscriberFactory(username="past", status="terminated", kind="regular", **own)
        session.execute(update(Customer).where(Customer.id == cast.lantern.id).values(domain_id=made.id))
        session.flush()
        session.expunge_all()
    return made


def test_a_domain_where_lines_live_stays(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope):
        domain = cast.domains["lantern"]
        assert refused(lambda: operations.remove_domain(by=cast.tom.identity, domain=domain)) == "domain-in-use"
        assert queries.domain(domain.public_id).id == domain.id


def test_a_removed_domain_is_gone_and_its_name_is_free(cast: Cast, spare: SipDomain) -> None:
    with db.unit_of_work(cast.tom.scope) as session:
        operations.remove_domain(by=cast.tom.identity, domain=spare)
        with pytest.raises(NotFound):
            queries.domain_sheet(spare.public_id)
        assert queries.domain_id("spare.example", cast.telephone.id) is None
        assert "spare.example" not in [one.domain for one in queries.domains()]
        assert session.scalar(select(WebHost.domain_id).where(WebHost.host == "spare.localhost")) is None
        assert session.scalar(select(Customer.domain_id).where(Customer.id == cast.lantern.id)) is None
        assert events(spare.public_id) == [("domain-removed", {})]
    assert tenant_by_host("spare.example") is None
    found = tenant_by_host("spare.localhost")
    assert found is not None
    assert found.domain is None
    with db.unit_of_work(cast.rita.scope):
        assert add(cast.rita, cast.cheapcall, "spare.example").reseller_id == cast.cheapcall.id


def test_no_line_begins_in_what_is_removed(cast: Cast, spare: SipDomain) -> None:
    with db.unit_of_work(cast.tom.scope):
        operations.remove_domain(by=cast.tom.identity, domain=spare)
    own = {"reseller_id": cast.telephone.id, "customer_id": cast.lantern.id, "domain_id": spare.id}
    with pytest.raises(IntegrityError) as caught, db.unit_of_work(Scope.platform()):
        SubscriberFactory(kind="regular", **own)
    assert CONSTRAINTS[constraint_of(caught.value)] == ("domain-gone", "domain")


def test_calls_of_a_new_owner_of_the_name_are_not_taken_for_the_old_ones(cast: Cast, spare: SipDomain) -> None:
    with db.unit_of_work(cast.tom.scope):
        operations.remove_domain(by=cast.tom.identity, domain=spare)
    with db.unit_of_work(cast.rita.scope):
        add(cast.rita, cast.cheapcall, "spare.example", cc="33", ac="", languages=["de"])
    with db.unit_of_work(Scope.platform()):
        assert intake.homes()["spare.example"].cc == "33"
        address = Address("past", "spare.example", "")
        assert intake.lines([address], ["spare.example"]) == {}


def test_lines_of_a_domain_are_counted_without_those_that_ended(cast: Cast, spare: SipDomain) -> None:
    with db.unit_of_work(cast.tom.scope) as session:
        lantern = cast.domains["lantern"].id
        living = session.scalars(
            select(Subscriber.id).where(Subscriber.domain_id == lantern, Subscriber.status != "terminated")
        ).all()
        assert queries.lines_in([lantern, spare.id]) == {lantern: len(living)}
