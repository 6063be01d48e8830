"""The list of calls: who sees what, filters, order, pages, and what it says."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import html5lib
import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.subscribers.models import Status, Subscriber
from tests.browser import Browser
from tests.cast import Cast
from tests.features.calls.conftest import Take
from tests.features.calls.files import ALICE, BOB, CAROL, SALES, TRUNK, leg

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
Browse = Callable[..., Browser]


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def at(hours: float = 0, days: float = 0) -> str:
    return (NOW - timedelta(hours=hours, days=days)).isoformat()


def rows(response: TestResponse) -> list[str]:
    """The calls on a page, each as its words."""
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    found = tree.findall(".//table[@class='table table-hover cards']/tbody/tr")
    for menu in tree.findall(".//td[@class='fit at-menu']"):
        menu.clear()
    return [" ".join(" ".join(row.itertext()).split()) for row in found if row.get("class") != "day"]


def headings(response: TestResponse) -> list[str]:
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    return [" ".join(" ".join(row.itertext()).split()) for row in tree.findall(".//tr[@class='day']")]


def test_the_company_s_calls_by_day(cast: Cast, take: Take, browse: Browse) -> None:
    take(
        leg(caller=ALICE, callee=f"+54 11 4326 5500@{TRUNK}", init_time=at(1), duration=300),
        leg(init_time=at(2), result="noanswer", callee=SALES),
        leg(init_time=at(3), caller=BOB, callee=CAROL),
        leg(init_time=at(4), caller_hidden="yes"),
        leg(init_time=at(days=1)),
        leg(init_time=at(days=3), type="cfna", caller=BOB, caller_number="+4930441287", callee=SALES),
    )
    page = browse(cast.clare).get("/calls")
    assert [re.sub(r"^\d\d:\d\d ", "", row) for row in rows(page)] == [
        "Outgoing Outgoing +54 11 4326-5500 Argentina Alice Meier , 101 Answered 5:00",
        "Missed Missed 030 441287 Sales , 600 No answer",
        "Inside Inside Carol Nguyen 103 Bob Turner , 102 Answered 1:00",
        "Incoming Incoming Hidden caller Alice Meier , 101 Answered 1:00",
        "Incoming Incoming 030 441287 Alice Meier , 101 Answered 1:00",
        "Forwarded Forwarded 030 441287 Bob Turner , 102 Forwarded to Sales 1:00",
    ]
    assert headings(page) == [
        "Today 24 November, 4 calls, 1 missed",
        "Yesterday 23 November, 1 call",
        "Saturday 21 November, 1 call",
    ]
    assert "6 calls, 1 missed" in page.text
    assert "Download these 6" in page.text


def test_a_line_sees_its_own_calls_only(cast: Cast, take: Take, browse: Browse) -> None:
    take(leg(caller=ALICE, callee=BOB, init_time=at(1)), leg(callee=BOB, init_time=at(2)), leg(callee=CAROL, init_time=at(3)))
    own = rows(browse(cast.bob).get("/calls"))
    assert [row[6:] for row in own] == [
        "Inside Inside Alice Meier 101 Answered 1:00",
        "Incoming Incoming 030 441287 Answered 1:00",
    ]
    assert [row[6:] for row in rows(browse(cast.alice).get("/calls"))] == ["Inside Inside Bob Turner 102 Answered 1:00"]


@pytest.mark.parametrize("stranger", ["ike", "charlie"])
def test_other_customers_see_nothing_of_it(cast: Cast, take: Take, browse: Browse, stranger: str) -> None:
    take(leg(init_time=at(1)))
    page = browse(cast.people[stranger]).get("/calls")
    assert rows(page) == []
    assert "No calls in the last four weeks" in page.text
    assert browse(cast.people[stranger]).get(f"/calls?person={cast.alice.subscriber.public_id}").status_code == 404
    assert browse(cast.people[stranger]).get(f"/calls.csv?person={cast.alice.subscriber.public_id}").status_code == 404


def test_a_line_cannot_look_at_a_colleague(cast: Cast, browse: Browse) -> None:
    assert browse(cast.bob).get(f"/calls?person={cast.alice.subscriber.public_id}").status_code == 404
    assert browse(cast.bob).get(f"/calls?person={cast.bob.subscriber.public_id}").status_code == 404


@pytest.mark.parametrize("person", ["0" * 16, "x", "", "0" * 15 + "u", "' OR 1=1"])
def test_a_person_that_does_not_exist(cast: Cast, browse: Browse, person: str) -> None:
    assert browse(cast.clare).get("/calls", query_string={"person": person}).status_code == (200 if not person else 404)


@pytest.mark.parametrize("who", ["tom", "rita", "olga", "cora"])
def test_staff_have_no_call_list(cast: Cast, browse: Browse, who: str) -> None:
    assert browse(cast.people[who]).get("/calls").status_code == 404
    assert browse(cast.people[who]).get("/calls.csv").status_code == 404


@pytest.fixture
def varied(cast: Cast, take: Take) -> None:
    take(
        leg(init_time=at(1), caller=ALICE, callee=f"+54 11 4326 5500@{TRUNK}", duration=300),
        leg(init_time=at(2), caller=f"4930441287@{TRUNK}", callee=BOB, duration=20),
        leg(init_time=at(3), caller=f"4930441288@{TRUNK}", callee=SALES, result="busy"),
        leg(init_time=at(4), caller=ALICE, callee=BOB, result="noanswer"),
        leg(init_time=at(5), caller=CAROL, callee=f"089 123456@{TRUNK}", result="failed"),
        leg(init_time=at(6), caller=CAROL, callee=ALICE, duration=3700),
        leg(init_time=at(days=10), caller=f"4930441287@{TRUNK}", callee=CAROL, result="cancel"),
        leg(init_time=at(days=100), caller=f"4930441287@{TRUNK}", callee=CAROL),
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", [1, 2, 3, 4, 5, 6, 10]),
        ("period=today", [1, 2, 3, 4, 5, 6]),
        ("period=yesterday", []),
        ("period=7", [1, 2, 3, 4, 5, 6]),
        ("period=month", [1, 2, 3, 4, 5, 6, 10]),
        ("period=last-month", []),
        ("period=year", [1, 2, 3, 4, 5, 6, 10, 100]),
        ("since=2026-11-14&until=2026-11-14", [10]),
        ("until=2026-11-14", [10, 100]),
        ("since=2026-11-15", [1, 2, 3, 4, 5, 6]),
        ("direction=out", [1, 5]),
        ("direction=in", [2, 3, 10]),
        ("direction=inside", [4, 6]),
        ("direction=forward", []),
        ("outcome=answered", [1, 2, 6]),
        ("outcome=missed", [3, 10]),
        ("outcome=busy", [3]),
        ("outcome=unanswered", [4, 10]),
        ("outcome=failed", [5]),
        ("direction=out&outcome=missed", []),
        ("at_least=5", [1, 6]),
        ("at_least=0:10&at_most=0:30", [2]),
        ("at_least=1:00:00", [6]),
        ("at_most=0", [3, 4, 5, 10]),
        ("q=0054", [1]),
        ("q=%2B54 (11) 4326", [1]),
        ("q=030 441287", [2, 10]),
        ("q=44128", [2, 3, 10]),
        ("q=0049", [2, 3, 5, 10]),
        ("q=0", [2, 3, 5, 10]),
        ("q=101", [1, 4, 6]),
        ("q=600", [3]),
        ("q=alice", [1, 4, 6]),
        ("q=ALICÉ", [1, 4, 6]),
        ("q=er", [1, 2, 4, 6]),
        ("q=nobody", []),
        ("q=%25", []),
        ("q=alice&direction=out", [1]),
        ("q=0054&direction=in", []),
    ],
)
def test_filters(cast: Cast, varied: None, browse: Browse, asked: str, found: list[int]) -> None:
    page = browse(cast.clare).get(f"/calls?{asked}")
    assert hours_ago(page) == found
    noted = re.search(r"([\d,]+) calls?", page.text)
    assert noted is not None
    assert int(noted[1]) == len(found)


def hours_ago(page: TestResponse) -> list[int]:
    """How long ago each call on a page was: in hours today, in days before."""
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    times = [NOW - datetime.fromisoformat(time.get("datetime", "")) for time in tree.findall(".//td/time")]
    return [time.days or round(time.total_seconds() / 3600) for time in times]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", [1, 4, 6]),
        ("q=102", [4]),
        ("q=carol", [6]),
        ("q=54114", []),
        ("q=0054", [1]),
        ("outcome=missed", []),
        ("direction=inside", [4, 6]),
    ],
)
def test_filters_of_a_line(cast: Cast, varied: None, browse: Browse, asked: str, found: list[int]) -> None:
    assert hours_ago(browse(cast.alice).get(f"/calls?{asked}")) == found


def test_a_person_s_calls_are_shown_from_their_side(cast: Cast, varied: None, browse: Browse) -> None:
    page = browse(cast.clare).get(f"/calls?person={cast.bob.subscriber.public_id}")
    assert [row[6:] for row in rows(page)] == [
        "Incoming Incoming 030 441287 Bob Turner , 102 Answered 0:20",
        "Missed Missed Alice Meier 101 Bob Turner , 102 No answer",
    ]
    assert headings(page) == ["Today 24 November, 2 calls, 1 missed"]


def test_two_colleagues_who_spoke_with_each_other_are_one_row(cast: Cast, varied: None, browse: Browse) -> None:
    assert hours_ago(browse(cast.clare).get("/calls?q=10&direction=inside")) == [4, 6]


@pytest.mark.parametrize(
    ("asked", "sentence", "typed"),
    [
        ("since=2026-02-30", "This date does not exist.", "2026-02-30"),
        ("until=soon", "This date does not exist.", "soon"),
        ("since=2026-11-20&until=2026-11-10", "This day lies before the first one.", "2026-11-10"),
        ("at_least=long", "Type minutes, or minutes and seconds: 5 or 0:30.", "long"),
        ("at_most=1:75", "Type minutes, or minutes and seconds: 5 or 0:30.", "1:75"),
        ("at_least=5&at_most=4", "This is shorter than “At least”.", "4"),
    ],
)
def test_what_was_typed_in_vain_is_said_and_kept(
    cast: Cast, varied: None, browse: Browse, asked: str, sentence: str, typed: str
) -> None:
    page = browse(cast.clare).get(f"/calls?{asked}")
    assert page.status_code == 422
    assert sentence in page.text
    assert f'value="{typed}"' in page.text
    assert hours_ago(page)


@pytest.mark.parametrize(
    "asked",
    [
        "period=never",
        "direction=up",
        "outcome=x",
        "order=random",
        "rows=1000000",
        "rows=-1",
        "after=!!!",
        "before=%00",
        "after=AAAA",
        "after=" + "A" * 5000,
        "since=0001-01-01",
        "until=0001-01-01",
        "since=9999-12-31",
        "until=9999-12-31",
        "q=%00",
        "q=" + "x" * 5000,
        "direction=in&direction=out",
        "at_least=",
    ],
)
def test_an_address_that_offers_nonsense_is_the_list_without_it(cast: Cast, varied: None, browse: Browse, asked: str) -> None:
    assert browse(cast.clare).get(f"/calls?{asked}").status_code == 200


def test_the_longest_first(cast: Cast, varied: None, browse: Browse) -> None:
    page = browse(cast.clare).get("/calls?order=longest")
    assert hours_ago(page)[:3] == [6, 1, 2]
    assert rows(page)[0].startswith("24 Nov, 08:30")
    assert headings(page) == []


def test_the_oldest_first(cast: Cast, varied: None, browse: Browse) -> None:
    assert hours_ago(browse(cast.clare).get("/calls?order=oldest")) == [10, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("order", ["newest", "oldest", "longest"])
def test_pages_follow_one_another_and_lead_back(cast: Cast, take: Take, browse: Browse, order: str) -> None:
    take(*(leg(init_time=at(1 + n // 3), duration=n % 4) for n in range(60)))
    browser = browse(cast.clare)
    first = browser.get(f"/calls?rows=25&order={order}")
    second = browser.get(link(first, "next"))
    third = browser.get(link(second, "next"))
    assert [len(rows(page)) for page in (first, second, third)] == [25, 25, 10]
    assert link(third, "next") == ""
    assert link(first, "prev") == ""
    assert rows(browser.get(link(third, "prev"))) == rows(second)
    assert rows(browser.get(link(second, "prev"))) == rows(first)


def link(page: TestResponse, rel: str) -> str:
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    return next((found.get("href", "") for found in tree.findall(f".//a[@rel='{rel}']")), "")


def test_each_day_of_the_chart_leads_to_its_calls(cast: Cast, varied: None, browse: Browse) -> None:
    page = browse(cast.clare).get("/calls")
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    columns = tree.findall(".//ol[@class='chart-columns']/li")
    assert len(columns) == 28
    day = columns[-11].find("a")
    assert day is not None
    assert day.get("aria-label") == "Saturday, 14 November: 0 answered, 1 missed"
    assert hours_ago(browse(cast.clare).get(day.get("href", ""))) == [10]


def test_words_and_dates_in_german(cast: Cast, varied: None, browse: Browse) -> None:
    page = browse(cast.clare, language="de").get("/calls")
    assert page.status_code == 200


def test_times_are_those_of_the_person_s_zone(cast: Cast, take: Take, browse: Browse) -> None:
    take(leg(init_time="2026-11-22T23:30:00Z"))
    page = browse(cast.clare).get("/calls?since=2026-11-23&until=2026-11-23")
    assert headings(page) == ["Yesterday 23 November, 1 call"]
    assert rows(page)[0].startswith("00:30")


def test_lines_that_are_gone_keep_their_names(cast: Cast, take: Take, browse: Browse) -> None:
    take(leg(init_time=at(1), callee=CAROL))
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Subscriber).where(Subscriber.username == "carol").values(status=Status.TERMINATED))
    browser = browse(cast.clare)
    assert "Carol Nguyen" in rows(browser.get("/calls"))[0]
    assert len(rows(browser.get("/calls?q=carol"))) == 1
    assert len(rows(browser.get(f"/calls?person={cast.carol.subscriber.public_id}"))) == 1
