"""How a day is told: hour by hour, busier or quieter than usual, and numbers as words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.subscribers.rules import LockLevel

TOO_FEW = 5  # below this, more or less is no news
WEEKS = 6  # so many days of the same name make the usual one
OFFICE_HOURS = range(8, 18)  # shown in any case
NO_CALLS = (0, 0, 0)
Counts = Mapping[tuple[date, int], tuple[int, int, int]]


@dataclass(frozen=True)
class Hour:
    """Of the clock; `usual`: answered calls of a usual day, None when nothing is known of one."""

    hour: int
    answered: int
    missed: int
    usual: float | None


@dataclass(frozen=True)
class Today:
    """`calls` also counts those made that nobody answered. What is usual is counted up to the same moment of the day."""

    calls: int
    missed: int
    usual_calls: float | None
    usual_missed: float | None
    hours: Sequence[Hour]

    @property
    def pace(self) -> "Pace":
        return pace(self.calls, self.usual_calls)


def days_before(today: date) -> list[date]:
    """The days that the usual one is made of."""
    return [today - timedelta(weeks=back) for back in range(1, WEEKS + 1)]


def today_of(counts: Counts, today: date, passed: float) -> Today:
    """`counts`: calls, answered, missed of (day, hour), of today and of days_before(today). `passed`: hours of today.

    Days without any call (holidays, before the first one) do not make what is usual.
    """
    now = [counts.get((today, hour), NO_CALLS) for hour in range(24)]
    usual = _mean(counts, sorted({day for day, _hour in counts} - {today}))
    hours = [
        Hour(hour, answered, missed, usual[hour][1] if usual else None) for hour, (_calls, answered, missed) in enumerate(now)
    ]
    return Today(
        calls=sum(calls for calls, _answered, _missed in now),
        missed=sum(missed for _calls, _answered, missed in now),
        usual_calls=_up_to(passed, [calls for calls, _answered, _missed in usual]) if usual else None,
        usual_missed=_up_to(passed, [missed for _calls, _answered, missed in usual]) if usual else None,
        hours=_shown(hours),
    )


def _mean(counts: Counts, days: Sequence[date]) -> Sequence[Sequence[float]]:
    """Calls, answered and missed of each hour, on average of these days."""
    if not days:
        return []
    return [[sum(counts.get((day, hour), NO_CALLS)[n] for day in days) / len(days) for n in range(3)] for hour in range(24)]


def _up_to(passed: float, hours: Sequence[float]) -> float:
    """What falls before this moment, of the hour it lies in the same share."""
    return sum(amount * min(max(passed - hour, 0.0), 1.0) for hour, amount in enumerate(hours))


def _shown(hours: Sequence[Hour]) -> Sequence[Hour]:
    """The office's hours, and those around them in which something happens."""
    busy = [one.hour for one in hours if one.answered or one.missed or (one.usual or 0) >= 0.5]
    first, last = min([*busy, OFFICE_HOURS[0]]), max([*busy, OFFICE_HOURS[-1]])
    return hours[first : last + 1]


class Pace(StrEnum):
    UNKNOWN = auto()
    QUIET = auto()
    MUCH_QUIETER = auto()
    QUIETER = auto()
    SLIGHTLY_QUIETER = auto()
    USUAL = auto()
    SLIGHTLY_BUSIER = auto()
    BUSIER = auto()
    MUCH_BUSIER = auto()


_STEPS = (
    (0.5, Pace.MUCH_QUIETER),
    (0.8, Pace.QUIETER),
    (0.95, Pace.SLIGHTLY_QUIETER),
    (1.05, Pace.USUAL),
    (1.2, Pace.SLIGHTLY_BUSIER),
    (1.6, Pace.BUSIER),
)

SENTENCES: Mapping[Pace, str] = {
    Pace.UNKNOWN: N_("There is no usual %(weekday)s to compare with yet"),
    Pace.QUIET: N_("A quiet %(weekday)s, as usual"),
    Pace.MUCH_QUIETER: N_("A much quieter %(weekday)s than usual"),
    Pace.QUIETER: N_("A quieter %(weekday)s than usual"),
    Pace.SLIGHTLY_QUIETER: N_("A slightly quieter %(weekday)s than usual"),
    Pace.USUAL: N_("A %(weekday)s like any other"),
    Pace.SLIGHTLY_BUSIER: N_("A slightly busier %(weekday)s than usual"),
    Pace.BUSIER: N_("A busier %(weekday)s than usual"),
    Pace.MUCH_BUSIER: N_("A much busier %(weekday)s than usual"),
}


def pace(calls: int, usual: float | None) -> Pace:
    """Today so far against a usual day up to the same moment; None when nothing is known of one."""
    if usual is None:
        return Pace.UNKNOWN
    if max(calls, usual) < TOO_FEW:
        return Pace.QUIET
    ratio = calls / max(usual, 0.1)
    return next((found for limit, found in _STEPS if ratio < limit), Pace.MUCH_BUSIER)


_WORDS = (
    N_("two"),
    N_("three"),
    N_("four"),
    N_("five"),
    N_("six"),
    N_("seven"),
    N_("eight"),
    N_("nine"),
    N_("ten"),
    N_("eleven"),
    N_("twelve"),
)


def in_words(number: int) -> str | None:
    """2 to 12 as people write them; None for others."""
    return i18n.gettext(_WORDS[number - 2]) if 2 <= number <= 12 else None


LOCKS: Mapping[int, str] = {
    LockLevel.FOREIGN: N_("Your line is locked for calls to the outside. Calls come in."),
    LockLevel.OUTGOING: N_("Your line is locked for outgoing calls; emergency numbers work. Calls come in."),
    LockLevel.IN_AND_OUT: N_("Your line is locked: no calls go out or come in. Emergency numbers work."),
    LockLevel.PORTED: N_("Your number has moved to another provider. Calls only go where they are forwarded."),
}
