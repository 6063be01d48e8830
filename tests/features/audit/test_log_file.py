"""The log as a file."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.core import clock, db
from portal.core.audit import Event, record
from portal.features.audit.queries import listing
from tests.browser import Browser
from tests.cast import Cast
from tests.features.audit.conftest import note

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
Browse = Callable[..., Browser]
HEADER = ["Time", "Who", "As whom", "What happened", "Kind", "About", "Before", "Now", "From", "Event"]


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def table(browser: Browser, asked: str = "") -> list[list[str]]:
    response = browser.get(f"/audit.csv{asked}")
    assert response.status_code == 200
    assert response.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def test_old_and_new_values_stand_beside_each_other(cast: Cast, browse: Browse) -> None:
    clare = replace(cast.clare.identity, address="192.0.2.7")
    with db.unit_of_work(cast.clare.scope):
        record(Event.NUMBER_ASSIGNED, by=clare, label="Alice", numbers=["49305550700", "541143265500"], was=None)
        record(Event.EXTENSION_CHANGED, by=clare, label="Alice", display_name=("Al", "Alice"), outgoing=("own", "49305550700"))
        record(Event.WEB_PASSWORD_SET, by=clare, label="Bob", password="changed")
    told = ["2026-11-24 14:30:00", "Clare Fenn", ""]
    password, changed, assigned = (
        [*told, "Clare Fenn set a web password for Bob", "Passwords and factors", "Bob", "", "Password: changed"],
        [
            *told,
            "Clare Fenn changed Alice: name “Alice” (before: “Al”); called people see 030 5550700 (before: the own number)",
            "People and extensions",
            "Alice",
            "Name: Al; Called people see: the own number",
            "Name: Alice; Called people see: 030 5550700",
        ],
        [
            *told,
            "Clare Fenn gave Alice 030 5550700, +54 11 4326-5500",
            "Numbers",
            "Alice",
            "",
            "Numbers: 030 5550700, +54 11 4326-5500",
        ],
    )
    assert table(browse(cast.clare)) == [
        HEADER,
        [*password, "192.0.2.7", "web-password-set"],
        [*changed, "192.0.2.7", "extension-changed"],
        [*assigned, "192.0.2.7", "number-assigned"],
    ]


def test_a_file_has_exactly_what_is_asked_for(cast: Cast, browse: Browse) -> None:
    for hours, label in ((1, "Alice"), (30, "Bob")):
        with clock.frozen(NOW - timedelta(hours=hours)):
            note(cast.clare, label)
    note(cast.clare, "Alice", event=Event.SIP_PASSWORD_RENEWED)
    assert [row[3] for row in table(browse(cast.clare), "?kind=people&period=today")[1:]] == ["Clare Fenn unlocked Alice"]
    assert [row[5] for row in table(browse(cast.clare), "?q=bob")[1:]] == ["Bob"]
    assert table(browse(cast.clare), "?q=nobody") == [HEADER]


def test_the_file_is_named_after_its_period(cast: Cast, browse: Browse) -> None:
    headers = browse(cast.clare).get("/audit.csv?since=2026-11-01&until=2026-11-03").headers
    assert headers["Content-Disposition"] == 'attachment; filename="audit-2026-11-01-2026-11-03.csv"'
    assert headers["Cache-Control"] == "no-store"


def test_nothing_that_a_spreadsheet_would_run(cast: Cast, browse: Browse) -> None:
    note(cast.clare, '=HYPERLINK("http://x")', "@SUM(A1)", '"quoted", and\nmore')
    assert [row[5] for row in table(browse(cast.clare))[1:]] == ['"quoted", and\nmore', "'@SUM(A1)", '\'=HYPERLINK("http://x")']


def test_everybody_gets_what_is_theirs(cast: Cast, browse: Browse) -> None:
    note(cast.clare, "Lantern's")
    note(cast.ike, "the bank's")
    note(cast.rita, "Cheap Call's")
    assert [row[5] for row in table(browse(cast.ike))[1:]] == ["the bank's"]
    assert [row[5] for row in table(browse(cast.rita))[1:]] == ["Cheap Call's"]
    assert {row[5] for row in table(browse(cast.tom))[1:]} == {"Lantern's", "the bank's"}
    assert {(row[5], row[10]) for row in table(browse(cast.olga))[1:]} == {
        ("Lantern's", "TelephOne"),
        ("the bank's", "TelephOne"),
        ("Cheap Call's", "Cheap Call"),
    }


def test_a_long_file_is_read_piece_by_piece(cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "CHUNK", 10)
    note(cast.clare, *(f"{number}." for number in range(35)))  # all of one moment
    assert [row[5] for row in table(browse(cast.clare))[1:]] == [f"{number}." for number in reversed(range(35))]


def test_the_file_speaks_the_reader_s_language(cast: Cast, browse: Browse) -> None:
    note(cast.clare, "Alice")
    response = browse(cast.clare, language="de").get("/audit.csv")
    assert "Clare Fenn hat Alice entsperrt" in response.text


def test_a_slow_reader_keeps_no_connection(own_cast: Cast, browse: Browse, own_database: db.Database) -> None:
    note(own_cast.clare, "Alice")
    browser = browse(own_cast.clare)
    response = browser.client.get("/audit.csv", base_url="http://lantern.localhost", buffered=False)
    pieces: Iterator[Any] = iter(response.response)
    next(pieces)
    assert own_database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert b"Alice" in b"".join(pieces)
    response.close()
