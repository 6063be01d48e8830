"""Ticked rows of the list: a page asks, then it is done for all, and the list says what came of it."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.core import db
from portal.core.audit import Event
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.callhandling.models import Forward
from portal.features.pbx import operations as pbx, queries
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import Feature, Level
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.conftest import traces
from tests.features.pbx.reading import id_of, rows_of, text_of, undo_of

Browse = Callable[..., Browser]
LOCK = {"do": "lock", "level": "2", "reason": "On leave"}


def ids(cast: Cast, *names: str) -> list[str]:
    return [id_of(cast.people[name]) for name in names]


def go(browser: Browser, people: list[str], data: Mapping[str, Any], address: str = "/extensions/ticked") -> TestResponse:
    """As the page that asks before posts it."""
    return browser.post(address, {**data, "extension": people, "go": "1"})


def line(cast: Cast, name: str) -> Subscriber:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.get_one(Subscriber, cast.people[name].subscriber.id)
        session.expunge(found)
        return found


def test_rows_can_be_ticked_and_what_can_be_done_is_offered(cast: Cast, browse: Browse) -> None:
    page = browse(cast.clare).get("/extensions").text
    assert len(re.findall(r'name="extension" value="[^"]{16}" aria-label="Tick [^"]+" form="ticked"', page)) == 3
    for do in ("join", "leave", "lock", "unlock", "language", "profile"):
        assert f'name="do" value="{do}"' in page
    assert 'formaction="/extensions/ticked/invite"' in page
    assert 'formaction="/extensions/ticked/remove"' in page


def test_people_are_locked_after_a_page_that_asks_how_far(cast: Cast, browse: Browse) -> None:
    browser, people = browse(cast.clare), ids(cast, "alice", "bob")
    asked = browser.post("/extensions/ticked", {"do": "lock", "extension": people})
    assert asked.status_code == 200
    for words in ("Lock 2 people", "Alice Meier", "Bob Turner", "How far", "Reason"):
        assert words in text_of(asked)
    assert line(cast, "alice").lock_level == 0, "nothing is done before that page was answered"
    page = browser.follow(go(browser, people, LOCK))
    assert "2 people are locked: No outgoing calls." in text_of(page)
    assert [line(cast, name).lock_level for name in ("alice", "bob", "carol")] == [2, 2, 0]


def test_a_refused_page_keeps_ticks_and_what_was_typed(cast: Cast, browse: Browse) -> None:
    browser, people = browse(cast.clare), ids(cast, "alice", "bob")
    page = go(browser, people, {**LOCK, "level": "3", "reason": ""})
    assert page.status_code == 422
    assert "Please fill this in." in page.text
    assert re.search(r'name="level" value="3"[^>]* checked', page.text)
    assert [f'name="extension" value="{one}"' in page.text for one in people] == [True, True]
    assert "Choose a group." in go(browser, people, {"do": "join", "group": ""}).text


@pytest.mark.parametrize("do", ["lock", "unlock", "join", "leave", "language", "profile"])
def test_nothing_ticked_is_said(cast: Cast, browse: Browse, do: str) -> None:
    browser = browse(cast.clare)
    for address in ("/extensions/ticked", "/extensions/ticked/invite", "/extensions/ticked/remove"):
        page = browser.follow(browser.post(address, {"do": do}))
        assert "Tick the people first." in text_of(page)
        assert browser.follow(browser.post(address, {"do": do, "extension": ["x", ""]})).status_code == 200


def test_the_list_stays_as_it_was_asked_for(cast: Cast, browse: Browse) -> None:
    browser, people = browse(cast.clare), ids(cast, "alice")
    address = "/extensions/ticked?q=ali&sort=-name"
    asked = browser.post(address, {"do": "lock", "extension": people})
    assert f'action="{address}"' in asked.text.replace("&amp;", "&")
    answer = go(browser, people, LOCK, address)
    assert answer.headers["Location"] == "/extensions?q=ali&sort=-name"
    page = browser.follow(answer)
    assert "Alice Meier is locked: No outgoing calls." in text_of(page)
    back = browser.post(*undo_of(page))
    assert back.headers["Location"] == "/extensions?q=ali&sort=-name"


def test_locking_is_undone_to_what_each_had(cast: Cast, browse: Browse) -> None:
    browser, people = browse(cast.clare), ids(cast, "alice", "bob")
    browser.follow(go(browser, people[:1], {**LOCK, "level": "4", "reason": "Phone lost"}))
    page = browser.follow(go(browser, people, LOCK))
    page = browser.follow(browser.post(*undo_of(page)))
    assert "Everything is as it was before." in text_of(page)
    assert [line(cast, name).lock_level for name in ("alice", "bob")] == [4, 0]
    page = browser.follow(browser.post("/extensions/ticked", {"do": "unlock", "extension": people}))
    assert "Alice Meier is unlocked. Not locked: Bob Turner." in text_of(page)
    browser.follow(browser.post(*undo_of(page)))
    assert line(cast, "alice").lock_level == 4
    page = browser.follow(browser.post("/extensions/ticked", {"do": "unlock", "extension": people[1:]}))
    assert "Nothing was changed. Not locked: Bob Turner." in text_of(page)


def test_groups_lose_and_win_ticked_people_and_both_are_undone(cast: Cast, browse: Browse) -> None:
    browser, people, sales = browse(cast.clare), ids(cast, "alice", "bob"), cast.groups["sales"].public_id
    before = members(cast)
    assert "Take 2 people out of a group" in text_of(browser.post("/extensions/ticked", {"do": "leave", "extension": people}))
    page = browser.follow(go(browser, people, {"do": "leave", "group": sales}))
    assert "2 people no longer ring in Sales." in text_of(page)
    assert len(members(cast)) == 1
    browser.follow(browser.post(*undo_of(page)))
    assert members(cast) == before
    browser.follow(go(browser, people[:1], {"do": "leave", "group": sales}))
    page = browser.follow(go(browser, people, {"do": "join", "group": sales}))
    assert "Alice Meier now rings in Sales, as the last one. Already in the group: Bob Turner." in text_of(page)
    browser.follow(browser.post(*undo_of(page)))
    assert members(cast) == before[1:]


def members(cast: Cast) -> list[str]:
    with db.unit_of_work(cast.clare.scope):
        return list(queries.member_ids(queries.group(cast.groups["sales"].public_id)))


def test_languages_are_set_and_come_back(cast: Cast, browse: Browse) -> None:
    browser, people = browse(cast.clare), ids(cast, "alice", "bob")
    browser.follow(go(browser, people[:1], {"do": "language", "language": "de"}))
    page = browser.follow(go(browser, people, {"do": "language", "language": "en"}))
    assert "2 people have another language: English." in text_of(page)
    browser.follow(browser.post(*undo_of(page)))
    assert [line(cast, name).language for name in ("alice", "bob")] == ["de", None]
    assert go(browser, people, {"do": "language", "language": "tlh"}).status_code == 422


def test_a_profile_is_given_after_saying_what_goes(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.clare.scope):
        strict = subscribers.add_profile(
            by=cast.clare.identity, customer_id=cast.lantern.id, name="Strict", levels={Feature.FORWARDING: Level.OFF}
        ).public_id
    forwards(cast, "alice")
    browser, people = browse(cast.clare), ids(cast, "alice", "bob")
    asked = go(browser, people, {"do": "profile", "profile": strict})
    assert "Calls to 1 person are no longer forwarded." in text_of(asked)
    page = browser.follow(go(browser, people, {"do": "profile", "profile": strict, "agreed": "forwarding"}))
    assert "2 people have the profile “Strict”." in text_of(page)
    assert not allowed(cast, "alice")
    browser.follow(browser.post(*undo_of(page)))
    assert allowed(cast, "alice")


def forwards(cast: Cast, name: str) -> None:
    whose = cast.people[name].subscriber
    own = {"reseller_id": whose.reseller_id, "customer_id": whose.customer_id, "subscriber_id": whose.id}
    with db.unit_of_work(Scope.platform()) as session:
        session.add(Forward(when="always", position=0, **own))


def allowed(cast: Cast, name: str) -> bool:
    with db.unit_of_work(cast.clare.scope):
        return subscriber_queries.allowance_of(cast.people[name].subscriber.id).may_use(Feature.FORWARDING)


def test_invitations_name_who_gets_one_and_who_does_not(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.clare.scope) as session:
        alice = queries.extension(id_of(cast.alice))
        pbx.change_person(
            by=cast.clare.identity,
            line=alice,
            version=alice.version,
            display_name=alice.display_name,
            email="alice@lantern.example",
            web_username="alice",
            language=None,
        )
        for name in ("alice", "bob"):
            session.get_one(Account, cast.people[name].account.id).password_hash = None
    browser, people, address = browse(cast.clare), ids(cast, "alice", "bob", "carol"), "/extensions/ticked/invite"
    asked = text_of(browser.post(address, {"extension": people}))
    for words in (
        "Invite 1 person",
        "Alice Meier 101 alice@lantern.example",
        "Bob Turner 102 Without an e-mail address",
        "Carol Nguyen 103 With a web password already",
        "Send the invitation",
    ):
        assert words in asked
    page = text_of(browser.follow(go(browser, people, {}, address)))
    assert "An invitation is on its way to alice@lantern.example." in page
    assert "Without an e-mail address: Bob Turner. With a web password already: Carol Nguyen." in page
    assert "Nobody to invite" in text_of(browser.post(address, {"extension": people[1:]}))


def test_removing_lists_what_goes_and_names_who_was_gone_already(cast: Cast, browse: Browse) -> None:
    browser, people, address = browse(cast.clare), ids(cast, "alice", "bob"), "/extensions/ticked/remove"
    asked = text_of(browser.post(address, {"extension": people}))
    for words in ("Remove 2 people", "This cannot be undone.", "Alice Meier, 101", "Leaves Sales. The sign-in ends: alice."):
        assert words in asked
    browser.post(f"/extensions/{people[1]}/remove")
    page = browser.follow(go(browser, people, {}, address))
    assert "Alice Meier is removed. Removed in the meantime: Bob Turner." in text_of(page)
    assert rows_of(page) == ["Carol Nguyen"]
    assert "Undo" not in page.text
    late = browser.follow(browser.post(address, {"extension": people}))
    assert "They have all been removed in the meantime." in text_of(late)


def test_each_person_has_a_trace_of_their_own(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    browser.follow(go(browser, ids(cast, "alice", "bob"), LOCK))
    with db.unit_of_work(cast.clare.scope):
        for name in ("alice", "bob"):
            (entry,) = traces(id_of(cast.people[name]), Event.EXTENSION_LOCKED)
            assert (entry.actor_name, entry.details["reason"]) == ("Clare Fenn", [None, "On leave"])


@pytest.mark.parametrize("stranger", ["ike", "charlie", "rita", "tom", "alice"])
def test_others_do_nothing_to_ticked_people(cast: Cast, browse: Browse, stranger: str) -> None:
    browser, people = browse(cast.people[stranger]), ids(cast, "alice", "bob")
    for do in ("lock", "join", "leave", "language", "profile"):
        data = {**LOCK, "do": do, "group": cast.groups["sales"].public_id, "language": "de", "profile": ""}
        assert browser.post("/extensions/ticked", {**data, "extension": people}).status_code == 404, do
        assert go(browser, people, data).status_code in {404, 422}, do
    assert browser.post("/extensions/ticked", {"do": "unlock", "extension": people}).status_code == 404
    for address in ("/extensions/ticked/invite", "/extensions/ticked/remove"):
        assert browser.post(address, {"extension": people}).status_code == 404
        assert go(browser, people, {}, address).status_code == 404
    alice = line(cast, "alice")
    assert (alice.lock_level, alice.status, alice.language) == (0, "active", None)
    assert len(members(cast)) == 3


def test_staff_who_view_as_the_pilot_remove_and_invite_nobody(cast: Cast, browse: Browse) -> None:
    cora, people = browse(cast.cora), ids(cast, "alice")
    cora.post(f"/accounts/{cast.clare.account.public_id}/view-as", {"reason": "Call 4711: cannot find it"})
    shown = cora.get("/extensions").text
    for kept in ("invite", "remove"):
        assert f"/extensions/ticked/{kept}" not in shown
        assert go(cora, people, {}, f"/extensions/ticked/{kept}").status_code == 403
    assert "Alice Meier is locked: No outgoing calls." in text_of(cora.follow(go(cora, people, LOCK)))


@pytest.mark.parametrize(
    "odd",
    [
        {"do": "lock", "back": ""},
        {"do": "lock", "back": "[]"},
        {"do": "lock", "back": '{"null": 3}'},
        {"do": "lock", "back": '{"{": []}'},
        {"do": "lock", "back": "{}"},
        {"do": "lock", "back": "[" * 5000},
        {"do": "lock", "back": json.dumps({"[9, 9]": ["0123456789abcdef"]})},
        {"do": "language", "back": json.dumps({'"tlh"': ["0123456789abcdef"]})},
        {"do": "language", "back": json.dumps({"7": ["0123456789abcdef"]})},
        {"do": "profile", "back": json.dumps({'"0123456789abcdef"': ["0123456789abcdef"]})},
        {"do": "join", "back": json.dumps({'"x"': ["0123456789abcdef"]}), "group": "x"},
        {"do": "dance", "back": json.dumps({"null": ["0123456789abcdef"]})},
    ],
)
def test_an_odd_way_back_changes_nothing(cast: Cast, browse: Browse, odd: dict[str, str]) -> None:
    browser = browse(cast.clare)
    page = browser.follow(browser.post("/extensions/ticked/undo", odd))
    assert "Everything is as it was before." not in page.text
    assert browser.post("/extensions/ticked", {"do": "dance", "extension": ids(cast, "alice")}).status_code == 404
    alice = line(cast, "alice")
    assert (alice.lock_level, alice.language, alice.version) == (0, None, 1)
