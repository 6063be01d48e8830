"""Whose identity at a provider is whose account: how that comes about, and how it ends."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import clock, db
from portal.core.audit import AuditEntry
from portal.core.errors import Refused
from portal.core.permissions import Role
from portal.core.tenancy import Scope
from portal.features.accounts import operations, rules
from portal.features.accounts.models import Account, Provider, ProviderSubject
from portal.gateways.oidc import FakeProvider, Person
from tests.browser import Browser
from tests.cast import Cast, Person as Somebody
from tests.factories.accounts import AccountFactory
from tests.features.accounts.provider import begin, change, path_of, set_up, who
from tests.mailbox import mails

Browse = Callable[..., Browser]
ISSUER = "https://id.example"
TOM = "tom@telephone.example"
NEW = "new@telephone.example"


@pytest.fixture
def provider(app: Flask) -> Iterator[FakeProvider]:
    real, app.extensions["oidc"] = app.extensions["oidc"], FakeProvider()
    yield app.extensions["oidc"]
    app.extensions["oidc"] = real


@pytest.fixture
def work(cast: Cast) -> Provider:
    return set_up(cast.telephone, ISSUER, name="Work", opens_for="telephone.example")


def comes(browser: Browser, provider: FakeProvider, subject: str, email: str, name: str = "") -> TestResponse:
    """Somebody signs in there, and is back."""
    provider.people["code"] = Person(subject, email, email_verified=True, name=name)
    state = begin(browser).partition("state=")[2].partition("&")[0]
    return browser.get(f"/login/provider/back?code=code&state={state}")


def linked() -> dict[str, int]:
    with db.unit_of_work(Scope.platform()) as session:
        return {one.subject: one.account_id for one in session.scalars(select(ProviderSubject))}


def entries(event: str) -> list[AuditEntry]:
    with db.unit_of_work(Scope.platform()) as session:
        found = list(session.scalars(select(AuditEntry).where(AuditEntry.event == event)))
        session.expunge_all()
        return found


def url(person: Somebody, action: str = "") -> str:
    return f"/accounts/{person.account.public_id}" + (f"/{action}" if action else "")


# --- one identity for one account ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("work")
def test_an_account_that_is_linked_is_nobody_elses(cast: Cast, browse: Browse, provider: FakeProvider) -> None:
    """An address may be given to a new colleague; the account of the one before is not."""
    assert comes(browse(host="telephone.localhost"), provider, "tom", TOM).status_code == 303
    second = browse(host="telephone.localhost")
    answer = comes(second, provider, "somebody else", TOM)
    assert answer.status_code == 403
    assert "no account here can be used" in answer.text
    assert who(second) is None
    assert linked() == {"tom": cast.tom.account.id}
    assert comes(browse(host="telephone.localhost"), provider, "tom", TOM).status_code == 303


@pytest.mark.usefixtures("work")
def test_staff_unlink_it_and_another_identity_can_be_linked(cast: Cast, browse: Browse, provider: FakeProvider) -> None:
    cora_there = browse(host="telephone.localhost")
    comes(cora_there, provider, "cora", "cora@telephone.example")
    tom = browse(cast.tom)
    assert "Linked with Work" in tom.get(url(cast.cora)).text
    page = tom.get(url(cast.cora, "unlink-provider")).text
    assert "is linked with this account" in page
    page = tom.follow(tom.post(url(cast.cora, "unlink-provider"))).text
    assert "is not linked any more" in page
    assert "Linked with" not in page
    assert linked() == {}
    assert who(cora_there) is None, "signed out everywhere"
    (entry,) = entries("provider-unlinked")
    assert (entry.actor_name, entry.subject) == (cast.tom.account.name, cast.cora.account.public_id)
    assert entry.details == {"provider": "Work"}
    assert "You unlinked Cora@Telephone.Example from Work" in page
    assert comes(browse(host="telephone.localhost"), provider, "cora anew", "cora@telephone.example").status_code == 303
    assert linked() == {"cora anew": cast.cora.account.id}


@pytest.mark.usefixtures("work")
def test_where_there_is_no_link_nothing_is_unlinked(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    assert "unlink-provider" not in tom.get(url(cast.cora)).text
    assert "linked with no provider" in tom.get(url(cast.cora, "unlink-provider")).text
    answer = tom.post(url(cast.cora, "unlink-provider"))
    assert answer.status_code == 422
    assert "This account is linked with no provider." in answer.text
    assert entries("provider-unlinked") == []


@pytest.mark.parametrize(
    ("helper", "helped"), [("cora", "tom"), ("tom", "tom"), ("clare", "alice"), ("alice", "clare"), ("rita", "cora")]
)
def test_who_may_not_help_unlinks_nobody(helper: str, helped: str, cast: Cast, browse: Browse, work: Provider) -> None:
    person = cast.people[helped]
    own = {"reseller_id": work.reseller_id, "customer_id": person.account.customer_id, "account_id": person.account.id}
    with db.unit_of_work(Scope.platform()) as session:
        session.add(ProviderSubject(**own, provider_id=work.id, subject="x", created_at=clock.now()))
    browser = browse(cast.people[helper])
    assert browser.get(url(person, "unlink-provider")).status_code == 404
    assert browser.post(url(person, "unlink-provider")).status_code == 404
    assert linked() == {"x": person.account.id}


# --- whose an address is ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize("confirmed", [False, True])
def test_staff_sign_in_with_their_address_whatever_lines_have_it(
    confirmed: bool, cast: Cast, browse: Browse, provider: FakeProvider
) -> None:
    change(cast.ike, email=TOM, email_confirmed_at=clock.now() if confirmed else None)
    assert comes(browse(host="telephone.localhost"), provider, "tom", TOM).status_code == 303
    assert linked() == {"tom": cast.tom.account.id}


@pytest.mark.usefixtures("work")
def test_an_address_that_a_pilot_typed_opens_nobodys_account(cast: Cast, browse: Browse, provider: FakeProvider) -> None:
    change(cast.bob, email=NEW)
    assert comes(browse(host="telephone.localhost"), provider, "new", NEW, "New Colleague").status_code == 303
    with db.unit_of_work(Scope.platform()) as session:
        opened = session.get_one(Account, linked()["new"])
        assert (opened.name, opened.role, opened.username) == ("New Colleague", "care", NEW)


@pytest.mark.usefixtures("work")
def test_an_address_counts_once_its_owner_has_confirmed_it(cast: Cast, browse: Browse, provider: FakeProvider) -> None:
    """Also the one that somebody else has typed: it is enough to save it as it is."""
    change(cast.bob, email="bob@home.example")
    there = browse(host="lantern.localhost")
    refused = comes(there, provider, "bob", "bob@home.example")
    assert refused.status_code == 403
    assert "have it confirmed" in refused.text
    bob = browse(cast.bob)
    assert bob.post("/account/email", {"email": "bob@home.example"}).status_code == 303
    assert comes(there, provider, "bob", "bob@home.example").status_code == 403
    assert bob.post(path_of(mails("confirm_email")[-1].link)).status_code == 303
    assert mails("email_changed") == []
    assert "This is your address already." in bob.post("/account/email", {"email": "bob@home.example"}).text
    assert comes(there, provider, "bob", "bob@home.example").status_code == 303
    assert linked() == {"bob": cast.bob.account.id}


@pytest.mark.parametrize("address", ["other@home.example", "BOB@home.example", None])
def test_another_address_has_to_be_confirmed_anew(address: str | None, cast: Cast) -> None:
    change(cast.bob, email="bob@home.example", email_confirmed_at=clock.now())
    change(cast.bob, email="bob@home.example")
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get_one(Account, cast.bob.account.id).email_confirmed_at is not None
    change(cast.bob, email=address)
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get_one(Account, cast.bob.account.id).email_confirmed_at is None


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize(
    "email", ["x\0y@telephone.example", "x y@telephone.example", "x@telephone.example\n", "\x7f@telephone.example"]
)
def test_an_address_with_something_unseen_in_it_is_nobodys(
    email: str, cast: Cast, browse: Browse, provider: FakeProvider
) -> None:
    assert comes(browse(host="telephone.localhost"), provider, "x", email).status_code == 403
    assert linked() == {}


@pytest.mark.usefixtures("work")
@pytest.mark.parametrize(
    ("told", "name"), [("A\0B", "A B"), ("A\r\nBcc: x@y.example\n\u202ez", "A Bcc: x@y.example z"), ("\n", NEW)]
)
def test_a_name_is_kept_on_one_line(told: str, name: str, cast: Cast, browse: Browse, provider: FakeProvider) -> None:
    assert comes(browse(host="telephone.localhost"), provider, "x", NEW, told).status_code == 303
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get_one(Account, linked()["x"]).name == name


# --- who chooses the provider -------------------------------------------------------------------------------------------------

MAY = {
    Role.OPERATOR: (True, True),
    Role.RESELLER: (False, True),
    Role.CARE: (False, False),
    Role.PILOT: (False, False),
    Role.SUBSCRIBER: (False, False),
}


@pytest.mark.parametrize("role", Role)
def test_who_chooses_the_provider(role: Role) -> None:
    """Of the operator's own people, and of those of any other reseller."""
    assert (rules.may_set_up(role, operator=True), rules.may_set_up(role, operator=False)) == MAY[role]


