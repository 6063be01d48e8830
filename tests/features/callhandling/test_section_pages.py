"""Do not disturb, ring time, own number, blocking and speed dial, edited on the page of a line."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from portal.core import db
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.callhandling import queries
from portal.features.callhandling.queries import Sheet
from portal.features.phonebook import operations as phonebook
from portal.features.phonebook.queries import Book
from portal.features.phonebook.rules import Label
from portal.features.subscribers.rules import Feature, Level
from tests.browser import Browser
from tests.cast import Cast
from tests.features.callhandling.handled import allow, id_of, path
from tests.features.callhandling.reading import form_of
from tests.features.pbx.conftest import statements
from tests.features.pbx.reading import text_of, undo_of

Browse = Callable[..., Browser]
PARTS = {
    "ringing": Feature.FORWARDING,
    "privacy": Feature.PRIVACY,
    "blocking/incoming": Feature.BLOCK_INCOMING,
    "blocking/outgoing": Feature.BLOCK_OUTGOING,
    "speed-dial": Feature.SPEED_DIAL,
}
TITLES = {
    "ringing": "Ring time",
    "privacy": "Own number",
    "blocking/incoming": "Blocked callers",
    "blocking/outgoing": "Blocked numbers",
    "speed-dial": "Speed dial",
}
TYPED = {
    "ringing": {"ring_seconds": "35"},
    "privacy": {"hide_outside": "y"},
    "blocking/incoming": {"mode": "block", "entries": "0171 2044918  Kim", "block_hidden": "y"},
    "blocking/outgoing": {"mode": "block", "entries": "0900*  Premium"},
    "speed-dial": {"to_0": "Bob Turner, 102", "to_1": "0171 2044918", "name_1": "Kim", "to_2": "600", "to_3": "carol nguyen"},
}


def sheet_of(cast: Cast, name: str) -> Sheet:
    with db.unit_of_work(Scope.platform()) as session:
        found = queries.sheet(id_of(cast, name))
        session.expunge_all()
        return found


def save(browser: Browser, action: str, **typed: str) -> TestResponse:
    return browser.post(action, {**form_of(browser.get(action), action), **typed})


# --- saving ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("ringing", "A call now counts as not answered after 35 seconds."),
        ("privacy", "People outside no longer see the number; colleagues do."),
        ("blocking/incoming", "Calls from 1 number and hidden callers no longer get through."),
        ("blocking/outgoing", "1 number can no longer be called."),
        ("speed-dial", "4 keys call somebody."),
    ],
)
def test_each_part_saves_on_its_own_and_says_what_comes_of_it(cast: Cast, browse: Browse, part: str, sentence: str) -> None:
    browser = browse(cast.alice)
    page = browser.follow(save(browser, path(cast, "alice", part), **TYPED[part]))
    assert sentence in text_of(page)
    assert TITLES[part] in text_of(page)


def test_what_was_saved_is_shown(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    for part, typed in TYPED.items():
        save(browser, path(cast, "alice", part), **typed)
    words = text_of(browser.get(path(cast, "alice"))).replace("\u00a0", " ")
    for expected in (
        "after 35 seconds",
        "Outside Hidden",
        "Inside Shown",
        "These numbers and callers who hide their number do not get through: 0171 2044918 Kim",
        "This number cannot be called: everything that starts with 0900 Premium",
        "*0 Bob Turner, 102",
        "*1 Kim , 0171 2044918",
        "*2 Sales, 600",
        "*3 Carol Nguyen, 103",
    ):
        assert expected in words
    sheet = sheet_of(cast, "alice")
    assert sheet.handling.version == 5


@pytest.mark.parametrize("part", PARTS)
def test_saving_what_stands_changes_nothing(cast: Cast, browse: Browse, part: str) -> None:
    browser, action = browse(cast.alice), path(cast, "alice", part)
    save(browser, action, **TYPED[part])
    assert save(browser, action).status_code == 303
    assert sheet_of(cast, "alice").handling.version == 1


def test_do_not_disturb_is_one_press_and_one_back(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.alice), path(cast, "alice", "do-not-disturb")
    page = browser.follow(browser.post(action, {"on": "1"}))
    assert "Your telephone does not ring any more." in text_of(page)
    assert 'role="switch" aria-checked="true"' in page.text
    assert sheet_of(cast, "alice").line.do_not_disturb
    url, fields = undo_of(page)
    assert "Calls ring again." in text_of(browser.follow(browser.post(url, fields)))
    assert not sheet_of(cast, "alice").line.do_not_disturb
    clare = browse(cast.clare)
    assert "Calls to Alice Meier do not ring any more." in text_of(clare.follow(clare.post(action, {"on": "1"})))


def test_do_not_disturb_is_switched_from_the_dashboard_as_well(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.alice), path(cast, "alice", "do-not-disturb")
    form = form_of(browser.get("/"), action)
    assert form["on"] == "1"
    answer = browser.post(action, form)
    assert answer.headers["Location"] == "/"
    page = browser.follow(answer)
    assert "Let it ring again" in page.text
    url, fields = undo_of(page)
    assert browser.post(url, fields).headers["Location"] == "/"
    assert not sheet_of(cast, "alice").line.do_not_disturb
    browser.get("/")  # says what was done
    allow(cast, "alice", Feature.DO_NOT_DISTURB, level=Level.USE)
    assert action not in browser.get("/").text


# --- bad input ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "typed", "sentence"),
    [
        ("ringing", {"ring_seconds": "0"}, "Type a number from 1 to 3600."),
        ("ringing", {"ring_seconds": "soon"}, "Please type a whole number."),
        ("ringing", {"ring_seconds": ""}, "Please fill this in."),
        ("blocking/incoming", {"entries": "0171*\nKim"}, "Line 2, “Kim”, is not a number."),
        ("blocking/incoming", {"mode": "allow", "entries": ""}, "With an empty list nobody would get through."),
        ("blocking/incoming", {"mode": "moon"}, "Please choose one of the offered values."),
        ("blocking/outgoing", {"entries": "0900*\n110"}, "110 is an emergency number and can always be called."),
        ("blocking/outgoing", {"entries": "0900*\n0900*"}, "Line 2 says the same as line 1"),
        ("speed-dial", {"to_4": "Nobody Here"}, "Nobody here is called “Nobody Here”."),
        ("speed-dial", {"name_5": "Kim"}, "Say whom this key calls, or leave its name empty, too."),
        ("speed-dial", {"to_6": "0171 2044918", "name_6": "n" * 64}, "Use at most 63 characters."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    cast: Cast, browse: Browse, part: str, typed: dict[str, str], sentence: str
) -> None:
    browser, action = browse(cast.alice), path(cast, "alice", part)
    page = save(browser, action, **{**TYPED[part], **typed})
    assert page.status_code == 422
    assert sentence in text_of(page)
    again = form_of(page, action)
    assert {name: again.get(name) for name in typed if name != "mode"} == {
        name: value for name, value in typed.items() if name != "mode"
    }
    assert sheet_of(cast, "alice").handling.version == 0


def test_a_key_whose_person_has_left_says_so(cast: Cast, browse: Browse) -> None:
    browser, clare = browse(cast.alice), browse(cast.clare)
    save(browser, path(cast, "alice", "speed-dial"), to_0="102")
    clare.post(f"/extensions/{id_of(cast, 'bob')}/remove")
    action = path(cast, "alice", "speed-dial")
    assert "has left" in text_of(browser.get(path(cast, "alice")))
    page = save(browser, action, to_1="103")
    assert page.status_code == 422
    assert "Nobody here is called “Bob Turner, 102”." in text_of(page)
    assert save(browser, action, to_0="", to_1="103").status_code == 303


def test_a_key_calls_somebody_of_the_phonebook_by_name(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.clare.scope):
        for name, numbers in (("Kranz & Söhne", ["030 23125142"]), ("Hofmann", ["040 1", "040 2222222"])):
            by, typed = cast.clare.identity, [(Label.WORK, number) for number in numbers]
            phonebook.add(by=by, book=Book.COMPANY, name=name, numbers=typed, home=Home("49", "30"))
    browser, action = browse(cast.alice), path(cast, "alice", "speed-dial")
    assert save(browser, action, to_0="kranz & söhne", to_1="Bob Turner").status_code == 303
    dials = sheet_of(cast, "alice").speed_dials
    assert (dials[0].number, dials[0].name) == ("493023125142", "kranz & söhne")
    refused = save(browser, action, to_2="Hofmann")
    assert refused.status_code == 422
    assert "Nobody here is called “Hofmann”." in text_of(refused)


@pytest.mark.parametrize("part", ["", *PARTS])
def test_a_page_asks_little_of_the_database(cast: Cast, browse: Browse, database: db.Database, part: str) -> None:
    browser, url = browse(cast.alice), path(cast, "alice", *([part] if part else []))
    for name, typed in TYPED.items():
        save(browser, path(cast, "alice", name), **typed)
    browser.get(url)
    with statements(database) as seen:
        browser.get(url)
    assert len(seen) <= 6, seen


# --- two at once -------------------------------------------------------------------------------------------------------------


def test_two_parts_that_are_saved_at_the_same_time_both_stand(cast: Cast, browse: Browse) -> None:
    alice, clare = browse(cast.alice), browse(cast.clare)
    ringing, privacy = path(cast, "alice", "ringing"), path(cast, "alice", "privacy")
    hers, pilots = form_of(alice.get(ringing), ringing), form_of(clare.get(privacy), privacy)
    assert alice.post(ringing, {**hers, "ring_seconds": "35"}).status_code == 303
    assert clare.post(privacy, {**pilots, "hide_inside": "y"}).status_code == 303
    handling = sheet_of(cast, "alice").handling
    assert (handling.ring_seconds, handling.hide_inside) == (35, True)


@pytest.mark.parametrize(
    ("part", "theirs", "mine", "name"),
    [
        ("ringing", {"ring_seconds": "35"}, {"ring_seconds": "45"}, "ring_seconds"),
        ("blocking/incoming", {"entries": "0171*"}, {"entries": "0172*\n0173*"}, "entries"),
        ("speed-dial", {"to_0": "102"}, {"to_0": "103"}, "to_0"),
    ],
)
def test_two_who_change_the_same_choose(
    cast: Cast, browse: Browse, part: str, theirs: dict[str, str], mine: dict[str, str], name: str
) -> None:
    browser, action = browse(cast.alice), path(cast, "alice", part)
    form = form_of(browser.get(action), action)
    browser.post(action, {**form, **theirs})
    page = browser.post(action, {**form, **mine})
    assert page.status_code == 409
    assert "Somebody else saved first" in text_of(page)
    before = sheet_of(cast, "alice")
    assert browser.post(action, {**form_of(page, action), f"keep_{name}": "theirs"}).status_code == 303
    assert sheet_of(cast, "alice").handling.version == before.handling.version
    assert browser.post(action, {**form_of(page, action), f"keep_{name}": "yours"}).status_code == 303
    assert sheet_of(cast, "alice").handling.version == before.handling.version + 1


# --- who may -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_what_is_turned_off_is_absent_and_refused(cast: Cast, browse: Browse, part: str) -> None:
    clare, action = browse(cast.clare), path(cast, "alice", part)
    save(clare, action, **TYPED[part])
    allow(cast, "alice", PARTS[part], level=Level.OFF)
    alice = browse(cast.alice)
    assert TITLES[part] not in text_of(alice.get(path(cast, "alice")))
    assert alice.get(action).status_code == 404
    refused = alice.post(action, {**TYPED[part], "version": "1"})
    assert refused.status_code == 422
    assert "This is not part of your line." in text_of(refused)
    assert "Not in force" in text_of(clare.get(path(cast, "alice")))


@pytest.mark.parametrize("part", PARTS)
def test_what_is_fixed_is_shown_without_a_way_to_change_it(cast: Cast, browse: Browse, part: str) -> None:
    allow(cast, "alice", PARTS[part], level=Level.USE)
    alice, action = browse(cast.alice), path(cast, "alice", part)
    page = alice.get(path(cast, "alice"))
    assert TITLES[part] in text_of(page)
    assert action not in page.text
    assert alice.get(action).status_code == 404
    refused = alice.post(action, {**TYPED[part], "version": "0"})
    assert refused.status_code == 422
    assert "Only whoever runs your telephone system can change this." in text_of(refused)


@pytest.mark.parametrize(("level", "shown"), [(Level.OFF, False), (Level.USE, True)])
def test_do_not_disturb_follows_the_profile(cast: Cast, browse: Browse, level: Level, shown: bool) -> None:
    allow(cast, "alice", Feature.DO_NOT_DISTURB, level=level)
    alice, action = browse(cast.alice), path(cast, "alice", "do-not-disturb")
    page = alice.get(path(cast, "alice"))
    assert (">Do not disturb<" in page.text) is shown
    assert action not in page.text
    assert alice.post(action, {"on": "1"}).status_code == 422
    assert not sheet_of(cast, "alice").line.do_not_disturb


@pytest.mark.parametrize("part", [*PARTS, "do-not-disturb"])
def test_a_strangers_line_is_not_there(cast: Cast, browse: Browse, part: str) -> None:
    for name in ("bob", "ike", "charlie"):
        browser = browse(cast.people[name])
        assert browser.post(path(cast, "alice", part), {"on": "1", "version": "0"}).status_code == 404
        if part in PARTS:
            assert browser.get(path(cast, "alice", part)).status_code == 404


def test_a_group_has_callers_to_block_and_no_phone(cast: Cast, browse: Browse) -> None:
    clare = browse(cast.clare)
    for part in PARTS:
        assert clare.get(path(cast, "sales", part)).status_code == (200 if part == "blocking/incoming" else 404)
    assert clare.post(path(cast, "sales", "do-not-disturb"), {"on": "1"}).status_code == 404
    words = text_of(clare.get(path(cast, "sales")))
    assert "Blocked callers" in words
    assert "Speed dial" not in words


def test_a_line_without_cloudpbx_has_all_of_it(cast: Cast, browse: Browse) -> None:
    charlie = browse(cast.charlie)
    for part in ("ringing", "privacy", "blocking/incoming", "blocking/outgoing"):
        assert save(charlie, path(cast, "charlie", part), **TYPED[part]).status_code == 303
    assert save(charlie, path(cast, "charlie", "speed-dial"), to_0="030 1234567").status_code == 303


# --- one press in the list of calls ------------------------------------------------------------------------------------------

BLOCK = "/call-handling/block-caller"


def blocked(cast: Cast, name: str) -> set[str]:
    return {entry.pattern for entry in sheet_of(cast, name).blocked["in"]}


def test_a_caller_is_blocked_with_one_press_and_one_back(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    answer = browser.post(BLOCK, {"number": "491712044918", "next": "/calls?outcome=missed"})
    assert answer.headers["Location"] == "/calls?outcome=missed"
    page = browser.follow(answer)
    assert "Calls from 0171 2044918 no longer get through to you." in text_of(page).replace("\u00a0", " ")
    assert blocked(cast, "alice") == {"491712044918"}
    url, fields = undo_of(page)
    back = browser.post(url, fields)
    assert back.headers["Location"] == "/calls?outcome=missed"
    assert "Calls from 0171 2044918 get through again." in text_of(browser.follow(back)).replace("\u00a0", " ")
    assert blocked(cast, "alice") == set()


@pytest.mark.parametrize("number", ["", "anonymous", "102", "49305550000102", "1" * 60, "4930*"])
def test_only_callers_from_outside_are_blocked(cast: Cast, browse: Browse, number: str) -> None:
    browser = browse(cast.alice)
    page = browser.follow(browser.post(BLOCK, {"number": number}))
    assert "Only callers from outside whose number is known can be blocked." in text_of(page)
    assert blocked(cast, "alice") == set()


def test_whoever_may_not_change_the_list_is_refused(cast: Cast, browse: Browse) -> None:
    allow(cast, "alice", Feature.BLOCK_INCOMING, level=Level.USE)
    browser = browse(cast.alice)
    page = browser.follow(browser.post(BLOCK, {"number": "491712044918"}))
    assert "Only whoever runs your telephone system can change this." in text_of(page)
    assert blocked(cast, "alice") == set()


def test_staff_have_no_line_to_block_callers_from(cast: Cast, browse: Browse) -> None:
    assert browse(cast.tom).post(BLOCK, {"number": "491712044918"}).status_code == 404
