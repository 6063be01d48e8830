"""What a reseller asks of those who sign in, on its page."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import AuditEntry
from portal.core.tenancy import Scope
from portal.features.accounts.models import Authenticator, Provider, ProviderSubject, SignInRules
from portal.gateways.oidc import FakeProvider, Trouble, Why
from tests.browser import Browser
from tests.cast import Cast
from tests.features.accounts.provider import change, set_up

Browse = Callable[..., Browser]
ISSUER = "https://id.example"
FILLED = {"name": "Cheap Work", "issuer": ISSUER, "client_id": "portal", "client_secret": "geheim", "active": "y"}


@pytest.fixture
def provider(app: Flask) -> Iterator[FakeProvider]:
    real, app.extensions["oidc"] = app.extensions["oidc"], FakeProvider()
    yield app.extensions["oidc"]
    app.extensions["oidc"] = real


@pytest.fixture
def rita(cast: Cast, browse: Browse) -> Browser:
    return browse(cast.rita)


def save(browser: Browser, section: str, **values: object) -> tuple[int, str]:
    """Opens the section, changes what is said, and saves."""
    path = f"/sign-in-rules/{section}"
    hidden = shown(browser.get(path).text)
    answer = browser.post(path, {**hidden, **values})
    return answer.status_code, answer.text


def shown(page: str) -> dict[str, str]:
    found = {name: re.search(rf'name="{name}" type="hidden" value="([^"]*)"', page) for name in ("version", "seen")}
    return {name: match[1].replace("&#34;", '"') for name, match in found.items() if match}


def stored(reseller_id: int) -> SignInRules:
    with db.unit_of_work(Scope.platform()) as session:
        rules = session.get_one(SignInRules, reseller_id)
        session.expunge_all()
        return rules


def details(event: str) -> list[dict[str, object]]:
    with db.unit_of_work(Scope.platform()) as session:
        return list(session.scalars(select(AuditEntry.details).where(AuditEntry.event == event).order_by(AuditEntry.id)))


# --- second factor and passwords ------------------------------------------------------------------------------------------------


def test_who_needs_a_second_factor_sets_one_up_at_once(cast: Cast, rita: Browser, browse: Browse) -> None:
    charlie = browse(cast.charlie)
    assert charlie.get("/account").status_code == 200
    assert save(rita, "second-factor", groups=["subscribers"])[0] == 303
    assert stored(cast.cheapcall.id).factor_roles == ["subscriber"]
    assert charlie.get("/account").headers["Location"] == "/enrol"
    assert rita.get("/account").status_code == 200
    assert details("sign-in-rules-changed") == [{"factor_roles": [[], ["subscribers"]]}]


def test_the_page_says_whom_it_concerns(cast: Cast, rita: Browser) -> None:
    save(rita, "second-factor", groups=["administrators", "subscribers"])
    with db.unit_of_work(Scope.platform()) as session:
        own = {"reseller_id": cast.cheapcall.id, "account_id": cast.rita.account.id, "seed": "x"}
        session.add(Authenticator(**own, created_at=clock.now(), confirmed_at=clock.now()))
    page = rita.get("/sign-in-rules").text
    assert "1 of 1 subscribers has no second factor yet." in page
    assert "of 1 administrators" not in page


def test_passwords_that_are_older_are_replaced_first(cast: Cast, rita: Browser, browse: Browse) -> None:
    change(cast.charlie, password_set_at=clock.now() - timedelta(days=100))
    assert save(rita, "passwords", days="90")[0] == 303
    assert "1 person has an older one" in rita.get("/sign-in-rules").text
    assert browse(cast.charlie).get("/account").headers["Location"] == "/new-password"
    assert save(rita, "passwords", days="")[0] == 303
    assert browse(cast.charlie).get("/account").status_code == 200
    assert details("sign-in-rules-changed") == [{"password_days": [None, 90]}, {"password_days": [90, None]}]


@pytest.mark.parametrize("days", ["0", "-1", "3651", "soon", "1.5"])
def test_days_are_a_number_of_them(days: str, cast: Cast, rita: Browser) -> None:
    status, page = save(rita, "passwords", days=days)
    assert status == 422
    assert "from 1 to 3650" in page or "whole number" in page


def test_saving_what_is_there_leaves_no_trace(cast: Cast, rita: Browser) -> None:
    assert save(rita, "passwords", days="")[0] == 303
    assert details("sign-in-rules-changed") == []


def test_somebody_elses_rules_are_not_touched(cast: Cast, rita: Browser, browse: Browse) -> None:
    save(rita, "passwords", days="90")
    assert "90 days" not in browse(cast.tom).get("/sign-in-rules").text
    olga = browse(cast.olga)
    assert "90 days" not in olga.get("/sign-in-rules").text
    save(olga, "passwords", days="30")
    assert (stored(cast.isar.id).password_days, stored(cast.cheapcall.id).password_days) == (30, 90)


# --- two at once ----------------------------------------------------------------------------------------------------------------


def test_who_saves_second_reads_what_has_changed_and_decides(cast: Cast, rita: Browser, browse: Browse) -> None:
    second = browse(cast.rita)
    hidden = shown(second.get("/sign-in-rules/passwords").text)
    save(rita, "passwords", days="90")
    answer = second.post("/sign-in-rules/passwords", {**hidden, "days": "30"})
    assert answer.status_code == 409
    assert "Somebody else saved first" in answer.text
    assert "90 days" in answer.text
    assert 'value="30"' in answer.text
    assert stored(cast.cheapcall.id).password_days == 90
    assert second.post("/sign-in-rules/passwords", {**shown(answer.text), "days": "30"}).status_code == 303
    assert stored(cast.cheapcall.id).password_days == 30


def test_another_section_is_no_conflict(cast: Cast, rita: Browser, browse: Browse) -> None:
    second = browse(cast.rita)
    hidden = shown(second.get("/sign-in-rules/passwords").text)
    save(rita, "second-factor", groups=["pilots"])
    assert second.post("/sign-in-rules/passwords", {**hidden, "days": "30"}).status_code == 303
    now = stored(cast.cheapcall.id)
    assert (now.factor_roles, now.password_days) == (["pilot"], 30)


def test_a_form_without_what_it_showed_is_a_conflict(cast: Cast, rita: Browser) -> None:
    save(rita, "passwords", days="90")
    for seen in ("", "x", "[]", "{}"):
        assert rita.post("/sign-in-rules/passwords", {"version": "0", "seen": seen, "days": "30"}).status_code == 409


# --- single sign-on -------------------------------------------------------------------------------------------------------------


def test_a_provider_is_set_up(cast: Cast, rita: Browser, browse: Browse, provider: FakeProvider) -> None:
    assert save(rita, "provider", **FILLED)[0] == 303
    page = rita.get("/sign-in-rules").text
    assert "geheim" not in page
    assert "geheim" not in rita.get("/sign-in-rules/provider").text
    assert "http://cheapcall.localhost/login/provider/back" in page
    assert "Sign in with Cheap Work" in browse(host="cheapcall.localhost").get("/login").text
    traced = details("single-sign-on-changed")[0]
    assert (traced["issuer"], traced["client_secret"]) == ([None, ISSUER], "changed")
    assert "geheim" not in str(traced)


def test_the_secret_stays_when_nobody_types_another(cast: Cast, rita: Browser, provider: FakeProvider) -> None:
    set_up(cast.cheapcall, ISSUER, client_secret="geheim")
    assert save(rita, "provider", **{**FILLED, "name": "Work", "client_secret": ""})[0] == 303
    with db.unit_of_work(Scope.platform()) as session:
        kept = session.scalars(select(Provider)).one()
        assert (kept.name, kept.client_secret) == ("Work", "geheim")
    assert details("single-sign-on-changed") == [{"name": ["Cheap Work", "Work"]}]


def test_a_first_provider_needs_a_secret(cast: Cast, rita: Browser, provider: FakeProvider) -> None:
    status, page = save(rita, "provider", **{**FILLED, "client_secret": ""})
    assert status == 422
    assert "Type the secret that the provider has given you." in page


def test_another_provider_is_not_shown_the_secret_before(cast: Cast, rita: Browser, provider: FakeProvider) -> None:
    linked = set_up(cast.cheapcall, ISSUER)
    own = {"reseller_id": linked.reseller_id, "account_id": cast.rita.account.id, "provider_id": linked.id}
    with db.unit_of_work(Scope.platform()) as session:
        session.add(ProviderSubject(**own, subject="rita", created_at=clock.now()))
    moved = {**FILLED, "issuer": "https://other.example"}
    assert "Type the secret again" in save(rita, "provider", **{**moved, "client_secret": ""})[1]
    assert save(rita, "provider", **moved)[0] == 303
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(ProviderSubject)).all() == [], "what one provider says of people, another does not mean"


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (Trouble(Why.DOWN, ""), "Nothing answers at this address."),
        (Trouble(Why.ADDRESS, ""), "The address has to begin with https://"),
        (Trouble(Why.DOCUMENT, ""), "There is no OpenID provider at this address"),
        (Trouble(Why.UNTRUSTED, ""), "There is no OpenID provider at this address"),
        (Trouble(Why.ISSUER, "", found="https://real.example"), "The provider calls itself “https://real.example”."),
    ],
)
def test_what_is_no_provider_is_said_at_the_field(
    trouble: Trouble, sentence: str, cast: Cast, rita: Browser, provider: FakeProvider
) -> None:
    provider.trouble = trouble
    status, page = save(rita, "provider", **FILLED)
    assert status == 422
    assert sentence in page
    assert 'id="issuer-error"' in page
    assert 'value="portal"' in page, "what was typed is kept"


@pytest.mark.parametrize("domain", ["example", "a@b.example", "a b.com", ".example.com", "example..com", "exämple.com", "*.com"])
def test_a_mail_domain_is_one(domain: str, cast: Cast, rita: Browser, provider: FakeProvider) -> None:
    assert "Type a domain as it stands after the @" in save(rita, "provider", **{**FILLED, "opens_for": domain})[1]


def test_a_mail_domain_is_kept_in_small_letters(cast: Cast, rita: Browser, provider: FakeProvider) -> None:
    save(rita, "provider", **{**FILLED, "opens_for": "@Staff.Example"})
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(Provider.opens_for)).one() == "staff.example"


def test_a_provider_that_is_down_can_be_taken_out_of_use(cast: Cast, rita: Browser, provider: FakeProvider) -> None:
    set_up(cast.cheapcall, ISSUER)
    provider.trouble = Trouble(Why.DOWN, "")
    off = {name: value for name, value in FILLED.items() if name not in {"active", "client_secret"}}
    assert save(rita, "provider", **off)[0] == 303
    assert save(rita, "provider", **FILLED)[0] == 422


def test_two_who_set_up_a_provider(cast: Cast, rita: Browser, browse: Browse, provider: FakeProvider) -> None:
    second = browse(cast.rita)
    hidden = shown(second.get("/sign-in-rules/provider").text)
    save(rita, "provider", **FILLED)
    answer = second.post("/sign-in-rules/provider", {**hidden, **FILLED, "name": "Mine"})
    assert answer.status_code == 409
    assert "Cheap Work" in answer.text


def test_checking_says_what_was_found(cast: Cast, rita: Browser, provider: FakeProvider) -> None:
    assert rita.post("/sign-in-rules/provider/check").status_code == 404
    set_up(cast.cheapcall, ISSUER)
    page = rita.post("/sign-in-rules/provider/check").text
    assert f"It answers as {ISSUER}." in page
    assert "Signing out there is offered, too." in page
    provider.trouble = Trouble(Why.DOWN, "")
    refused = rita.post("/sign-in-rules/provider/check")
    assert refused.status_code == 422
    assert "Nothing answers at this address." in refused.text


# --- who may --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cora", "clare", "alice", "charlie"])
def test_others_do_not_know_the_page(name: str, cast: Cast, browse: Browse) -> None:
    browser = browse(cast.people[name])
    for path in ("", "/second-factor", "/passwords", "/provider"):
        assert browser.get(f"/sign-in-rules{path}").status_code == 404
    assert "/sign-in-rules" not in browser.get("/account").text


@pytest.mark.parametrize("section", ["second-factor", "passwords", "provider"])
def test_changes_are_for_who_proved_a_moment_ago_to_be_who_they_are(section: str, cast: Cast, rita: Browser) -> None:
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        for answer in (rita.get(f"/sign-in-rules/{section}"), rita.post(f"/sign-in-rules/{section}", {"days": "1"})):
            assert answer.headers["Location"].startswith("/confirm")
        assert rita.get("/sign-in-rules").status_code == 200
