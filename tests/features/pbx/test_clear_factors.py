"""Somebody lost the phone: the pilot clears the second factor of an extension of the own company."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.accounts.models import AccountSession
from tests.browser import Browser
from tests.cast import PASSWORD, Cast
from tests.features.accounts import factors
from tests.features.accounts.factors import give_app, give_passkey

Browse = Callable[..., Browser]


def page_of(cast: Cast) -> str:
    return f"/extensions/{cast.alice.subscriber.public_id}"


def test_clare_clears_what_alice_lost(cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    give_passkey(cast.alice, cast.alice.host)
    alice, clare = browse(cast.alice), browse(cast.clare)
    path = f"{page_of(cast)}/clear-factors"
    assert path in clare.get(page_of(cast)).text
    asked = clare.get(path).text
    assert "Make sure that it is really them who ask." in asked
    answer = clare.follow(clare.post(path))
    assert "signs in with the password alone" in answer.text
    assert path not in answer.text
    assert "You cleared the second factors of" in answer.text

    assert alice.get("/account").status_code == 302, "signed out everywhere"
    again = browse(host=cast.alice.host)
    assert again.post("/login", {"username": "alice", "password": PASSWORD}).headers["Location"] == "/"
    assert factors.events(cast.alice)[2] == "factors-cleared"
    assert factors.mails(cast.alice)[1] == "Your second factors were removed"


def test_there_is_nothing_to_clear(cast: Cast, browse: Browse) -> None:
    clare = browse(cast.clare)
    path = f"{page_of(cast)}/clear-factors"
    assert path not in clare.get(page_of(cast)).text
    assert clare.post(path).status_code == 422
    assert factors.events(cast.alice) == []


@pytest.mark.parametrize("person", ["ike", "charlie", "bob", "tom"])
def test_nobody_else_can(cast: Cast, browse: Browse, person: str) -> None:
    give_app(cast.alice)
    path = f"{page_of(cast)}/clear-factors"
    stranger = browse(cast.people[person])
    assert stranger.get(path).status_code == 404
    assert stranger.post(path).status_code == 404
    assert "factors-cleared" not in factors.events(cast.alice)


def test_staff_who_view_as_the_pilot_cannot(cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    tom = browse(cast.tom)
    with db.unit_of_work(Scope.platform()) as session:
        viewing = {"viewing_account_id": cast.clare.account.id, "viewing_until": clock.now() + timedelta(minutes=30)}
        session.execute(update(AccountSession).where(AccountSession.account_id == cast.tom.account.id).values(viewing))
    assert tom.get(page_of(cast)).status_code == 200
    assert tom.post(f"{page_of(cast)}/clear-factors").status_code == 403
