"""The numbers, as a browser sees them."""

import re
from collections.abc import Callable

import pytest

from portal.features.pbx.views import numbers
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.reading import id_of, pool, rows_numbers, text_of, undo_of

Browse = Callable[..., Browser]


def test_numbers_show_who_has_them(cast: Cast, browse: Browse) -> None:
    browser, (first, second, *_) = browse(cast.clare), pool(cast)
    page = browser.follow(browser.post("/numbers", {"number": [first.public_id, second.public_id], "to": id_of(cast.alice)}))
    assert "030 5550700, 030 5550701 now ring Alice Meier." in text_of(page)
    assert "2 free" in text_of(page)
    assert len(rows_numbers(browser.get("/numbers?state=free"))) == 2
    assert len(rows_numbers(browser.get("/numbers?state=given"))) == 2
    assert len(rows_numbers(browser.get(f"/numbers?owner={id_of(cast.alice)}"))) == 2
    assert len(rows_numbers(browser.get("/numbers?q=meier"))) == 2
    assert len(rows_numbers(browser.get("/numbers?q=clare"))) == 0
    assert len(rows_numbers(browser.get("/numbers?q=030+5550703"))) == 1
    assert len(rows_numbers(browser.get("/numbers?sort=-owner"))) == 4


def test_a_move_names_who_had_it_and_can_be_undone(cast: Cast, browse: Browse) -> None:
    browser, first = browse(cast.clare), pool(cast)[0]
    address = f"/numbers/{first.public_id}"
    browser.post(address, {"to": id_of(cast.alice)})
    assert "Alice Meier loses it in the same moment." in browser.get(address).text
    page = browser.follow(browser.post(address, {"to": id_of(cast.bob)}))
    assert "030 5550700 now rings Bob Turner. Before: Alice Meier." in text_of(page)
    assert "You gave Bob Turner 030 5550700; before: Alice Meier" in text_of(page)
    after = browser.follow(browser.post(*undo_of(page)))
    assert "The number is back where it was." in after.text
    assert "Calls to 030 5550700 ring Alice Meier." in text_of(browser.get(address))


def test_numbers_return_to_the_pool(cast: Cast, browse: Browse) -> None:
    browser, every = browse(cast.clare), pool(cast)
    ids = [number.public_id for number in every]
    page = browser.follow(browser.post("/numbers", {"number": ids, "to": cast.groups["sales"].public_id}))
    assert "4 numbers now ring Sales." in text_of(page)
    page = browser.follow(browser.post("/numbers", {"number": ids, "return": "1", "to": ""}))
    assert "4 numbers are back in the pool. Before: Sales." in text_of(page)
    page = browser.follow(browser.post(*undo_of(page)))
    assert "The numbers are back where they were." in page.text


def test_a_message_names_only_so_many(cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "LISTED", 1)
    browser, (first, second, *_) = browse(cast.clare), pool(cast)
    browser.post("/numbers", {"number": first.public_id, "to": id_of(cast.alice)})
    browser.post("/numbers", {"number": second.public_id, "to": id_of(cast.bob)})
    page = browser.follow(browser.post("/numbers", {"number": [first.public_id, second.public_id], "return": "1"}))
    assert "Before: Alice Meier …." in text_of(page)


def test_nothing_to_do_is_said(cast: Cast, browse: Browse) -> None:
    browser, first = browse(cast.clare), pool(cast)[0]
    page = browser.follow(browser.post(f"/numbers/{first.public_id}", {"return": "1"}))
    assert "These numbers are free already." in page.text
    browser.follow(browser.post(f"/numbers/{first.public_id}", {"to": id_of(cast.alice)}))
    page = browser.follow(browser.post(f"/numbers/{first.public_id}", {"to": id_of(cast.alice)}))
    assert "Alice Meier has these numbers already." in page.text


def test_an_undo_that_comes_too_late_changes_nothing(cast: Cast, browse: Browse) -> None:
    browser, first = browse(cast.clare), pool(cast)[0]
    page = browser.follow(browser.post("/numbers", {"number": first.public_id, "to": id_of(cast.alice)}))
    way_back = undo_of(page)
    browser.post("/numbers", {"number": first.public_id, "to": id_of(cast.bob)})
    page = browser.follow(browser.post(*way_back))
    assert "Somebody has given these numbers away in the meantime; nothing was changed." in page.text
    for odd in ("", "?holder=x", f"?holder={'0' * 16}&back=a.b", f"?holder={'0' * 16}&back={first.public_id}.{'0' * 16}"):
        assert browser.post(f"/numbers/undo{odd}", check=False).status_code in {303, 404}


def test_nothing_ticked_or_nobody_chosen_is_said(cast: Cast, browse: Browse) -> None:
    browser, first = browse(cast.clare), pool(cast)[0]
    page = browser.post("/numbers", {"to": id_of(cast.alice)})
    assert (page.status_code, "Tick the numbers first." in page.text) == (422, True)
    page = browser.post("/numbers", {"number": first.public_id, "to": ""})
    assert (page.status_code, "Choose who gets the numbers." in page.text) == (422, True)
    assert f'value="{first.public_id}"' in page.text
    assert re.search(rf'value="{first.public_id}"[^>]* checked', page.text), "the ticks are kept"


def test_a_company_without_further_numbers_is_told_why(cast: Cast, browse: Browse) -> None:
    assert "There are no further numbers" in browse(cast.ike).get("/numbers").text
