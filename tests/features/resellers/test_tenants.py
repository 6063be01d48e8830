"""Resellers, their SIP domains and web hosts, and the tenant that a host stands for."""

from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock, db, i18n
from portal.core.audit import AuditEntry, Event
from portal.core.errors import Refused
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.resellers import operations, queries, rules
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from portal.features.resellers.queries import tenant_by_host
from portal.web.tenant import CHANNEL
from tests.cast import Cast

# --- the tenant of a host -----------------------------------------------------------------------------------------------------


def test_a_host_tells_everything_that_is_known_before_anybody_signs_in(cast: Cast) -> None:
    found = tenant_by_host("lantern.localhost")
    assert found is not None
    domain = cast.domains["lantern"]
    assert (found.reseller_id, found.reseller_name, found.reseller_active) == (cast.telephone.id, "TelephOne", True)
    assert (found.domain_id, found.domain, found.title) == (domain.id, "lantern.telephone.example", "Lantern Co")
    assert (found.host, found.theme, found.time_zone, found.home) == (
        "lantern.localhost",
        "telephone",
        "Europe/Berlin",
        Home("49", "30"),
    )
    assert found.scope == Scope.reseller(cast.telephone.id)
    assert not found.operator


def test_a_sip_domain_is_a_host_too(cast: Cast) -> None:
    found = tenant_by_host("lantern.telephone.example")
    assert found is not None
    assert (found.reseller_id, found.domain, found.host) == (
        cast.telephone.id,
        "lantern.telephone.example",
        "lantern.telephone.example",
    )


