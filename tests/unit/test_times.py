"""Whether times are on, and when that changes: by the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from portal.core import i18n
from portal.features.callhandling.rules import Dates, Holidays, Span, Times, Weekly, calendars, times

BERLIN = ZoneInfo("Europe/Berlin")
EVERY_DAY, WORKDAYS = frozenset(range(7)), frozenset(range(5))
AFTER_HOURS = Times("After hours", (Weekly(WORKDAYS, time(18), time(8)), Weekly(frozenset({5, 6}), time(0), time(0))))
NOWHERE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        ("2026-11-24T17:59", False),  # Tuesday
        ("2026-11-24T18:00", True),
        ("2026-11-25T07:59", True),
        ("2026-11-25T08:00", False),
        ("2026-11-27T23:00", True),  # Friday
        ("2026-11-28T07:59", True),
        ("2026-11-28T08:00", True),  # the weekend
        ("2026-11-29T23:59", True),
        ("2026-11-30T00:00", False),  # Monday: nothing begins on Sunday evening
        ("2026-11-30T07:00", False),
    ],
)
def test_hours_go_on_past_midnight_of_their_days(moment: str, *, on: bool) -> None:
    assert times.on(AFTER_HOURS, at(moment), BERLIN) is on


def test_hours_that_end_as_they_begin_last_a_whole_day() -> None:
    found = Times("From noon", (Weekly(frozenset({2}), time(12), time(12)),))
    shown = [
        times.on(found, at(moment), BERLIN)
        for moment in ("2026-11-25T11:59", "2026-11-25T12:00", "2026-11-26T11:59", "2026-11-26T12:00")
    ]
    assert shown == [False, True, True, False]


def test_what_is_taken_out_wins() -> None:
    found = Times(
        "Shop",
        (Weekly(WORKDAYS, time(9), time(18)), Holidays("DE", "BE", True), Dates(date(2026, 12, 24), date(2026, 12, 31), True)),
    )
    assert times.on(found, at("2026-12-23T10:00"), BERLIN)
    assert not times.on(found, at("2026-12-24T10:00"), BERLIN)
    assert not times.on(found, at("2027-01-01T10:00"), BERLIN)
    assert times.next_on(found, at("2026-12-23T18:00"), BERLIN) == at("2027-01-04T09:00")


@pytest.mark.parametrize(
    ("country", "region", "day", "on"),
    [
        ("DE", None, "2026-10-03", True),
        ("DE", "BE", "2026-03-08", True),  # Women's Day, in Berlin
        ("DE", "BY", "2026-03-08", False),
        ("DE", "BY", "2026-01-06", True),  # Epiphany, in Bavaria
        ("DE", None, "2026-01-06", False),
        ("AT", None, "2026-10-26", True),
        ("XX", None, "2026-12-25", False),
        ("DE", "XX", "2026-12-25", False),
    ],
)
def test_holidays_are_those_of_the_place(country: str, region: str | None, day: str, *, on: bool) -> None:
    assert times.on(Times("Off", (Holidays(country, region),)), at(f"{day}T12:00"), BERLIN) is on


@pytest.mark.parametrize(
    ("spans", "after", "change"),
    [
        (AFTER_HOURS.spans, "2026-11-24T14:05", "2026-11-24T18:00"),
        (AFTER_HOURS.spans, "2026-11-24T18:00", "2026-11-25T08:00"),
        (AFTER_HOURS.spans, "2026-11-27T18:30", "2026-11-30T00:00"),
        ((Dates(date(2026, 12, 24), date(2027, 1, 2)),), "2026-11-24T14:05", "2026-12-24T00:00"),
        ((Dates(date(2026, 12, 24), date(2027, 1, 2)),), "2026-12-24T14:05", "2027-01-03T00:00"),
        ((Holidays("DE"),), "2026-11-24T14:05", "2026-12-25T00:00"),
        ((Holidays("DE"),), "2026-12-25T14:05", "2026-12-27T00:00"),
        ((Holidays("DE"), Holidays("DE", None, True)), "2026-11-24T14:05", None),
        ((Dates(date(2026, 1, 1), date(2026, 11, 23)),), "2026-11-24T14:05", None),
        ((Dates(date(2029, 1, 1), date(2029, 1, 2)),), "2026-11-24T14:05", None),
        ((), "2026-11-24T14:05", None),
        ((Weekly(EVERY_DAY, time(0), time(0)),), "2026-11-24T14:05", None),
        ((Weekly(EVERY_DAY, time(8), time(18)), Weekly(EVERY_DAY, time(18), time(8))), "2026-11-24T14:05", None),
    ],
)
def test_the_next_change_is_found(spans: tuple[Span, ...], after: str, change: str | None) -> None:
    assert times.next_change(Times("Some", spans), at(after), BERLIN) == (at(change) if change else None)


def test_never_and_always() -> None:
    over, all_day = (
        Times("Over", (Dates(date(2020, 1, 1), date(2020, 1, 2)),)),
        Times("All", (Weekly(EVERY_DAY, time(0), time(0)),)),
    )
    assert times.never(over, NOWHERE, BERLIN)
    assert not times.never(AFTER_HOURS, NOWHERE, BERLIN)
    assert times.always(all_day, NOWHERE, BERLIN)
    assert not times.always(AFTER_HOURS, NOWHERE, BERLIN)
    assert times.next_on(all_day, NOWHERE, BERLIN) == NOWHERE


def test_where_the_clock_is_put_forward_hours_begin_with_the_jump() -> None:
    night = Times("Night", (Weekly(EVERY_DAY, time(2, 30), time(5)),))
    change = times.next_change(night, at("2026-03-29T01:00"), BERLIN)
    assert change == datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "half past two is left out, and three comes at once"
    assert times.on(night, change, BERLIN)
    assert not times.on(night, change - timedelta(minutes=1), BERLIN)


def test_where_the_clock_is_put_back_an_hour_is_there_twice() -> None:
    hour = Times("Hour", (Weekly(EVERY_DAY, time(2), time(2, 30)),))
    changes = []
    moment = at("2026-10-25T00:30")
    for _ in range(4):
        moment = times.next_change(hour, moment, BERLIN) or moment
        changes.append(moment.strftime("%H:%M"))
    assert changes == ["00:00", "00:30", "01:00", "01:30"], "in UTC: two to half past two, and once more"


# --- for all -----------------------------------------------------------------------------------------------------------------

CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0)) | st.sampled_from([time(0), time(2, 30), time(3)])
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
SPANS = st.one_of(
    st.builds(Weekly, st.frozensets(st.integers(0, 6), min_size=1), CLOCKS, CLOCKS, st.booleans()),
    st.tuples(DAYS, DAYS, st.booleans()).map(lambda found: Dates(min(found[:2]), max(found[:2]), found[2])),
    st.builds(Holidays, st.sampled_from(["DE", "AT", "US"]), st.none(), st.booleans()),
)
TIMES = st.builds(Times, st.just("Some"), st.lists(SPANS, max_size=4).map(tuple))
MOMENTS = st.integers(0, 500 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu")]
)


@settings(max_examples=60, deadline=None)
@given(TIMES, MOMENTS, ZONES, st.integers(0, 4 * 24 * 60))
def test_nothing_changes_before_the_next_change(found: Times, moment: datetime, zone: ZoneInfo, minutes: int) -> None:
    change = times.next_change(found, moment, zone, timedelta(days=5))
    between = moment + timedelta(minutes=minutes)
    if change is None or between < change:
        assert times.on(found, between, zone) == times.on(found, moment, zone)
    if change is not None:
        assert times.on(found, change, zone) != times.on(found, moment, zone)
        assert times.on(found, change - timedelta(microseconds=1), zone) == times.on(found, moment, zone)
        assert moment < change <= moment + timedelta(days=5)


@settings(max_examples=60, deadline=None)
@given(TIMES, SPANS, MOMENTS, ZONES)
def test_taking_out_never_adds_and_adding_never_takes_out(found: Times, span: Span, moment: datetime, zone: ZoneInfo) -> None:
    more = Times("More", (*found.spans, span))
    was, now = times.on(found, moment, zone), times.on(more, moment, zone)
    assert not now or was or not span.excluded
    assert now or not was or span.excluded


@settings(max_examples=30, deadline=None)
@given(st.permutations(list(AFTER_HOURS.spans)), MOMENTS)
def test_the_order_of_spans_says_nothing(spans: list[Span], moment: datetime) -> None:
    assert times.on(Times("Some", tuple(spans)), moment, BERLIN) == times.on(AFTER_HOURS, moment, BERLIN)


# --- places ------------------------------------------------------------------------------------------------------------------


def test_countries_are_named_and_sorted_in_the_language_of_the_reader() -> None:
    assert {"DE": "Germany", "AT": "Austria"}.items() <= {place.code: place.name for place in calendars.countries()}.items()
    with i18n.using("de"):
        names = [place.name for place in calendars.countries()]
        assert names == sorted(names, key=i18n.sort_key)
        assert calendars.country_name("DE") == "Deutschland"


def test_regions_are_called_as_they_are_there() -> None:
    found = {place.code: place.name for place in calendars.regions("DE")}
    assert (found["BY"], found["BE"], found["BW"]) == ("Bayern", "Berlin", "Baden-Württemberg")
    assert [place.name for place in calendars.regions("GB")] == ["England", "Northern Ireland", "Scotland", "Wales"]
    assert calendars.regions("XX") == []
    assert calendars.region_name("DE", "XX") == "XX"


def test_every_country_can_be_shown() -> None:
    for place in calendars.countries():
        assert calendars.holidays_from(place.code, None, date(2026, 11, 24)) is not None
        assert all(region.name for region in calendars.regions(place.code))


def test_holidays_of_the_next_year_are_named() -> None:
    found = calendars.holidays_from("DE", "BE", date(2026, 11, 24))
    assert (found[0].day, found[0].name) == (date(2026, 12, 25), "Christmas Day")
    assert found[-1].day < date(2027, 11, 24)
    assert [one.day for one in found] == sorted(one.day for one in found)
    with i18n.using("de"):
        assert calendars.holidays_from("DE", "BE", date(2026, 11, 24))[0].name == "Erster Weihnachtstag"
    assert calendars.holidays_from("XX", None, date(2026, 11, 24)) == []


def test_many_hours_cost_little() -> None:
    """Forty spans of which half take out the other half, for two years."""
    starts = [time(hour, minute) for hour in range(10) for minute in (0, 30)]
    spans = [
        Weekly(EVERY_DAY, one, one.replace(minute=one.minute + 7), taken_out) for one in starts for taken_out in (False, True)
    ]
    began = process_time()
    assert times.never(Times("Never", tuple(spans)), NOWHERE, BERLIN)
    assert process_time() - began < 1
