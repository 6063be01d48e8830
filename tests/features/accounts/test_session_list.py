"""Where one is signed in, and how that ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from portal.core import clock, db, i18n, ids
from portal.core.audit import AuditEntry, Event
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, AccountSession, Method, Provider
from portal.web.session import token_hash
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person
from tests.features.accounts.factors import give_app, shown
from tests.mailbox import mails

Browse = Callable[..., Browser]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
    "Mobile/15E148 Safari/604.1"
)


def elsewhere(browse: Browse, person: Person, **facts: object) -> Browser:
    """The same person in another browser."""
    browser = browse(person)
    with db.unit_of_work(Scope.platform()) as session:
        newest = session.scalars(select(AccountSession).order_by(AccountSession.id.desc())).first()
        assert newest is not None
        session.execute(update(AccountSession).where(AccountSession.id == newest.id).values(**{"user_agent": FIREFOX, **facts}))
    return browser


def public_id_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("session", domain=browser.host)
    assert cookie is not None
    hashed = token_hash(cookie.value)
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalars(select(AccountSession.public_id).where(AccountSession.token_hash == hashed)).one()


def is_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


def events() -> list[str]:
    with db.unit_of_work(Scope.platform()) as session:
        return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))


def listed(page: str) -> list[str]:
    """The devices of the list, in words, in their order."""
    part = page.partition('<ul class="devices">')[2].partition("</ul>")[0]
    return [one.partition("<bdi>")[2].partition("</bdi>")[0] for one in part.split('<li class="device">')[1:]]


def test_the_list_says_in_words_where_one_is_signed_in(cast: Cast, browse: Browse) -> None:
    elsewhere(browse, cast.alice, user_agent=IPHONE, address="198.51.100.24", method=Method.PASSKEY.value)
    alice = elsewhere(browse, cast.alice)
    page = alice.get("/account").text
    assert listed(page) == ["Firefox on Windows", "Safari on iPhone"], "this one first"
    assert page.index("This device") < page.index("Safari on iPhone")
    for word in ("From 198.51.100.24", "with a passkey", "with the password", "Last used", "#smartphone", "#monitor"):
        assert word in page
    assert "AppleWebKit" not in page


@pytest.mark.parametrize(
    ("method", "words"),
    [
        (Method.TOTP, "with password and authenticator app"),
        (Method.RECOVERY, "with password and recovery code"),
        (Method.PROVIDER, "by Lantern ID"),
    ],
)
def test_how_one_signed_in(method: Method, words: str, cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        own = {"reseller_id": cast.telephone.id, "name": "Lantern ID", "issuer": "https://id.example", "client_id": "portal"}
        session.add(Provider(**own, client_secret="hidden", public_id=ids.new()))
    elsewhere(browse, cast.alice, method=method.value)
    assert words in browse(cast.alice).get("/account").text


def test_what_is_over_is_not_listed(cast: Cast, browse: Browse) -> None:
    now = clock.now()
    elsewhere(browse, cast.alice, last_seen_at=now - timedelta(minutes=31))
    elsewhere(browse, cast.alice, expires_at=now - timedelta(seconds=1))
    elsewhere(browse, cast.alice, half=True)
    elsewhere(browse, cast.bob)
    page = browse(cast.alice).get("/account").text
    assert len(listed(page)) == 1
    assert "Sign out everywhere else" not in page


def test_one_of_them_is_ended(cast: Cast, browse: Browse) -> None:
    alice, lost = browse(cast.alice), elsewhere(browse, cast.alice)
    kept = elsewhere(browse, cast.alice)
    answer = alice.post(f"/account/sessions/{public_id_of(lost)}/end")
    assert "You are signed out on this device: Firefox on Windows." in alice.follow(answer).text
    assert not is_in(lost)
    assert is_in(alice)
    assert is_in(kept)
    assert events() == [Event.SESSION_ENDED]


def test_all_others_are_ended(cast: Cast, browse: Browse) -> None:
    alice, first, second, bob = browse(cast.alice), browse(cast.alice), browse(cast.alice), browse(cast.bob)
    answer = alice.post("/account/sessions/end-others")
    assert "You are signed out everywhere else." in alice.follow(answer).text
    assert [is_in(browser) for browser in (alice, first, second, bob)] == [True, False, False, True]
    assert events() == [Event.SESSIONS_ENDED]
    alice.post("/account/sessions/end-others")
    assert events() == [Event.SESSIONS_ENDED], "nothing was ended, nothing is noted"


def test_those_of_others_are_nobodys(cast: Cast, browse: Browse) -> None:
    alice, theirs = browse(cast.alice), [browse(person) for person in (cast.bob, cast.ike, cast.charlie, cast.tom)]
    for other in theirs:
        assert alice.post(f"/account/sessions/{public_id_of(other)}/end").status_code == 404
        assert is_in(other)
    assert alice.post(f"/account/sessions/{public_id_of(alice)}/end").status_code == 404, "this one is signed out, not ended"


def test_every_sign_in_gets_a_new_id(cast: Cast, browse: Browse) -> None:
    """Also in a browser that was signed in already: the old id opens nothing any more."""
    alice = browse(cast.alice)
    before = alice.client.get_cookie("session", domain=alice.host)
    assert before is not None
    alice.post("/login", {"username": "alice", "password": PASSWORD})
    after = alice.client.get_cookie("session", domain=alice.host)
    assert after is not None
    assert after.value != before.value
    thief = browse(host=alice.host)
    thief.client.set_cookie("session", before.value, domain=alice.host)
    assert not is_in(thief)
    assert is_in(alice)


def test_the_page_takes_six_statements_at_most(cast: Cast, browse: Browse, app: Flask, database: db.Database) -> None:
    for _ in range(5):
        elsewhere(browse, cast.alice)
    alice, seen = browse(cast.alice), []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT") and "set_config" not in statement:
            seen.append(statement)

    alice.get("/account")
    event.listen(database.engine, "before_cursor_execute", note)
    alice.get("/account")
    event.remove(database.engine, "before_cursor_execute", note)
    assert len(seen) <= 6, "\n".join(seen)


# --- mail at a sign-in from a device not seen before --------------------------------------------------------------------------


def sign_in(browser: Browser, name: str = "alice", agent: str = FIREFOX) -> None:
    answer = browser.post("/login", {"username": name, "password": PASSWORD}, environ_overrides={"HTTP_USER_AGENT": agent})
    assert answer.status_code == 303


def seen_before(person: Person, **more: str) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        values = {"last_sign_in_at": clock.now() - timedelta(days=1), **more}
        session.execute(update(Account).where(Account.id == person.account.id).values(**values))


def test_nobody_is_warned_of_their_very_first_sign_in(cast: Cast, browse: Browse) -> None:
    sign_in(browse(host="lantern.localhost"))
    assert mails("new_device") == []


def test_a_new_device_is_told_of_in_words(cast: Cast, browse: Browse) -> None:
    seen_before(cast.alice)
    sign_in(browse(host="lantern.localhost"))
    (mail,) = mails("new_device")
    for text in (mail.text, mail.html):
        assert "Firefox on Windows" in text
        assert "127.0.0.1" in text
        assert "Gecko" not in text


def test_in_the_language_of_its_owner(cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in that of whoever signed in."""
    monkeypatch.setattr(i18n, "available", lambda: frozenset({"de", "en"}))
    seen_before(cast.clare, language="de")
    sign_in(browse(host="lantern.localhost", language="en"), "clare")
    assert [mail.language for mail in mails("new_device")] == ["de"]


def test_a_known_device_is_not_told_of(cast: Cast, browse: Browse) -> None:
    browser = browse(host="lantern.localhost")
    sign_in(browser)
    browser.post("/logout")
    sign_in(browser)
    assert mails("new_device") == []
    sign_in(browse(host="lantern.localhost"))
    assert len(mails("new_device")) == 1


def test_staff_are_told_too(cast: Cast, browse: Browse) -> None:
    seen_before(cast.tom, email="tom@telephone.example")
    sign_in(browse(host="telephone.localhost"), "tom@telephone.example")
    assert [mail.to for mail in mails("new_device")] == ["tom@telephone.example"]


def test_half_a_sign_in_is_none(cast: Cast, browse: Browse) -> None:
    """A password alone does not open the door of who has a second factor; the mail comes when that was right too."""
    seed, _codes = give_app(cast.alice)
    seen_before(cast.alice)
    browser = browse(host="lantern.localhost")
    sign_in(browser)
    assert mails("new_device") == []
    browser.post("/second-factor", {"code": shown(seed)}, environ_overrides={"HTTP_USER_AGENT": FIREFOX})
    assert len(mails("new_device")) == 1
