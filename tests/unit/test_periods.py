"""Periods that people ask for."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from portal.core.periods import Span, period


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.TODAY, date(2026, 11, 24), date(2026, 11, 24)),
        (Span.YESTERDAY, date(2026, 11, 23), date(2026, 11, 23)),
        (Span.WEEK, date(2026, 11, 18), date(2026, 11, 24)),
        (Span.FOUR_WEEKS, date(2026, 10, 28), date(2026, 11, 24)),
        (Span.THIRTY_DAYS, date(2026, 10, 26), date(2026, 11, 24)),
        (Span.MONTH, date(2026, 11, 1), date(2026, 11, 24)),
        (Span.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
        (Span.YEAR, date(2025, 11, 1), date(2026, 11, 24)),
    ],
)
def test_periods(span: Span, first: date, last: date) -> None:
    found = period(span, date(2026, 11, 24))
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize("span", Span)
@given(today=st.dates(date(2001, 1, 1), date(2098, 1, 1)))
def test_periods_end_with_today_or_before(span: Span, today: date) -> None:
    found = period(span, today)
    assert found.first <= found.last <= today
