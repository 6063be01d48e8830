"""The page of the log: who sees what, what it says, filters and pages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import html5lib
import pytest
from sqlalchemy import event, text, update
from werkzeug.test import TestResponse

from portal.core import clock, db
from portal.core.audit import AuditEntry, Event, record
from portal.core.identity import Identity, Viewer
from portal.core.tenancy import Scope
from portal.features.audit import queries
from portal.features.audit.rules.asked import Asked, Place
from portal.features.audit.rules.kinds import Kind
from portal.features.audit.views.shown import exact
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.features.audit.conftest import note

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
Browse = Callable[..., Browser]


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def before(person: Person, label: str, *, event: Event = Event.EXTENSION_UNLOCKED, **more: Any) -> None:
    """An entry of so many days, hours or minutes ago."""
    ago = {name: more.pop(name) for name in ("days", "hours", "minutes") if name in more}
    with clock.frozen(NOW - timedelta(**ago)):
        note(person, label, event=event, **more)


def words(element: Any) -> str:
    text = " ".join("".join(element.itertext()).split())
    return text.translate({0x2066: None, 0x2069: None, 0xA0: " "})


def lines(response: TestResponse) -> list[str]:
    """The sentences of a page, each without its time."""
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    return [words(line) for line in tree.findall(".//span[@class='log-what']")]


def headings(response: TestResponse) -> list[str]:
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    return [words(heading) for heading in tree.findall(".//h2[@class='log-title']")]


def opened(response: TestResponse) -> str:
    """What the first entry shows when it is opened."""
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    first = tree.find(".//div[@class='log-more']")
    assert first is not None
    return " | ".join(words(part) for part in first.iter() if part.tag in {"dt", "dd", "th", "td"})


def test_a_pilot_reads_the_company_s_entries_by_day(cast: Cast, browse: Browse) -> None:
    before(cast.clare, "Alice Meier", hours=1)
    before(cast.clare, "Bob Turner", hours=2)
    before(cast.clare, "Carol Nguyen", days=1)
    before(cast.clare, "Alice Meier", days=3)
    page = browse(cast.clare).get("/audit")
    assert headings(page) == ["Today 24 November", "Yesterday 23 November", "Saturday 21 November"]
    assert lines(page) == [f"Clare Fenn unlocked {name}" for name in ("Alice Meier", "Bob Turner", "Carol Nguyen", "Alice Meier")]
    assert "4 entries" in page.text
    assert "4 of 4 shown" in page.text


def test_everybody_sees_what_is_theirs(cast: Cast, browse: Browse) -> None:
    note(cast.clare, "Lantern's")
    note(cast.ike, "the bank's")
    note(cast.tom, "TelephOne's own")
    note(cast.rita, "Cheap Call's")
    note(cast.olga, "Isar's")
    seen = {}
    for name in ("clare", "ike", "tom", "rita", "olga"):
        seen[name] = {line.rpartition("unlocked ")[2] for line in lines(browse(cast.people[name]).get("/audit"))}
    assert seen == {
        "clare": {"Lantern's"},
        "ike": {"the bank's"},
        "tom": {"Lantern's", "the bank's", "TelephOne's own"},
        "rita": {"Cheap Call's"},
        "olga": {"Lantern's", "the bank's", "TelephOne's own", "Cheap Call's", "Isar's"},
    }


@pytest.mark.parametrize("name", ["alice", "charlie", "cora"])
@pytest.mark.parametrize("path", ["/audit", "/audit.csv"])
def test_for_others_there_is_no_log(cast: Cast, browse: Browse, name: str, path: str) -> None:
    browser = browse(cast.people[name])
    assert browser.get(path).status_code == 404
    assert 'href="/audit"' not in browser.get("/").text


def test_the_place_stands_in_the_navigation(cast: Cast, browse: Browse) -> None:
    assert re.search(r'href="/audit" aria-current="page"', browse(cast.clare).get("/audit").text)


def test_an_entry_opens_to_all_that_is_known(cast: Cast, browse: Browse) -> None:
    clare = replace(cast.clare.identity, address="192.0.2.7")
    with db.unit_of_work(cast.clare.scope):
        changes: dict[str, Any] = {
            "display_name": ("Al", "Alice <i>Meier</i>"),
            "do_not_disturb": (False, True),
            "shoe_size": ("38", None),
        }
        record(Event.EXTENSION_CHANGED, by=clare, label="Alice <b>", **changes)
    page = browse(cast.clare).get("/audit")
    assert lines(page) == [
        "Clare Fenn changed Alice <b>: name “Alice <i>Meier</i>” (before: “Al”); do not disturb on (before: off)"
    ]
    assert opened(page) == (
        "When | 24 November 2026, 14:30:00 CET | Who | Clare Fenn | From | 192.0.2.7 | About | Alice <b>"
        " | Kind | People and extensions | What | Before | Now"
        " | Name | Al | Alice <i>Meier</i> | Do not disturb | off | on | shoe size | 38 | none"
    )


@pytest.mark.parametrize(
    ("moment", "zone", "shown"),
    [
        (datetime(2026, 10, 25, 0, 30, 1, tzinfo=UTC), "Europe/Berlin", "25 October 2026, 02:30:01 CEST"),
        (datetime(2026, 10, 25, 1, 30, 1, tzinfo=UTC), "Europe/Berlin", "25 October 2026, 02:30:01 CET"),
        (datetime(2026, 10, 25, 1, 30, 1, tzinfo=UTC), "Europe/London", "25 October 2026, 01:30:01 GMT"),
    ],
)
def test_an_exact_moment_says_its_zone(moment: datetime, zone: str, shown: str) -> None:
    assert exact(moment, ZoneInfo(zone), "en") == shown


def test_secrets_are_only_said_to_have_changed(cast: Cast, browse: Browse) -> None:
    note(cast.clare, "Alice", event=Event.SIP_PASSWORD_RENEWED, password="changed")
    assert opened(browse(cast.clare).get("/audit")).endswith("What | Value | Password | changed")


def viewing(cast: Cast) -> Identity:
    """Tom, seeing the portal as Clare."""
    tom = cast.tom.account
    viewer = Viewer(tom.id, tom.public_id, "Tom Becker", NOW + timedelta(minutes=30), "help")
    return replace(cast.clare.identity, viewer=viewer)


def test_who_acts_as_somebody_is_named_with_both_names(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.clare.scope):
        record(Event.EXTENSION_UNLOCKED, by=viewing(cast), label="Alice")
    for person in (cast.clare, cast.tom):
        page = browse(person).get("/audit")
        assert lines(page) == ["Tom Becker (as Clare Fenn) unlocked Alice"]
        assert "Who | Tom Becker | As | Clare Fenn" in opened(page)


def test_the_operator_sees_whose_an_entry_is_and_chooses(cast: Cast, browse: Browse) -> None:
    note(cast.clare, "Alice")
    note(cast.rita, "Charlie")
    browser = browse(cast.olga)
    page = browser.get("/audit")
    assert re.findall(r'class="log-beside"><bdi>([^<]+)', page.text) == ["Cheap Call", "TelephOne"]
    chosen = browser.get(f"/audit?reseller={cast.telephone.public_id}")
    assert lines(chosen) == ["Clare Fenn unlocked Alice"]
    assert re.search(r'chip-on" href="/audit"><span class="chip-text">TelephOne', chosen.text)
    assert browser.get("/audit?reseller=0000000000000000").status_code == 404


def test_others_cannot_choose_a_reseller(cast: Cast, browse: Browse) -> None:
    note(cast.rita, "Charlie")
    page = browse(cast.tom).get(f"/audit?reseller={cast.cheapcall.public_id}")
    assert lines(page) == []
    assert "Cheap Call" not in page.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["d", "c", "b", "a"]),
        ("?period=today", ["d"]),
        ("?period=yesterday", ["c"]),
        ("?period=7", ["d", "c", "b"]),
        ("?period=year", ["d", "c", "b", "a", "e"]),
        ("?since=2026-11-19&until=2026-11-23", ["c", "b"]),
        ("?until=2026-11-01", ["a", "e"]),
        ("?kind=numbers", ["b"]),
        ("?kind=people", ["d", "c", "a"]),
        ("?kind=nonsense&period=nonsense&rows=7", ["d", "c", "b", "a"]),
        ("?who=turner", ["b"]),
        ("?who=TURNER%20bob", ["b"]),
        ("?who=nobody", []),
        ("?q=203.0.113", ["c"]),
        ("?q=clare%20%20LINE+a.", ["a"]),
        ("?q=%25", []),
        ("?q=_", []),
    ],
)
def test_filters(cast: Cast, browse: Browse, asked: str, found: list[str]) -> None:
    bob = replace(cast.bob.identity, name="Bob Turner")
    home = replace(cast.clare.identity, address="203.0.113.9")
    rows = [
        ("a", cast.clare.identity, Event.EXTENSION_LOCKED, timedelta(days=25)),
        ("b", bob, Event.NUMBER_ASSIGNED, timedelta(days=5)),
        ("c", home, Event.EXTENSION_UNLOCKED, timedelta(days=1)),
        ("d", cast.clare.identity, Event.EXTENSION_UNLOCKED, timedelta(hours=1)),
        ("e", cast.clare.identity, Event.EXTENSION_UNLOCKED, timedelta(days=90)),
    ]
    for label, by, what, ago in rows:
        with clock.frozen(NOW - ago), db.unit_of_work(cast.clare.scope):
            record(what, by=by, label=f"line {label}.", level=(0, 2), reason=(None, "x"), numbers=[])
    assert re.findall(r"line (.)\.", " ".join(lines(browse(cast.clare).get(f"/audit{asked}")))) == found


def test_what_staff_did_while_they_viewed_is_among_staff_views(cast: Cast, browse: Browse) -> None:
    note(cast.clare, "Bob")
    with db.unit_of_work(cast.clare.scope):
        record(Event.EXTENSION_UNLOCKED, by=viewing(cast), label="Alice")
    with db.unit_of_work(cast.tom.scope):
        record(Event.VIEW_STARTED, by=cast.tom.identity, label="Clare Fenn", customer_id=cast.lantern.id, reason="a call")
    page = browse(cast.clare).get("/audit?kind=views")
    assert lines(page) == [
        f"{cast.tom.account.name} began to view as Clare Fenn. Reason: a call",
        "Tom Becker (as Clare Fenn) unlocked Alice",
    ]


def test_filters_in_force_go_away_one_by_one(cast: Cast, browse: Browse) -> None:
    page = browse(cast.clare).get("/audit?period=7&kind=numbers&who=Bob&q=alice").text
    chips = re.findall(r'chip-on" href="([^"]+)"><span class="chip-text">([^<]+)', page)
    assert [(label, url.replace("&amp;", "&")) for url, label in chips] == [
        ("Last 7 days", "/audit?kind=numbers&q=alice&who=Bob"),
        ("Numbers", "/audit?period=7&q=alice&who=Bob"),
        ("By Bob", "/audit?period=7&kind=numbers&q=alice"),
    ]
    assert "No entry is like that" in page


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("", "No entries in the last 30 days"),
        ("?period=today", "No entries in this period"),
        ("?kind=numbers", "No entry is like that"),
    ],
)
def test_an_empty_page_says_why(cast: Cast, browse: Browse, asked: str, title: str) -> None:
    assert f">{title}</h2>" in browse(cast.clare).get(f"/audit{asked}").text


def test_a_period_that_cannot_be_is_said_at_its_field(cast: Cast, browse: Browse) -> None:
    page = browse(cast.clare).get("/audit?since=2026-11-31&until=2026-11-20")
    assert page.status_code == 422
    assert "This filter cannot be used" in page.text
    assert 'value="2026-11-31"' in page.text


def test_newer_and_older(cast: Cast, browse: Browse) -> None:
    for number in range(60):
        before(cast.clare, f"n{number}.", minutes=number // 2)  # two share each moment
    browser = browse(cast.clare)
    seen: list[list[str]] = []
    page = browser.get("/audit?rows=25")
    while True:
        seen.append(re.findall(r"n\d+\.", " ".join(lines(page))))
        older = re.search(r'rel="next" href="([^"]+)"', page.text)
        if older is None:
            break
        page = browser.get(older[1].replace("&amp;", "&"))
    assert [len(some) for some in seen] == [25, 25, 10]
    assert len({label for some in seen for label in some}) == 60
    back = re.search(r'rel="prev" href="([^"]+)"', page.text)
    assert back is not None
    assert re.findall(r"n\d+\.", " ".join(lines(browser.get(back[1].replace("&amp;", "&"))))) == seen[1]


@pytest.mark.parametrize("place", ["", "x", "AAAA", "=", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "A" * 200])
def test_no_place_breaks_the_page(cast: Cast, browse: Browse, place: str) -> None:
    note(cast.clare, "Alice")
    assert lines(browse(cast.clare).get("/audit", query_string={"after": place, "before": place})) == [
        "Clare Fenn unlocked Alice"
    ]


def test_what_nobody_has_words_for_is_shown_all_the_same(cast: Cast, browse: Browse) -> None:
    """Of a later version of the portal, or of somebody who wrote into the table."""
    for details in ({"level": 7}, ["x"], "x", {"numbers": [1, None], "level": [0, 9], "reason": {"a": [1]}}):
        note(cast.clare, "Alice", event=Event.EXTENSION_LOCKED, level=(0, 1), reason=(None, "x"))
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(text("SET LOCAL ROLE portal_owner"))
            session.execute(update(AuditEntry).values(details=details))
            session.execute(text("SET LOCAL ROLE portal_web"))
        page = browse(cast.clare).get("/audit")
        assert page.status_code == 200
        assert browse(cast.clare).get("/audit.csv").status_code == 200


def test_a_count_that_would_take_long_is_capped(cast: Cast, browse: Browse, many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.features.audit.queries import listing

    monkeypatch.setattr(listing, "COUNTED", 100)
    page = browse(cast.tom).get("/audit?period=year").text
    assert "100+ entries" in page
    assert "50 of more than 100 shown" in page


# --- what it costs ----------------------------------------------------------------------------------------------------------

FILL = """
    INSERT INTO audit_entry (reseller_id, customer_id, at, event, actor_name, label, details)
    SELECT CASE WHEN n % 20 = 0 THEN :reseller ELSE :other END, CASE WHEN n % 40 = 0 THEN :customer END,
           timestamptz '2026-11-24 12:00+00' - n * interval '20 minutes', 'signed-in', 'Somebody', 'Line ' || n, '{}'
    FROM generate_series(1, 20000) n
