"""What the switch has to know to decide as these rules do: emergency numbers and public holidays, in tables."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import column, delete, func, select, table, tuple_
from sqlalchemy.dialects.postgresql import insert

from portal.core import db
from portal.features.callhandling import rules
from portal.features.callhandling.models import TimeSpan
from portal.features.callhandling.rules.calendars import days_of

AHEAD = 2  # years
EMERGENCY = table("emergency_number", column("cc"), column("number"), schema="kamailio")
HOLIDAY = table("holiday", column("country"), column("region"), column("day"), schema="kamailio")
Place = tuple[str, str]  # country, and region or nothing


def keep_emergency_numbers() -> None:
    rows = [(cc, number) for cc, numbers in rules.emergency_by_country().items() for number in sorted(numbers)]
    columns = EMERGENCY.c.cc, EMERGENCY.c.number
    db.session().execute(delete(EMERGENCY).where(tuple_(*columns).not_in(rows)))
    db.session().execute(insert(EMERGENCY).on_conflict_do_nothing(), [{"cc": cc, "number": number} for cc, number in rows])


def keep_holidays(year: int) -> None:
    """Of every place that is in use, from last year on. A place that nobody uses any more stays until its days are over."""
    place = func.coalesce(TimeSpan.country, ""), func.coalesce(TimeSpan.region, "")
    used = select(*place).where(TimeSpan.kind == "holidays").distinct()
    db.session().execute(delete(HOLIDAY).where(HOLIDAY.c.day < date(year - 1, 1, 1)))
    for country, region in db.session().execute(used).all():
        days = _days((country, region), year)
        here = HOLIDAY.c.country == country, HOLIDAY.c.region == region
        db.session().execute(delete(HOLIDAY).where(*here, HOLIDAY.c.day.not_in(days)))
        _add((country, region), days)


def tell_holidays(places: Iterable[Place], year: int) -> None:
    """Of places that somebody has just chosen."""
    for place in sorted(set(places)):
        _add(place, _days(place, year))


def _days(place: Place, year: int) -> list[date]:
    country, region = place
    return sorted(day for one in range(year - 1, year + AHEAD + 1) for day in days_of(country, region or None, one))


def _add(place: Place, days: Iterable[date]) -> None:
    rows = [{"country": place[0], "region": place[1], "day": day} for day in days]
    if rows:
        db.session().execute(insert(HOLIDAY).on_conflict_do_nothing(), rows)
