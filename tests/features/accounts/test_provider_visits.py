"""Visits to a provider that says what the test wants: what may happen between there and back."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock, db, i18n
from portal.core.phone import Home
from portal.core.tenancy import Scope, Tenant
from portal.features.accounts import operations
from portal.features.accounts.models import Account, AccountSession, Provider, ProviderSubject
from portal.features.accounts.operations import Entered, Returned, Visit
from portal.gateways.oidc import FakeProvider, Person, Trouble, Why
from portal.mail.models import Mail
from tests.browser import Browser
from tests.cast import Cast
from tests.features.accounts.provider import begin, said, set_up, who

Browse = Callable[..., Browser]
ISSUER = "https://id.example"
RITA = Person("rita", "rita@cheapcall.example", email_verified=True, name="Rita")
NORA = Person("nora", "nora@staff.example", email_verified=True, name="N" * 300)


@pytest.fixture
def provider(app: Flask) -> Iterator[FakeProvider]:
    real, app.extensions["oidc"] = app.extensions["oidc"], FakeProvider({"rita": RITA, "nora": NORA})
    yield app.extensions["oidc"]
    app.extensions["oidc"] = real


@pytest.fixture
def nobody(cast: Cast, browse: Browse, provider: FakeProvider) -> Browser:
    set_up(cast.cheapcall, ISSUER)
    return browse(host="cheapcall.localhost")


def asked(url: str) -> Mapping[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def back(browser: Browser, code: str = "rita", query: str = "") -> str:
    return f"/login/provider/back?code={code}&state={asked(begin(browser, query))['state']}"


def change_provider(**values: object) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        stored = session.scalars(select(Provider)).one()
        for name, value in values.items():
            setattr(stored, name, value)


def test_what_went_there_is_what_is_checked(nobody: Browser, provider: FakeProvider) -> None:
    sent = asked(begin(nobody))
    assert nobody.get(f"/login/provider/back?code=rita&state={sent['state']}").headers["Location"] == "/"
    answer = provider.asked[0]
    assert (answer.nonce, answer.back, answer.since) == (sent["nonce"], sent["redirect_uri"], None)
    assert len(answer.verifier) >= 43


def test_a_provider_that_was_replaced_meanwhile_is_not_believed(nobody: Browser) -> None:
    path = back(nobody)
    change_provider(issuer="https://other.example")
    assert "begun elsewhere" in said(nobody, nobody.get(path))


def test_a_provider_that_is_not_in_use_any_more_lets_nobody_in(nobody: Browser) -> None:
    path = back(nobody)
    change_provider(active=False)
    assert nobody.get(path).status_code == 404
    assert who(nobody) is None


def test_a_known_device_is_not_told_of_again(cast: Cast, nobody: Browser) -> None:
    for _time in range(2):
        assert nobody.get(back(nobody)).headers["Location"] == "/"
        nobody.post("/logout")
    with db.unit_of_work(Scope.platform()) as session:
        kinds = list(session.scalars(select(Mail.kind).order_by(Mail.id)))
    assert kinds.count("provider_linked") == 1
    assert kinds.count("new_device") == 0


def test_a_long_name_is_cut(nobody: Browser) -> None:
    change_provider(opens_for="staff.example")
    nobody.get(back(nobody, "nora"))
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(Account.name).where(Account.username == NORA.email)).one() == "N" * 127


def test_who_comes_too_often_waits(nobody: Browser) -> None:
    with clock.frozen(clock.now()):
        for _time in range(120):
            begin(nobody)
        assert "Too many attempts" in said(nobody, nobody.get("/login/provider"))
        with clock.frozen(clock.now() + timedelta(seconds=3)):
            begin(nobody)


def test_whoever_signed_out_meanwhile_confirms_nothing(nobody: Browser) -> None:
    nobody.get(back(nobody))
    path = back(nobody, query="?confirm=1")
    nobody.client.delete_cookie("session", domain="cheapcall.localhost")
    assert "begun elsewhere" in said(nobody, nobody.get(path))


def test_who_views_as_somebody_else_confirms_nothing(cast: Cast, browse: Browse, provider: FakeProvider) -> None:
    set_up(cast.telephone, ISSUER)
    tom = browse(cast.tom)
    with db.unit_of_work(Scope.platform()) as session:
        kept = session.scalars(select(AccountSession).where(AccountSession.account_id == cast.tom.account.id)).one()
        kept.viewing_account_id, kept.viewing_until = cast.alice.account.id, clock.now() + timedelta(minutes=5)
        kept.viewing_reason = "asked for help"
    assert tom.get("/login/provider?confirm=1").headers["Location"] == "/confirm"


def test_signed_out_at_a_provider_that_is_down_or_offers_nothing(nobody: Browser, provider: FakeProvider) -> None:
    begin(nobody)
    assert "Sign out at Cheap Work" in nobody.get("/signed-out").text
    provider.trouble = Trouble(Why.DOWN, "")
    assert "Sign out at Cheap Work" in nobody.get("/signed-out").text, "nobody is asked for it"
    provider.trouble, provider.ends_sessions = None, False
    begin(nobody)
    assert "Sign out at Cheap Work" not in nobody.get("/signed-out").text
    provider.known.clear()
    assert "You are signed out here." in nobody.get("/signed-out").text


def test_who_came_from_the_provider_is_sent_out_there_by_any_process(nobody: Browser, provider: FakeProvider) -> None:
    nobody.get(back(nobody))
    provider.known.clear()
    assert "Sign out at Cheap Work" in nobody.follow(nobody.post("/logout")).text


def test_where_there_is_no_provider_one_is_simply_signed_out(cast: Cast, browse: Browse) -> None:
    assert "You are signed out here." in browse(host="telephone.localhost").get("/signed-out").text


# --- two at once ----------------------------------------------------------------------------------------------------------------


def enter_twice(tenant: Tenant, returned: Returned) -> list[Entered]:
    together = Barrier(2)

    def enter(number: int) -> Entered:
        visit = Visit(
            tenant=tenant,
            address="127.0.0.1",
            user_agent="test",
            token_hash=bytes([number]) * 32,
            until=clock.now() + timedelta(hours=1),
        )
        with i18n.using("en"), db.unit_of_work(tenant.scope):
            together.wait(10)
            return operations.enter_from_provider(visit=visit, returned=returned)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(enter, range(2)))


@pytest.mark.parametrize("person", [RITA, NORA], ids=["found", "opened"])
def test_two_browsers_at_once_are_one_person(person: Person, own_cast: Cast) -> None:
    provider = set_up(own_cast.cheapcall, ISSUER, opens_for="staff.example")
    tenant = Tenant(
        reseller_id=own_cast.cheapcall.id,
        reseller_name="Cheap Call",
        reseller_active=True,
        operator=False,
        host="cheapcall.localhost",
        theme="cheapcall",
        languages=("en",),
        time_zone="Europe/Berlin",
        home=Home("49", "30"),
    )
    assert len(enter_twice(tenant, Returned(provider, person, "/", None))) == 2
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.count()).select_from(ProviderSubject)) == 1
        assert session.scalar(select(func.count()).where(AccountSession.method == "provider")) == 2
        assert session.scalar(select(func.count()).where(Account.username == person.email)) == 1
