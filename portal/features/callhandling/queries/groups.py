"""Groups belong to a feature that this one does not know: it tells here who is in them and how they ring."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select

from portal.features.callhandling.rules import Ringing


@dataclass(frozen=True)
class Groups:
    """`members` selects pairs of keys: a group as `source`, a line in it as `target`.

    `stored`: part of a select of lines, what is stored of how a group rings, null for other lines; `read` makes sense of it.
    """

    members: Callable[[], Select[Any]]
    stored: Callable[[], ScalarSelect[Any]]
    read: Callable[[Any], Ringing]


_known: list[Groups] = []


def install_groups(groups: Groups) -> None:
    _known[:] = [groups]


def known() -> Groups:
    return _known[0]
