"""The set-up guide: what is left until a provider goes live, ticked by what is so."""

import re
from collections.abc import Callable
from dataclasses import fields, replace

import pytest
from hypothesis import given, strategies as st
from sqlalchemy import delete, select, update

from portal.core import db
from portal.core.permissions import Role
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, SignInRules
from portal.features.dashboard.rules import ProviderFacts, provider_guide
from portal.features.resellers.models import Reseller, SipDomain
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.factories.accounts import AccountFactory
from tests.features.accounts.factors import give_app
from tests.features.platform.resellers import made

Browse = Callable[..., Browser]
NOTHING = ProviderFacts(**dict.fromkeys((field.name for field in fields(ProviderFacts)), False))


@given(st.sets(st.sampled_from([field.name for field in fields(ProviderFacts)])))
def test_each_thing_ticks_one_step(done: set[str]) -> None:
    guide = provider_guide(replace(NOTHING, **dict.fromkeys(done, True)))
    assert guide.done == len(done)
    assert guide.whole == (len(done) == len(guide.steps))
    assert (guide.next is None) == guide.whole
    assert guide.next is None or not guide.next.done


def steps(page: str) -> dict[str, bool]:
    """Title of each step, and whether it is ticked."""
    found = re.findall(r'<li class="guide-step([^"]*)">.*?guide-title"[^>]*>([^<]*)<', page, re.DOTALL)
    return {title: "guide-done" in look for look, title in found}


@pytest.fixture
def nora(cast: Cast, browse: Browse) -> Person:
    """The administrator of a reseller that was just made."""
    reseller = made(cast)
    browse(host="nordlicht.isar.localhost").client.application.extensions["tenants"].forget()
    with db.unit_of_work(Scope.platform()) as session:
        account = session.scalars(select(Account).where(Account.reseller_id == reseller.id)).one()
        session.expunge(account)
    return Person(account=account, host="nordlicht.isar.localhost")


def test_a_new_administrator_sees_what_is_left(nora: Person, browse: Browse) -> None:
    page = browse(nora).get("/").text
    assert "Until you go live" in page
    assert ">1 of 9<" in page
    assert [title for title, done in steps(page).items() if done] == ["Have a web host that answers"]
    for goal in ("/branding", "/domains", "/customers", "/staff", "/sign-in-rules"):
        assert f'guide-title" href="{goal}' in page


def test_every_step_leads_to_where_it_is_done(nora: Person, browse: Browse) -> None:
    browser = browse(nora)
    goals = re.findall(r'guide-title" href="([^"]+)"', browser.get("/").text)
    assert len(goals) == 8
    for goal in goals:
        assert browser.get(goal, check=False).status_code in {200, 302}, goal  # some ask who it is first


def test_what_is_done_is_ticked_by_itself(nora: Person, browse: Browse) -> None:
    browser = browse(nora)
    own = {"reseller_id": nora.account.reseller_id}
    give_app(nora)
    with db.unit_of_work(Scope.platform()) as session:
        session.add(SipDomain(domain="nordlicht.example", languages=["en"], **own))
        session.add(SignInRules(factor_roles=["reseller"], **own))
        session.execute(update(Reseller).where(Reseller.id == own["reseller_id"]).values(languages=["en", "de"]))
        AccountFactory(role=Role.RESELLER.value, username="nils@nordlicht.example", **own)
    ticked = {title for title, done in steps(browser.get("/").text).items() if done}
    assert ticked == {
        "Have a web host that answers",
        "Add a SIP domain",
        "Ask for a second factor",
        "Choose your languages",
        "Add a second administrator",
    }
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(delete(SignInRules).where(SignInRules.reseller_id == own["reseller_id"]))
    assert not steps(browser.get("/").text)["Ask for a second factor"]


def test_put_away_and_taken_out_again(nora: Person, browse: Browse) -> None:
    browser = browse(nora)
    page = browser.follow(browser.post("/guide/close")).text
    assert not steps(page)
    assert "Open the set-up guide" in page
    assert "1 of 9" in page
    page = browser.follow(browser.post("/guide/open")).text
    assert len(steps(page)) == 9


def test_when_all_is_done_it_says_so_once_and_comes_back_nowhere(
    nora: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = provider_guide(ProviderFacts(**dict.fromkeys((field.name for field in fields(ProviderFacts)), True)))
    monkeypatch.setattr("portal.features.dashboard.rules.provider_guide", lambda _facts: whole)
    browser = browse(nora)
    page = browser.get("/").text
    assert "You are all set up" in page
    assert all(steps(page).values())
    assert "/guide/close" not in page
    page = browser.get("/").text
    assert not steps(page)
    assert "set-up guide" not in page
    monkeypatch.undo()
    assert not steps(browser.get("/").text), "what is undone later is nobody's first day"


@pytest.mark.parametrize("name", ["cora", "clare", "alice", "olga"])
def test_it_is_for_administrators_of_resellers(name: str, cast: Cast, browse: Browse) -> None:
    page = browse(cast.people[name]).get("/").text
    assert not steps(page)
    assert "set-up guide" not in page


@pytest.mark.parametrize("name", ["cora", "clare", "alice"])
def test_nobody_else_puts_it_away(name: str, cast: Cast, browse: Browse) -> None:
    assert browse(cast.people[name]).post("/guide/close").status_code == 404


def test_one_reseller_does_not_close_that_of_another(cast: Cast, browse: Browse) -> None:
    browse(cast.tom).post("/guide/close")
    assert not steps(browse(cast.tom).get("/").text)
    assert steps(browse(cast.rita).get("/").text)
