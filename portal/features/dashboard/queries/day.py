"""Today’s calls beside those of a usual day."""

from zoneinfo import ZoneInfo

from portal.core import clock
from portal.features.calls.queries import Whose, hours
from portal.features.dashboard import rules
from portal.features.dashboard.rules import Today


def today(whose: Whose, zone: ZoneInfo) -> Today:
    """One statement."""
    now = clock.now().astimezone(zone)
    day = now.date()
    counts = hours(whose, zone, *(clock.days(one, one, zone) for one in (day, *rules.days_before(day))))
    return rules.today_of(counts, day, now.hour + now.minute / 60)
