"""Confirm that it is you: ten minutes after it was last proved, before what a stranger must not reach."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import update

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, AccountSession
from tests.browser import Browser
from tests.cast import PASSWORD, Cast
from tests.features.accounts.factors import give_app, sessions

Browse = Callable[..., Browser]
SENSITIVE = ["/account/authenticator", "/account/authenticator/remove", "/account/recovery-codes"]
WRONG = "wrong horse battery staple"


@pytest.mark.parametrize("path", SENSITIVE)
def test_after_ten_minutes_it_is_asked_for(cast: Cast, browse: Browse, path: str) -> None:
    give_app(cast.alice)
    alice, now = browse(cast.alice), clock.now()
    with clock.frozen(now + timedelta(minutes=9)):
        assert alice.get(path).status_code == 200
    with clock.frozen(now + timedelta(minutes=11)):
        assert alice.get(path).headers["Location"] == f"/confirm?next={path}"
        assert alice.post(path).headers["Location"] == "/confirm"
        page = alice.get(f"/confirm?next={path}")
        assert "Confirm that it is you" in page.text
        assert alice.post(f"/confirm?next={path}", {"current": PASSWORD}).headers["Location"] == path
        assert alice.get(path).status_code == 200
    with clock.frozen(now + timedelta(minutes=20)):
        assert alice.get(path).status_code == 200
    with clock.frozen(now + timedelta(minutes=22)):
        assert alice.get(path).status_code == 302, "ten minutes later again"


def test_the_session_goes_on_under_another_token(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    old = alice.client.get_cookie("session", domain=alice.host)
    before = sessions(cast.alice)[0]
    alice.post("/confirm", {"current": PASSWORD})
    new = alice.client.get_cookie("session", domain=alice.host)
    after = sessions(cast.alice)[0]
    assert old is not None
    assert new is not None
    assert old.value != new.value
    assert (after.id, after.expires_at) == (before.id, before.expires_at)
    assert after.token_hash != before.token_hash
    assert alice.get("/account").status_code == 200
    alice.client.set_cookie("session", old.value, domain=alice.host)
    assert alice.get("/account").status_code == 302, "the old token is nobody’s"


def test_a_wrong_password_confirms_nothing(cast: Cast, browse: Browse) -> None:
    alice, now = browse(cast.alice), clock.now()
    with clock.frozen(now + timedelta(minutes=11)):
        answer = alice.post("/confirm", {"current": WRONG})
        assert answer.status_code == 422
        assert "This is not your current password." in answer.text
        assert alice.get("/account/authenticator").status_code == 302


def test_guessing_slows_down(own_cast: Cast, app: Flask) -> None:
    alice = Browser(app, own_cast.alice.host, own_cast.alice)
    with clock.frozen(clock.now()):
        for _ in range(5):
            assert "This is not your current password." in alice.post("/confirm", {"current": WRONG}).text
        assert "Too many attempts" in alice.post("/confirm", {"current": PASSWORD}).text


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_it_goes_on_to_own_pages_only(cast: Cast, browse: Browse, goal: str) -> None:
    alice = browse(cast.alice)
    assert alice.post(f"/confirm?next={quote(goal)}", {"current": PASSWORD}).headers["Location"] == "/"


def test_without_a_password_none_is_asked_for(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == cast.alice.account.id).values(password_hash=None))
    assert 'name="current"' not in alice.get("/confirm").text
    assert alice.post("/confirm", {"current": ""}).status_code == 422
    assert alice.post("/confirm", {"current": PASSWORD}).status_code == 422


def test_it_is_for_those_who_are_signed_in(cast: Cast, browse: Browse) -> None:
    assert browse(host=cast.alice.host).get("/confirm").headers["Location"] == "/login?next=/confirm"


@pytest.mark.parametrize("path", [*SENSITIVE, "/confirm", "/account/authenticator/begin"])
def test_whoever_views_as_somebody_else_is_refused(cast: Cast, browse: Browse, path: str) -> None:
    tom = browse(cast.tom)
    with db.unit_of_work(Scope.platform()) as session:
        viewing = {
            "viewing_account_id": cast.alice.account.id,
            "viewing_reason": "Ticket 12",
            "viewing_until": clock.now() + timedelta(minutes=30),
        }
        session.execute(update(AccountSession).where(AccountSession.account_id == cast.tom.account.id).values(viewing))
    page = tom.get("/account").text
    assert cast.alice.account.name in page
    assert "/account/authenticator" not in page
    if path != "/account/authenticator/begin":
        assert tom.get(path).status_code == 403
    assert tom.post(path, {"current": PASSWORD}).status_code == 403
