"""Time sets on their pages: the editor of parts works by buttons alone, and nothing that was typed is lost."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from portal.core import clock
from tests.browser import Browser
from tests.cast import Cast
from tests.features.callhandling.reading import form_of
from tests.features.pbx.reading import text_of

Browse = Callable[..., Browser]
LIST, NEW = "/call-handling/times", "/call-handling/times/new"
TUESDAY = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)  # 14:05 in Berlin


def test_all_pages_answer(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    assert "No times yet" in browser.get(LIST).text
    form = form_of(browser.get(NEW), NEW)
    print(form)
    page = browser.follow(browser.post(NEW, {**form, "name": "After hours", "part_0_day": ["0", "1", "2", "3", "4"], "part_0_begins": "18:00", "part_0_ends": "08:00"}))
    assert "Mon to Fri 18:00–08:00" in text_of(page)
    for path in (f"/call-handling/{cast.alice.subscriber.public_id}", "/call-handling/callers", "/call-handling/callers/new"):
        assert browser.get(path).status_code == 200
    for part in ("ringing", "privacy", "speed-dial", "blocking/incoming", "blocking/outgoing"):
        assert browser.get(f"/call-handling/{cast.alice.subscriber.public_id}/{part}").status_code == 200, part