def test_a_web_host_goes_before_a_sip_domain_of_the_same_name(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        lantern = cast.domains["lantern"].id
        session.add(WebHost(reseller_id=cast.telephone.id, host="telephone.example", domain_id=lantern, proved_at=clock.now()))
    found = tenant_by_host("telephone.example")
    assert found is not None
    assert found.domain == "lantern.telephone.example"


def test_the_platforms_own_reseller_is_known_as_such(cast: Cast) -> None:
    found = tenant_by_host("isar.localhost")
    assert found is not None
    assert found.operator


@pytest.mark.parametrize("host", ["", "localhost", "nobody.localhost", "%", "lantern", "lantern.localhost ", "LANTERN.localhost"])
def test_any_other_name_is_nobodys(cast: Cast, host: str) -> None:
    assert tenant_by_host(host) is None


def test_only_whole_languages_are_offered_the_default_first(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(SipDomain).where(SipDomain.id == cast.domains["lantern"].id).values(languages=["xx", "en", "yy"]))
        session.execute(update(SipDomain).where(SipDomain.id == cast.domains["cheapcall"].id).values(languages=["xx"]))
    offered = {host: tenant_by_host(host) for host in ("lantern.localhost", "cheapcall.localhost")}
    assert [found.languages for found in offered.values() if found] == [("en",), (i18n.SOURCE_LANGUAGE,)]


def test_domains_are_found_within_the_scope_only(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope):
        assert queries.domain_id("lantern.telephone.example", cast.telephone.id) == cast.domains["lantern"].id
        assert queries.domain_id("cheapcall.example", cast.cheapcall.id) is None
        assert [domain.domain for domain in queries.domains()] == ["lantern.telephone.example", "telephone.example"]
        assert [reseller.name for reseller in queries.resellers()] == ["TelephOne"]
    with db.unit_of_work(cast.olga.scope):
        assert [reseller.name for reseller in queries.resellers()] == ["Cheap Call", "Isar Telecom", "TelephOne"]


# --- a change is told to all ----------------------------------------------------------------------------------------------------


CHANGES: dict[str, Callable[[Cast], object]] = {
    "a reseller renamed": lambda cast: update(Reseller).where(Reseller.id == cast.telephone.id).values(name="New name"),
    "a domain changed": lambda cast: update(SipDomain).where(SipDomain.id == cast.domains["isar"].id).values(ac="89"),
    "a host added": lambda cast: insert(WebHost).values(reseller_id=cast.isar.id, host="new.localhost"),
    "a host removed": lambda cast: delete(WebHost).where(WebHost.host == "isar.localhost"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_it_is_heard(change: Callable[[Cast], object], own_database: db.Database, own_cast: Cast) -> None:
    with db.listening(CHANNEL) as bell:
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(change(own_cast))  # type: ignore[call-overload]
        assert bell(20)
        assert not bell(0)


def test_what_is_taken_back_is_not_heard(own_database: db.Database, own_cast: Cast) -> None:
    with db.listening(CHANNEL) as bell:
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(update(Reseller).values(theme="isar"))
            session.rollback()
        assert not bell(0.1)


# --- new tenants ----------------------------------------------------------------------------------------------------------------


def test_a_new_tenant_answers_at_its_host(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        by = cast.olga.identity
        reseller = operations.create_reseller(by=by, name="New Voice", theme="isar", languages=["en"], time_zone="Europe/Vienna")
        domain = operations.add_domain(
            by=by,
            reseller=reseller,
            domain="SIP.NewVoice.example.",
            languages=["en"],
            time_zone="Europe/Vienna",
            cc="43",
            ac="1",
        )
        operations.add_host(by=by, reseller=reseller, host=" Portal.NewVoice.example ", domain=domain, title="New Voice")
        events = session.scalars(
            select(AuditEntry.event).where(AuditEntry.reseller_id == reseller.id).order_by(AuditEntry.id)
        ).all()
    assert events == [Event.RESELLER_CREATED, Event.DOMAIN_ADDED, Event.HOST_ADDED]
    found = tenant_by_host("portal.newvoice.example")
    assert found is not None
    assert (found.reseller_name, found.domain, found.home, found.time_zone) == (
        "New Voice",
        "sip.newvoice.example",
        Home("43", "1"),
        "Europe/Vienna",
    )


@pytest.mark.parametrize(
    ("constraint", "again"),
    [
        (
            "uq_reseller_name",
            lambda cast: operations.create_reseller(
                by=cast.olga.identity,
                name="TelephOne",
                theme="isar",
                languages=["en"],
                time_zone="UTC",
            ),
        ),
    ],
)
def test_names_of_resellers_belong_to_one(cast: Cast, constraint: str, again: Callable[[Cast], object]) -> None:
    with pytest.raises(IntegrityError, match=constraint), db.unit_of_work(Scope.platform()):
        again(cast)


@pytest.mark.parametrize(
    ("code", "again"),
    [
        (
            "host-taken",
            lambda cast: operations.add_host(by=cast.olga.identity, reseller=cast.cheapcall, host="lantern.telephone.local"),
        ),
        (
            "domain-taken",
            lambda cast: operations.add_domain(
                by=cast.olga.identity,
                reseller=cast.cheapcall,
                domain="telephone.example",
                languages=["en"],
                time_zone="UTC",
                cc="49",
                ac="",
            ),
        ),
    ],
)
def test_names_belong_to_one(cast: Cast, code: str, again: Callable[[Cast], object]) -> None:
    with db.unit_of_work(Scope.platform()):
        operations.add_host(by=cast.olga.identity, reseller=cast.telephone, host="lantern.telephone.local")
    with pytest.raises(Refused) as refused, db.unit_of_work(Scope.platform()):
        again(cast)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("phone.example.com", "phone.example.com"),
        (" Phone.Example.COM. ", "phone.example.com"),
        ("a.b", "a.b"),
        ("xn--lndle-gra.example", "xn--lndle-gra.example"),
        ("9.example", "9.example"),
    ],
)
def test_host_names_are_kept_in_lower_case(typed: str, name: str) -> None:
    assert rules.host_name(typed, field="host") == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name-no-host"),
        ("phone", "name-no-host"),
        ("phone..example", "name-no-host"),
        (".example", "name-no-host"),
        ("-a.example", "name-no-host"),
        ("a-.example", "name-no-host"),
        ("a_b.example", "name-no-host"),
        ("a b.example", "name-no-host"),
        ("a.example/path", "name-no-host"),
        ("user@a.example", "name-no-host"),
        ("a" * 64 + ".example", "name-no-host"),
        ("a." * 126 + "example", "name-too-long"),
        ("192.0.2.1", "name-is-address"),
        ("a.example:8000", "name-no-host"),
        ("2001:db8::1", "name-is-address"),
    ],
)
def test_what_is_no_host_name_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.host_name(typed, field="host")
    assert (refused.value.code, refused.value.field) == (code, "host")


@given(st.text(max_size=300))
def test_whatever_is_typed_gives_a_name_that_the_database_takes(typed: str) -> None:
    try:
        name = rules.host_name(typed, field="host")
    except Refused:
        return
    assert name == name.lower()
    assert len(name) <= 253
    assert name.isascii()
