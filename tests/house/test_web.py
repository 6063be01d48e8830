"""What holds for every answer: headers, CSRF, cookies, redirect targets, sizes."""

from collections.abc import Callable
from dataclasses import replace
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import InternalError
from werkzeug.test import TestResponse

from portal.app import LARGEST_REQUEST, create_app
from portal.core import db
from portal.features.accounts.models import Account, AccountSession
from portal.settings import Settings
from portal.web import access
from portal.web.session import own_path
from tests.browser import Browser
from tests.cast import PASSWORD, Cast
from tests.house import ids
from tests.house.conftest import Ask

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def check_headers(response: TestResponse) -> None:
    headers = response.headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";") if " " in part.strip())
    assert policy == POLICY or headers["Content-Type"].startswith("image/svg")
    assert not any("unsafe" in value for name, value in policy.items() if not headers["Content-Type"].startswith("image/svg"))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Server" not in headers
    assert "X-Powered-By" not in headers


def test_every_answer_has_its_headers(app: Flask, cast: Cast, plainly: Callable[..., Ask]) -> None:
    asking = [plainly(None), plainly(cast.clare), plainly(cast.charlie)]
    statuses = set()
    for rule in ids.routes(app):
        for method in (*ids.methods(rule), "OPTIONS"):
            for ask in asking:
                response = ask(method, ids.path(rule, ids.lanterns(cast, rule)))
                check_headers(response)
                statuses.add(response.status_code)
    assert {200, 302, 303, 404, 422} <= statuses


@pytest.mark.parametrize(
    ("method", "host", "path", "status"),
    [
        ("GET", "lantern.localhost", "/nothing", 404),
        ("GET", "nobody.localhost", "/login", 421),
        ("DELETE", "lantern.localhost", "/login", 405),
        ("POST", "lantern.localhost", "/login", 400),
        ("GET", "lantern.localhost", "/assets/x/y", 404),
        ("GET", "lantern.localhost", "/healthz", 200),
        ("TRACE", "lantern.localhost", "/", 405),
    ],
)
def test_answers_of_trouble_have_their_headers_too(
    app: Flask, cast: Cast, method: str, host: str, path: str, status: int
) -> None:
    response = app.test_client().open(path, method=method, headers={"Host": host})
    assert response.status_code == status
    check_headers(response)
    if status == 405:
        assert response.allow


def test_what_belongs_to_somebody_is_kept_by_nobody(app: Flask, cast: Cast, browse: Callable[..., Browser]) -> None:
    assert browse(cast.clare).get("/account").headers["Cache-Control"] == "no-store"
    assert browse(cast.clare).get("/extensions/0000000000000000").headers["Cache-Control"] == "no-store"
    assert browse(host="lantern.localhost").get("/login").headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in browse(host="lantern.localhost").get("/login").headers["Vary"]


# --- CSRF ---


@pytest.mark.parametrize("person", [None, "clare", "tom"])
def test_nothing_is_changed_without_a_token(person: str | None, app: Flask, cast: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse(cast.people[person]) if person else browse(host="lantern.localhost")
    unsafe = [(rule, method) for rule in ids.routes(app) for method in ids.methods(rule) if method != "GET"]
    assert {rule.endpoint for rule, _method in unsafe} >= {"accounts.sign_in", "accounts.sign_out", "shell.language"}
    for rule, method in unsafe:
        path = ids.path(rule, ids.lanterns(cast, rule))
        for form in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}):
            answer = browser.client.open(path, method=method, data=form, base_url=f"http://{browser.host}")
            assert answer.status_code == 400, f"{method} {rule} answered {answer.status}"


def test_somebody_elses_token_does_not_help(cast: Cast, browse: Callable[..., Browser]) -> None:
    alice, bob = browse(cast.alice), browse(cast.bob)
    assert alice.token() != bob.token()
    assert bob.post("/scheme", {"scheme": "dark", "csrf_token": alice.token()}).status_code == 400
    assert bob.post("/scheme", {"scheme": "dark"}).status_code == 303