"""


@pytest.fixture
def many(cast: Cast) -> None:
    """Nine months, of which few are TelephOne's, and fewer Lantern's."""
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(text(FILL), {"reseller": cast.telephone.id, "other": cast.isar.id, "customer": cast.lantern.id})
        session.execute(text("SET LOCAL ROLE portal_owner"))
        session.execute(text("ANALYZE audit_entry"))
        session.execute(text("SET LOCAL ROLE portal_web"))


def plan(scope: Scope, ask: Callable[[], object]) -> str:
    with db.unit_of_work(scope) as session:
        seen: list[tuple[str, Any]] = []

        def hear(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
            seen.append((statement, values))

        event.listen(session.connection(), "before_cursor_execute", hear)
        ask()
        event.remove(session.connection(), "before_cursor_execute", hear)
        statement, values = seen[-1]
        return "\n".join(row[0] for row in session.connection().exec_driver_sql(f"EXPLAIN {statement}", values))


MONTH = Asked(NOW - timedelta(days=30), NOW)
YEAR = Asked(NOW - timedelta(days=365), NOW)
DEEP = Place(NOW - timedelta(days=200), 1)


@pytest.mark.parametrize("name", ["clare", "tom", "olga"])
@pytest.mark.parametrize(
    ("asked", "place"),
    [
        (MONTH, None),
        (YEAR, DEEP),
        (YEAR, replace(DEEP, back=True)),
        (replace(YEAR, kind=Kind.SIGN_INS), None),
    ],
)
def test_a_page_comes_from_an_index(cast: Cast, many: None, name: str, asked: Asked, place: Place | None) -> None:
    indexes = {"clare": "ix_audit_entry_customer", "tom": "ix_audit_entry_reseller", "olga": "ix_audit_entry_at"}
    found = plan(cast.people[name].scope, lambda: queries.page(asked, size=50, place=place))
    assert indexes[name] in found
    assert "Sort" not in found


@pytest.mark.parametrize("name", ["clare", "tom", "olga"])
def test_words_are_looked_for_within_the_period_alone(cast: Cast, many: None, name: str) -> None:
    found = plan(cast.people[name].scope, lambda: queries.page(replace(MONTH, words="127.0.0.1"), size=50))
    assert "ix_audit_entry" in found
    assert "Seq Scan" not in found


def test_a_reseller_that_the_operator_chose_has_its_index(cast: Cast, many: None) -> None:
    chosen = replace(YEAR, reseller_id=cast.cheapcall.id)
    assert "ix_audit_entry_reseller" in plan(cast.olga.scope, lambda: queries.page(chosen, size=50))


@pytest.mark.parametrize("name", ["clare", "tom", "olga"])
def test_a_page_takes_six_statements_at_most(cast: Cast, browse: Browse, many: None, database: db.Database, name: str) -> None:
    for asked in ("", "?period=year&rows=100&q=line&who=some&kind=sign-ins"):
        browser, seen = browse(cast.people[name]), list[str]()

        def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any, seen: list[str] = seen) -> None:
            if "set_config" not in statement and not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                seen.append(statement)

        event.listen(database.bind, "before_cursor_execute", hear)
        assert browser.get(f"/audit{asked}").status_code == 200
        event.remove(database.bind, "before_cursor_execute", hear)
        assert len(seen) <= 6, seen
