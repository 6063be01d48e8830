"""Passkeys are made, by an authenticator in software, and looked after."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import Event
from portal.core.tenancy import Scope
from portal.features.accounts.models import Passkey
from portal.mail.models import Mail
from tests.browser import Browser
from tests.cast import Cast
from tests.features.accounts.authenticator import (
    BACKED_UP,
    CAN_BE_BACKED_UP,
    PRESENT,
    VERIFIED,
    Answer,
    Authenticator,
    Options,
    add,
    ask,
    coded,
    decoded,
    kept,
    send,
    sentence,
    trace,
)

Browse = Callable[..., Browser]
OVER = "That took too long, or was finished already. Please try again."
NOT_MADE = "Your device did not make a passkey that can be used here."


def test_the_browser_is_told_to_keep_it_for_this_host_and_to_make_sure_of_the_person(cast: Cast, browse: Browse) -> None:
    told = ask(browse(cast.alice), "add")
    assert told["rp"] == {"id": "lantern.localhost", "name": "TelephOne"}
    assert told["user"]["name"] == "alice@lantern.telephone.example"
    assert told["user"]["displayName"] == "Alice Meier"
    assert decoded(told["user"]["id"]).decode() == cast.alice.account.public_id
    chosen = told["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["requireResidentKey"], chosen["userVerification"]) == ("required", True, "required")
    assert told["attestation"] == "none"
    assert len(decoded(told["challenge"])) == 32


def test_a_passkey_is_made_traced_and_told(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    authenticator = Authenticator(flags=PRESENT | VERIFIED | CAN_BE_BACKED_UP | BACKED_UP)
    answer = send(browser, "/passkeys/add", authenticator.make(ask(browser, "add")))
    assert answer.get_json() == {"go": "/account/recovery-codes"}
    (passkey,) = kept(cast.alice)
    assert (passkey.host, passkey.transports) == ("lantern.localhost", ["internal"])
    assert (passkey.backed_up, passkey.sign_count) == (True, 0)
    assert passkey.credential_id == authenticator.credentials[0].id
    (entry,) = trace(Event.PASSKEY_ADDED)
    assert (entry.subject, entry.details) == (cast.alice.account.public_id, {"passkey": passkey.name})
    with db.unit_of_work(Scope.platform()) as session:
        content = session.scalars(select(Mail.content).where(Mail.account == cast.alice.account.public_id)).one()
    assert passkey.name in (content or "")


def test_who_had_no_second_factor_gets_recovery_codes_with_the_first_passkey(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    add(browser)
    page = browser.get("/account/recovery-codes").text
    assert "signs you in from now on." in page
    assert page.count('class="codes-code') >= 10 or page.count("<li") >= 10
    second = Authenticator()
    answer = send(browser, "/passkeys/add", second.make(ask(browser, "add")))
    assert answer.get_json() == {"go": "/account#passkeys"}, "those codes stay good"


def test_one_device_is_asked_for_one_only(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    authenticator = add(browser)
    assert [one["id"] for one in ask(browser, "add")["excludeCredentials"]] == [coded(authenticator.credentials[0].id)]
    assert ask(browse(cast.bob), "add")["excludeCredentials"] == []


@pytest.mark.parametrize(
    ("authenticator", "name"),
    [
        (Authenticator(aaguid=bytes.fromhex("bada5566a7aa401fbd9645619a55120d")), "1Password"),
        (Authenticator(apart=True), "Security key"),
    ],
)
def test_it_is_called_after_what_keeps_it(cast: Cast, browse: Browse, authenticator: Authenticator, name: str) -> None:
    browser = browse(cast.alice)
    add(browser, authenticator)
    add(browser, Authenticator(aaguid=authenticator.aaguid, apart=authenticator.apart))
    assert [passkey.name for passkey in kept(cast.alice)] == [name, f"{name} 2"]


@pytest.mark.parametrize(
    "how",
    [
        {"origin": "http://lantern.localhost.evil.example"},
        {"origin": "https://lantern.localhost"},
        {"crossOrigin": True},
        {"type": "webauthn.get"},
    ],
)
def test_what_was_made_elsewhere_is_not_taken(cast: Cast, browse: Browse, how: dict[str, Any]) -> None:
    browser = browse(cast.alice)
    answer = Authenticator().make(ask(browser, "add"), **how)
    assert NOT_MADE in sentence(send(browser, "/passkeys/add", answer))
    assert kept(cast.alice) == []


@pytest.mark.parametrize("flags", [PRESENT, VERIFIED, 0])
def test_nobody_in_front_of_it_makes_none(cast: Cast, browse: Browse, flags: int) -> None:
    browser = browse(cast.alice)
    answer = Authenticator(flags=flags).make(ask(browser, "add"))
    assert NOT_MADE in sentence(send(browser, "/passkeys/add", answer))


def test_for_another_host_makes_none(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    told = dict(ask(browser, "add")) | {"rp": {"id": "cheapcall.localhost"}}
    answer = Authenticator().make(told, origin="http://lantern.localhost")
    assert NOT_MADE in sentence(send(browser, "/passkeys/add", answer))


def test_a_ceremony_is_finished_once_by_who_began_it_and_where(cast: Cast, browse: Browse) -> None:
    alice, bob = browse(cast.alice), browse(cast.bob)
    told = ask(alice, "add")
    answer = Authenticator().make(told)
    assert sentence(send(bob, "/passkeys/add", answer)) == OVER
    assert send(alice, "/passkeys/add", answer).status_code == 200
    assert sentence(send(alice, "/passkeys/add", answer)) == OVER
    assert len(kept(cast.alice)) == 1


def test_an_answer_that_was_refused_is_not_tried_again(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    told = ask(browser, "add")
    assert NOT_MADE in sentence(send(browser, "/passkeys/add", Authenticator().make(told, origin="http://evil.example")))
    assert sentence(send(browser, "/passkeys/add", Authenticator().make(told))) == OVER


def test_a_credential_belongs_to_one_account(cast: Cast, browse: Browse) -> None:
    theirs = add(browse(cast.charlie)).credentials[0]
    browser = browse(cast.alice)
    authenticator = Authenticator()
    told = ask(browser, "add")
    authenticator.make(told)
    stolen = authenticator.credentials[0]
    stolen.id = theirs.id
    answer = remade(authenticator, told)
    assert sentence(send(browser, "/passkeys/add", answer)) == "This passkey has been added already."


def remade(authenticator: Authenticator, told: Options) -> Answer:
    """The same answer, for a credential id that is somebody else's."""
    stolen = authenticator.credentials[0].id
    answer = authenticator.make(told)
    made = authenticator.credentials[-1].id
    content = decoded(answer["response"]["attestationObject"]).replace(made, stolen)
    answer["response"]["attestationObject"] = coded(content)
    return answer | {"id": coded(stolen), "rawId": coded(stolen)}


def test_there_are_as_many_as_anybody_needs(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    add(browser)
    (first,) = kept(cast.alice)
    values = {name: getattr(first, name) for name in ("reseller_id", "customer_id", "account_id", "host", "public_key")}
    values |= {"sign_count": 0, "transports": [], "backed_up": False, "created_at": clock.now()}
    with db.unit_of_work(Scope.platform()) as session:
        session.add_all(Passkey(**values, name=f"Key {place}", credential_id=b"%d" % place) for place in range(19))
    assert "You have 20 passkeys" in sentence(send(browser, "/passkeys/add/options"))
