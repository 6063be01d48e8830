"""Adding an extension, as a browser sees it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number
from portal.features.pbx import forms
from portal.features.subscribers.models import Subscriber
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.reading import SECRET, path, text_of
from tests.mailbox import mails

Browse = Callable[..., Browser]
NEW = "river stone candle mango"


def test_adding_shows_both_passwords_once_and_a_code_to_scan(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    form = browser.get("/extensions/new")
    assert 'name="extension" value="104"' in form.text
    answer = browser.post("/extensions/new", {"display_name": "Dora", "extension": "104", "outgoing": "own"})
    page = browser.follow(answer)
    sip, web = SECRET.findall(page.text)
    assert "Dora is added." in page.text
    assert page.text.count("<svg xmlns") >= 1 or 'class="segno"' in page.text
    assert "104@lantern.telephone.example" in re.sub("<wbr>", "", page.text)
    again = browser.get(answer.headers["Location"])
    assert sip not in again.text
    assert web not in again.text
    entered = browse(host="lantern.localhost").post("/login", {"username": "104", "password": web})
    assert entered.status_code == 303


def test_a_colleague_far_down_the_list_can_be_copied(cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST_IN_SELECT", 0)
    browser, bob = browse(cast.clare), cast.bob.subscriber.public_id
    assert f'<option value="{bob}" selected>' in browser.get(f"/extensions/new?like={bob}").text
    typed = {"display_name": "Dora", "extension": "104", "outgoing": "own", "like": bob}
    assert browser.post("/extensions/new", typed).status_code == 303


def test_a_first_password_opens_only_the_way_to_a_new_one(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    page = browser.follow(browser.post("/extensions/new", {"display_name": "Dora", "extension": "104", "outgoing": "own"}))
    _sip, web = SECRET.findall(page.text)
    dora = browse(host="lantern.localhost")
    dora.post("/login", {"username": "104", "password": web})
    assert dora.get("/").headers["Location"].endswith("/new-password")
    assert mails() == []


def test_whoever_has_an_address_is_invited_and_no_password_is_made(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    typed = {"display_name": "Dora", "extension": "104", "outgoing": "own", "email": "dora@lantern.example"}
    page = browser.follow(browser.post("/extensions/new", typed))
    assert len(SECRET.findall(page.text)) == 1, "the SIP password only"
    assert "invited by mail to dora@lantern.example" in page.text
    assert "Invited to choose one" in page.text
    (mail,) = mails()
    assert (mail.kind, mail.to) == ("invitation", "dora@lantern.example")
    dora = browse(host="lantern.localhost")
    assert "Welcome, Dora" in dora.get(mail.path).text
    answer = dora.post(mail.path, {"password": NEW, "repeat": NEW})
    assert answer.headers["Location"] == "/"
    assert "Dora" in dora.get("/account").text
    assert browse(host="lantern.localhost").post("/login", {"username": "104", "password": NEW}).status_code == 303
    assert "Invited to choose one" not in browser.get(page.request.path).text


def test_a_page_fetched_ahead_does_not_use_the_secret_up(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    answer = browser.post(path(cast, "alice", "sip-password"))
    browser.client.get(answer.headers["Location"], base_url=f"http://{browser.host}", headers={"Sec-Purpose": "prefetch"})
    assert SECRET.findall(browser.follow(answer).text)


@pytest.mark.parametrize(
    ("typed", "sentence", "field"),
    [
        ({"extension": "102"}, "102 belongs to Bob Turner; 104 is free.", "extension"),
        ({"extension": "99"}, "Your extensions reach from 100 to 699.", "extension"),
        ({"extension": "1O4"}, "An extension consists of digits only, 10 at most.", "extension"),
        ({"extension": ""}, "Please fill this in.", "extension"),
        ({"display_name": ""}, "Please fill this in.", "display_name"),
        ({"display_name": "x" * 128}, "Use at most 127 characters.", "display_name"),
        ({"username": "do ra"}, "A user name has no blanks.", "username"),
        (
            {"username": "dóra"},
            "Use letters from a to z without accents, digits, and + = , ; _ . ~ ' ( ) ! * - only.",
            "username",
        ),
        ({"username": "alice"}, "Somebody here has this user name already. Choose another one.", "username"),
        ({"web_username": "alice"}, "Somebody here already signs in with this name.", "web_username"),
        ({"email": "dora"}, "This does not look like an e-mail address.", "email"),
        ({"outgoing": "constructor"}, "Please choose one of the offered values.", "outgoing"),
        ({"language": "xx"}, "Please choose one of the offered values.", "language"),
    ],
)
def test_a_refused_extension_keeps_what_was_typed(
    cast: Cast, browse: Browse, typed: dict[str, str], sentence: str, field: str
) -> None:
    given = {"display_name": "Dora Albrecht", "extension": "104", "email": "dora@lantern.example", "outgoing": "own", **typed}
    page = browse(cast.clare).post("/extensions/new", given)
    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert text_of(page).count(sentence) >= 2, "in the summary and at the field"
    assert 'aria-invalid="true"' in page.text
    for name in ("display_name", "extension", "email", "username"):
        if typed.get(name, given.get(name)):
            assert f'value="{given[name]}"' in page.text
    with db.unit_of_work(cast.clare.scope) as session:
        assert len(session.scalars(select(Subscriber)).all()) == 5


def test_a_number_that_somebody_elsewhere_has_is_refused_without_telling_who(cast: Cast, browse: Browse) -> None:
    charlie = cast.charlie.subscriber
    assert charlie is not None
    with db.unit_of_work(Scope.platform()) as session:
        elsewhere = {"reseller_id": charlie.reseller_id, "customer_id": charlie.customer_id, "subscriber_id": charlie.id}
        session.add(Number(cc="49", ac="30", sn="5550000104", digits="49305550000104", **elsewhere))
    page = browse(cast.clare).post("/extensions/new", {"display_name": "Dora", "extension": "104"})
    assert page.status_code == 422
    assert "The number that belongs to this extension is in use elsewhere. Choose another extension." in page.text
    assert '<a href="#extension">' in page.text
    assert "Charlie" not in page.text


@pytest.mark.parametrize(
    ("low", "high", "hint"),
    [
        (100, 699, "100 to 699; next free: 104"),
        (101, 103, "101 to 103; none is free"),
        (None, None, "Next free: 104"),
        (None, 600, "Next free: 104"),
    ],
)
def test_the_hint_says_what_there_is(cast: Cast, browse: Browse, low: int | None, high: int | None, hint: str) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        customer = session.get_one(Customer, cast.lantern.id)
        customer.extension_min, customer.extension_max = low, high
    assert hint in text_of(browse(cast.clare).get("/extensions/new"))


def test_a_full_contract_is_said_before_anybody_types(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Customer, cast.lantern.id).max_subscribers = 5
    browser = browse(cast.clare)
    assert "The contract allows 5 lines, groups included, and all of them are in use." in browser.get("/extensions/new").text
    page = browser.post("/extensions/new", {"display_name": "Dora", "extension": "104", "outgoing": "own"})
    assert page.status_code == 422
    assert "The contract allows 5 lines, groups included, and all of them are in use." in page.text
