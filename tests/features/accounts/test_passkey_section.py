"""One's own passkeys on the account page, and where else they are offered."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.core import clock, db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Viewer
from portal.core.tenancy import Scope
from portal.features.accounts import operations, queries, rules
from portal.features.accounts.models import Account, AccountSession, Passkey, Provider, ProviderSubject, RecoveryCode
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person
from tests.features.accounts.authenticator import Authenticator, add, ask, is_in, kept, send, sentence, trace
from tests.features.accounts.factors import events, give_app, give_passkey, mails, require_factor

Browse = Callable[..., Browser]


def id_of(person: Person, place: int = 0) -> str:
    return kept(person)[place].public_id


def own(person: Person) -> Passkey:
    """In the unit of work of whoever asks."""
    return queries.own_passkey(person.identity, kept(person)[0].public_id)


def test_without_one_it_says_what_they_are_good_for(cast: Cast, browse: Browse) -> None:
    page = browse(cast.alice).get("/account").text
    assert "With a passkey there is no password to remember" in page
    assert "Add a passkey" in page


def test_each_says_when_it_was_added_and_used_and_where_else_it_is_good(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    authenticator = add(browser, Authenticator(apart=True))
    give_passkey(cast.clare, "telephone.localhost")
    page = browser.get("/account").text
    assert "Security key" in page
    assert page.count("not used yet") == 2
    assert page.count("only at telephone.localhost") == 1
    assert "only at lantern.localhost" not in page
    other = browse(host="lantern.localhost")
    send(other, "/passkeys/sign-in", authenticator.show(ask(other, "sign-in")))
    assert "last used <time" in browser.get("/account").text


def test_the_page_to_add_one_brings_the_script_and_says_what_is_missing_without(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    page = browser.get("/account/passkeys/add").text
    assert "js/passkeys.js" in page
    assert "they need JavaScript and a recent browser" in page
    assert "js/passkeys.js" not in browser.get("/account").text


def test_the_sign_in_page_offers_passkeys_by_button_and_under_the_user_name(cast: Cast, browse: Browse) -> None:
    page = browse(host="lantern.localhost").get("/login?next=/calls").text
    assert 'autocomplete="username webauthn"' in page
    assert "Sign in with a passkey" in page
    assert 'data-finish="/passkeys/sign-in?next=/calls"' in page


def test_renamed_in_place(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    add(browser, Authenticator(apart=True))
    path = f"/account/passkeys/{id_of(cast.alice)}/rename"
    assert 'value="Security key"' in browser.get(path).text
    page = browser.follow(browser.post(path, {"name": "  On my\tkeyring "})).text
    assert "On my keyring" in page
    (entry,) = trace(Event.PASSKEY_RENAMED)
    assert entry.details == {"change": ["Security key", "On my keyring"]}


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Please fill this in."), (" \t ", "Give it a name."), ("x" * 61, "Use at most 60 characters.")],
)
def test_a_name_is_a_name(cast: Cast, browse: Browse, name: str, said: str) -> None:
    browser = browse(cast.alice)
    add(browser)
    answer = browser.post(f"/account/passkeys/{id_of(cast.alice)}/rename", {"name": name})
    assert answer.status_code == 422
    assert said in answer.text
    assert trace(Event.PASSKEY_RENAMED) == []


def test_the_same_name_leaves_no_trace(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    add(browser)
    browser.post(f"/account/passkeys/{id_of(cast.alice)}/rename", {"name": kept(cast.alice)[0].name})
    assert trace(Event.PASSKEY_RENAMED) == []


def test_without_the_last_one_the_password_is_enough(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    authenticator = add(browser, Authenticator(apart=True))
    path = f"/account/passkeys/{id_of(cast.alice)}/remove"
    assert "your password alone will open the door" in browser.get(path).text
    page = browser.follow(browser.post(path)).text
    assert "no longer signs you in" in page
    assert kept(cast.alice) == []
    assert [entry.details for entry in trace(Event.PASSKEY_REMOVED)] == [{"passkey": "Security key"}]
    assert events(cast.alice)[-1] == "passkey-removed"
    assert len(mails(cast.alice)) == 2
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    other = browse(host="lantern.localhost")
    assert sentence(send(other, "/passkeys/sign-in", authenticator.show(ask(other, "sign-in"))))
    assert other.post("/login", {"username": "alice", "password": PASSWORD}).headers["Location"] == "/"
    assert is_in(other)


def test_with_another_one_left_or_an_app_it_says_what_stays(cast: Cast, browse: Browse) -> None:
    alice, bob = browse(cast.alice), browse(cast.bob)
    add(alice)
    add(alice)
    page = alice.get(f"/account/passkeys/{id_of(cast.alice)}/remove").text
    assert "Your other passkeys stay." in page
    give_app(cast.bob)
    add(bob)
    page = bob.get(f"/account/passkeys/{id_of(cast.bob)}/remove").text
    assert "you sign in with your password and a code of your app" in page


def forget_password(person: Person) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == person.account.id).values(password_hash=None))


def link_provider(person: Person, *, active: bool) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        owner = {"reseller_id": person.account.reseller_id}
        provider = Provider(**owner, name="Acme", issuer="https://id.example", client_id="x", client_secret="y", active=active)
        session.add(provider)
        session.flush()
        owner |= {"customer_id": person.account.customer_id or 0, "account_id": person.account.id}
        session.add(ProviderSubject(**owner, provider_id=provider.id, subject="alice", created_at=clock.now()))


def test_the_only_way_in_is_not_removed(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    add(browser)
    forget_password(cast.alice)
    link_provider(cast.alice, active=False)
    answer = browser.post(f"/account/passkeys/{id_of(cast.alice)}/remove")
    assert answer.status_code == 422
    assert "This passkey is your only way to sign in." in answer.text
    assert len(kept(cast.alice)) == 1


def test_who_has_another_passkey_or_single_sign_on_may_do_without_a_password(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    add(browser)
    add(browser)
    forget_password(cast.alice)
    assert browser.post(f"/account/passkeys/{id_of(cast.alice)}/remove").status_code == 303
    link_provider(cast.alice, active=True)
    assert browser.post(f"/account/passkeys/{id_of(cast.alice)}/remove").status_code == 303
    assert kept(cast.alice) == []


def test_two_at_once_do_not_remove_both_ways_in(own_cast: Cast) -> None:
    alice = own_cast.alice
    give_passkey(alice, "lantern.localhost")
    give_passkey(alice, "telephone.localhost")
    forget_password(alice)
    ready, outcomes = threading.Barrier(2), ["", ""]

    def remove(place: int) -> None:
        try:
            with db.unit_of_work(alice.scope):
                passkey = queries.passkeys(alice.account.id)[place]
                ready.wait()
                operations.remove_passkey(by=alice.identity, passkey=passkey)
            outcomes[place] = "removed"
        except Refused as refusal:
            outcomes[place] = refusal.code

    threads = [threading.Thread(target=remove, args=(place,)) for place in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["passkey-last", "removed"]


@pytest.mark.parametrize("stranger", ["bob", "clare", "tom", "charlie"])
@pytest.mark.parametrize("what", ["rename", "remove"])
def test_somebody_elses_does_not_exist(cast: Cast, browse: Browse, stranger: str, what: str) -> None:
    add(browse(cast.alice))
    path = f"/account/passkeys/{id_of(cast.alice)}/{what}"
    browser = browse(cast.people[stranger])
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"name": "Mine"}).status_code == 404


def test_removing_one_asks_first_who_it_is(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    add(browser)
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(AccountSession).values(confirmed_at=clock.now() - timedelta(hours=1)))
    answer = browser.post(f"/account/passkeys/{id_of(cast.alice)}/remove")
    assert answer.headers["Location"] == "/confirm"
    assert len(kept(cast.alice)) == 1


def test_who_owes_a_second_factor_pays_with_a_passkey(cast: Cast, browse: Browse) -> None:
    require_factor(cast.telephone.id, "subscriber")
    browser = browse(cast.alice)
    assert browser.get("/calls").headers["Location"] == "/enrol"
    assert "Make a passkey" in browser.get("/enrol").text
    answer = send(browser, "/passkeys/add", Authenticator().make(ask(browser, "add")))
    assert answer.get_json() == {"go": "/account/recovery-codes"}
    assert browser.get("/account/recovery-codes").status_code == 200
    assert browser.get("/calls").status_code == 200


def test_staff_who_view_as_somebody_touch_no_passkey(cast: Cast, browse: Browse) -> None:
    add(browse(cast.alice))
    viewer = Viewer(cast.tom.account.id, cast.tom.account.public_id, "Tom", clock.now(), "a call")
    viewing = replace(cast.alice.identity, viewer=viewer)
    with db.unit_of_work(cast.alice.scope):
        passkey = own(cast.alice)
        with pytest.raises(Refused, match="viewing"):
            operations.rename_passkey(by=viewing, passkey=passkey, name="Mine")
        with pytest.raises(Refused, match="viewing"):
            operations.remove_passkey(by=viewing, passkey=passkey)


def test_names_are_told_apart() -> None:
    taken = {"Chrome on Linux", "Chrome on Linux 2"}
    assert rules.passkey_name("", apart=False, device="Chrome on Linux", taken=taken) == "Chrome on Linux 3"
    assert rules.passkey_name("", apart=True, device="Chrome on Linux", taken=taken) == "Security key"
    assert len(rules.passkey_name("", apart=False, device="x" * 99, taken={"x" * 57})) == 59
    keeper = "fbfc3007-154e-4ecc-8c0b-6e020557d7bd"
    assert rules.passkey_name(keeper, apart=True, device="Safari on iPhone", taken=set()) == "iCloud Keychain"
