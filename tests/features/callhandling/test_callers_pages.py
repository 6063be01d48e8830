"""Caller lists on their pages."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.callhandling import queries
from portal.features.callhandling.models import CallerList
from portal.features.callhandling.rules import Destination, Plan, When
from portal.features.subscribers.rules import Feature, Level
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.features.callhandling.handled import add, allow
from tests.features.callhandling.reading import form_of
from tests.features.pbx.conftest import statements
from tests.features.pbx.reading import text_of

Browse = Callable[..., Browser]
LIST, NEW = "/call-handling/callers", "/call-handling/callers/new"
KRANZ = "030 23125142  Kranz & Söhne\n+44 20 79460958  Weaver\n0171*"


def new(browser: Browser, name: str = "Key customers", **typed: Any) -> TestResponse:
    return browser.post(NEW, {**form_of(browser.get(NEW), NEW), "name": name, "entries": KRANZ, **typed})


def everything(cast: Cast, person: Person | None = None) -> dict[str, queries.KeptCallers]:
    with db.unit_of_work(Scope.platform()) as session:
        found = queries.caller_lists(cast.lantern.id, person.subscriber.id if person else None)
        session.expunge_all()
        return {kept.row.name: kept for kept in found}


def only(cast: Cast) -> CallerList:
    (found,) = everything(cast).values()
    return found.row


def path(callers: CallerList, *more: str) -> str:
    return "/".join([LIST, callers.public_id, *more])


def test_the_pilot_gives_callers_a_name(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    assert "No lists of callers yet" in browser.get(LIST).text
    page = browser.follow(new(browser, hidden="y", colleagues="y"))
    assert "“Key customers” is added." in text_of(page)
    for words in (
        "Kranz & Söhne",
        "Weaver",
        "everything that starts with 0171",
        "hidden callers",
        "all colleagues",
        "not used yet",
    ):
        assert words in text_of(page)
    kept = everything(cast)["Key customers"]
    assert kept.notes == {"493023125142": "Kranz & Söhne", "442079460958": "Weaver", "49171*": None}
    assert (kept.row.hidden, kept.row.colleagues) == (True, True)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"entries": "0900*\nKranz"}, "Line 2, “Kranz”, is not a number."),
        ({"entries": "a\nb\n0900*"}, "Lines 1 and 2 are not numbers."),
        ({"entries": "0171 2044918\n+491712044918 Kim"}, "Line 2 says the same as line 1: 0171 2044918."),
        ({"entries": "\n".join(f"030 {n}" for n in range(100_000, 100_501))}, "These are 501 numbers; at most 500 fit."),
        ({"entries": "0171 2 " + "n" * 101}, "The note in line 1 is too long; use at most 100 characters."),
        ({"entries": "9" * 200_000}, "Use at most 100000 characters."),
        ({"entries": ""}, "Type at least one number, or tick who else belongs to it."),
        ({"name": ""}, "Please fill this in."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    cast: Cast, browse: Browse, typed: dict[str, str], sentence: str
) -> None:
    page = new(browse(cast.clare), **typed)
    assert page.status_code == 422
    assert sentence in text_of(page).replace("\u00a0", " ")
    assert everything(cast) == {}
    assert form_of(page, NEW)["entries"] == typed.get("entries", KRANZ)


def test_a_list_as_long_as_can_be_is_pasted_and_edited(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    new(browser, entries="\r\n".join(f"030 {n}  Number {n}" for n in range(100_000, 100_500)))
    action = path(only(cast))
    form = form_of(browser.get(action), action)
    assert str(form["entries"]).count("\n") == 499
    assert browser.post(action, {**form, "name": "Many"}).status_code == 303
    assert len(everything(cast)["Many"].notes) == 500


def test_callers_are_changed_and_say_so(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    new(browser)
    action = path(only(cast))
    form = form_of(browser.get(action), action)
    assert set(str(form["entries"]).splitlines()) == {"+442079460958  Weaver", "03023125142  Kranz & Söhne", "0171*"}
    saved = browser.follow(browser.post(action, {**form, "name": "Friends", "entries": "0171*", "colleagues": "y"}))
    assert "“Friends” is saved." in text_of(saved)
    assert everything(cast)["Friends"].notes == {"49171*": None}
    assert "You changed the callers “Friends”" in text_of(browser.get(action))


def test_two_who_change_the_same_list_choose(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    new(browser)
    action = path(only(cast))
    form = form_of(browser.get(action), action)
    browser.post(action, {**form, "entries": "0171*\n0172*", "hidden": "y"})
    page = browser.post(action, {**form, "entries": "0173*", "name": "Mobile"})
    assert page.status_code == 409
    for words in ("Somebody else saved first", "2 numbers: 0171*, 0172*", "1 number: 0173*"):
        assert words in text_of(page)
    browser.post(action, {**form_of(page, action), "keep_entries": "theirs"})
    kept = everything(cast)["Mobile"]
    assert (set(kept.notes), kept.row.hidden) == ({"49171*", "49172*"}, True)


def test_removing_asks_and_names_who_needs_it(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    new(browser)
    callers = only(cast)
    add(cast, "alice", Plan(when=When.ALWAYS, destinations=[Destination(number="491712044918")], callers=callers.public_id))
    assert "“Key customers” is in use." in text_of(browser.get(path(callers, "remove")))
    refused = browser.post(path(callers, "remove"))
    assert refused.status_code == 422
    assert "“Key customers” is used by Alice Meier." in text_of(refused)
    assert "used by 1 line" in text_of(browser.get(LIST))
    new(browser, "Unused")
    removed = browser.post(path(everything(cast)["Unused"].row, "remove"))
    assert "“Unused” is removed." in text_of(browser.follow(removed))


def test_a_person_keeps_an_own_list_that_nobody_else_sees(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    assert new(alice, "Relatives").status_code == 303
    relatives = everything(cast, cast.alice)["Relatives"].row
    assert "Relatives" in text_of(alice.get(LIST))
    for other in (cast.bob, cast.clare, cast.ike, cast.charlie):
        browser = browse(other)
        assert "Relatives" not in browser.get(LIST).text
        for url in (path(relatives), path(relatives, "remove")):
            assert browser.get(url).status_code == browser.post(url, {"name": "Mine"}).status_code == 404


def test_what_the_company_shares_is_read_by_all_and_changed_by_the_pilot(cast: Cast, browse: Browse) -> None:
    new(browse(cast.clare), hidden="y")
    callers, alice = only(cast), browse(cast.alice)
    page = alice.get(path(callers))
    assert "Kranz & Söhne 030 23125142" in text_of(page).replace("\u00a0", " ")
    assert "Callers who hide their number" in text_of(page)
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert alice.post(path(callers), {"name": "Mine"}).status_code == 404
    assert alice.get(path(callers, "remove")).status_code == alice.post(path(callers, "remove")).status_code == 404


@pytest.mark.parametrize(("level", "status"), [(Level.OFF, 404), (Level.USE, 200)])
def test_a_line_that_may_not_change_forwarding_makes_no_lists(cast: Cast, browse: Browse, level: Level, status: int) -> None:
    new(browse(cast.clare))
    allow(cast, "alice", Feature.FORWARDING, level=level)
    alice = browse(cast.alice)
    assert alice.get(LIST).status_code == alice.get(path(only(cast))).status_code == status
    assert alice.get(NEW).status_code == alice.post(NEW, {"name": "Mine"}).status_code == 404


def test_on_the_way_to_something_else_one_comes_back(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    form = form_of(browser.get(f"{NEW}?next=/call-handling"), NEW)
    assert browser.post(NEW, {**form, "name": "Friends", "entries": "0171*"}).headers["Location"] == "/call-handling"


def test_a_page_asks_little_of_the_database(cast: Cast, browse: Browse, database: db.Database) -> None:
    browser = browse(cast.clare)
    for n in range(6):
        new(browser, f"List {n}")
    for url in (LIST, NEW, path(everything(cast)["List 0"].row)):
        with statements(database) as seen:
            browser.get(url)
        assert len(seen) <= 6, (url, seen)
