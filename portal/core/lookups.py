"""What is asked of the DNS, and what it says: plain facts, without a resolver."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Record(StrEnum):
    A = "A"
    AAAA = "AAAA"
    SRV = "SRV"
    NAPTR = "NAPTR"
    TXT = "TXT"


class Outcome(StrEnum):
    FOUND = "found"
    NOTHING = "nothing"  # there is no such name, or no such record of it
    BROKEN = "broken"  # the servers in charge of the name cannot answer
    SILENT = "silent"  # nobody answered in time


@dataclass(frozen=True)
class Question:
    """`name`: lower case, in the letters of the DNS, without a dot at its end."""

    record: Record
    name: str


@dataclass(frozen=True)
class Answer:
    """`values`: as they are written in a zone, names without a dot at their end. `alias`: where a chain of CNAMEs ended."""

    outcome: Outcome
    values: tuple[str, ...] = ()
    alias: str | None = None

    @property
    def known(self) -> bool:
        return self.outcome in {Outcome.FOUND, Outcome.NOTHING}


Answers = Mapping[Question, Answer]
Ask = Callable[[Collection[Question]], Answers]
UNANSWERED = Answer(Outcome.SILENT)
