"""What a reader of the call list asks for: which calls, in which order, from which place on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from portal.core import places
from portal.features.calls.rules.words import NOT_ANSWERED, Result

_LONGEST_MS = 2**31 - 1


class Order(StrEnum):
    NEWEST = auto()
    OLDEST = auto()
    LONGEST = auto()


class Outcome(StrEnum):
    """What became of calls, in the words of the list's filter. A missed call is one that came in and was not answered."""

    ANSWERED = auto()
    MISSED = auto()
    BUSY = auto()
    UNANSWERED = auto()
    FAILED = auto()


RESULTS: dict[Outcome, tuple[Result, ...]] = {
    Outcome.ANSWERED: (Result.OK,),
    Outcome.MISSED: NOT_ANSWERED,
    Outcome.BUSY: (Result.BUSY,),
    Outcome.UNANSWERED: (Result.NOANSWER, Result.CANCEL, Result.TIMEOUT),
    Outcome.FAILED: (Result.OFFLINE, Result.OTHER, Result.FAILED),
}


@dataclass(frozen=True)
class Asked:
    """Calls that began in [start, end). `prefix`: digits that the other number begins with. `people`: lines that took part.

    `numbers`: those of somebody who was looked for by name. Of these three, one is enough: short numbers are extensions too.
    `line`: calls of one line, as that line sees them.
    """

    start: datetime
    end: datetime
    direction: str | None = None
    outcome: Outcome | None = None
    prefix: str | None = None
    people: tuple[int, ...] | None = None
    numbers: tuple[str, ...] = ()
    line: int | None = None
    at_least: int | None = None  # seconds
    at_most: int | None = None

    @property
    def filtered(self) -> bool:
        """Whether anything but the period and the line says which calls."""
        return any(
            asked is not None for asked in (self.direction, self.outcome, self.prefix, self.people, self.at_least, self.at_most)
        )

    @property
    def criteria(self) -> int:
        """How many different things must be true of a call besides its time; names count double, for they are in no index."""
        named = self.people is not None
        length = self.at_least is not None or self.at_most is not None
        return sum(map(bool, (self.direction or self.outcome, self.prefix, length, self.line, named, named)))


@dataclass(frozen=True)
class Place:
    """Between two calls of a list. The page goes on from here, away from its beginning or (`back`) towards it."""

    start_time: datetime
    id: int
    duration_ms: int
    back: bool = False

    def __str__(self) -> str:
        return places.text(self.start_time, self.id, self.duration_ms)


def place(text: str, *, back: bool = False) -> Place | None:
    """The place that a text stands for; None for anything else."""
    found = places.read(text, numbers=2)
    if found is None:
        return None
    moment, (number, duration_ms) = found
    return Place(moment, number, duration_ms, back) if duration_ms <= _LONGEST_MS else None
