"""All numbers of a range in one act."""

from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from portal.core import db
from portal.core.errors import Refused
from portal.core.phone import Home, Parts
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer
from portal.features.numbers import operations as numbers
from portal.features.pbx import operations, queries
from portal.features.pbx.rules import MOST_IN_RANGE, Bounds, bounds
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.conftest import statements
from tests.features.pbx.reading import id_of, pool, text_of, undo_of

Browse = Callable[..., Browser]
BERLIN = Home("49", "30")
RANGE = {"first": "030 5550700", "last": "030 5550703"}


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("030 5550700", "030 5550719", ("49305550700", "49305550719")),
        ("030 5550700", "19", ("49305550700", "49305550719")),
        ("030 5550700", "700", ("49305550700", "49305550700")),
        ("+49 30 555 07-00", "0049 30 5550703", ("49305550700", "49305550703")),
        ("5550700", "5550703", ("49305550700", "49305550703")),
        ("030 5550700", "09", ("49305550700", "49305550709")),
    ],
)
def test_a_range_is_typed_as_people_type(first: str, last: str, found: tuple[str, str]) -> None:
    assert bounds(first, last, BERLIN) == found


@pytest.mark.parametrize(
    ("first", "last", "code", "field"),
    [
        ("", "19", "range-number", "first"),
        ("lamp", "19", "range-number", "first"),
        ("030 5550700", "", "range-end", "last"),
        ("030 5550700", "lamp", "range-end", "last"),
        ("030 5550700", "+49 30 555070012345", "range-end", "last"),
        ("030 5550719", "00", "range-order", "last"),
        ("030 5550000", "9999", "range-long", "last"),
    ],
)
def test_what_is_no_range_is_said_where_it_was_typed(first: str, last: str, code: str, field: str) -> None:
    with pytest.raises(Refused) as caught:
        bounds(first, last, BERLIN)
    assert (caught.value.code, caught.value.field) == (code, field)


@given(st.integers(1, 99_999_999), st.integers(0, MOST_IN_RANGE - 1))
def test_whole_numbers_and_their_ends_mean_the_same(begin: int, further: int) -> None:
    first, last = f"30{begin:09}", f"30{begin + further:09}"
    whole = bounds(f"+49{first}", f"+49{last}", BERLIN)
    assert whole == bounds(f"+49{first}", last[-9:], BERLIN) == Bounds(f"49{first}", f"49{last}")
    assert whole.size == further + 1


def test_a_range_is_shown_before_it_is_given(cast: Cast, browse: Browse) -> None:
    browser, first = browse(cast.clare), pool(cast)[0]
    browser.post("/numbers", {"number": first.public_id, "to": id_of(cast.alice)})
    page = browser.get("/numbers/range", query_string=RANGE)
    assert page.status_code == 200
    for words in ("4 numbers from 030 5550700 to 030 5550703.", "3 are free, 1 are given.", "Alice Meier 1 number"):
        assert words in text_of(page)


def test_a_range_is_given_and_comes_back(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    page = browser.follow(browser.post("/numbers/range", {**RANGE, "to": cast.groups["sales"].public_id}))
    assert "4 numbers now ring Sales." in text_of(page)
    way_back = undo_of(page)
    assert way_back[0] == "/numbers/range/undo"
    assert "The numbers are back where they were." in browser.follow(browser.post(*way_back)).text
    assert "4 free" in text_of(browser.get("/numbers"))
    late = browser.follow(browser.post(*way_back))
    assert "Somebody has given these numbers away in the meantime; nothing was changed." in late.text


def test_numbers_of_several_people_return_each_to_its_own(cast: Cast, browse: Browse) -> None:
    browser, (first, second, *_) = browse(cast.clare), pool(cast)
    browser.follow(browser.post("/numbers", {"number": first.public_id, "to": id_of(cast.alice)}))
    browser.follow(browser.post("/numbers", {"number": second.public_id, "to": id_of(cast.bob)}))
    page = browser.follow(browser.post("/numbers/range", {**RANGE, "return": "1", "to": ""}))
    assert "030 5550700, 030 5550701 are back in the pool. Before: Alice Meier, Bob Turner." in text_of(page)
    assert "The numbers are back where they were." in browser.follow(browser.post(*undo_of(page))).text
    owners = [one.owner.name for one in _all(cast)]
    assert owners == ["Alice Meier", "Bob Turner", "Clare Fenn", "Clare Fenn"]


def _all(cast: Cast) -> list[queries.PoolNumber]:
    with db.unit_of_work(cast.clare.scope):
        return queries.numbers_between(cast.lantern.id, Bounds("49305550700", "49305550703"))


def test_more_than_a_page_in_one_act_and_back(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        parts = [Parts("49", "30", f"55508{n:03}") for n in range(250)]
        customer = session.get_one(Customer, cast.lantern.id)
        numbers.add_numbers(by=cast.tom.identity, customer=customer, holder_id=cast.clare.subscriber.id, parts=parts)
    browser = browse(cast.clare)
    page = browser.follow(browser.post("/numbers/range", {"first": "030 55508000", "last": "249", "to": id_of(cast.bob)}))
    assert "250 numbers now ring Bob Turner." in text_of(page)
    page = browser.follow(browser.post(*undo_of(page)))
    assert "The numbers are back where they were." in page.text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"first": "lamp"}, "Type a telephone number."),
        ({"last": ""}, "Please fill this in."),
        ({"first": "030 777", "last": "779"}, "No number of the company lies in this range."),
        ({"to": ""}, "Choose who gets the numbers."),
    ],
)
def test_what_is_refused_keeps_what_was_typed(cast: Cast, browse: Browse, more: dict[str, str], words: str) -> None:
    typed = {**RANGE, "to": id_of(cast.alice), **more}
    page = browse(cast.clare).post("/numbers/range", typed)
    assert (page.status_code, words in page.text) == (422, True)
    assert f'value="{typed["first"]}"' in page.text