def test_a_token_from_before_the_sign_in_is_worth_nothing_after_it(cast: Cast, browse: Callable[..., Browser]) -> None:
    visitor = browse(host="lantern.localhost")
    before = visitor.token()
    assert visitor.post("/login", {"username": "alice", "password": PASSWORD}).status_code == 303
    assert visitor.post("/scheme", {"scheme": "dark", "csrf_token": before}).status_code == 400


def test_no_view_is_left_out_of_csrf(app: Flask) -> None:
    guard = app.extensions["csrf"]
    assert guard._exempt_views == set()
    assert guard._exempt_blueprints == set()


def test_looking_changes_nothing(own_database: db.Database, own_cast: Cast) -> None:
    """A GET works in a read-only transaction: even a view that tried could not write."""
    with own_database.session(own_cast.clare.scope, read_only=True) as session:
        session.scalars(select(Account)).first().name = "changed"  # type: ignore[union-attr]
        with pytest.raises(InternalError, match="read-only transaction"):
            session.flush()


def test_a_view_that_writes_on_get_fails(own_database: db.Database, own_cast: Cast, settings: Settings) -> None:
    app = create_app(settings, own_database, listen=False)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def writes() -> str:
        db.session().scalars(select(Account)).first().name = "changed"  # type: ignore[union-attr]
        db.session().flush()
        return "written"

    app.add_url_rule("/writes", view_func=access.public(writes), endpoint="writes", methods=["GET", "POST"])
    assert app.test_client().get("/writes", base_url="http://lantern.localhost").status_code == 500


# --- secure mode: as served to the world ---


@pytest.fixture
def world(settings: Settings, database: db.Database, cast: Cast) -> FlaskClient:
    return create_app(replace(settings, development=False, secure_cookies=True), database, listen=False).test_client()


def cookies(response: TestResponse) -> dict[str, SimpleCookie]:
    parsed = [SimpleCookie(line) for line in response.headers.getlist("Set-Cookie")]
    return {next(iter(one)): one for one in parsed}


def signed_in(world: FlaskClient) -> TestResponse:
    home = {"base_url": "https://lantern.localhost", "headers": {"Referer": "https://lantern.localhost/login"}}
    token = world.get("/login", **home).text.split('name="csrf_token" value="')[1].split('"')[0]
    return world.post("/login", data={"username": "alice", "password": PASSWORD, "csrf_token": token}, **home)


def test_cookies_are_bound_to_the_host_and_out_of_reach(world: FlaskClient) -> None:
    response = signed_in(world)
    assert response.status_code == 303
    found = cookies(response)
    assert set(found) >= {"__Host-session", "__Host-device"}
    for name, cookie in found.items():
        assert name.startswith("__Host-")
        assert cookie[name]["secure"] is True
        assert cookie[name]["httponly"] is True
        assert cookie[name]["samesite"] == "Lax"
        assert cookie[name]["path"] == "/"
        assert cookie[name]["domain"] == ""
    visit = cookies(world.get("/login?next=/account", base_url="https://lantern.localhost"))
    assert set(visit) == {"__Host-visit"}


def test_the_cookies_time_is_that_of_the_session(world: FlaskClient, cast: Cast) -> None:
    until = parsedate_to_datetime(cookies(signed_in(world))["__Host-session"]["__Host-session"]["expires"])
    with db.unit_of_work(cast.tom.scope) as session:
        kept = session.scalars(select(AccountSession)).one()
        assert abs((kept.expires_at - until).total_seconds()) < 2


def test_browsers_are_told_to_come_encrypted(world: FlaskClient) -> None:
    for path in ("/login", "/nothing", "/healthz"):
        assert "max-age=31536000" in world.get(path, base_url="https://lantern.localhost").headers["Strict-Transport-Security"]


