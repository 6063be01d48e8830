"""Between password and second factor: what a half session opens, and when it ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal.core import clock, db
from portal.core.links import link
from portal.core.tenancy import Scope
from portal.features.accounts import operations
from portal.features.accounts.models import Account
from portal.web import access
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.features.accounts import factors
from tests.features.accounts.factors import give_app, give_passkey, shown, type_code, type_password
from tests.house import ids

Browse = Callable[..., Browser]


def half_in(browse: Browse, person: Person) -> Browser:
    visitor = browse(host=person.host)
    type_password(visitor, person)
    return visitor


def is_half_in(visitor: Browser) -> bool:
    return visitor.get("/second-factor").status_code == 200


def account_of(person: Person) -> Account:
    return db.session().get_one(Account, person.account.id)


def test_it_opens_nothing(cast: Cast, browse: Browse, app: Flask) -> None:
    """Every page that is not for everybody answers as it answers nobody."""
    give_app(cast.alice)
    half, nobody = half_in(browse, cast.alice), browse(host=cast.alice.host)
    swept = 0
    for rule in ids.routes(app):
        if access.mark_of(app, rule.endpoint).kind is access.Kind.PUBLIC:
            continue
        for method in ids.methods(rule):
            path = ids.path(rule, ids.lanterns(cast, rule))
            ask = [one.get if method == "GET" else one.post for one in (half, nobody)]
            answers = [one(path, check=False) for one in ask]
            assert answers[0].status_code == answers[1].status_code == 302, f"{method} {rule}"
            assert answers[0].headers["Location"] == answers[1].headers["Location"], f"{method} {rule}"
            assert answers[0].headers["Location"].startswith("/login")
            swept += 1
    assert swept > 40
    assert is_half_in(half), "and it has ended by none of this"


def test_signing_in_again_shows_the_sign_in_page(cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    half = half_in(browse, cast.alice)
    page = half.get("/login")
    assert page.status_code == 200
    assert "Alice" not in page.text
    assert half.get("/").headers["Location"].startswith("/login")


def test_whoever_has_no_half_session_is_sent_on(cast: Cast, browse: Browse) -> None:
    assert browse(host=cast.alice.host).get("/second-factor").headers["Location"] == "/login"
    asked = browse(host=cast.alice.host).get("/second-factor?next=/calls").headers["Location"]
    assert asked == "/login?next=/calls"
    assert browse(cast.alice).get("/second-factor?next=/calls").headers["Location"] == "/calls"
    assert browse(host=cast.alice.host).post("/second-factor", {"code": "123456"}).headers["Location"] == "/login"


def test_it_ends_after_ten_minutes(cast: Cast, browse: Browse) -> None:
    seed, _codes = give_app(cast.alice)
    half, now = half_in(browse, cast.alice), clock.now()
    with clock.frozen(now + timedelta(minutes=9)):
        assert is_half_in(half)
    with clock.frozen(now + timedelta(minutes=10, seconds=1)):
        assert not is_half_in(half)
        answer = half.post("/second-factor", {"code": shown(seed)})
        assert answer.headers["Location"] == "/login"


@pytest.mark.parametrize(
    "end",
    [
        lambda person: operations.close_door(account_of(person)),
        lambda person: operations.set_password(
            by=person.identity, account=account_of(person), password="korb fahrrad mond 17",
        ),
        lambda person: operations.clear_factors(by=person.identity, account=account_of(person)),
        lambda person: operations.terminate(account_of(person)),
    ],
    ids=["lock", "password", "clearing", "end"],
)
def test_it_ends_with(cast: Cast, browse: Browse, end: Callable[[Person], object]) -> None:
    seed, _codes = give_app(cast.alice)
    half = half_in(browse, cast.alice)
    with db.unit_of_work(Scope.platform()):
        end(cast.alice)
    assert not is_half_in(half)
    assert half.post("/second-factor", {"code": shown(seed)}).headers["Location"] == "/login"


def test_it_counts_at_its_own_host_only(cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    half = half_in(browse, cast.alice)
    cookie = half.client.get_cookie("session", domain=half.host)
    assert cookie
    elsewhere = browse(host="telephone.localhost")
    elsewhere.client.set_cookie("session", cookie.value, domain=elsewhere.host)
    assert not is_half_in(elsewhere)


def test_somebody_else_may_sign_in_instead(cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    half = half_in(browse, cast.alice)
    assert "Sign in as somebody else" in half.get("/second-factor").text
    assert half.post("/logout").headers["Location"] == "/login"
    assert factors.sessions(cast.alice) == []
    assert not is_half_in(half)


def test_the_last_sign_in_is_that_with_both_steps(cast: Cast, browse: Browse) -> None:
    seed, _codes = give_app(cast.alice)
    half = half_in(browse, cast.alice)
    assert "signed-in" not in factors.events(cast.alice)
    assert half.client.get_cookie("device", domain=half.host) is None
    assert type_code(half, shown(seed)) == 303
    assert factors.events(cast.alice)[-1] == "signed-in"
    assert half.client.get_cookie("device", domain=half.host) is not None


def test_a_passkey_of_another_host_is_said_to_be_there(cast: Cast, browse: Browse) -> None:
    give_passkey(cast.alice, "lantern.telephone.example")
    half = half_in(browse, cast.alice)
    page = half.get("/second-factor").text
    assert "works only at the address where you made it" in page
    assert link("lantern.telephone.example", "/login") in page
    assert 'name="code"' not in page
    assert half.post("/second-factor", {"code": "123456"}).status_code == 422


def test_beside_an_app_passkeys_of_another_host_are_not_spoken_of(cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    give_passkey(cast.alice, "lantern.telephone.example")
    page = half_in(browse, cast.alice).get("/second-factor").text
    assert 'name="code"' in page
    assert "lantern.telephone.example/login" not in page


def test_nobody_else_is_named_there(cast: Cast, browse: Browse) -> None:
    give_app(cast.charlie)
    page = half_in(browse, cast.charlie).get("/second-factor").text
    assert "Cheap Call" in page
    assert "TelephOne" not in page
    assert "Isar" not in page
