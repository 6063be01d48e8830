"""A provider that asks for a second factor: setting one up comes before anything else."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.core import clock
from tests.browser import Browser
from tests.cast import Cast
from tests.features.accounts.factors import CODE, give_app, give_passkey, require_factor, seed_of, shown

Browse = Callable[..., Browser]


@pytest.fixture
def alice(cast: Cast, browse: Browse) -> Browser:
    require_factor(cast.telephone.id, "subscriber")
    return browse(cast.alice)


@pytest.mark.parametrize("path", ["/", "/account", "/calls", "/account/recovery-codes", "/account/authenticator/remove"])
def test_it_comes_before_anything_else(alice: Browser, path: str) -> None:
    assert alice.get(path).headers["Location"] == "/enrol"
    assert alice.post(path).status_code in {302, 405}


def test_it_offers_an_app_and_then_goes_on(cast: Cast, alice: Browser) -> None:
    page = alice.get("/enrol").text
    assert "TelephOne asks everybody in your role for more than a password" in page
    assert "/account/authenticator/begin" in page
    assert "Sign out" in page
    page = alice.follow(alice.post("/account/authenticator/begin")).text
    assert 'href="/calls"' not in page, "nothing else is offered yet"
    page = alice.follow(alice.post("/account/authenticator", {"code": shown(seed_of(cast.alice))})).text
    assert len(set(CODE.findall(page))) == 10
    assert alice.get("/account").status_code == 200
    assert alice.get("/enrol").headers["Location"] == "/account"


def test_a_wrong_code_keeps_at_it(alice: Browser) -> None:
    alice.post("/account/authenticator/begin")
    assert alice.post("/account/authenticator", {"code": "12"}).status_code == 422
    assert alice.get("/").headers["Location"] == "/enrol"


def test_whoever_signed_in_long_ago_confirms_first(cast: Cast, alice: Browser) -> None:
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert alice.post("/account/authenticator/begin").headers["Location"] == "/confirm"
        assert alice.get("/account/authenticator").headers["Location"] == "/confirm?next=/account/authenticator"
        assert alice.get("/confirm").status_code == 200


@pytest.mark.parametrize("person", ["clare", "tom", "charlie"])
def test_other_roles_and_providers_are_not_asked(cast: Cast, browse: Browse, person: str) -> None:
    require_factor(cast.telephone.id, "subscriber")
    assert browse(cast.people[person]).get("/account").status_code == 200


def test_whoever_has_one_is_not_asked(cast: Cast, browse: Browse) -> None:
    require_factor(cast.telephone.id, "subscriber")
    give_app(cast.alice)
    give_passkey(cast.bob, cast.bob.host)
    for person in (cast.alice, cast.bob):
        assert browse(person).get("/account").status_code == 200


def test_removing_the_last_one_asks_for_another(cast: Cast, browse: Browse) -> None:
    require_factor(cast.telephone.id, "subscriber")
    give_app(cast.alice)
    alice = browse(cast.alice)
    alice.post("/account/authenticator/remove")
    assert alice.get("/").headers["Location"] == "/enrol"


def test_the_page_is_for_those_who_owe_it(cast: Cast, browse: Browse) -> None:
    assert browse(cast.alice).get("/enrol").headers["Location"] == "/account"
    assert browse(host=cast.alice.host).get("/enrol").headers["Location"] == "/login?next=/enrol"
