"""Periods that people ask for, as days of their calendar; both days belong to it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


class Span(StrEnum):
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "7"
    FOUR_WEEKS = "28"
    THIRTY_DAYS = "30"
    MONTH = "month"
    LAST_MONTH = "last-month"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """`span` None: the days were chosen."""

    first: date
    last: date
    span: Span | None = None

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def period(span: Span, today: date) -> Period:
    return Period(*_days(span, today), span)


def chosen(since: date | None, until: date | None, today: date) -> Period:
    """What is left open ends with today, or begins with the first day of all. Both days lie between the first and the last."""
    return Period(_possible(since or FIRST), _possible(until or max(today, since or today)))


def _possible(day: date) -> date:
    return min(max(day, FIRST), LAST)


def _days(span: Span, today: date) -> tuple[date, date]:
    if span is Span.YESTERDAY:
        return today - timedelta(days=1), today - timedelta(days=1)
    if span is Span.MONTH:
        return today.replace(day=1), today
    if span is Span.LAST_MONTH:
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    if span is Span.YEAR:
        return today.replace(day=1, year=today.year - 1), today
    return (today if span is Span.TODAY else today - timedelta(days=int(span.value) - 1)), today
