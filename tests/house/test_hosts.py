"""The host decides whose page it is, before anybody signs in."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_network

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.core import clock, db, i18n
from portal.core.phone import Home
from portal.core.tenancy import Scope, Tenant
from portal.features.resellers.models import Reseller, SipDomain, Status, WebHost
from portal.features.resellers.queries import tenant_by_host
from portal.settings import Settings
from portal.web import tenant
from portal.web.tenant import TenantCache, TrustedProxies
from tests.browser import check_page
from tests.cast import Cast
from tests.waiting import until

BRANDS = ("Isar Telecom", "TelephOne", "Cheap Call")


@pytest.fixture
def nobody(app: Flask, cast: Cast) -> FlaskClient:
    return app.test_client()


def asked(client: FlaskClient, host: str, path: str = "/login", **headers: str) -> TestResponse:
    response = client.get(path, headers={"Host": host, **{name.replace("_", "-"): value for name, value in headers.items()}})
    if response.status_code not in {302, 308}:
        check_page(response)
    return response


def brand_of(response: TestResponse) -> list[str]:
    return [name for name in BRANDS if name in response.text]


# --- brand and theme ---


@pytest.mark.parametrize(
    ("host", "brand"),
    [
        ("isar.localhost", "Isar Telecom"),
        ("telephone.localhost", "TelephOne"),
        ("lantern.localhost", "TelephOne"),
        ("cheapcall.localhost", "Cheap Call"),
        ("lantern.telephone.example", "TelephOne"),  # a SIP domain, asked for as a web host
        ("sip.isar.example", "Isar Telecom"),
        ("lantern.localhost:8000", "TelephOne"),
        ("lantern.localhost:80", "TelephOne"),
        ("LANTERN.LocalHost", "TelephOne"),
        ("lantern.localhost.", "TelephOne"),
        ("Lantern.localhost.:8000", "TelephOne"),
    ],
)
def test_each_host_has_its_brand(nobody: FlaskClient, host: str, brand: str) -> None:
    response = asked(nobody, host)
    assert response.status_code == 200
    assert brand_of(response) == [brand]


def test_the_company_is_named_where_the_host_is_its_own(nobody: FlaskClient) -> None:
    assert "Lantern Co" in asked(nobody, "lantern.localhost").text
    assert "Lantern Co" not in asked(nobody, "telephone.localhost").text


def test_each_look_has_its_own_sheet(nobody: FlaskClient) -> None:
    sheets = {
        host: asked(nobody, host).text.split('rel="stylesheet"')
        for host in ("isar.localhost", "telephone.localhost", "cheapcall.localhost")
    }
    assert len({parts[2] for parts in sheets.values()}) == 3


@pytest.mark.parametrize(
    "host",
    [
        "nobody.localhost",
        "localhost",
        "127.0.0.1:8000",
        "[::1]:8000",
        "[::1]",
        "evil.example",
        "lantern.localhost.evil.example",
        "xlantern.localhost",
        ".lantern.localhost",
        "lantern.localhost..evil",
        "lantern_localhost",
        "user@lantern.localhost",
        "lantern.localhost/evil",
        "lantern.localhost%00",
        "a" * 300,
        "ländle.localhost",
        "%",
        "",
        ":8000",
        "[",
        "]",
        "'; DROP TABLE web_host; --",
    ],
)
@pytest.mark.parametrize("path", ["/login", "/", "/extensions/0000000000000000", "/nothing"])
def test_an_unknown_host_is_a_page_without_any_brand(nobody: FlaskClient, host: str, path: str) -> None:
    response = asked(nobody, host, path)
    assert response.status_code == 421
    assert brand_of(response) == []
    assert "Nobody answers at this address" in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


def test_an_unknown_host_is_told_in_the_browsers_language_only_if_there_is_one(nobody: FlaskClient) -> None:
    assert '<html lang="en"' in asked(nobody, "nobody.localhost", Accept_Language="xx").text
    for language in i18n.available():
        assert f'<html lang="{language}"' in asked(nobody, "nobody.localhost", Accept_Language=language).text


def test_health_is_answered_at_any_host(nobody: FlaskClient) -> None:
    for path in ("/healthz", "/readyz"):
        response = nobody.get(path, headers={"Host": "10.0.0.1"})
        assert (response.status_code, response.text) == (200, "yes\n")


@pytest.mark.parametrize(("status", "answer"), [(Status.LOCKED, (403, ["TelephOne"])), (Status.TERMINATED, (421, []))])
def test_a_locked_reseller_says_so_and_one_that_is_no_more_has_no_host(
    nobody: FlaskClient, cast: Cast, app: Flask, status: Status, answer: tuple[int, list[str]]
) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Reseller).where(Reseller.id == cast.telephone.id).values(status=status.value))
    app.extensions["tenants"].forget()
    for host in ("lantern.localhost", "telephone.localhost", "lantern.telephone.example"):
        response = asked(nobody, host)
        assert (response.status_code, brand_of(response)) == answer
    assert asked(nobody, "isar.localhost").status_code == 200


def test_a_host_without_domain_is_known_by_its_reseller(nobody: FlaskClient, cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.add(WebHost(reseller_id=cast.cheapcall.id, host="staff.cheapcall.localhost", proved_at=clock.now()))
    found = tenant_by_host("staff.cheapcall.localhost")
    assert found is not None
    assert (found.domain, found.languages[0]) == (None, "de" if "de" in i18n.available() else "en")
    assert brand_of(asked(nobody, "staff.cheapcall.localhost")) == ["Cheap Call"]


def test_a_missing_theme_is_no_reason_not_to_answer(nobody: FlaskClient, cast: Cast, app: Flask) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Reseller).where(Reseller.id == cast.telephone.id).values(theme="gone"))
    app.extensions["tenants"].forget()
    assert asked(nobody, "lantern.localhost").status_code == 200


# --- forwarded headers ---


@pytest.fixture
def proxied(settings: Settings, database: db.Database, cast: Cast) -> Callable[[str], FlaskClient]:
    """A client at an address, before an app that trusts two proxies."""
    trusted = (ip_network("10.0.0.0/8"), ip_network("2001:db8::1"))
    app = create_app(replace(settings, trusted_proxies=trusted), database, listen=False)

    def at(address: str) -> FlaskClient:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        return client

    return at


@pytest.mark.parametrize("address", ["192.0.2.1", "127.0.0.1", "::1", "11.0.0.1", "2001:db8::2", "", "unknown"])
def test_forwarded_headers_of_strangers_are_nothing(proxied: Callable[[str], FlaskClient], address: str) -> None:
    response = asked(
        proxied(address), "lantern.localhost", X_Forwarded_Host="cheapcall.localhost", Forwarded="host=cheapcall.localhost"
    )
    assert brand_of(response) == ["TelephOne"]
    unknown = asked(proxied(address), "nobody.localhost", X_Forwarded_Host="cheapcall.localhost")
    assert (unknown.status_code, brand_of(unknown)) == (421, [])


@pytest.mark.parametrize("address", ["10.1.2.3", "2001:db8::1", "::ffff:10.1.2.3"])
def test_a_configured_proxy_says_which_host_was_asked_for(proxied: Callable[[str], FlaskClient], address: str) -> None:
    response = asked(proxied(address), "internal:8080", X_Forwarded_Host="cheapcall.localhost")
    assert brand_of(response) == ["Cheap Call"]
    chain = asked(proxied(address), "internal:8080", X_Forwarded_Host="isar.localhost, cheapcall.localhost")
    assert brand_of(chain) == ["Cheap Call"], "only what the proxy itself added counts"


@pytest.mark.parametrize(
    ("address", "header", "seen"),
    [
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("10.1.2.3", "203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.1.2.3", "", "10.1.2.3"),
    ],
)
def test_a_forged_address_is_not_believed(address: str, header: str, seen: str) -> None:
    told: list[str] = []

    def inner(environ: dict[str, str], _start: object) -> list[bytes]:
        told.append(environ["REMOTE_ADDR"])
        return []

    guard = TrustedProxies(inner, (ip_network("10.0.0.0/8"),))
    guard({"REMOTE_ADDR": address, "HTTP_X_FORWARDED_FOR": header, "HTTP_HOST": "x", "wsgi.url_scheme": "http"}, None)
    assert told == [seen]


def test_nothing_forwarded_is_left_over_from_strangers() -> None:
    left: list[str] = []

    def inner(environ: dict[str, str], _start: object) -> list[bytes]:
        left.extend(name for name in environ if "FORWARDED" in name)
        return []

    forged = {f"HTTP_X_FORWARDED_{name}": "x" for name in ("FOR", "HOST", "PROTO", "PORT", "PREFIX")}
    TrustedProxies(inner, ())({"REMOTE_ADDR": "10.0.0.1", "HTTP_FORWARDED": "for=x", **forged}, None)
    assert left == []


# --- language ---

WHOLE = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Sign in"\nmsgstr "[%s] Sign in"\n'


@pytest.fixture
def polyglot(tmp_path_factory: pytest.TempPathFactory, app: Flask, cast: Cast) -> Iterator[FlaskClient]:
    """English, and small catalogues of German and Turkish; Lantern Co is offered English and German."""
    before, folder = i18n._folder[0], tmp_path_factory.mktemp("translations")
    for language in ("de", "tr"):
        file = folder / language / "LC_MESSAGES" / "messages.po"
        file.parent.mkdir(parents=True)
        file.write_text(WHOLE % language, encoding="utf-8")
    i18n.install(folder)
    app.extensions["tenants"].forget()
    yield app.test_client()
    i18n.install(before)


@pytest.mark.parametrize(
    ("host", "wish", "language"),
    [
        ("lantern.localhost", "", "en"),
        ("lantern.localhost", "de", "de"),
        ("lantern.localhost", "de-CH", "de"),
        ("lantern.localhost", "DE", "de"),
        ("lantern.localhost", "tr, de;q=0.5, en;q=0.1", "de"),
        ("lantern.localhost", "en;q=0.2, de;q=0.8", "de"),
        ("lantern.localhost", "tr", "en"),
        ("lantern.localhost", "de;q=0", "en"),
        ("lantern.localhost", "*", "en"),
        ("lantern.localhost", "../../etc", "en"),
        ("cheapcall.localhost", "", "de"),
        ("cheapcall.localhost", "fr", "de"),
        ("cheapcall.localhost", "en", "en"),
    ],
)
def test_the_browser_chooses_among_what_is_offered(polyglot: FlaskClient, host: str, wish: str, language: str) -> None:
    response = asked(polyglot, host, Accept_Language=wish)
    assert f'<html lang="{language}"' in response.text
    assert ("[de] Sign in" in response.text) == (language == "de")


def test_a_choice_in_passing_beats_the_browser_and_only_offered_ones_count(polyglot: FlaskClient) -> None:
    page = asked(polyglot, "lantern.localhost", Accept_Language="en")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    for wish, language in (("de", "de"), ("tr", "de"), ("en", "en"), ("", "en"), ("de-AT", "en")):
        polyglot.post("/language", data={"language": wish, "csrf_token": token}, headers={"Host": "lantern.localhost"})
        assert f'<html lang="{language}"' in asked(polyglot, "lantern.localhost", Accept_Language="en").text


def test_one_visitors_language_is_not_the_next_ones(polyglot: FlaskClient) -> None:
    """Threads are used again: what was chosen for one request must not be left over in the next."""
    asked(polyglot, "lantern.localhost", Accept_Language="de")
    assert '<html lang="en"' in asked(polyglot, "nobody.localhost").text
    asked(polyglot, "lantern.localhost", Accept_Language="de")
    assert '<html lang="en"' in asked(polyglot, "lantern.localhost", "/nothing").text


def test_a_language_without_whole_catalogue_is_not_offered(polyglot: FlaskClient, cast: Cast, app: Flask) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(SipDomain).where(SipDomain.id == cast.domains["lantern"].id).values(languages=["fr", "tr", "en"]))
    app.extensions["tenants"].forget()
    page = asked(polyglot, "lantern.localhost")
    assert '<html lang="tr"' in page.text
    assert 'value="fr"' not in page.text


# --- kept in process ---


def somebody(host: str) -> Tenant:
    return Tenant(1, "Somebody", True, False, host, "isar", ("en",), "UTC", Home("49", "30"))


def test_hosts_are_asked_for_once() -> None:
    loads: list[str] = []

    def load(host: str) -> Tenant | None:
        loads.append(host)
        return somebody(host) if host == "known" else None

    cache = TenantCache(load)
    for host in ("known", "unknown", "known", "unknown"):
        assert (cache(host) is not None) == (host == "known")
    assert loads == ["known", "unknown"]
    cache.forget()
    assert cache("known") is not None
    assert loads == ["known", "unknown", "known"]


def test_made_up_hosts_fill_no_memory_and_push_out_no_busy_one() -> None:
    loads: list[str] = []

    def load(host: str) -> Tenant | None:
        loads.append(host)
        return somebody(host) if host == "busy" else None

    cache = TenantCache(load, size=10)
    for number in range(1000):
        cache(f"made-up-{number}")
        cache("busy")
    assert len(cache._known) == 10
    assert loads.count("busy") == 1


def test_what_was_read_before_a_change_is_not_kept_after_it() -> None:
    """A change that is told while a host is being read: the answer may be the old one."""

    def load(host: str) -> Tenant | None:
        cache.forget()
        return somebody(host)

    cache = TenantCache(load)
    cache("host")
    assert len(cache._known) == 0


def test_changes_reach_every_process(own_database: db.Database, own_cast: Cast) -> None:
    """A real listener, as each web process has one."""
    cache, stop = TenantCache(tenant_by_host), threading.Event()
    thread = tenant.listen(cache, own_database, stop)
    try:
        until(lambda: _listens(own_database), "listening")
        cache("lantern.localhost")
        cache("new.localhost")
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(update(Reseller).where(Reseller.id == own_cast.telephone.id).values(name="Renamed"))
            session.add(WebHost(reseller_id=own_cast.isar.id, host="new.localhost", proved_at=clock.now()))
        until(lambda: (found := cache("lantern.localhost")) and found.reseller_name == "Renamed", "hearing of the new name")
        until(lambda: cache("new.localhost"), "hearing of the new host")
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


def test_a_listener_that_was_cut_off_comes_back_and_trusts_nothing_it_knew(own_database: db.Database, own_cast: Cast) -> None:
    cache, stop = TenantCache(tenant_by_host), threading.Event()
    thread = tenant.listen(cache, own_database, stop)
    try:
        until(lambda: _listens(own_database), "listening")
        cache("lantern.localhost")
        with own_database.engine.connect() as connection:
            connection.execute(text("SET ROLE NONE"))
            connection.execute(text(f"SELECT pg_terminate_backend(pid) {LISTENERS}"))
        until(lambda: not cache._known, "forgetting")
        until(lambda: _listens(own_database), "listening again")
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()


LISTENERS = "FROM pg_stat_activity WHERE query LIKE 'LISTEN tenants%' AND state = 'idle' AND datname = current_database()"


def _listens(database: db.Database) -> bool:
    with database.engine.connect() as connection:
        connection.execute(text("SET ROLE NONE"))
        return bool(connection.scalar(text(f"SELECT count(*) {LISTENERS}")))


def test_tenants_are_the_same_for_processes_that_ask_at_once(own_database: db.Database, own_cast: Cast) -> None:
    cache, found = TenantCache(tenant_by_host), []
    threads = [threading.Thread(target=lambda: found.append(cache("lantern.localhost"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
