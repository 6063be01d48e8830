"""Two who edit the same thing: the second sees what changed and chooses."""

import json
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from portal.core import db
from portal.features.numbers.models import Number
from portal.features.pbx import operations, queries
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.reading import fields_of, id_of, path, pool, text_of

Browse = Callable[..., Browser]


def edit(browser: Browser, action: str, form: dict[str, str], **typed: str) -> TestResponse:
    return browser.post(action, {**form, **typed})


def test_the_second_sees_what_changed_and_chooses(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.clare), path(cast, "alice", "person")
    form = fields_of(browser.get(action), action)
    edit(browser, action, form, display_name="Alice Theirs", email="theirs@lantern.example", language="")
    page = edit(browser, action, form, display_name="Alice Mine", email="mine@lantern.example", language="")
    assert page.status_code == 409
    assert "Somebody else saved first" in page.text
    for words in ("Alice Theirs", "Alice Mine", "theirs@lantern.example", "mine@lantern.example", "Clare Fenn changed this"):
        assert words in text_of(page)
    choice = {**fields_of(page, action), "keep_display_name": "theirs", "keep_email": "yours"}
    saved = text_of(browser.follow(browser.post(action, choice)))
    assert "Alice Theirs" in saved
    assert "mine@lantern.example" in saved


@pytest.mark.parametrize(
    ("section", "name", "theirs"),
    [
        ("person", "email", "nobody"),
        ("person", "email", "x" * 300 + "@lantern.example"),
        ("person", "language", "klingon"),
        ("person", "display_name", "\0"),
        ("numbers", "outgoing", "nothing"),
    ],
)
def test_theirs_is_checked_like_anything_typed(cast: Cast, browse: Browse, section: str, name: str, theirs: str) -> None:
    browser, action = browse(cast.clare), path(cast, "alice", section)
    form = {**fields_of(browser.get(action), action), "outgoing": "own", "language": ""}
    page = browser.post(action, {**form, "seen": json.dumps({name: theirs}), f"keep_{name}": "theirs"})
    assert page.status_code == 422


@pytest.mark.parametrize("seen", ["[" * 100_000, "null", "[1]", '"x"', "", '{"display_name": "\\ud800"}'])
def test_what_cannot_be_read_was_not_seen(cast: Cast, browse: Browse, seen: str) -> None:
    browser, action = browse(cast.clare), path(cast, "alice", "person")
    form = fields_of(browser.get(action), action)
    saved = edit(browser, action, {**form, "seen": seen}, display_name="Alice Mine", language="", keep_display_name="theirs")
    assert "Alice Mine" in text_of(browser.follow(saved))


def test_what_does_not_contradict_is_merged_without_asking(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.clare), path(cast, "alice", "person")
    form = fields_of(browser.get(action), action)
    edit(browser, action, form, email="theirs@lantern.example", language="")
    allowed = path(cast, "alice", "allowed")
    browser.post(allowed, {**fields_of(browser.get(allowed), allowed), "do_not_disturb": "y"})
    answer = edit(browser, action, form, display_name="Alice Mine", language="")
    page = text_of(browser.follow(answer))
    assert "Alice Mine" in page
    assert "theirs@lantern.example" in page
    assert "do not disturb is on" in page


def test_what_only_the_other_has_changed_stands_after_the_choice_too(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.clare), path(cast, "alice", "person")
    form = fields_of(browser.get(action), action)
    edit(browser, action, form, display_name="Alice Theirs", email="theirs@lantern.example", language="")
    page = edit(browser, action, form, display_name="Alice Mine", language="")
    saved = text_of(browser.follow(browser.post(action, {**fields_of(page, action), "keep_display_name": "yours"})))
    assert "Alice Mine" in saved
    assert "theirs@lantern.example" in saved