def test_a_form_from_another_site_is_refused_even_with_a_token(world: FlaskClient) -> None:
    home = "https://lantern.localhost"
    token = world.get("/login", base_url=home).text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"username": "alice", "password": PASSWORD, "csrf_token": token}
    for referer in ({}, {"Referer": "https://evil.example/"}, {"Referer": "https://cheapcall.localhost/"}):
        assert world.post("/login", data=form, base_url=home, headers=referer).status_code == 400


def test_development_stays_at_home(world: FlaskClient) -> None:
    assert world.get("/_gallery", base_url="https://lantern.localhost").status_code == 404
    assert world.application.debug is False
    assert world.application.testing is False


def test_a_session_cookie_under_the_plain_name_opens_nothing(world: FlaskClient) -> None:
    """Another host of the same domain can set cookies, but none that begins with __Host-."""
    kept = cookies(signed_in(world))["__Host-session"]["__Host-session"].value
    thief = world.application.test_client()
    thief.set_cookie("session", kept, domain="lantern.localhost")
    assert thief.get("/account", base_url="https://lantern.localhost").status_code == 302


# --- where redirects lead ---

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "evil.example",
    "http:evil.example",
    "@evil.example",
    "",
    "account",
    "/account\r\nSet-Cookie: a=b",
    "/\x00//evil.example",
]


@pytest.mark.parametrize("goal", ELSEWHERE)
def test_after_signing_in_nobody_is_sent_elsewhere(goal: str, cast: Cast, browse: Callable[..., Browser]) -> None:
    visitor = browse(host="lantern.localhost")
    response = visitor.post("/login", {"username": "alice", "password": PASSWORD}, query_string={"next": goal})
    assert response.headers["Location"] == "/"
    for path in ("/language", "/scheme"):
        assert visitor.post(path, {"next": goal}).headers["Location"] == "/"


@pytest.mark.parametrize("goal", ["/account", "/calls?from=2026-01-01&q=%2B54", "/", "/a//b", "/extensions?q=ä"])
def test_own_pages_are_gone_back_to(goal: str) -> None:
    assert own_path(goal) == goal


@pytest.mark.parametrize("goal", [*ELSEWHERE, None])
def test_what_is_no_own_path_is_dropped(goal: str | None) -> None:
    assert own_path(goal) is None


# --- sizes and odd input ---


def test_too_much_is_refused_with_a_page(cast: Cast, browse: Callable[..., Browser]) -> None:
    response = browse(cast.clare).post("/login", {"username": "x" * (LARGEST_REQUEST + 1)})
    assert response.status_code == 413
    assert "This is too large" in response.text


@pytest.mark.parametrize("data", [b"\xff\xfe", b"csrf_token=%ff&username=%00", b"a" * 5000, b"&&&===", b"username[]=1"])
def test_broken_forms_are_refused_with_a_page(app: Flask, cast: Cast, data: bytes) -> None:
    response = app.test_client().post(
        "/login",
        data=data,
        content_type="application/x-www-form-urlencoded",
        base_url="http://lantern.localhost",
    )
    assert response.status_code == 400
    assert "This did not arrive in one piece" in response.text


@pytest.mark.parametrize("cookie", ["", "x", "ä", "a" * 4000, "\x00", "%00", "null", "' OR 1=1 --"])
def test_a_made_up_session_is_nobody(app: Flask, cast: Cast, cookie: str) -> None:
    response = app.test_client().get(
        "/account", headers={"Cookie": f"session={cookie}; visit={cookie}"}, base_url="http://lantern.localhost"
    )
    assert response.headers["Location"] == "/login?next=/account"


def test_what_is_typed_is_shown_not_run(cast: Cast, browse: Callable[..., Browser]) -> None:
    page = browse(host="lantern.localhost").post("/login", {"username": "<script>alert(1)</script>\"'", "password": "x"})
    assert page.status_code == 422
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert 'value="x"' not in page.text, "a password is never sent back"