def test_odd_ways_back_change_nothing(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    for odd in ({}, {**RANGE, "holder": "x"}, {**RANGE, "holder": id_of(cast.alice), "was": id_of(cast.ike)}):
        answer = browser.follow(browser.post("/numbers/range/undo", odd))
        assert "message" in answer.text
    assert {one.owner.name for one in _all(cast)} == {"Clare Fenn"}


def test_others_find_none_of_them(cast: Cast, browse: Browse) -> None:
    page = browse(cast.ike).get("/numbers/range", query_string={"first": "+49305550700", "last": "03"})
    assert (page.status_code, "No number of the company lies in this range." in page.text) == (422, True)
    assert browse(cast.ike).post("/numbers/range", {**RANGE, "to": id_of(cast.alice)}).status_code == 422
    assert browse(cast.alice).get("/numbers/range").status_code == 404
    assert browse(cast.alice).post("/numbers/range", RANGE).status_code == 404
    with db.unit_of_work(cast.ike.scope):
        assert queries.numbers_between(cast.lantern.id, Bounds("49305550700", "49305550703")) == []


def test_the_list_leads_to_calls_and_history_of_a_number(cast: Cast, browse: Browse) -> None:
    browser, first = browse(cast.clare), pool(cast)[0]
    browser.post("/numbers", {"number": first.public_id, "to": id_of(cast.alice)})
    browser.post("/numbers", {"number": first.public_id, "to": cast.groups["sales"].public_id})
    page = browser.get("/numbers").text
    for address in (
        f'href="/calls?q=%2B{first.digits}"',
        f'href="/numbers/{first.public_id}/history"',
        f'href="/groups/{cast.groups["sales"].public_id}"',
        "numbermap-group",
        "numbermap-legend",
    ):
        assert address in page


def test_who_had_a_number_is_told_also_when_they_are_gone(cast: Cast, browse: Browse) -> None:
    browser, first = browse(cast.clare), pool(cast)[0]
    for name in ("alice", "bob", "alice", "bob", "alice"):
        browser.post("/numbers", {"number": first.public_id, "to": id_of(cast.people[name])})
    with db.unit_of_work(cast.clare.scope):
        operations.terminate(by=cast.clare.identity, line=queries.extension(id_of(cast.alice)))
    page = browser.get(f"/numbers/{first.public_id}")
    assert "You removed Alice Meier" in text_of(page)
    assert "All 10 changes" in text_of(page)
    whole = text_of(browser.get(f"/numbers/{first.public_id}/history"))
    assert whole.count("You gave") == 5
    assert "You gave Alice Meier 030 5550700; before: Bob Turner" in whole
    assert browser.get(f"/numbers/{first.public_id}/history?page=7").status_code == 200
    assert "Nobody has had it yet" in browser.get(f"/numbers/{pool(cast)[1].public_id}/history").text


def test_a_range_asks_the_database_little(cast: Cast, browse: Browse, database: db.Database) -> None:
    browser = browse(cast.clare)
    browser.get("/numbers/range", query_string=RANGE)
    for address in (f"/numbers/range?first={RANGE['first']}&last=03", f"/numbers/{pool(cast)[0].public_id}/history"):
        with statements(database) as seen:
            assert browser.get(address).status_code == 200
        assert len(seen) <= 6, seen
