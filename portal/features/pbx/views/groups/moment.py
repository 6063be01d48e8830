"""When somebody calls: now, or at the time that the address asks about."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import request

from portal.core import clock

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Moment:
    """`day` and `time` are what a form shows; `asked`: it is not simply now."""

    at: datetime
    asked: bool = False

    @property
    def day(self) -> str:
        return self.at.date().isoformat()

    @property
    def time(self) -> str:
        return self.at.strftime("%H:%M")


def asked_moment(zone: ZoneInfo) -> Moment:
    """What cannot be read is now."""
    now = clock.now().astimezone(zone)
    with suppress(ValueError):
        day = date.fromisoformat(request.args.get("day") or now.date().isoformat())
        at = time.fromisoformat(request.args.get("time", ""))
        if FIRST_YEAR <= day.year <= LAST_YEAR and at.tzinfo is None:
            return Moment(datetime.combine(day, at, zone), asked=True)
    return Moment(now)
