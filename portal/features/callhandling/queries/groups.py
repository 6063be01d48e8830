"""Groups belong to a feature that this one does not know: it tells here who is in them and how they ring."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select

from portal.features.callhandling.rules import Ringing


@dataclass(frozen=True)
class Groups:
    """`members` selects the keys of the lines in a group, by the group's.

    `stored`: part of a select of lines, what is stored of how a group rings, null for other lines; `read` makes sense of it.
    """

    members: Callable[[ColumnElement[int]], Select[Any]]
    stored: Callable[[], ScalarSelect[Any]]
    read: Callable[[Any], Ringing]


_known: list[Groups] = []


def install_groups(groups: Groups) -> None:
    _known[:] = [groups]


def known() -> Groups:
    return _known[0]
