"""Calls name whom a phonebook knows: one's own names first, nobody else's ever."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event

from portal.core import clock, db
from portal.features.phonebook.queries import Book
from portal.features.subscribers.rules import Level
from tests.browser import Browser
from tests.cast import Cast
from tests.features.calls.conftest import Take
from tests.features.calls.files import ALICE, BOB, TRUNK, leg
from tests.features.calls.test_download import table
from tests.features.calls.test_list import NOW, at, rows
from tests.features.phonebook.conftest import enter
from tests.features.phonebook.test_entries import level

Browse = Callable[..., Browser]
RUBY, GREEN = f"4930441287@{TRUNK}", f"+54 11 4326 5500@{TRUNK}"


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def called(cast: Cast, take: Take) -> Cast:
    enter(cast.clare, "Ruby Books", "030 441287", company="Tower Press")
    enter(cast.alice, "Aunt Ruby", "030 441287", book=Book.MINE)
    enter(cast.alice, "Dr. Green", "+54 11 4326 5500", book=Book.MINE)
    enter(cast.ike, "Ike’s friend", "030 441287")
    take(
        leg(init_time=at(1), caller=RUBY, callee=ALICE, result="noanswer"),
        leg(init_time=at(2), caller=ALICE, callee=GREEN),
        leg(init_time=at(3), caller=RUBY, callee=BOB),
        leg(init_time=at(4), caller=ALICE, callee=BOB),
        leg(init_time=at(5), type="cfu", caller=BOB, caller_number="0176 1234567", callee=RUBY),
    )
    return cast


def whom(page: Any) -> list[str]:
    return [re.sub(r"^\S+ | Call( Block.*| Add.*)?$", "", row) for row in rows(page)]


def test_one_s_own_name_counts_before_the_company_s_and_the_number_stays_in_sight(called: Cast, browse: Browse) -> None:
    assert whom(browse(called.alice).get("/calls")) == [
        "Missed Missed Aunt Ruby 030 441287 No answer",
        "Outgoing Outgoing Dr. Green +54 11 4326-5500 Answered 1:00",
        "Inside Inside Bob Turner 102 Answered 1:00",
    ]
    assert whom(browse(called.clare).get("/calls")) == [
        "Missed Missed Ruby Books 030 441287 Alice Meier , 101 No answer",
        "Outgoing Outgoing +54 11 4326-5500 Argentina Alice Meier , 101 Answered 1:00",
        "Incoming Incoming Ruby Books 030 441287 Bob Turner , 102 Answered 1:00",
        "Inside Inside Bob Turner 102 Alice Meier , 101 Answered 1:00",
        "Forwarded Forwarded 0176 1234567 Bob Turner , 102 Forwarded to Ruby Books 1:00",
    ]


def test_a_phonebook_that_the_profile_turns_off_names_nobody(called: Cast, browse: Browse) -> None:
    level(called.alice, Level.OFF)
    page = browse(called.alice).get("/calls")
    assert "Aunt Ruby" not in page.text
    assert "Ruby Books" in page.text


def test_nobody_else_s_names(called: Cast, browse: Browse) -> None:
    for who in ("clare", "bob", "charlie", "ike"):
        text = browse(called.people[who]).get("/calls").text + browse(called.people[who]).get("/").text
        assert "Dr. Green" not in text
        assert "Aunt Ruby" not in text
        assert who == "ike" or "Ike’s friend" not in text


@pytest.mark.parametrize(
    ("who", "asked", "found"),
    [
        ("clare", "ruby", 2),
        ("clare", "tower", 2),
        ("clare", "green", 0),
        ("clare", "bob", 3),
        ("clare", "ru", 2),
        ("alice", "ruby", 1),
        ("alice", "green", 1),
        ("alice", "b", 2),
        ("bob", "ruby", 1),
        ("ike", "ruby", 0),
    ],
)
def test_calls_are_found_by_the_names_of_phonebooks(called: Cast, browse: Browse, who: str, asked: str, found: int) -> None:
    browser = browse(called.people[who])
    assert len(rows(browser.get(f"/calls?q={asked}"))) == found
    assert len(table(browser, f"?q={asked}")) == found + 1


def test_so_does_the_file(called: Cast, browse: Browse) -> None:
    assert [row[2:4] for row in table(browse(called.alice))[1:]] == [
        ["Aunt Ruby", "030 441287"],
        ["Dr. Green", "+54 11 4326 5500"],
        ["Bob Turner", "102"],
    ]
    assert [row[6] for row in table(browse(called.clare))[-1:]] == ["Forwarded to Ruby Books"]


def test_dashboards_say_who_it_was(called: Cast, browse: Browse) -> None:
    own = browse(called.alice).get("/").text
    assert own.count("Aunt Ruby") >= 2
    assert 'href="tel:+4930441287"' in own
    assert "Ruby Books" in browse(called.clare).get("/").text


def test_what_a_row_offers(called: Cast, browse: Browse) -> None:
    page = browse(called.clare).get("/calls").text
    assert page.count("Add to phonebook") == 2
    assert "/phonebook/new?number=%2B541143265500" in page
    assert 'href="tel:102"' in page
    assert 'href="tel:+4930441287"' in page
    assert "Add to phonebook" not in browse(called.alice).get("/calls").text
    assert "Add to phonebook" in browse(called.bob).get("/calls").text
    level(called.bob, Level.USE)
    assert "Add to phonebook" not in browse(called.bob).get("/calls").text


def test_names_cost_no_statement(called: Cast, browse: Browse, database: db.Database) -> None:
    seen: list[str] = []
    event.listen(database.bind, "before_cursor_execute", lambda *call: seen.append(call[2]))
    for who in ("alice", "clare"):
        browser = browse(called.people[who])
        browser.get("/")
        for path in ("/calls", "/calls?q=ruby", "/calls?period=year&q=ruby&direction=in", "/"):
            seen.clear()
            browser.get(path)
            asked = [words for words in seen if words.lstrip().startswith("SELECT") and "set_config" not in words]
            assert len(asked) <= 6, path
