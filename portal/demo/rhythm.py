"""When people telephone: working days, their hours, and quiet days between."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

SEED = "three months at Lantern"

# Shares of a day's calls by hour of the clock.
OFFICE_HOURS = {7: 1.5, 8: 6.5, 9: 12.5, 10: 14.5, 11: 13, 12: 7, 13: 8.5, 14: 12, 15: 11.5, 16: 8.5, 17: 3.5, 18: 0.8, 19: 0.2}
HOME_HOURS = {8: 2, 9: 4, 10: 5, 11: 6, 12: 5, 13: 4, 14: 4, 15: 5, 16: 7, 17: 10, 18: 14, 19: 15, 20: 12, 21: 6, 22: 1}
_WEEK = (1.10, 1.04, 1.00, 1.02, 0.84, 0.03, 0.012)
_QUIET = 0.02


def chance_of(*parts: object) -> Random:
    """Always the same chances for the same parts."""
    return Random(" ".join(map(str, (SEED, *parts))))  # noqa: S311 - a pattern, no secret


def easter(year: int) -> date:
    """Easter Sunday (Spencer’s rule for the Gregorian calendar)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    lengths = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * lengths) // 451
    month, day = divmod(h + lengths - 7 * m + 114, 31)
    return date(year, month, day + 1)


def is_holiday(day: date) -> bool:
    """The holidays of all Germany, and the days around them on which offices are closed."""
    if (day.month, day.day) in {(1, 1), (5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)}:
        return True
    return (day - easter(day.year)).days in {-2, 1, 39, 50}


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not is_holiday(day)


def working_day_before(day: date) -> date:
    before = day - timedelta(days=1)
    while not is_working_day(before):
        before -= timedelta(days=1)
    return before


def office_calls(day: date, usual: float, chance: Random) -> int:
    """How many calls an office has on this day."""
    share = _QUIET if is_holiday(day) else _WEEK[day.weekday()]
    expected = usual * share * chance.lognormvariate(0, 0.07)
    return max(0, round(chance.gauss(expected, expected**0.5)))


def home_calls(day: date, usual: float, chance: Random) -> int:
    """How many calls somebody has at home, some more at the weekend."""
    return min(round(chance.expovariate(1 / (usual * (1.3 if day.weekday() >= 5 else 0.9)))), 4 * round(usual))


def moments(hours: Mapping[int, float], count: int, chance: Random) -> Sequence[timedelta]:
    """So many moments of a day, in order, as time since midnight."""
    picked = chance.choices(list(hours), list(hours.values()), k=count)
    return sorted(timedelta(hours=hour, milliseconds=chance.randrange(3_600_000)) for hour in picked)
