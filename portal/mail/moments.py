"""Moments, as mails say them."""

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_datetime_format, get_timezone_name

from portal.core import i18n


def moment(at: datetime | str, time_zone: str) -> str:
    """“25 November 2026, 14:02 CET”, where the receiver lives. What stands in for a moment stays as it is."""
    if isinstance(at, str):
        return at
    local, locale = at.astimezone(ZoneInfo(time_zone)), i18n.babel_name(i18n.current())
    at_clock = f"{format_time(local, 'short', locale=locale)} {get_timezone_name(local, 'short', locale=locale)}"
    pattern = cast("str", get_datetime_format("long", locale=locale))  # of date and time; typed as one of a date
    return pattern.replace("'", "").format(at_clock, format_date(local, "long", locale=locale))
