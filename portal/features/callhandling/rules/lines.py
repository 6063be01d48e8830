"""What a company's lines do with calls, as the evaluation sees it. All numbers are canonical digits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.subscribers.rules import LockLevel


class When(StrEnum):
    """In which case a call goes elsewhere."""

    ALWAYS = "always"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    UNREACHABLE = "unreachable"


class Mode(StrEnum):
    BLOCK = "block"  # what is listed
    ALLOW = "allow"  # only what is listed


@dataclass(frozen=True)
class Weekly:
    """Hours on weekdays (0 is Monday). They end on the next day when they end before they begin, or at the same time."""

    weekdays: frozenset[int]
    begins: time
    ends: time
    excluded: bool = False


@dataclass(frozen=True)
class Dates:
    """Whole days, both included."""

    first: date
    last: date
    excluded: bool = False


@dataclass(frozen=True)
class Holidays:
    """The public holidays of a country, or of a part of it (as in ISO 3166-2, without the country)."""

    country: str
    region: str | None = None
    excluded: bool = False


Span = Weekly | Dates | Holidays


@dataclass(frozen=True)
class Times:
    """On when one of the spans is, and none of those that are excluded."""

    name: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Callers:
    """`patterns`: digits, `*` for any digits, `?` for one."""

    name: str
    patterns: tuple[str, ...] = ()
    hidden: bool = False
    colleagues: bool = False


@dataclass(frozen=True)
class Destination:
    """A line of the company, or any number; one of the two."""

    line: PublicId | None = None
    number: str | None = None
    ring_seconds: int = 20


@dataclass(frozen=True)
class Forward:
    """One rule. Those of a kind stand in order; scheduled ones (with a period) before the others."""

    key: PublicId
    when: When
    destinations: tuple[Destination, ...]
    enabled: bool = True
    callers: Callers | None = None
    callers_except: bool = False
    called: str | None = None
    times: Times | None = None
    times_except: bool = False
    starts: datetime | None = None
    ends: datetime | None = None

    @property
    def scheduled(self) -> bool:
        return self.starts is not None or self.ends is not None


@dataclass(frozen=True)
class Blocking:
    mode: Mode = Mode.BLOCK
    patterns: tuple[str, ...] = ()
    hidden: bool = False  # callers without a number; incoming only


@dataclass(frozen=True)
class Handling:
    """What a line does with calls, as far as its profile lets it (see subscribers.rules.Allowance)."""

    forwards: tuple[Forward, ...] = ()
    ring_seconds: int = 20
    incoming: Blocking = field(default_factory=Blocking)
    outgoing: Blocking = field(default_factory=Blocking)
    do_not_disturb: bool = False
    hide_outside: bool = False
    hide_inside: bool = False
    speed_dials: Mapping[int, Destination] = field(default_factory=dict)


class Order(StrEnum):
    """Who of a group rings when; the words are those of the group's policy."""

    TOGETHER = "parallel"
    AS_LISTED = "serial"
    IN_TURN = "circular"
    AT_RANDOM = "random"


@dataclass(frozen=True)
class Ringing:
    """How a group rings: steps of who rings together, each for the same time (made by pbx.rules.ring_plan)."""

    steps: tuple[tuple[PublicId, ...], ...]
    seconds: int
    ignore_forwards: bool = False
    order: Order = Order.AS_LISTED


@dataclass(frozen=True)
class Line:
    """A person or a group. `ringing` is a group's. `numbers`: its own first, then the further ones.

    `reachable`: whether any phone is registered; None when nobody knows.
    """

    public_id: PublicId
    name: str
    extension: str | None
    numbers: tuple[str, ...]
    lock: LockLevel = LockLevel.NONE
    handling: Handling = field(default_factory=Handling)
    ringing: Ringing | None = None
    reachable: bool | None = None


@dataclass(frozen=True)
class Exchange:
    """All lines of a customer at one moment: what a call is evaluated against. `zone` is where its hours are meant."""

    lines: Mapping[PublicId, Line]
    home: Home
    zone: ZoneInfo

    def at(self, dialled: str) -> Line | None:
        """The line that an extension or a number of the company leads to."""
        return next((line for line in self.lines.values() if dialled == line.extension or dialled in line.numbers), None)


@dataclass(frozen=True)
class Call:
    """`caller`: digits of an outside number, None when unknown; `colleague`: the line that calls, when it is one of the company.

    `called`: the number that was dialled, in digits, or the extension.
    """

    at: datetime
    called: str
    caller: str | None = None
    colleague: PublicId | None = None
    hidden: bool = False
