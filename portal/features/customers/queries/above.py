"""What hangs on customers is known to features that this one does not know: they tell here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect

from portal.core.ids import PublicId


@dataclass(frozen=True)
class Belongings:
    """What ends with a customer. Profiles, phonebook and the like are not counted: they are nothing without lines."""

    lines: int
    groups: int
    numbers: int
    accounts: int
    trunks: int = 0


@dataclass(frozen=True)
class Above:
    """For selects of customers, `lines` and `numbers` count those in use; `profile` names the one of the company, `way`
    says how far it is (as in rules.guide.Way).

    `belongings`, `outside` (the extensions that a range leaves out) and `profiles` are of one customer; one statement each.
    """

    lines: Callable[[], ScalarSelect[int]]
    numbers: Callable[[], ScalarSelect[int]]
    profile: Callable[[], ScalarSelect[Any]]
    belongings: Callable[[int], Belongings]
    outside: Callable[[int, int | None, int | None], Sequence[str]]
    profiles: Callable[[int], Sequence[tuple[PublicId, str]]]
    way: Callable[[], ScalarSelect[Any]]


_known: list[Above] = []


def install_above(above: Above) -> None:
    _known[:] = [above]


def above() -> Above:
    return _known[0]
