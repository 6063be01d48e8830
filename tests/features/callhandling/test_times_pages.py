"""Time sets on their pages: the editor of parts works by buttons alone, and nothing that was typed is lost."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.callhandling import queries
from portal.features.callhandling.models import TimeSet
from portal.features.callhandling.rules import Destination, Plan, When, times_in_words
from portal.features.callhandling.rules.conditions import MOST_SPANS
from portal.features.subscribers.rules import Feature, Level
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.features.callhandling.handled import add, allow
from tests.features.callhandling.reading import form_of
from tests.features.pbx.conftest import statements
from tests.features.pbx.reading import text_of

Browse = Callable[..., Browser]
LIST, NEW = "/call-handling/times", "/call-handling/times/new"
TUESDAY = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)  # 14:05 in Berlin
NIGHTS: dict[str, Any] = {"part_0_day": ["0", "1", "2", "3", "4"], "part_0_begins": "18:00", "part_0_ends": "08:00"}


@pytest.fixture(autouse=True)
def on_a_tuesday() -> Iterator[None]:
    with clock.frozen(TUESDAY):
        yield


def new(browser: Browser, name: str = "After hours", **typed: Any) -> TestResponse:
    return browser.post(NEW, {**form_of(browser.get(NEW), NEW), "name": name, **typed})


def everything(cast: Cast, person: Person | None = None) -> dict[str, queries.KeptTimes]:
    with db.unit_of_work(Scope.platform()) as session:
        found = queries.time_sets(cast.lantern.id, person.subscriber.id if person else None)
        session.expunge_all()
        return {kept.row.name: kept for kept in found}


def kept(cast: Cast) -> dict[str, str]:
    return {name: times_in_words(one.times) for name, one in everything(cast).items()}


def only(cast: Cast) -> TimeSet:
    (found,) = everything(cast).values()
    return found.row


def path(times: TimeSet, *more: str) -> str:
    return "/".join([LIST, times.public_id, *more])


def test_the_pilot_gives_times_a_name(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    assert "No times yet" in browser.get(LIST).text
    page = browser.follow(new(browser, **NIGHTS))
    assert "“After hours” is added: Mon to Fri 18:00–08:00." in text_of(page)
    assert "Off until 18:00" in text_of(page)
    assert kept(cast) == {"After hours": "Mon to Fri 18:00–08:00"}


@pytest.mark.parametrize(
    ("which", "name", "words"),
    [
        ("office", "Office hours", "Mon to Fri 09:00–18:00, except the public holidays in Germany"),
        ("after-hours", "After hours", "every day 18:00–09:00, Sat, Sun and the public holidays in Germany"),
        ("weekend", "Weekends", "Sat, Sun"),
        ("holidays", "Public holidays", "the public holidays in Germany"),
    ],
)
def test_what_is_wanted_most_can_be_begun_with(cast: Cast, browse: Browse, which: str, name: str, words: str) -> None:
    browser = browse(cast.clare)
    assert browser.post(NEW, form_of(browser.get(f"{NEW}?like={which}"), NEW)).status_code == 303
    assert kept(cast) == {name: words}


def test_parts_come_and_go_by_buttons_and_keep_what_was_typed(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    page = new(browser, "Half", **NIGHTS, do="add-dates")
    assert page.status_code == 200
    form = form_of(page, NEW)
    assert (form["name"], form["part_0_day"], form["part_0_ends"]) == ("Half", ["0", "1", "2", "3", "4"], "08:00")
    page = browser.post(NEW, {**form, "part_1_first": "2026-12-24", "part_1_take": "except", "do": "add-holidays"})
    form = form_of(page, NEW)
    assert (form["part_1_first"], form["part_1_take"], form["part_2_country"]) == ("2026-12-24", "except", "DE")
    form = form_of(browser.post(NEW, {**form, "do": "remove-0"}), NEW)
    assert (form["part_0_kind"], form["part_1_kind"]) == ("dates", "holidays")
    assert "part_2_kind" not in form
    browser.post(NEW, {**form, "part_0_take": "also"})
    assert kept(cast) == {"Half": "24 Dec 2026 and the public holidays in Germany"}


@pytest.mark.parametrize("pressed", ["add-moon", "remove-99", "remove-x", "", "add", "add-weekly-2"])
def test_a_button_that_is_none_changes_nothing(cast: Cast, browse: Browse, pressed: str) -> None:
    page = new(browse(cast.clare), **NIGHTS, do=pressed)
    assert (page.status_code, page.text.count('class="part"')) == (200, 1)


def test_holidays_are_shown_by_name_and_day_for_the_place_chosen(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    page = browser.get(f"{NEW}?like=holidays")
    assert "25 December Christmas Day" in text_of(page)
    assert "Women's Day" not in text_of(page)
    form = form_of(page, NEW)
    page = browser.post(NEW, {**form, "part_0_region": "BE", "do": "show"})
    assert "8 March 2027 Women's Day" in text_of(page)
    page = browser.post(NEW, {**form_of(page, NEW), "part_0_country": "AR", "part_0_region": "BE", "do": "show"})
    assert "8 December Immaculate Conception" in text_of(page)
    refused = browser.post(NEW, {**form, "part_0_country": "AR", "part_0_region": "BE"})
    assert refused.status_code == 422
    assert "This region is not in the country chosen." in text_of(refused)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"part_0_begins": "18:00", "part_0_ends": "08:00"}, "Tick at least one day."),
        ({"part_0_day": "0", "part_0_begins": "18:00"}, "Type both times, or none for the whole day."),
        ({"part_0_day": "0", "part_0_begins": "late", "part_0_ends": "08:00"}, "“late” is not a time of day."),
        ({"part_0_kind": "dates"}, "Say which day it begins."),
        (
            {"part_0_kind": "dates", "part_0_first": "2026-12-24", "part_0_last": "2026-12-20"},
            "The last day is before the first.",
        ),
        ({"part_0_kind": "dates", "part_0_first": "yesterday"}, "“yesterday” is not a day of the calendar."),
        ({"part_0_kind": "holidays", "part_0_country": "XX"}, "The holidays of this country are not known."),
        ({"part_0_kind": "moon"}, "This part cannot be read."),
        ({"part_0_day": "0", "part_0_take": "except"}, "All of this is taken out"),
        ({"name": "", "part_0_day": "0"}, "Please fill this in."),
        ({"name": "n" * 64, "part_0_day": "0"}, "Use at most 63 characters."),
        ({"whose": "moon", "part_0_day": "0"}, "Please choose one of the offered values."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    cast: Cast, browse: Browse, typed: dict[str, str], sentence: str
) -> None:
    page = new(browse(cast.clare), **{"name": "New", **typed})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert kept(cast) == {}
    for name, value in typed.items():
        if name.endswith(("begins", "ends", "first", "last")):
            assert f'name="{name}" value="{value}"' in page.text


def test_without_any_part_there_is_nothing_to_save(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    page = browser.post(NEW, form_of(new(browser, "Empty", do="remove-0"), NEW))
    assert page.status_code == 422
    assert "Add at least one time." in text_of(page)


def test_more_parts_than_fit_are_refused_and_none_is_lost(cast: Cast, browse: Browse) -> None:
    many = {f"part_{n}_{name}": value for n in range(MOST_SPANS + 1) for name, value in (("kind", "weekly"), ("day", "0"))}
    page = new(browse(cast.clare), "Many", **many)
    assert "Use at most 40 times" in text_of(page)
    assert page.text.count('class="part"') == MOST_SPANS + 1


TWICE = {"part_0_kind": "holidays", "part_0_country": "DE", "part_1_kind": "holidays", "part_1_country": "DE"}
OVERLAPPING = {
    "part_0_kind": "dates", "part_0_first": "2026-12-20", "part_0_last": "2026-12-26",
    "part_1_kind": "dates", "part_1_first": "2026-12-24", "part_1_last": "2026-12-31",
}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"part_0_kind": "dates", "part_0_first": "2026-01-06"}, "These times do not come any more"),
        (TWICE, "The public holidays in Germany stand here twice."),
        (OVERLAPPING, "20–26 Dec 2026 and 24–31 Dec 2026 overlap; the days count once."),
    ],
)
def test_what_is_odd_is_pointed_out(cast: Cast, browse: Browse, typed: dict[str, str], sentence: str) -> None:
    assert sentence in text_of(new(browse(cast.clare), do="show", **typed))


def test_times_are_changed_and_say_so(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    new(browser, **NIGHTS)
    action = path(only(cast))
    page = browser.get(action)
    assert "Off now, on from 18:00" in text_of(page)
    saved = browser.follow(browser.post(action, {**form_of(page, action), "name": "Nights", "part_0_day": ["0", "1"]}))
    assert "“Nights” is saved: Mon, Tue 18:00–08:00." in text_of(saved)
    assert "You changed the times “Nights”" in text_of(browser.get(action))


def test_two_who_change_the_same_times_choose(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    new(browser, **NIGHTS)
    action = path(only(cast))
    form = form_of(browser.get(action), action)
    browser.post(action, {**form, "part_0_begins": "19:00"})
    page = browser.post(action, {**form, "part_0_begins": "20:00", "name": "Evenings"})
    assert page.status_code == 409
    for words in ("Somebody else saved first", "Mon to Fri 19:00–08:00", "Mon to Fri 20:00–08:00"):
        assert words in text_of(page)
    browser.follow(browser.post(action, {**form_of(page, action), "keep_spans": "theirs"}))
    assert kept(cast) == {"Evenings": "Mon to Fri 19:00–08:00"}


def test_what_two_change_without_contradiction_stands_both(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    new(browser, **NIGHTS)
    action = path(only(cast))
    form = form_of(browser.get(action), action)
    browser.post(action, {**form, "name": "Evenings"})
    assert browser.post(action, {**form, "part_0_begins": "20:00"}).status_code == 303
    assert kept(cast) == {"Evenings": "Mon to Fri 20:00–08:00"}


@pytest.mark.parametrize(
    "seen", ['{"spans": "x"}', '{"spans": "[{}]"}', '{"spans": "[{\\"kind\\": \\"weekly\\"}]"}', "null", "["]
)
def test_theirs_is_checked_like_anything_typed(cast: Cast, browse: Browse, seen: str) -> None:
    browser = browse(cast.clare)
    new(browser, **NIGHTS)
    action = path(only(cast))
    form = {name: value for name, value in form_of(browser.get(action), action).items() if not name.startswith("part_")}
    assert browser.post(action, {**form, "seen": seen, "spans": "", "keep_spans": "theirs"}).status_code == 422


def test_removing_asks_and_names_who_needs_them(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    new(browser, **NIGHTS)
    times = only(cast)
    add(cast, "alice", Plan(when=When.ALWAYS, destinations=[Destination(number="491712044918")], times=times.public_id))
    page = browser.get(path(times, "remove"))
    assert "“After hours” is in use." in text_of(page)
    assert "Alice Meier" in text_of(page)
    refused = browser.post(path(times, "remove"))
    assert refused.status_code == 422
    assert "“After hours” is used by Alice Meier." in text_of(refused)
    assert "used by 1 line" in text_of(browser.get(LIST))
    new(browser, "Unused", **NIGHTS)
    removed = browser.post(path(everything(cast)["Unused"].row, "remove"))
    assert "“Unused” is removed." in text_of(browser.follow(removed))


# --- whose they are ----------------------------------------------------------------------------------------------------------


def test_a_person_keeps_own_times_that_nobody_else_sees(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    assert "All lines of the company" not in alice.get(NEW).text
    assert new(alice, "Lunch", part_0_day="0", whose="company").status_code == 303
    lunch = everything(cast, cast.alice)["Lunch"].row
    assert "Lunch" in text_of(alice.get(LIST))
    for other in (cast.bob, cast.clare, cast.ike, cast.charlie):
        browser = browse(other)
        assert "Lunch" not in browser.get(LIST).text
        for url in (path(lunch), path(lunch, "remove")):
            assert browser.get(url).status_code == browser.post(url, {"name": "Mine"}).status_code == 404


def test_what_the_company_shares_is_read_by_all_and_changed_by_the_pilot(cast: Cast, browse: Browse) -> None:
    new(browse(cast.clare), **NIGHTS)
    times, alice = only(cast), browse(cast.alice)
    page = alice.get(path(times))
    assert "Mon to Fri 18:00–08:00." in text_of(page)
    assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert alice.post(path(times), {"name": "Mine"}).status_code == 404
    assert alice.get(path(times, "remove")).status_code == alice.post(path(times, "remove")).status_code == 404


def test_a_line_without_cloudpbx_keeps_times_as_well(cast: Cast, browse: Browse) -> None:
    charlie = browse(cast.charlie)
    assert new(charlie, "Nachts", **NIGHTS).status_code == 303
    assert "Nachts" in text_of(charlie.get(LIST))
    assert everything(cast) == {}


@pytest.mark.parametrize(("level", "status"), [(Level.OFF, 404), (Level.USE, 200)])
def test_a_line_that_may_not_change_forwarding_makes_no_times(cast: Cast, browse: Browse, level: Level, status: int) -> None:
    new(browse(cast.clare), **NIGHTS)
    allow(cast, "alice", Feature.FORWARDING, level=level)
    alice = browse(cast.alice)
    assert alice.get(LIST).status_code == alice.get(path(only(cast))).status_code == status
    assert alice.get(NEW).status_code == alice.post(NEW, {"name": "Mine"}).status_code == 404
    assert "New times" not in alice.get(LIST).text


def test_on_the_way_to_something_else_one_comes_back(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    form = form_of(browser.get(f"{NEW}?next=/call-handling%3Fx%3D1"), NEW)
    assert browser.post(NEW, {**form, "name": "Nights", **NIGHTS}).headers["Location"] == "/call-handling?x=1"
    elsewhere = browser.post(NEW, {**form, "name": "More", **NIGHTS, "next": "https://evil.example/"})
    assert elsewhere.headers["Location"] == LIST


def test_a_page_asks_little_of_the_database(cast: Cast, browse: Browse, database: db.Database) -> None:
    browser = browse(cast.clare)
    for n in range(6):
        new(browser, f"Set {n}", **NIGHTS)
    for url in (LIST, NEW, path(everything(cast)["Set 0"].row)):
        with statements(database) as seen:
            browser.get(url)
        assert len(seen) <= 6, (url, seen)