def test_nobody_becomes_the_operator_by_a_provider_of_their_own(cast: Cast, browse: Browse, provider: FakeProvider) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        name = {"username": "ralf@isar.example", "email": "ralf@isar.example"}
        account = AccountFactory(reseller_id=cast.isar.id, role="reseller", **name)
        session.flush()
        session.expunge_all()
    ralf = Somebody(account=account, host="isar.localhost")
    browser = browse(ralf)
    page = browser.get("/sign-in-rules")
    assert page.status_code == 200
    assert "/sign-in-rules/provider#" not in page.text
    filled = {"version": "0", "seen": "", "name": "Mine", "issuer": ISSUER, "client_id": "c", "client_secret": "s", "active": "y"}
    assert browser.get("/sign-in-rules/provider").status_code == 404
    assert browser.post("/sign-in-rules/provider", filled).status_code == 404
    asked = {"version": 0, "name": "Mine", "issuer": ISSUER, "client_id": "c", "client_secret": "s", "opens_for": None}
    with db.unit_of_work(Scope.platform()), pytest.raises(Refused) as refused:
        operations.change_provider(by=ralf.identity, reseller_id=cast.isar.id, gateway=provider, active=True, **asked)  # type: ignore[arg-type]
    assert refused.value.code == "provider-of-operator"
    assert "/sign-in-rules/provider#" in browse(cast.olga).get("/sign-in-rules").text
    assert browse(cast.olga).get("/sign-in-rules/provider").status_code == 200
