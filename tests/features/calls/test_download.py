"""The list as a file."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from portal.core import clock, db
from portal.core.sheets import safe
from portal.core.tenancy import Scope
from portal.features.calls.queries import export
from portal.features.subscribers.models import Subscriber
from tests.browser import Browser
from tests.cast import Cast
from tests.features.calls.conftest import Take
from tests.features.calls.files import ALICE, BOB, SALES, TRUNK, leg

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
Browse = Callable[..., Browser]
HEADER = ["Start", "Direction", "Who", "Number", "With", "Extension", "Result", "Seconds", "Cost", "Currency"]


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def at(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat()


def table(browser: Browser, asked: str = "") -> list[list[str]]:
    response = browser.get(f"/calls.csv{asked}")
    assert response.status_code == 200
    assert response.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline="")))


def test_a_file_has_all_calls_with_all_their_words(cast: Cast, take: Take, browse: Browse) -> None:
    take(
        leg(caller=ALICE, callee=f"+54 11 4326 5500@{TRUNK}", init_time=at(1), duration=300),
        leg(caller=ALICE, callee=BOB, init_time=at(2), result="busy"),
        leg(caller_hidden="yes", callee=SALES, init_time=at(3), result="cancel"),
        leg(type="cfu", caller=BOB, caller_number="0176 1234567", callee=SALES, init_time=at(4), duration="61.7"),
    )
    assert table(browse(cast.clare)) == [
        HEADER,
        ["2026-11-24 13:30:00", "Outgoing", "", "+54 11 4326 5500", "Alice Meier", "101", "Answered", "300", "", ""],
        ["2026-11-24 12:30:00", "Inside", "Bob Turner", "102", "Alice Meier", "101", "Busy", "0", "", ""],
        ["2026-11-24 11:30:00", "Missed", "Hidden caller", "", "Sales", "600", "Caller hung up", "0", "", ""],
        ["2026-11-24 10:30:00", "Forwarded", "", "0176 1234567", "Bob Turner", "102", "Forwarded to Sales", "62", "", ""],
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "?q=0054",
        "?direction=inside",
        "?outcome=missed&order=oldest",
        "?q=alice&period=today",
        "?since=2026-11-23&until=2026-11-23",
    ],
)
def test_a_file_has_the_filtered_calls_in_their_order(cast: Cast, take: Take, browse: Browse, asked: str) -> None:
    take(
        *(leg(caller=ALICE, callee=f"0054 11 {n:06}@{TRUNK}", init_time=at(n)) for n in range(20)),
        *(leg(caller=ALICE, callee=BOB, init_time=at(n + 0.5)) for n in range(30)),
        *(leg(callee=BOB, result="busy", init_time=at(n + 0.25)) for n in range(30)),
    )
    browser = browse(cast.clare)
    page = browser.get(f"/calls{asked}{'&' if asked else '?'}rows=100")
    rows = table(browser, asked)[1:]
    assert [row[0] for row in rows] == [moment[:19].replace("T", " ") for moment in moments(page.text)]
    assert 0 < len(rows) < 80


def moments(html: str) -> list[str]:
    return [part.partition('"')[0] for part in html.split('call-time"><time datetime="')[1:]]


def test_a_file_is_complete_whatever_its_size(cast: Cast, take: Take, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "CHUNK", 7)
    take(*(leg(init_time=at(1 + n % 3), duration=n % 5) for n in range(50)))
    for order in ("newest", "oldest", "longest"):
        assert len(table(browse(cast.clare), f"?order={order}")) == 51


def test_the_file_is_named_after_its_days_and_not_kept(cast: Cast, browse: Browse) -> None:
    response = browse(cast.clare).get("/calls.csv?period=7")
    assert response.headers["Content-Disposition"] == 'attachment; filename="calls-2026-11-18-2026-11-24.csv"'
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"


def test_a_line_gets_its_own_calls(cast: Cast, take: Take, browse: Browse) -> None:
    take(leg(init_time=at(1), callee=BOB), leg(init_time=at(2), caller=ALICE, callee=BOB))
    assert [row[1:6] for row in table(browse(cast.alice))[1:]] == [["Inside", "Bob Turner", "102", "Alice Meier", "101"]]


def test_nobody_signed_in_gets_nothing(cast: Cast, browse: Browse) -> None:
    assert browse(host="lantern.localhost").get("/calls.csv").status_code == 302


@pytest.mark.parametrize("wicked", ['=HYPERLINK("http://x")', "+1-1", "-2+3", "@SUM(A1)", "\t=1", " =1"])
def test_what_a_spreadsheet_would_run_is_plain_text(cast: Cast, take: Take, browse: Browse, wicked: str) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Subscriber).where(Subscriber.username == "alice").values(display_name=wicked))
    take(leg(init_time=at(1)), leg(init_time=at(2), caller=f"=cmd@{TRUNK}"))
    rows = table(browse(cast.clare))[1:]
    assert rows[0][4] == f"'{wicked}"
    assert rows[1][3] == f"'=cmd@{TRUNK}"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("+54 11 4326 5500", "+54 11 4326 5500"),
        ("+1 (202) 555", "'+1 (202) 555"),
        ("-3.50", "-3.50"),
        ("030 1", "030 1"),
        ("Müller & Söhne", "Müller & Söhne"),
        ("", ""),
        ("=1", "'=1"),
        ("\n=1", "'\n=1"),
        ("\u00a0@x", "'\u00a0@x"),
        ("+1+1", "'+1+1"),
        ("--1", "'--1"),
        ("\uff1d1", "'\uff1d1"),
    ],
)
def test_safe(text: str, cell: str) -> None:
    assert safe(text) == cell


def test_what_resellers_and_carriers_pay_never_leaves(cast: Cast, take: Take, browse: Browse) -> None:
    take(leg(init_time=at(1), caller=ALICE, callee=f"0054 11@{TRUNK}", caller_number="49305550000101"))
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(text("SET LOCAL ROLE portal_worker"))
        session.execute(
            text(
                "UPDATE call_record SET customer_cost = 0.75, reseller_cost = 0.6171, carrier_cost = 0.5172, currency = 'EUR', "
                "network_number = '999999'",
            ),
        )
        session.execute(text("SET LOCAL ROLE portal_web"))
    for person in (cast.clare, cast.alice):
        page, file = browse(person).get("/calls").text, "\n".join(",".join(row) for row in table(browse(person)))
        assert "€0.75" in page
        assert "0.750000,EUR" in file
        for secret in ("0.6171", "0.5172", "999999"):
            assert secret not in page
            assert secret not in file
