"""The pages of phonebooks: the list, an entry, and who meets what."""

import re
from collections.abc import Callable
from html import unescape

import html5lib
import pytest
from werkzeug.test import TestResponse

from portal.core import db
from portal.features.phonebook.queries import Book
from portal.features.subscribers.rules import Level
from tests.browser import Browser
from tests.cast import Cast
from tests.features.dashboard.statements import counted
from tests.features.phonebook.conftest import enter
from tests.features.phonebook.test_entries import level

Browse = Callable[..., Browser]


def text_of(response: TestResponse) -> str:
    plain = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", response.text, flags=re.DOTALL)
    return " ".join(unescape(plain).replace("\u2066", "").replace("\u2069", "").split())


def rows(response: TestResponse) -> list[str]:
    """The entries on a page, each as its words."""
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    found = tree.findall(".//table/tbody/tr/th[@scope='row']/..")
    return [" ".join(" ".join(cell for part in row[:4] for cell in part.itertext()).split()) for row in found]


def links(response: TestResponse) -> dict[str, str]:
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    return {one.get("aria-label") or " ".join("".join(one.itertext()).split()): one.get("href", "") for one in tree.iter("a")}


@pytest.fixture
def filled(cast: Cast) -> Cast:
    enter(cast.clare, "Ruby Books", "030 23125 123", company="Ruby GmbH")
    enter(cast.clare, "Ärzte am Tor", "+44 20 7946 0321", email="tor@aerzte.example")
    enter(cast.alice, "Dr. Green", "0171 3920012", book=Book.MINE)
    return cast


def test_the_list_has_both_books_under_letters_and_numbers_that_are_called_by_a_press(filled: Cast, browse: Browse) -> None:
    page = browse(filled.alice).get("/phonebook")
    assert [row.split(" ", 2)[2] for row in rows(page)] == [
        "Ärzte am Tor +44 20 7946 0321 Work",
        "Dr. Green Mine 0171 3920012 Work",
        "Ruby Books Ruby GmbH Ruby GmbH 030 23125123 Work",
    ]
    assert links(page)["Call Ruby Books, 030 23125123"] == "tel:+493023125123"
    assert "2 entries of the company" in page.text
    assert "1 of your own" in page.text
    letters = html5lib.parse(page.text, namespaceHTMLElements=False).findall(".//nav[@class='letters']/a")
    assert [("".join(one.itertext()), one.get("href")) for one in letters] == [
        ("A", "/phonebook?letter=A"),
        ("D", "/phonebook?letter=D"),
        ("R", "/phonebook?letter=R"),
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("book=company", ["Ärzte am Tor", "Ruby Books"]),
        ("book=mine", ["Dr. Green"]),
        ("q=0171-392", ["Dr. Green"]),
        ("q=gmbh", ["Ruby Books"]),
        ("letter=R", ["Ruby Books"]),
        ("letter=a", ["Ärzte am Tor"]),
        ("sort=-name", ["Ruby Books", "Dr. Green", "Ärzte am Tor"]),
        ("sort=company", ["Ruby Books", "Ärzte am Tor", "Dr. Green"]),
        ("letter=RR&book=x&sort=y&page=-1&rows=7", ["Ärzte am Tor", "Dr. Green", "Ruby Books"]),
        ("letter=%00&q=%00", ["Ärzte am Tor", "Dr. Green", "Ruby Books"]),
        ("page=9", ["Ärzte am Tor", "Dr. Green", "Ruby Books"]),
        ("q=nobody", []),
    ],
)
def test_filters(filled: Cast, browse: Browse, asked: str, found: list[str]) -> None:
    page = browse(filled.alice).get(f"/phonebook?{asked}")
    assert [name for row in rows(page) for name in ("Ärzte am Tor", "Dr. Green", "Ruby Books") if name in row] == found
    assert ("Nobody here fits" in page.text) == (not found)


def test_who_may_change_what(filled: Cast, browse: Browse) -> None:
    for who, add, menus in (("alice", True, 1), ("bob", True, 0), ("clare", True, 2)):
        page = browse(filled.people[who]).get("/phonebook")
        assert ("Add entry" in page.text) == add
        assert page.text.count('aria-label="More for ') == 2 * menus
    level(filled.bob, Level.OFF)
    page = browse(filled.bob).get("/phonebook")
    assert "Add entry" not in page.text
    assert "Import" not in page.text
    assert browse(filled.bob).get("/phonebook/new").status_code == 404
    assert browse(filled.bob).get("/phonebook/import").status_code == 404
    assert len(rows(page)) == 2


