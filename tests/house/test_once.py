"""A secret shown once travels in the visitor's own cookie, and nowhere else."""

from datetime import timedelta

import pytest
from flask import Flask, Response

from portal.app import create_app
from portal.core import clock, db
from portal.settings import Settings
from portal.web import access, once
from tests.browser import Browser
from tests.cast import Cast

SECRET = "kH7t-pQ2x-9mVn-zR4w"


@pytest.fixture
def app_with_a_secret(settings: Settings, database: db.Database, cast: Cast) -> Flask:
    made = create_app(settings, database, listen=False)

    def keep() -> Response:
        once.keep("sip-password", SECRET, subject="alice")
        return Response("kept", mimetype="text/plain")

    def show(name: str, subject: str) -> Response:
        return Response(once.take(name, subject) or "nothing", mimetype="text/plain")

    made.add_url_rule("/keep", view_func=access.signed_in(keep), endpoint="keep")
    made.add_url_rule("/show/<name>/<subject>", view_func=access.signed_in(show), endpoint="show")
    return made


@pytest.fixture
def clare(app_with_a_secret: Flask, cast: Cast) -> Browser:
    browser = Browser(app_with_a_secret, cast.clare.host, cast.clare)
    with clock.frozen(clock.now()):
        assert browser.get("/keep").text == "kept"
    return browser


def test_it_is_shown_once(clare: Browser) -> None:
    assert [clare.get("/show/sip-password/alice").text for _ in range(2)] == [SECRET, "nothing"]


@pytest.mark.parametrize("path", ["/show/sip-password/bob", "/show/web-password/alice"])
def test_it_waits_for_its_own_page(clare: Browser, path: str) -> None:
    assert clare.get(path).text == "nothing"
    assert clare.get("/show/sip-password/alice").text == SECRET


@pytest.mark.parametrize("purpose", ["prefetch", "prefetch;prerender"])
def test_a_page_fetched_ahead_does_not_use_it_up(clare: Browser, purpose: str) -> None:
    clare.headers["Sec-Purpose"] = purpose
    assert clare.get("/show/sip-password/alice").text == "nothing"
    del clare.headers["Sec-Purpose"]
    assert clare.get("/show/sip-password/alice").text == SECRET


def test_a_question_whether_the_page_is_there_does_not_use_it_up(clare: Browser) -> None:
    clare.client.head("/show/sip-password/alice", base_url=f"http://{clare.host}")
    assert clare.get("/show/sip-password/alice").text == SECRET


def test_after_five_minutes_it_is_gone(clare: Browser) -> None:
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert clare.get("/show/sip-password/alice").text == "nothing"


def test_the_cookie_does_not_show_it(clare: Browser) -> None:
    cookie = clare.client.get_cookie("visit", domain=clare.host)
    assert cookie is not None
    assert SECRET not in cookie.decoded_value


def test_nobody_else_is_shown_it(app_with_a_secret: Flask, clare: Browser, cast: Cast) -> None:
    assert Browser(app_with_a_secret, cast.alice.host, cast.alice).get("/show/sip-password/alice").text == "nothing"
