"""Days and periods in the reader's language. What is asked for again and again is kept."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from babel.dates import format_date, format_interval, format_skeleton
from flask_babel import gettext as _

from portal.core import i18n
from portal.core.periods import FIRST, Period, Span


def title(day: date, today: date) -> str:
    """Today, yesterday, or the weekday."""
    back = (today - day).days
    return _("Today") if back == 0 else _("Yesterday") if back == 1 else weekday(day, i18n.current())


@lru_cache(maxsize=4096)
def weekday(day: date, spoken: str) -> str:
    return str(format_date(day, "EEEE", locale=i18n.babel_name(spoken)))


@lru_cache(maxsize=4096)
def full(day: date, spoken: str, this_year: int) -> str:
    skeleton = "MMMMd" if day.year == this_year else "yMMMMd"
    return str(format_skeleton(skeleton, day, locale=i18n.babel_name(spoken)))


@lru_cache(maxsize=4096)
def short(day: date, spoken: str) -> str:
    return str(format_skeleton("MMMd", day, locale=i18n.babel_name(spoken)))


def spans(offered: Iterable[Span]) -> dict[str, str]:
    words = {
        Span.TODAY: _("Today"),
        Span.YESTERDAY: _("Yesterday"),
        Span.WEEK: _("Last 7 days"),
        Span.FOUR_WEEKS: _("Last 4 weeks"),
        Span.THIRTY_DAYS: _("Last 30 days"),
        Span.MONTH: _("This month"),
        Span.LAST_MONTH: _("Last month"),
        Span.YEAR: _("Last 12 months"),
    }
    return {span: words[span] for span in offered}


def period_text(wanted: Period, today: date) -> str:
    if wanted.span:
        return spans([wanted.span])[wanted.span]
    spoken = i18n.current()
    if wanted.first == wanted.last:
        return i18n.listed([title(wanted.first, today), full(wanted.first, spoken, today.year)])
    if wanted.first == FIRST:
        return _("Until %(day)s", day=full(wanted.last, spoken, today.year))
    return str(format_interval(wanted.first, wanted.last, "yMMMd", locale=i18n.babel_name(spoken)))
