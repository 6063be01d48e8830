from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from portal.core import clock

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # summer time by half an hour
ZONES = st.sampled_from([BERLIN, LORD_HOWE, ZoneInfo("UTC"), ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia")])
DAYS = st.dates(date(2012, 2, 1), date(2040, 1, 1))


def test_now_is_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_frozen_time_stands_still_and_goes_on_afterwards() -> None:
    moment = datetime(2026, 3, 29, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    with clock.frozen(moment):
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC
        with clock.frozen(moment + timedelta(hours=1)):
            assert clock.now() == moment + timedelta(hours=1)
        assert clock.now() == moment
    assert clock.now() > moment or moment.year > 2020


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


def test_today_depends_on_where() -> None:
    with clock.frozen(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)):
        assert clock.today(ZoneInfo("UTC")) == date(2026, 6, 30)
        assert clock.today(BERLIN) == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)],
    ids=["usual", "summer time begins", "summer time ends"],
)
def test_days_are_as_long_as_people_live_them(day: date, hours: int) -> None:
    start, end = clock.days(day, day, BERLIN)
    assert end - start == timedelta(hours=hours)


@given(DAYS, st.integers(0, 400), ZONES)
def test_periods_follow_one_another_without_gap(first: date, length: int, zone: ZoneInfo) -> None:
    last = first + timedelta(days=length)
    start, end = clock.days(first, last, zone)
    assert start < end
    assert end == clock.days(last + timedelta(days=1), last + timedelta(days=1), zone)[0]
    assert start.tzinfo is UTC
    assert start.astimezone(zone).date() == first
