"""Groups belong to a feature that this one does not know: it tells here who is in them and how they ring."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from portal.features.callhandling.rules import Ringing


@dataclass(frozen=True)
class Groups:
    """`members` selects pairs of keys, of a group and of a line in it; `ringing` reads how groups ring, by their keys."""

    members: Callable[[], Select[Any]]
    ringing: Callable[[Collection[int]], Mapping[int, Ringing]]


_known: list[Groups] = []


def install_groups(groups: Groups) -> None:
    _known[:] = [groups]


def known() -> Groups:
    return _known[0]
