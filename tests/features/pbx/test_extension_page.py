"""One extension, as a browser sees it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.contacts import operations as contacts
from portal.features.pbx import queries
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.rules import LockLevel
from tests.browser import Browser
from tests.cast import PASSWORD, Cast
from tests.factories.mails import MailFactory
from tests.features.pbx.reading import SECRET, fields_of, id_of, path, pool, rows_of, text_of, undo_of
from tests.mailbox import mails

Browse = Callable[..., Browser]


def test_the_page_says_what_callers_experience(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.clare).get(path(cast, "alice")))
    assert "Calls to 101 and 030 5550000101 ring Alice Meier." in page
    assert "People outside who are called see 030 5550000101." in page
    assert "alice@ lantern. telephone. example" in page


def test_a_colleague_is_called_by_a_press(cast: Cast, browse: Browse) -> None:
    assert 'href="sip:alice@lantern.telephone.example"' in browse(cast.clare).get(path(cast, "alice")).text


def test_sections_save_on_their_own(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    action = path(cast, "alice", "person")
    form = fields_of(browser.get(action), action)
    page = browser.follow(
        browser.post(action, {**form, "display_name": "Alice Öhler", "email": "a@lantern.example", "language": "en"})
    )
    assert "Saved." in page.text
    assert (
        "You changed Alice Öhler: name “Alice Öhler” (before: “Alice Meier”); e-mail “a@lantern.example” (before: none)"
        in text_of(page)
    )
    action = path(cast, "alice", "allowed")
    form = fields_of(browser.get(action), action)
    page = browser.follow(browser.post(action, {**form, "do_not_disturb": "y"}))
    assert "do not ring: do not disturb is on" in text_of(page)


def test_numbers_are_edited_in_place(cast: Cast, browse: Browse) -> None:
    first, second, *_ = pool(cast)
    browser, action = browse(cast.clare), path(cast, "alice", "numbers")
    form = fields_of(browser.get(action), action)
    browser.post(action, {**form, "outgoing": "own", "add": first.public_id})
    page = browser.get(action)
    assert f'value="{first.public_id}" checked' in page.text
    answer = browser.post(
        action,
        {**fields_of(page, action), "extension": "111", "outgoing": "base", "keep": [first.public_id], "add": second.public_id},
    )
    shown = text_of(browser.follow(answer))
    assert "Calls to 111, 030 5550000111, 030 5550700 and 030 5550701 ring Alice Meier." in shown
    assert "People outside who are called see 030 5550000." in shown


def test_a_refused_section_stays_open_with_what_was_typed(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.clare), path(cast, "alice", "numbers")
    form = fields_of(browser.get(action), action)
    page = browser.post(action, {**form, "extension": "102", "outgoing": "base"})
    assert page.status_code == 422
    assert 'value="102"' in page.text
    assert '<option value="base" selected>' in page.text
    assert "102 belongs to Bob Turner; 104 is free." in text_of(page)


def test_a_lock_can_be_undone_and_the_undoing_too(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    page = browser.follow(browser.post(path(cast, "alice", "lock"), {"level": "3", "reason": "On leave & away"}))
    assert "Alice Meier is locked: No calls." in page.text
    assert "are turned away: the line is locked" in text_of(page)
    page = browser.follow(browser.post(*undo_of(page)))
    assert "Alice Meier is unlocked." in page.text
    page = browser.follow(browser.post(*undo_of(page)))
    assert "Alice Meier is locked: No calls." in page.text
    assert "On leave & away" in text_of(page)


def test_another_level_is_undone_to_the_one_before(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    browser.follow(browser.post(path(cast, "alice", "lock"), {"level": "3", "reason": "On leave"}))
    page = browser.follow(browser.post(path(cast, "alice", "lock"), {"level": "1", "reason": "Back soon"}))
    page = browser.follow(browser.post(*undo_of(page)))
    assert "“On leave”" in page.text
    assert "No calls" in page.text


@pytest.mark.parametrize("level", ["0", "5", "9", "x", ""])
def test_other_levels_are_refused(cast: Cast, browse: Browse, level: str) -> None:
    browser = browse(cast.clare)
    assert browser.post(path(cast, "alice", "lock"), {"level": level, "reason": "On leave"}).status_code == 422
    assert browser.post(path(cast, "alice", "relock"), {"level": level, "reason": "x"}).status_code == 422


@pytest.mark.parametrize("reason", ["\0", " ", "x" * 201])
def test_a_way_back_with_another_reason_is_refused(cast: Cast, browse: Browse, reason: str) -> None:
    assert browse(cast.clare).post(path(cast, "alice", "relock"), {"level": "2", "reason": reason}).status_code == 422


@pytest.mark.parametrize("add", ["\0", "x", "0" * 17])
def test_what_is_no_number_cannot_be_added(cast: Cast, browse: Browse, add: str) -> None:
    browser, action = browse(cast.clare), path(cast, "alice", "numbers")
    page = browser.post(action, {**fields_of(browser.get(action), action), "outgoing": "own", "add": add})
    assert page.status_code == 422
    assert "Please choose one of the offered values." in page.text


def test_the_providers_lock_is_shown_and_stays(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.tom.scope):
        alice = subscriber_queries.line(id_of(cast.alice))
        subscribers.lock(by=cast.tom.identity, line=alice, level=LockLevel.FOREIGN, reason="Invoice open")
    browser = browse(cast.clare)
    page = browser.get(path(cast, "alice"))
    assert "Locked by your provider: “Invoice open”" in text_of(page)
    assert "Unlock" not in text_of(page)
    refused = browser.post(path(cast, "alice", "unlock"))
    assert refused.status_code == 422
    assert "only your provider can lift that" in refused.text


def test_level_four_signs_the_person_out(cast: Cast, browse: Browse) -> None:
    alice, clare = browse(cast.alice), browse(cast.clare)
    assert alice.get("/account").status_code == 200
    clare.post(path(cast, "alice", "lock"), {"level": "4", "reason": "Left"})
    assert alice.get("/account").status_code == 302
    refused = browse(host="lantern.localhost").post("/login", {"username": "alice", "password": PASSWORD})
    assert refused.status_code == 422


def test_removing_says_what_goes_and_asks_once(cast: Cast, browse: Browse) -> None:
    alice, clare = browse(cast.alice), browse(cast.clare)
    alice.get("/account")
    clare.post("/numbers", {"number": pool(cast)[0].public_id, "to": id_of(cast.alice)})
    page = text_of(clare.get(path(cast, "alice", "remove")))
    for words in (
        "Calls to 101 and 030 5550000101 no longer arrive.",
        "Further numbers return to the pool: 030 5550700.",
        "The place in these groups: Sales.",
        "The sign-in alice@lantern.telephone.example: it is signed out everywhere.",
        "Phones signed in as alice stop working. The name is free again.",
        "The calls made so far stay in the call list.",
    ):
        assert words in page
    after = clare.follow(clare.post(path(cast, "alice", "remove")))
    assert "Alice Meier is removed. Extension 101 is free again." in after.text
    assert rows_of(after) == ["Bob Turner", "Carol Nguyen"]
    assert clare.get(path(cast, "alice")).status_code == 404
    assert alice.get("/account").status_code == 302


def test_new_passwords_are_shown_once(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    page = browser.follow(browser.post(path(cast, "alice", "sip-password")))
    assert len(SECRET.findall(page.text)) == 1
    page = browser.follow(browser.post(path(cast, "alice", "web-password"), {"how": "once"}))
    (made,) = SECRET.findall(page.text)
    assert browse(host="lantern.localhost").post("/login", {"username": "alice", "password": made}).status_code == 303
    assert browser.post(path(cast, "alice", "web-password"), {"how": "by pigeon"}).status_code == 422
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get_one(Account, cast.alice.account.id).must_change_password


def test_a_link_to_a_new_web_password_goes_to_the_person_else_to_the_company(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    assert "clare@lantern.example, the company’s contact" in browser.get(path(cast, "alice", "web-password")).text
    page = browser.follow(browser.post(path(cast, "alice", "web-password"), {"how": "mail"}))
    assert "on its way to clare@lantern.example" in page.text
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == cast.alice.account.id).values(email="alice@lantern.example"))
    browser.post(path(cast, "alice", "web-password"), {"how": "mail"})
    first, second = mails("password_reset")
    assert (first.to, second.to) == ("clare@lantern.example", "alice@lantern.example")
    assert "Clare Fenn has this link sent to you" in second.text
    alice = browse(host="lantern.localhost")
    assert alice.get(first.path).status_code == 404, "only the newest link opens"
    assert alice.get(second.path).status_code == 200
    assert browse(host="lantern.localhost").post("/login", {"username": "alice", "password": PASSWORD}).status_code == 303


def test_where_no_mail_can_go_the_page_says_so_beforehand(
    cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = queries.sheet
    monkeypatch.setattr(queries, "sheet", lambda public_id: replace(whole(public_id), mail_address=None))
    browser = browse(cast.clare)
    page = browser.get(path(cast, "alice", "web-password"))
    assert "Nothing can be sent by mail" in page.text
    assert 'value="mail"' not in page.text
    assert browser.post(path(cast, "alice", "web-password"), {"how": "mail"}).status_code == 422


def test_the_history_has_a_page_of_its_own(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    assert "Nothing has been changed yet." in browser.get(path(cast, "alice")).text
    for level in ("1", "2", "3", "1", "2", "3"):
        browser.post(path(cast, "alice", "lock"), {"level": level, "reason": f"Reason {level}"})
    page = browser.get(path(cast, "alice"))
    assert "All 6 changes" in page.text
    full = text_of(browser.get(path(cast, "alice", "history")))
    assert full.count("You locked Alice Meier") == 6
    assert browser.get(path(cast, "alice", "history") + "?page=2").status_code == 200
    assert browser.get(path(cast, "alice", "history") + "?page=x").status_code == 200


def test_an_address_that_gives_mails_back_is_marked(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.clare.scope):
        line = subscriber_queries.line(cast.alice.subscriber.public_id)
        line.contact_id = contacts.keep_email(reseller_id=line.reseller_id, contact_id=None, email="alice@lantern.example")
    browser = browse(cast.clare)
    assert "Mails come back" not in browser.get(path(cast, "alice")).text
    with db.unit_of_work(Scope.platform()):
        MailFactory(reseller_id=cast.lantern.reseller_id, customer_id=cast.lantern.id, state="bounced")
    assert "Mails come back" in browser.get(path(cast, "alice")).text
