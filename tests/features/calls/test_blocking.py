"""Blocking a caller out of the list of calls."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.callhandling import queries
from portal.features.subscribers.rules import Feature, Level
from tests.browser import Browser
from tests.cast import Cast
from tests.features.callhandling.handled import allow
from tests.features.calls.conftest import Take
from tests.features.calls.files import ALICE, BOB, TRUNK, leg
from tests.features.pbx.conftest import statements
from tests.features.pbx.reading import text_of

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
Browse = Callable[..., Browser]


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def at(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


@pytest.fixture
def calls(take: Take) -> None:
    """One of each: from outside, hidden, from a colleague, to outside."""
    take(
        leg(init_time=at(1)),
        leg(init_time=at(2), caller_hidden="yes"),
        leg(init_time=at(3), caller=BOB, callee=ALICE),
        leg(init_time=at(4), caller=ALICE, callee=f"+54 11 4326 5500@{TRUNK}"),
    )


def offered(page: TestResponse) -> list[tuple[str, str]]:
    """What would be sent, by label."""
    forms = re.findall(
        r'<form class="post" method="post" action="/call-handling/block-caller">(.*?)</form>', page.text, re.DOTALL
    )
    return [(text_of_piece(form), re.findall(r'name="number" value="([^"]*)"', form)[0]) for form in forms]


def text_of_piece(piece: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", piece).split())


@pytest.mark.usefixtures("calls")
def test_callers_from_outside_whose_number_is_known_can_be_blocked(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    page = browser.get("/calls?period=7-days")
    assert offered(page) == [("Block this caller", "4930441287")]
    form = re.findall(r'name="next" value="([^"]*)"', page.text)
    done = browser.post("/call-handling/block-caller", {"number": "4930441287", "next": form[-1]})
    assert done.headers["Location"].startswith("/calls")
    assert "Calls from 030 441287 no longer get through to you." in text_of(browser.follow(done)).replace("\u00a0", " ")
    with db.unit_of_work(Scope.platform()):
        blocked = queries.sheet(cast.alice.subscriber.public_id).blocked["in"]
        assert [entry.pattern for entry in blocked] == ["4930441287"]


@pytest.mark.usefixtures("calls")
def test_whoever_sees_the_calls_of_all_is_told_whose_line_it_is_about(cast: Cast, browse: Browse) -> None:
    assert offered(browse(cast.clare).get("/calls")) == [("Block for my line", "4930441287")]


@pytest.mark.usefixtures("calls")
@pytest.mark.parametrize("level", [Level.OFF, Level.USE])
def test_whoever_may_not_block_is_not_offered_it(cast: Cast, browse: Browse, level: Level) -> None:
    allow(cast, "alice", Feature.BLOCK_INCOMING, level=level)
    assert offered(browse(cast.alice).get("/calls")) == []


@pytest.mark.usefixtures("calls")
def test_the_list_still_asks_little_of_the_database(cast: Cast, browse: Browse, database: db.Database) -> None:
    browser = browse(cast.alice)
    with statements(database) as seen:
        browser.get("/calls")
    assert len(seen) <= 7, seen


@pytest.mark.parametrize("number", ["", "\0", "110", "x" * 5000, "493044128\u0667"])
def test_what_is_no_number_is_neither_blocked_nor_unblocked(cast: Cast, browse: Browse, number: str) -> None:
    browser = browse(cast.alice)
    for word in ("block", "unblock"):
        done = browser.post(f"/call-handling/{word}-caller", {"number": number, "next": "/calls"})
        assert "Only callers from outside whose number is known can be blocked." in text_of(browser.follow(done))
