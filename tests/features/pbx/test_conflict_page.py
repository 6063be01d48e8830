"""Two who edit the same thing: the second sees what changed and chooses."""

import json
from collections.abc import Callable

from werkzeug.test import TestResponse

from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.reading import fields_of, path, text_of

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