def test_an_empty_phonebook_says_what_it_is_for(cast: Cast, browse: Browse) -> None:
    assert "Nobody is in the phonebook yet" in browse(cast.charlie).get("/phonebook").text


@pytest.mark.parametrize("who", ["tom", "rita", "olga", "cora"])
def test_staff_have_no_phonebook(cast: Cast, browse: Browse, who: str) -> None:
    for path in ("/phonebook", "/phonebook/new", "/phonebook.csv", "/phonebook.vcf", "/phonebook/import"):
        assert browse(cast.people[who]).get(path).status_code == 404


@pytest.mark.parametrize("who", ["bob", "clare", "ike", "charlie"])
def test_a_colleague_s_own_entry_is_not_there(filled: Cast, browse: Browse, who: str) -> None:
    own = enter(filled.alice, "Aunt Polly", "030 1234567", book=Book.MINE)
    browser = browse(filled.people[who])
    for path in ("", "/details", "/numbers"):
        assert browser.get(f"/phonebook/{own}{path}").status_code == 404
    for path in ("/remove", "/details", "/numbers"):
        assert browser.post(f"/phonebook/{own}{path}", {"name": "x", "numbers": "030 1"}).status_code == 404
    assert "Polly" not in browser.get("/phonebook").text


def test_a_new_entry(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    assert 'value="030 23125123"' in browser.get("/phonebook/new?number=%2B493023125123").text
    sent = {"name": "Ruby Books", "company": "Ruby GmbH", "book": "company", "email": "", "note": "Key under the mat"}
    numbers = {"numbers": ["030 23125123", "", "0171 3920012"], "numbers_label": ["work", "home", "mobile"]}
    page = browser.follow(browser.post("/phonebook/new", {**sent, **numbers}))
    assert "Ruby Books is in the phonebook." in page.text
    assert links(page)["Call Ruby Books, 0171 3920012"] == "tel:+491713920012"
    assert "Clare" in page.text or "You added Ruby Books to the phonebook" in page.text
    assert "Key under the mat" in page.text
    assert "/calls?q=%2B493023125123" in page.text
    mine = browser.follow(browser.post("/phonebook/new", {**sent, "name": "Tailor", "book": "mine", "numbers": "030 9"}))
    assert "In your own phonebook" in mine.text
    assert browse(cast.bob).get("/phonebook").text.count("Ruby Books") > 0
    assert "Tailor" not in browse(cast.bob).get("/phonebook").text


def test_what_is_typed_wrong_is_kept_and_said_at_its_field(cast: Cast, browse: Browse) -> None:
    sent = {"name": "Ruby", "numbers": ["030 1", "0FLOWERS"], "numbers_label": ["home", "mobile"], "book": "mine"}
    page = browse(cast.alice).post("/phonebook/new", sent)
    assert page.status_code == 422
    assert "“0FLOWERS” is no telephone number" in page.text
    assert 'value="0FLOWERS"' in page.text
    assert re.search(r'<option value="home" selected>.*?value="030 1"', page.text, re.DOTALL)
    for label, bad in (("fax", 422), ("", 422)):
        answer = browse(cast.alice).post("/phonebook/new", {**sent, "numbers": ["030 1"], "numbers_label": [label]})
        assert answer.status_code == bad
    nothing = browse(cast.alice).post("/phonebook/new", {"name": "", "book": "x", "numbers": ""})
    assert nothing.status_code == 422
    assert "Please fill this in." in nothing.text


def test_nobody_writes_into_the_company_s_by_sending_its_name(cast: Cast, browse: Browse) -> None:
    sent = {"name": "Ruby", "numbers": "030 1", "book": "company"}
    assert browse(cast.alice).post("/phonebook/new", sent).status_code == 303
    assert "Ruby" not in browse(cast.bob).get("/phonebook").text


def test_sections_are_edited_in_place(filled: Cast, browse: Browse) -> None:
    entry = enter(filled.clare, "Saba Nkemelu", "030 23125 200", "0171 3920099")
    browser = browse(filled.clare)
    page = browser.get(f"/phonebook/{entry}/numbers")
    assert 'value="030 23125200"' in page.text
    fields = hidden(page)
    sent = {**fields, "numbers": ["", "0171 3920099", "030 5"], "numbers_label": ["work", "home", "other"]}
    page = browser.follow(browser.post(f"/phonebook/{entry}/numbers", sent))
    assert "Saved." in page.text
    assert "23125200" not in page.text
    page = browser.get(f"/phonebook/{entry}/details")
    sent = {**hidden(page), "name": "Saba N.", "company": "Nkemelu & Söhne", "email": "saba@nk.example", "note": ""}
    page = browser.follow(browser.post(f"/phonebook/{entry}/details", sent))
    assert "Saba N." in page.text
    assert "mailto:saba@nk.example" in page.text
    assert browse(filled.bob).get(f"/phonebook/{entry}").status_code == 200
    assert "Edit" not in text_of(browse(filled.bob).get(f"/phonebook/{entry}"))
    assert browse(filled.bob).get(f"/phonebook/{entry}/details").status_code == 404


def hidden(page: TestResponse) -> dict[str, str]:
    """What the form of a section carries unseen."""
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    form = next(one for one in tree.findall(".//main//form") if any(field.get("name") == "seen" for field in one.iter("input")))
    found = [field for field in form.iter("input") if field.get("type") == "hidden"]
    return {field.get("name", ""): field.get("value", "") for field in found}


def test_two_people_who_change_the_numbers_at_once(filled: Cast, browse: Browse) -> None:
    entry = enter(filled.clare, "Saba Nkemelu", "030 23125 200")
    one, other = browse(filled.clare), browse(filled.clare)
    first, second = (hidden(browser.get(f"/phonebook/{entry}/numbers")) for browser in (one, other))
    path = f"/phonebook/{entry}/numbers"
    assert one.post(path, {**first, "numbers": "030 23125 201", "numbers_label": "work"}).status_code == 303
    page = other.post(path, {**second, "numbers": "030 23125 202", "numbers_label": "mobile"})
    assert page.status_code == 409
    assert "030 23125201 (Work)" in text_of(page)
    assert "030 23125 202 (Mobile)" in text_of(page)
    kept = hidden(page)
    assert other.post(f"/phonebook/{entry}/numbers", {**kept, "keep_numbers": "yours"}).status_code == 303
    assert "030 23125202 Mobile" in text_of(other.get("/phonebook?q=saba"))


def test_a_removed_entry_comes_back_by_undo(filled: Cast, browse: Browse) -> None:
    entry = enter(filled.clare, "Saba Nkemelu", "030 23125 200")
    browser = browse(filled.clare)
    page = browser.follow(browser.post(f"/phonebook/{entry}/remove"))
    assert "Saba Nkemelu is no longer in the phonebook." in page.text
    assert browser.get(f"/phonebook/{entry}").status_code == 404
    key = re.search(r'name="key" value="(\w+)"', page.text)
    assert key is not None
    assert browse(filled.alice).post("/phonebook/back", {"key": key[1]}).headers["Location"] == "/phonebook"
    page = browser.follow(browser.post("/phonebook/back", {"key": key[1]}))
    assert "Saba Nkemelu is back in the phonebook." in page.text
    again = browser.follow(browser.post("/phonebook/back", {"key": key[1]}))
    assert "This cannot be undone any more." in again.text
    assert browser.post("/phonebook/back", {"key": "x"}).status_code == 404


def test_a_profile_that_fixes_the_own_phonebook(filled: Cast, browse: Browse) -> None:
    own = enter(filled.alice, "Aunt Polly", "030 1234567", book=Book.MINE)
    level(filled.alice, Level.USE)
    browser = browse(filled.alice)
    assert "Aunt Polly" in browser.get(f"/phonebook/{own}").text
    assert browser.get(f"/phonebook/{own}/details").status_code == 404
    page = browser.post(f"/phonebook/{own}/remove")
    assert page.status_code == 422
    assert "Only whoever runs your telephone system can change this." in page.text


@pytest.mark.parametrize("name", ["clare", "alice", "charlie"])
def test_a_page_takes_six_statements_at_most(filled: Cast, browse: Browse, database: db.Database, name: str) -> None:
    browser = browse(filled.people[name])
    book = Book.COMPANY if name == "clare" else Book.MINE
    entry = enter(filled.people[name], "Saba", *(f"030 23125 {n}" for n in range(10, 20)), book=book)
    for n in range(60):
        enter(filled.people[name], f"Somebody {n}", f"030 3{n:03}", book=book)
    browser.get("/phonebook")
    one = f"/phonebook/{entry}"
    for path in ("/phonebook", "/phonebook?q=saba&rows=100", one, f"{one}/numbers", "/phonebook/import"):
        with counted(database) as sent:
            assert browser.get(path).status_code == 200
        assert len(sent) <= 6, (path, sent)
