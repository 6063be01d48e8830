"""Name and numbers of a group, its history, and its end."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.groups import ALL, ids, sales_path
from tests.features.pbx.reading import fields_of, id_of, pool, text_of

Browse = Callable[..., Browser]


@pytest.fixture
def clare(cast: Cast, browse: Browse) -> Browser:
    return browse(cast.clare)


def order_form(page: TestResponse, cast: Cast) -> dict[str, str]:
    """The hidden fields of the order, besides the members themselves."""
    form = fields_of(page, sales_path(cast, "members"))
    return {name: value for name, value in form.items() if name != "members"}


def press(browser: Browser, cast: Cast, *, order: tuple[str, ...] = ALL, **button: str) -> TestResponse:
    """Presses a button of the order as a browser without scripts does."""
    form = order_form(browser.get(sales_path(cast)), cast)
    return browser.post(sales_path(cast, "members"), {**form, "members": ids(cast, order), **button})


def test_name_extension_and_numbers_change_in_place(cast: Cast, clare: Browser) -> None:
    action, number = sales_path(cast, "numbers"), pool(cast)[0].public_id
    form = fields_of(clare.get(action), action)
    saved = clare.follow(clare.post(action, {**form, "display_name": "Orders", "extension": "610", "add": number}))
    for words in ("Orders", "030 5550000 610", "030 5550700"):
        assert words in text_of(saved)
    page = clare.get(action)
    assert "return to the pool" in text_of(page)
    clare.post(action, {**fields_of(page, action)})
    assert "Further numbers None" in text_of(clare.get(sales_path(cast)))


def test_of_two_who_rename_it_the_second_chooses(cast: Cast, clare: Browser) -> None:
    action = sales_path(cast, "numbers")
    form = fields_of(clare.get(action), action)
    clare.post(action, {**form, "display_name": "Theirs"})
    page = clare.post(action, {**form, "display_name": "Mine"})
    assert page.status_code == 409
    saved = clare.post(action, {**fields_of(page, action), "keep_display_name": "yours"})
    assert "Mine" in text_of(clare.follow(saved))


def test_history_tells_what_was_changed(cast: Cast, clare: Browser) -> None:
    press(clare, cast, move_up=id_of(cast.bob))
    page = text_of(clare.get(sales_path(cast, "history")))
    assert "You changed who rings in Sales: Bob Turner, Alice Meier, Carol Nguyen" in page
    assert clare.get(sales_path(cast, "history") + "?page=99").status_code == 200


def test_removing_says_what_goes_with_it(cast: Cast, clare: Browser) -> None:
    action = sales_path(cast, "numbers")
    clare.post(action, {**fields_of(clare.get(action), action), "add": pool(cast)[0].public_id})
    page = clare.get(sales_path(cast, "remove"))
    for words in ("Calls to 600 and 030 5550000600", "030 5550700", "This cannot be undone."):
        assert words in text_of(page)
    page = clare.follow(clare.post(sales_path(cast, "remove")))
    assert "Sales is removed. Extension 600 is free again." in text_of(page)
    assert clare.get(sales_path(cast)).status_code == 404
    assert clare.get(f"/extensions/{id_of(cast.alice)}").status_code == 200


def test_a_person_is_no_group_here_either(cast: Cast, clare: Browser) -> None:
    for more in ("", "/ringing", "/members/add", "/history", "/remove", "/numbers"):
        assert clare.get(f"/groups/{id_of(cast.alice)}{more}").status_code == 404


def test_a_group_is_no_person(cast: Cast, clare: Browser) -> None:
    assert clare.get(f"/extensions/{cast.groups['sales'].public_id}").status_code == 404