def test_somebody_who_changes_again_meanwhile_is_seen_too(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.clare), path(cast, "alice", "person")
    form = fields_of(browser.get(action), action)
    edit(browser, action, form, display_name="First", language="")
    page = edit(browser, action, form, display_name="Mine", language="")
    later = fields_of(browser.get(action), action)
    edit(browser, action, later, display_name="Second", language="")
    again = browser.post(action, {**fields_of(page, action), "keep_display_name": "yours"})
    assert again.status_code == 409
    assert "Second" in again.text


def test_a_made_up_memory_of_the_form_changes_nothing_but_asks(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.clare), path(cast, "alice", "person")
    form = fields_of(browser.get(action), action)
    edit(browser, action, form, display_name="Theirs", language="")
    for seen in ("", "[]", "{", '"x"', json.dumps({"display_name": 1})):
        assert edit(browser, action, {**form, "seen": seen}, display_name="Mine", language="").status_code == 409
    for version in ("", "x", "-1", "99999999999999999999"):
        assert edit(browser, action, {**form, "version": version}, display_name="Mine", language="").status_code == 409


def give(cast: Cast, name: str, *numbers: Number) -> None:
    with db.unit_of_work(cast.clare.scope):
        to = queries.extension(id_of(cast.people[name]))
        ids = [number.public_id for number in numbers]
        operations.assign_numbers(by=cast.clare.identity, customer_id=cast.lantern.id, numbers=ids, to=to)


def aliases(cast: Cast, name: str) -> list[str]:
    with db.unit_of_work(cast.clare.scope):
        return [alias.public_id for alias in queries.sheet(id_of(cast.people[name])).aliases]


def test_a_number_given_meanwhile_is_not_lost_by_an_older_form(cast: Cast, browse: Browse) -> None:
    browser, action, (first, *_) = browse(cast.clare), path(cast, "alice", "numbers"), pool(cast)
    form = fields_of(browser.get(action), action)
    give(cast, "alice", first)
    browser.follow(browser.post(action, {**form, "extension": "111", "outgoing": "own", "add": ""}))
    assert aliases(cast, "alice") == [first.public_id]
    assert "111" in text_of(browser.get(path(cast, "alice")))


def test_a_number_moved_away_meanwhile_is_not_taken_back_by_an_older_form(cast: Cast, browse: Browse) -> None:
    browser, action, (first, *_) = browse(cast.clare), path(cast, "alice", "numbers"), pool(cast)
    give(cast, "alice", first)
    form = fields_of(browser.get(action), action)
    give(cast, "bob", first)
    browser.follow(browser.post(action, {**form, "extension": "111", "outgoing": "own", "keep": first.public_id}))
    assert (aliases(cast, "alice"), aliases(cast, "bob")) == ([], [first.public_id])


def test_numbers_that_both_have_changed_are_put_side_by_side(cast: Cast, browse: Browse) -> None:
    browser, action, (first, second, *_) = browse(cast.clare), path(cast, "alice", "numbers"), pool(cast)
    give(cast, "alice", first)
    form = fields_of(browser.get(action), action)
    give(cast, "alice", second)
    page = browser.post(action, {**form, "outgoing": "own", "keep": ""})
    assert page.status_code == 409
    assert "030 5550700, 030 5550701" in text_of(page)
    choice = {**fields_of(page, action), "outgoing": "own", "keep_keep": "theirs"}
    browser.follow(browser.post(action, choice))
    assert aliases(cast, "alice") == [first.public_id, second.public_id]


def test_a_free_number_that_is_gone_is_named(cast: Cast, browse: Browse) -> None:
    browser, action, (first, *_) = browse(cast.clare), path(cast, "alice", "numbers"), pool(cast)
    form = fields_of(browser.get(action), action)
    give(cast, "bob", first)
    page = browser.post(action, {**form, "outgoing": "own", "add": first.public_id})
    assert page.status_code == 422
    assert "030 5550700 is with Bob Turner in the meantime." in text_of(page)
