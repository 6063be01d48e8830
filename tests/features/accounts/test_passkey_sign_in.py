"""Who gets in with a passkey, and all the ways not to. The authenticator is one in software."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.core import clock, db
from portal.core.audit import Event
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, AccountSession, Passkey, Status
from portal.features.accounts.rules import ANSWER_WITHIN
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person
from tests.features.accounts.authenticator import (
    PRESENT,
    VERIFIED,
    Answer,
    Authenticator,
    add,
    ask,
    coded,
    is_in,
    kept,
    send,
    sentence,
    trace,
)

Browse = Callable[..., Browser]
FAILED = "This passkey does not sign in here. Try another one, or your password."
OVER = "That took too long, or was finished already. Please try again."


def change(person: Person, **values: Any) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == person.account.id).values(**values))


# --- in place of a password -------------------------------------------------------------------------------------------------


def test_a_passkey_signs_in_without_user_name_or_password(cast: Cast, browse: Browse) -> None:
    authenticator = add(browse(cast.alice))
    browser = browse(host="lantern.localhost")
    told = ask(browser, "sign-in")
    assert told["allowCredentials"] == []
    assert (told["rpId"], told["userVerification"]) == ("lantern.localhost", "required")
    answer = send(browser, "/passkeys/sign-in?next=/calls", authenticator.show(told))
    assert answer.get_json() == {"go": "/calls"}
    assert "Alice Meier" in browser.get("/account").text
    with db.unit_of_work(Scope.platform()) as session:
        which = select(AccountSession.method, AccountSession.half, AccountSession.account_id)
        newest = session.execute(which.order_by(AccountSession.id.desc()).limit(1)).one()
    assert tuple(newest) == ("passkey", False, cast.alice.account.id)
    assert kept(cast.alice)[0].last_used_at is not None
    assert trace(Event.SIGNED_IN)[-1].subject == cast.alice.account.public_id


def test_it_goes_on_only_within_this_site(cast: Cast, browse: Browse) -> None:
    authenticator = add(browse(cast.alice))
    browser = browse(host="lantern.localhost")
    answer = send(browser, "/passkeys/sign-in?next=https://evil.example/", authenticator.show(ask(browser, "sign-in")))
    assert answer.get_json() == {"go": "/"}


def test_who_is_signed_in_is_replaced_also_by_somebody_of_another_customer(cast: Cast, browse: Browse) -> None:
    authenticator = add(browse(cast.ike, host="telephone.localhost"))
    browser = browse(cast.tom, host="telephone.localhost")
    assert send(browser, "/passkeys/sign-in", authenticator.show(ask(browser, "sign-in"))).status_code == 200
    assert "Ike" in browser.get("/account").text


def test_the_counter_goes_up(cast: Cast, browse: Browse) -> None:
    authenticator = add(browse(cast.alice), Authenticator(count=7, step=1))
    for expected in (8, 9):
        browser = browse(host="lantern.localhost")
        assert send(browser, "/passkeys/sign-in", authenticator.show(ask(browser, "sign-in"))).status_code == 200
        assert kept(cast.alice)[0].sign_count == expected


@pytest.mark.parametrize("now", [0, 6, 7])
def test_a_counter_that_does_not_go_up_is_a_copy(cast: Cast, browse: Browse, now: int) -> None:
    authenticator = add(browse(cast.alice), Authenticator(count=7))
    authenticator.count = now
    browser = browse(host="lantern.localhost")
    assert sentence(send(browser, "/passkeys/sign-in", authenticator.show(ask(browser, "sign-in")))) == FAILED
    assert not is_in(browser)
    assert kept(cast.alice)[0].sign_count == 7
    (entry,) = trace(Event.SIGN_IN_FAILED)
    assert (entry.subject, entry.details) == (cast.alice.account.public_id, {"counter": [7, now]})


@pytest.mark.parametrize(
    "how",
    [
        {"origin": "http://evil.example"},
        {"origin": "http://lantern.localhost:8000"},
        {"rp": "evil.example"},
        {"rp": "localhost"},
        {"crossOrigin": True},
        {"type": "webauthn.create"},
    ],
)
def test_what_was_shown_elsewhere_does_not_sign_in(cast: Cast, browse: Browse, how: dict[str, Any]) -> None:
    authenticator = add(browse(cast.alice))
    browser = browse(host="lantern.localhost")
    assert sentence(send(browser, "/passkeys/sign-in", authenticator.show(ask(browser, "sign-in"), **how))) == FAILED
    assert not is_in(browser)


@pytest.mark.parametrize("flags", [PRESENT, VERIFIED, 0])
def test_nobody_in_front_of_it_does_not_sign_in(cast: Cast, browse: Browse, flags: int) -> None:
    authenticator = add(browse(cast.alice))
    authenticator.flags = flags
    browser = browse(host="lantern.localhost")
    assert sentence(send(browser, "/passkeys/sign-in", authenticator.show(ask(browser, "sign-in")))) == FAILED


def test_a_challenge_is_answered_once_in_time_and_only_if_it_was_given_out(cast: Cast, browse: Browse) -> None:
    authenticator = add(browse(cast.alice))
    browser, other = browse(host="lantern.localhost"), browse(host="lantern.localhost")
    answer = authenticator.show(ask(browser, "sign-in"))
    assert send(browser, "/passkeys/sign-in", answer).status_code == 200
    assert sentence(send(other, "/passkeys/sign-in", answer)) == OVER, "replayed"
    assert sentence(send(other, "/passkeys/sign-in", authenticator.show({"challenge": coded(b"x" * 32)}))) == OVER
    told = ask(other, "sign-in")
    with clock.frozen(clock.now() + ANSWER_WITHIN):
        assert sentence(send(other, "/passkeys/sign-in", authenticator.show(told))) == OVER
    making = ask(browse(cast.alice), "add")
    assert sentence(send(other, "/passkeys/sign-in", authenticator.show(making))) == OVER, "given out for something else"


def test_a_refused_answer_ends_its_challenge(cast: Cast, browse: Browse) -> None:
    authenticator = add(browse(cast.alice))
    browser = browse(host="lantern.localhost")
    told = ask(browser, "sign-in")
    assert sentence(send(browser, "/passkeys/sign-in", authenticator.show(told, origin="http://evil.example"))) == FAILED
    assert sentence(send(browser, "/passkeys/sign-in", authenticator.show(told))) == OVER


def test_unknown_foreign_locked_terminated_and_removed_sound_alike(cast: Cast, browse: Browse) -> None:
    unknown = Authenticator()
    unknown.make({"rp": {"id": "lantern.localhost"}, "user": {"id": coded(b"nobody")}, "challenge": "x"})
    foreign = add(browse(cast.charlie))
    elsewhere = add(browse(cast.clare, host="telephone.localhost"))
    locked, gone, removed = add(browse(cast.alice)), add(browse(cast.bob)), add(browse(cast.carol))
    change(cast.alice, status=Status.LOCKED.value)
    change(cast.bob, status=Status.TERMINATED.value)
    with db.unit_of_work(Scope.platform()) as session:
        session.delete(session.scalars(select(Passkey).where(Passkey.account_id == cast.carol.account.id)).one())
    for authenticator in (unknown, foreign, elsewhere, locked, gone, removed):
        authenticator.credentials[0].rp = "lantern.localhost"
        browser = browse(host="lantern.localhost")
        answer = authenticator.show(ask(browser, "sign-in"))
        assert sentence(send(browser, "/passkeys/sign-in", answer)) == FAILED
        assert not is_in(browser)
    aimed_at = [entry.subject for entry in trace(Event.SIGN_IN_FAILED)]
    assert aimed_at == [None, None, None, cast.alice.account.public_id, None, None]


def test_a_challenge_of_one_host_is_none_at_another(cast: Cast, browse: Browse) -> None:
    authenticator = add(browse(cast.clare, host="telephone.localhost"))
    told = ask(browse(host="lantern.localhost"), "sign-in")
    other = browse(host="telephone.localhost")
    assert sentence(send(other, "/passkeys/sign-in", authenticator.show(told))) == OVER


def test_signed_by_another_key_does_not_sign_in(cast: Cast, browse: Browse) -> None:
    alices, bobs = add(browse(cast.alice)).credentials[0], add(browse(cast.bob))
    bobs.credentials[0].id = alices.id
    browser = browse(host="lantern.localhost")
    answer = bobs.show(ask(browser, "sign-in"))
    answer["response"]["userHandle"] = alices.user
    assert sentence(send(browser, "/passkeys/sign-in", answer)) == FAILED


def test_for_somebody_else_than_the_authenticator_says_does_not_sign_in(cast: Cast, browse: Browse) -> None:
    authenticator = add(browse(cast.alice))
    browser = browse(host="lantern.localhost")
    answer = authenticator.show(ask(browser, "sign-in"))
    answer["response"]["userHandle"] = coded(cast.bob.account.public_id.encode())
    assert sentence(send(browser, "/passkeys/sign-in", answer)) == FAILED


BROKEN: list[Callable[[Answer], object]] = [
    lambda answer: answer["response"].update(clientDataJSON="x"),
    lambda answer: answer["response"].update(clientDataJSON=7),
    lambda answer: answer["response"].update(clientDataJSON=coded(b"[]")),
    lambda answer: answer["response"].update(clientDataJSON=coded(b'{"challenge": {}}')),
    lambda answer: answer["response"].update(clientDataJSON=coded(b'{"challenge": "\\ud800"}')),
    lambda answer: answer.pop("response"),
    lambda answer: answer.update(response=None),
]
DAMAGED: list[Callable[[Answer], object]] = [
    lambda answer: answer["response"].update(authenticatorData=coded(b"short")),
    lambda answer: answer["response"].update(authenticatorData=coded(bytes(32) + b"\xc5" + bytes(40))),
    lambda answer: answer["response"].update(signature=coded(b"\x30")),
    lambda answer: answer["response"].update(signature=None),
    lambda answer: answer["response"].update(userHandle=coded(b"\xff\xfe")),
    lambda answer: answer["response"].update(userHandle=7),
    lambda answer: answer.update(id="other"),
    lambda answer: answer.update(rawId="A"),
    lambda answer: answer.update(rawId=[]),
    lambda answer: answer.update(type="password"),
    lambda answer: answer.pop("rawId"),
]


@pytest.mark.parametrize(("damage", "said"), [*((one, OVER) for one in BROKEN), *((one, FAILED) for one in DAMAGED)])
def test_what_is_no_answer_is_refused_in_words(
    cast: Cast, browse: Browse, damage: Callable[[Answer], object], said: str
) -> None:
    authenticator = add(browse(cast.alice))
    browser = browse(host="lantern.localhost")
    answer = authenticator.show(ask(browser, "sign-in"))
    damage(answer)
    assert sentence(send(browser, "/passkeys/sign-in", answer)) == said
    assert not is_in(browser)


@pytest.mark.parametrize("sent", [[], "x", 7, {"response": "x" * 70_000}])
def test_what_is_no_object_or_too_large_is_no_answer(cast: Cast, browse: Browse, sent: object) -> None:
    assert sentence(send(browse(host="lantern.localhost"), "/passkeys/sign-in", sent)) == OVER


def test_without_a_token_of_the_page_nothing_is_begun(cast: Cast, browse: Browse) -> None:
    browser = browse(host="lantern.localhost")
    for path in ("sign-in/options", "sign-in"):
        answer = browser.client.post(f"/passkeys/{path}", json={}, base_url="http://lantern.localhost")
        assert answer.status_code == 400


# --- as the second factor, and to confirm -----------------------------------------------------------------------------------


def half(browse: Browse, name: str) -> Browser:
    """Whose password was right."""
    browser = browse(host="lantern.localhost")
    answer = browser.post("/login?next=/calls", {"username": name, "password": PASSWORD})
    assert answer.headers["Location"].startswith("/second-factor"), answer.headers["Location"]
    return browser


def test_a_passkey_is_the_second_factor(cast: Cast, browse: Browse) -> None:
    authenticator = add(browse(cast.alice))
    browser = half(browse, "alice")
    assert not is_in(browser)
    page = browser.get("/second-factor?next=/calls").text
    assert "Show your passkey" in page
    assert "/passkeys/second-factor?next=/calls" in page
    told = ask(browser, "second-factor")
    assert [one["id"] for one in told["allowCredentials"]] == [coded(authenticator.credentials[0].id)]
    answer = send(browser, "/passkeys/second-factor?next=/calls", authenticator.show(told))
    assert answer.get_json() == {"go": "/calls"}
    assert is_in(browser)
    with db.unit_of_work(Scope.platform()) as session:
        assert not session.scalars(select(AccountSession).where(AccountSession.half)).all(), "the half session is over"


def test_somebody_elses_passkey_is_no_second_factor(cast: Cast, browse: Browse) -> None:
    alices, _bobs = add(browse(cast.alice)), add(browse(cast.bob))
    browser = half(browse, "bob")
    assert sentence(send(browser, "/passkeys/second-factor", alices.show(ask(browser, "second-factor")))) == FAILED
    assert not is_in(browser)
    (entry,) = trace(Event.FACTOR_FAILED)
    assert entry.subject == cast.bob.account.public_id


def test_a_challenge_for_anybody_is_none_for_the_second_step(cast: Cast, browse: Browse) -> None:
    authenticator = add(browse(cast.alice))
    browser = half(browse, "alice")
    assert sentence(send(browser, "/passkeys/second-factor", authenticator.show(ask(browser, "sign-in")))) == OVER


def test_without_a_first_step_there_is_no_second(cast: Cast, browse: Browse) -> None:
    browser = browse(host="lantern.localhost")
    assert sentence(send(browser, "/passkeys/second-factor/options")) == OVER
    assert sentence(send(browser, "/passkeys/second-factor")) == OVER


def unconfirmed(person: Person) -> None:
    """What they are signed in with was confirmed long ago."""
    with db.unit_of_work(Scope.platform()) as session:
        long_ago = clock.now() - timedelta(hours=1)
        mine = update(AccountSession).where(AccountSession.account_id == person.account.id)
        session.execute(mine.values(confirmed_at=long_ago))


def test_a_passkey_confirms_who_it_is(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    authenticator = add(browser)
    unconfirmed(cast.alice)
    assert browser.get("/account/passkeys/add").headers["Location"] == "/confirm?next=/account/passkeys/add"
    assert "Confirm with your passkey" in browser.get("/confirm?next=/account/passkeys/add").text
    before = browser.client.get_cookie("session", domain="lantern.localhost")
    answer = send(browser, "/passkeys/confirm?next=/account/passkeys/add", authenticator.show(ask(browser, "confirm")))
    assert answer.get_json() == {"go": "/account/passkeys/add"}
    after = browser.client.get_cookie("session", domain="lantern.localhost")
    assert before is not None
    assert after is not None
    assert before.value != after.value, "a new token at a change of privilege"
    assert browser.get("/account/passkeys/add").status_code == 200


def test_somebody_elses_passkey_confirms_nothing(own_cast: Cast, browse: Browse) -> None:
    """In a database where the trace is committed and the rest is not."""
    browser = browse(own_cast.alice)
    add(browser)
    bobs = add(browse(own_cast.bob))
    unconfirmed(own_cast.alice)
    assert sentence(send(browser, "/passkeys/confirm", bobs.show(ask(browser, "confirm")))) == FAILED
    assert browser.get("/account/passkeys/add").status_code == 302
    (entry,) = trace(Event.FACTOR_FAILED)
    assert entry.subject == own_cast.alice.account.public_id
    assert kept(own_cast.bob)[0].last_used_at is None


def test_who_has_none_here_is_not_offered_to_confirm_with_one(cast: Cast, browse: Browse) -> None:
    add(browse(cast.clare, host="telephone.localhost"))
    browser = browse(cast.clare)
    assert "Confirm with your passkey" not in browser.get("/confirm").text
    assert sentence(send(browser, "/passkeys/confirm/options")) == FAILED


def test_adding_one_asks_first_who_it_is(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    told = ask(browser, "add")
    unconfirmed(cast.alice)
    for path, answer in (("/passkeys/add/options", None), ("/passkeys/add", Authenticator().make(told))):
        moved = send(browser, path, answer)
        assert (moved.status_code, moved.headers["Location"]) == (302, "/confirm")
    assert kept(cast.alice) == []
