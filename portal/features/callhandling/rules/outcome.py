"""What becomes of a call: the answer of the evaluation."""

from dataclasses import dataclass
from enum import StrEnum

from portal.core.ids import PublicId
from portal.features.callhandling.rules.lines import Forward


class Why(StrEnum):
    """Why a line does not ring, or a call ends."""

    LOCKED = "locked"
    BLOCKED = "blocked"
    HIDDEN = "hidden"  # callers without a number are not taken
    DO_NOT_DISTURB = "do-not-disturb"
    BUSY = "busy"
    NOT_ANSWERED = "not-answered"
    UNREACHABLE = "unreachable"
    NOBODY = "nobody"  # a group without members, or a line that has ended
    LOOP = "loop"
    MOVED = "moved"  # the number went to another provider and nothing is forwarded


@dataclass(frozen=True)
class Rings:
    """Phones of `line` ring from a second on for a while; `within`: the group that rings it. `via`: the forward that led here."""

    line: PublicId
    begins: int
    seconds: int
    within: PublicId | None = None
    via: Forward | None = None


@dataclass(frozen=True)
class Leaves:
    """The call goes on to a number outside of the company."""

    number: str
    begins: int
    seconds: int
    via: Forward | None = None


@dataclass(frozen=True)
class Barred:
    """A number outside that the forwarding line may not call: its lock or its blocking forbids it."""

    number: str
    begins: int
    why: Why
    via: Forward | None = None


@dataclass(frozen=True)
class Silent:
    """A line that would ring and does not."""

    line: PublicId
    begins: int
    why: Why
    within: PublicId | None = None


@dataclass(frozen=True)
class Forwarded:
    """From here on another destination is tried, because of a rule of `line`."""

    line: PublicId
    begins: int
    forward: Forward
    why: Why | None  # what made it leave; None for “always”


Step = Rings | Leaves | Barred | Silent | Forwarded


@dataclass(frozen=True)
class Outcome:
    """All that happens while nobody answers, in the order of time, and how it ends for the caller."""

    steps: tuple[Step, ...]
    end: Why
    seconds: int


class Phones(StrEnum):
    """What the phones of a line do when it is called; a simulation chooses."""

    FREE = "free"  # they ring, and nobody answers
    BUSY = "busy"
    OFF = "off"  # nothing is registered
