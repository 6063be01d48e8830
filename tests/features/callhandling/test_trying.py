"""“What happens if …?” on the page of a line."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from portal.core import clock, db
from portal.features.callhandling import operations
from portal.features.callhandling.rules import Destination, Entry, Plan, Weekly, When
from portal.features.subscribers import queries as subscribers
from tests.browser import Browser
from tests.cast import Cast
from tests.features.callhandling.handled import add, id_of, path
from tests.features.dashboard.statements import counted
from tests.features.pbx.reading import text_of

Browse = Callable[..., Browser]
MOBILE = "491712044918"
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Berlin


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


def ask(browser: Browser, where: str, **question: str) -> TestResponse:
    return browser.get(f"{where}?{urlencode({'day': '2026-11-27', 'time': '18:05', 'phones': 'free', **question})}")


def answer(page: TestResponse) -> str:
    text = text_of(page)
    return text[text.index("What happens?") : text.index("Forwarding The first that fits")]


def after_hours(cast: Cast, name: str, *to: Destination) -> None:
    with db.unit_of_work(cast.clare.scope):
        spans = [Weekly(frozenset(range(5)), time(18), time(8))]
        hours = operations.add_times(by=cast.clare.identity, line=None, name="After hours", spans=spans).public_id
    add(cast, name, Plan(when=When.ALWAYS, destinations=to, times=hours))


def test_a_call_is_answered_in_steps(cast: Cast, browse: Browse) -> None:
    add(cast, "alice", Plan(when=When.NO_ANSWER, destinations=[Destination(number=MOBILE, ring_seconds=25)]))
    page = ask(browse(cast.alice), "/call-handling", caller="030 4412870")
    told = answer(page)
    assert "Friday, 27 November, 18:05: 030 4412870 calls Alice Meier, 101." in told
    assert "0 to 20 s Alice Meier rings." in told
    assert "at 20 s Alice Meier: nobody has answered, calls go to 0171 2044918." in told
    assert "20 to 45 s 0171 2044918 rings." in told
    assert "at 45 s The call ends: nobody has answered." in told
    assert 'class="ringtime"' in page.text


def test_the_hour_decides(cast: Cast, browse: Browse) -> None:
    after_hours(cast, "alice", Destination(line=id_of(cast, "bob")))
    browser = browse(cast.alice)
    late = answer(ask(browser, "/call-handling", time="18:05"))
    assert "Alice Meier: calls go straight to Bob Turner, 102. It is “After hours”." in late
    assert "Alice Meier rings." in answer(ask(browser, "/call-handling", time="17.55"))
    assert "Alice Meier rings." in answer(ask(browser, "/call-handling", day="2026-11-28"))  # a Saturday


@pytest.mark.parametrize(
    ("phones", "sentence"),
    [
        ("free", "Alice Meier rings."),
        ("busy", "Alice Meier is busy."),
        ("off", "Alice Meier does not ring: no phone is signed in."),
    ],
)
def test_the_phones_decide(cast: Cast, browse: Browse, phones: str, sentence: str) -> None:
    assert sentence in answer(ask(browse(cast.alice), "/call-handling", phones=phones))


def test_who_calls_decides(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.clare.scope):
        line = subscribers.line(id_of(cast, "alice"))
        colleagues = operations.add_callers(
            by=cast.alice.identity, line=line, name="Nearest", entries=[Entry("102"), Entry(MOBILE)], hidden=True
        ).public_id
    add(cast, "alice", Plan(when=When.ALWAYS, destinations=[Destination(line=id_of(cast, "carol"))], callers=colleagues))
    browser = browse(cast.alice)
    for caller in ("102", "Bob Turner, 102", "bob turner", "030 5550000102", "+49 171 204 49 18", "0171/2044918"):
        assert "go straight to Carol Nguyen, 103" in answer(ask(browser, "/call-handling", caller=caller)), caller
    assert "Alice Meier rings." in answer(ask(browser, "/call-handling", caller="103"))
    assert "Somebody outside calls" in answer(ask(browser, "/call-handling"))
    hidden = answer(ask(browser, "/call-handling", caller="103", hidden="y"))
    assert "Somebody without a number calls Alice Meier, 101." in hidden
    assert "go straight to Carol Nguyen, 103" in hidden


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ({"caller": "nobody at all"}, "Nobody here is called “nobody at all”."),
        ({"caller": "699"}, "Nobody here has the extension 699."),
        ({"caller": "x" * 161}, "Use at most 160 characters."),
        ({"day": "2026-02-30"}, "This date does not exist."),
        ({"day": "yesterday"}, "This date does not exist."),
        ({"day": "9999-12-31", "time": "23:59"}, ""),
        ({"day": "0001-01-01", "time": "00:00"}, "This date does not exist."),
        ({"time": "25:00"}, "is not a time of day"),
        ({"time": "soon"}, "is not a time of day"),
        ({"phones": "melted"}, "Please choose one of the offered values."),
        ({"called": "49305550000102"}, "Please choose one of the offered values."),
        ({"caller": "\0"}, "Somebody outside calls"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_place(cast: Cast, browse: Browse, question: dict[str, str], sentence: str) -> None:
    page = ask(browse(cast.alice), "/call-handling", **question)
    assert page.status_code == 200
    assert sentence in text_of(page)


def test_a_pilot_asks_about_any_line(cast: Cast, browse: Browse) -> None:
    add(cast, "sales", Plan(when=When.NO_ANSWER, destinations=[Destination(number=MOBILE)]))
    browser = browse(cast.clare)
    for called in ("600", "Sales, 600", "sales", "030 5550000600"):
        told = answer(ask(browser, "/call-handling", caller="+49 30 4412870", line=called))
        assert "030 4412870 calls Sales, 600." in told, called
        assert "Alice Meier, Bob Turner and Carol Nguyen ring." in told
        assert "0171 2044918 rings." in told
    for called, sentence in (("0171 2044918", "This is no number of yours."), ("Nobody", "Nobody here is called “Nobody”.")):
        assert sentence in text_of(ask(browser, "/call-handling", line=called))
    assert "calls Bob Turner, 102." in answer(ask(browser, path(cast, "bob")))


def test_nobody_learns_where_colleagues_have_their_calls_go(cast: Cast, browse: Browse) -> None:
    """Alice is told that Bob forwards, not where to and when; the pilot is."""
    after_hours(cast, "bob", Destination(number=MOBILE))
    add(cast, "alice", Plan(when=When.ALWAYS, destinations=[Destination(line=id_of(cast, "bob"))]))
    hers = ask(browse(cast.alice), "/call-handling")
    assert "Bob Turner: calls go straight to a number outside." in answer(hers)
    for secret in ("2044918", "204 49 18", "After hours"):
        assert secret not in hers.text
    assert "calls Alice Meier, 101." in answer(ask(browse(cast.alice), "/call-handling", line="102", caller="103"))
    pilots = answer(ask(browse(cast.clare), path(cast, "alice")))
    assert "Bob Turner: calls go straight to 0171 2044918. It is “After hours”." in pilots


def test_lines_without_a_telephone_system_can_try_too(cast: Cast, browse: Browse) -> None:
    told = answer(ask(browse(cast.charlie), "/call-handling", caller="030 4412870"))
    assert "030 4412870 calls Charlie." in told
    assert "Charlie rings." in told


@pytest.mark.parametrize("name", ["alice", "clare", "charlie"])
def test_at_most_six_statements(cast: Cast, browse: Browse, database: db.Database, name: str) -> None:
    browser = browse(cast.people[name])
    ask(browser, "/call-handling")
    for n in range(3):
        add(cast, name, Plan(when=When.BUSY, destinations=[Destination(number=f"493012345{n}")]))
        with counted(database) as sent:
            assert ask(browser, "/call-handling", caller="0171 2044918").status_code == 200
        assert len(sent) <= 6, sent
