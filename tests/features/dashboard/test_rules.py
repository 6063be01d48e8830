from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from portal.core import i18n
from portal.features.dashboard import rules
from portal.features.dashboard.rules import Pace, pace, today_of

TODAY = date(2026, 11, 20)
WEEK_AGO, TWO_WEEKS_AGO = TODAY - timedelta(weeks=1), TODAY - timedelta(weeks=2)


@pytest.mark.parametrize(
    ("calls", "usual", "expected"),
    [
        (214, 198, Pace.SLIGHTLY_BUSIER),
        (198, 198, Pace.USUAL),
        (190, 198, Pace.USUAL),
        (180, 198, Pace.SLIGHTLY_QUIETER),
        (120, 198, Pace.QUIETER),
        (20, 198, Pace.MUCH_QUIETER),
        (300, 198, Pace.BUSIER),
        (500, 198, Pace.MUCH_BUSIER),
        (3, 1.5, Pace.QUIET),
        (0, 0.0, Pace.QUIET),
        (9, 0.0, Pace.MUCH_BUSIER),
        (9, None, Pace.UNKNOWN),
    ],
)
def test_pace(calls: int, usual: float | None, expected: Pace) -> None:
    assert pace(calls, usual) is expected


@given(st.integers(0, 10_000), st.none() | st.floats(0, 10_000))
def test_every_day_has_its_sentence(calls: int, usual: float | None) -> None:
    assert "%(weekday)s" in rules.SENTENCES[pace(calls, usual)]


def test_a_usual_day_is_the_mean_of_days_with_calls() -> None:
    counts = {(WEEK_AGO, 9): (10, 8, 2), (WEEK_AGO, 10): (4, 4, 0), (TWO_WEEKS_AGO, 9): (20, 12, 4), (TODAY, 9): (7, 5, 1)}
    today = today_of(counts, TODAY, 10.5)
    assert (today.calls, today.missed) == (7, 1)
    assert today.usual_calls == 15 + 2 / 2, "half of the hour that is half over"
    assert today.usual_missed == 3
    nine = next(hour for hour in today.hours if hour.hour == 9)
    assert (nine.answered, nine.missed, nine.usual) == (5, 1, 10)


def test_without_a_past_nothing_is_usual() -> None:
    today = today_of({(TODAY, 9): (7, 5, 1)}, TODAY, 12)
    assert today.usual_calls is today.usual_missed is None
    assert all(hour.usual is None for hour in today.hours)
    assert today.pace is Pace.UNKNOWN


def test_office_hours_are_always_shown_and_busy_ones_beside_them() -> None:
    assert [hour.hour for hour in today_of({}, TODAY, 12).hours] == list(range(8, 18))
    late = today_of({(TODAY, 5): (1, 0, 1), (TODAY, 21): (1, 1, 0)}, TODAY, 22)
    assert [hour.hour for hour in late.hours] == list(range(5, 22))


def test_six_days_of_the_same_name() -> None:
    assert {day.weekday() for day in rules.days_before(TODAY)} == {TODAY.weekday()}
    assert len(rules.days_before(TODAY)) == 6


@pytest.mark.parametrize(("number", "word"), [(2, "two"), (3, "three"), (12, "twelve"), (1, None), (0, None), (13, None)])
def test_small_numbers_are_words(number: int, word: str | None) -> None:
    with i18n.using("en"):
        assert rules.in_words(number) == word
