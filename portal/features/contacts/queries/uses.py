"""Who has a contact is known to features that this one does not know: they tell here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from sqlalchemy import ColumnElement, ScalarSelect

from portal.core.ids import PublicId


class Users(StrEnum):
    CUSTOMER = auto()
    LINE = auto()
    CONTRACT = auto()


@dataclass(frozen=True)
class User:
    """A customer, a line or a contract that has a contact. `detail`: its external #, its number."""

    what: Users
    public_id: PublicId
    name: str
    detail: str | None
    status: str
    living: bool


@dataclass(frozen=True)
class Uses:
    """For selects of contacts, `customers` counts those that have one and have not ended; `of_line`: whether it is a line's own.

    `users`: everybody who has a contact, the living first; one statement.
    """

    customers: Callable[[], ScalarSelect[int]]
    of_line: Callable[[], ColumnElement[bool]]
    users: Callable[[int], Sequence[User]]


_known: list[Uses] = []


def install_uses(uses: Uses) -> None:
    _known[:] = [uses]


def known() -> Uses:
    return _known[0]


def users(contact_id: int) -> Sequence[User]:
    return known().users(contact_id)
