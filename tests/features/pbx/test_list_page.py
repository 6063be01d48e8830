"""The list of extensions, as a browser sees it."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer
from portal.features.pbx import operations, queries
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.rules import LockLevel
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.conftest import statements
from tests.features.pbx.reading import id_of, path, pool, rows_of, text_of

Browse = Callable[..., Browser]
MOST_QUERIES = 6


def test_the_list_shows_people_with_their_numbers(cast: Cast, browse: Browse) -> None:
    page = browse(cast.clare).get("/extensions")
    assert page.status_code == 200
    assert rows_of(page) == ["Alice Meier", "Bob Turner", "Carol Nguyen"]
    for words in ("3 people", "030 5550000 101", "Sales", "Next free: 104"):
        assert words in text_of(page)


def test_the_list_says_how_many_lines_are_left(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Customer, cast.lantern.id).max_subscribers = 20
    assert "5 of 20 lines in use, groups included" in text_of(browse(cast.clare).get("/extensions"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ali", ["Alice Meier"]),
        ("MEIER", ["Alice Meier"]),
        ("nguyén", ["Carol Nguyen"]),
        ("102", ["Bob Turner"]),
        ("10", ["Alice Meier", "Bob Turner", "Carol Nguyen"]),
        ("030 5550000-103", ["Carol Nguyen"]),
        ("+49 (30) 5550000 101", ["Alice Meier"]),
        ("0049305550000", ["Alice Meier", "Bob Turner", "Carol Nguyen"]),
        ("5550000101", ["Alice Meier"]),
        ("0000102", ["Bob Turner"]),
        ("sales", []),
        ("%", []),
        ("_", []),
        ("nobody", []),
    ],
)
def test_search_takes_names_extensions_and_numbers_typed_any_way(
    cast: Cast, browse: Browse, words: str, found: list[str]
) -> None:
    page = browse(cast.clare).get("/extensions", query_string={"q": words})
    assert rows_of(page) == found
    if not found:
        assert "Nobody here fits" in page.text


def test_filters_are_chips_that_go_away(cast: Cast, browse: Browse) -> None:
    number = pool(cast)[0]
    with db.unit_of_work(cast.clare.scope):
        lines = {name: queries.extension(id_of(cast.people[name])) for name in ("alice", "bob", "carol")}
        operations.assign_numbers(
            by=cast.clare.identity, customer_id=cast.lantern.id, numbers=[number.public_id], to=lines["alice"]
        )
        subscribers.lock(by=cast.clare.identity, line=lines["bob"], level=LockLevel.FOREIGN, reason="On leave")
        carol = lines["carol"]
        operations.change_allowed(
            by=cast.clare.identity, line=carol, version=carol.version, do_not_disturb=True, music_on_hold=True
        )
    browser = browse(cast.clare)
    assert rows_of(browser.get("/extensions?aliases=1")) == ["Alice Meier"]
    assert rows_of(browser.get("/extensions?locked=1")) == ["Bob Turner"]
    page = browser.get("/extensions?quiet=1")
    assert rows_of(page) == ["Carol Nguyen"]
    assert '<a class="chip chip-on" href="/extensions">' in page.text
    assert rows_of(browser.get("/extensions?quiet=1&locked=1")) == []
    group = cast.groups["sales"].public_id
    assert rows_of(browser.get(f"/extensions?group={group}&q=alice")) == ["Alice Meier"]
    assert "Group: Sales" in browser.get(f"/extensions?group={group}").text


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("-extension", ["Carol Nguyen", "Bob Turner", "Alice Meier"]),
        ("name", ["Alice Meier", "Bob Turner", "Carol Nguyen"]),
        ("-name", ["Carol Nguyen", "Bob Turner", "Alice Meier"]),
        ("-number", ["Carol Nguyen", "Bob Turner", "Alice Meier"]),
        ("ha1_md5", ["Alice Meier", "Bob Turner", "Carol Nguyen"]),
        ("name;drop", ["Alice Meier", "Bob Turner", "Carol Nguyen"]),
    ],
)
def test_headers_sort_and_other_columns_do_not(cast: Cast, browse: Browse, sort: str, found: list[str]) -> None:
    assert rows_of(browse(cast.clare).get("/extensions", query_string={"sort": sort})) == found


@pytest.mark.parametrize(
    "odd",
    ["rows=7", "page=0", "page=-1", "page=x", "page=99999999999", "page=5", "group=1", "q=%00", "locked=2", "rows=25&page=2"],
)
def test_odd_addresses_show_the_list(cast: Cast, browse: Browse, odd: str) -> None:
    page = browse(cast.clare).get(f"/extensions?{odd}")
    assert page.status_code == 200
    assert len(rows_of(page)) == 3


def test_long_lists_have_pages(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.clare.scope):
        for extension in range(110, 170):
            operations.create_extension(
                by=cast.clare.identity, customer_id=cast.lantern.id, display_name=f"Line {extension}", extension=str(extension)
            )
    browser = browse(cast.clare)
    first = browser.get("/extensions?rows=25&sort=-name")
    assert len(rows_of(first)) == 25
    assert "1 to 25 of 63" in text_of(first)
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following is not None
    second = browser.get(unescape(following[1]))
    assert "26 to 50 of 63" in text_of(second)
    assert not set(rows_of(first)) & set(rows_of(second))


def test_an_empty_company_is_offered_its_first_extension(cast: Cast, browse: Browse) -> None:
    page = browse(cast.ike).get("/extensions")
    assert "Nobody has an extension yet" in page.text
    assert "/extensions/new" in page.text


def test_pages_ask_the_database_little_and_never_per_row(cast: Cast, browse: Browse, database: db.Database) -> None:
    with db.unit_of_work(cast.clare.scope):
        for extension in range(110, 150):
            operations.create_extension(
                by=cast.clare.identity, customer_id=cast.lantern.id, display_name=f"Line {extension}", extension=str(extension)
            )
    browser = browse(cast.clare)
    browser.get("/extensions")
    number = pool(cast)[0].public_id
    for address in (
        "/extensions",
        "/extensions/new",
        path(cast, "alice"),
        path(cast, "alice", "numbers"),
        path(cast, "alice", "history"),
        "/numbers",
        f"/numbers/{number}",
    ):
        with statements(database) as seen:
            assert browser.get(address).status_code == 200
        assert len(seen) <= MOST_QUERIES, (address, seen)
