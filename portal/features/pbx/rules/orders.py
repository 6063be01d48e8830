"""What comes of two people who order the same group at the same time."""

from collections.abc import Sequence
from typing import NamedTuple

from portal.core.ids import PublicId

Order = Sequence[PublicId]


class Settled(NamedTuple):
    """`clash`: both have moved the same people, in different ways; `order` is then that of the second."""

    order: list[PublicId]
    clash: bool


def settle(seen: Order, stored: Order, typed: Order) -> Settled:
    """`seen`: the order that the second began with; `stored`: what stands now; `typed`: what the second wants.

    Whoever was added or removed by either side is; an order that only one side has changed stands.
    """
    if list(stored) in (list(seen), list(typed)):
        return Settled(list(typed), clash=False)
    common = {one for one in seen if one in stored and one in typed}
    was, theirs, yours = ([one for one in order if one in common] for order in (seen, stored, typed))
    added = [one for one in typed if one not in seen and one not in stored]
    if yours == was:
        gone = set(seen) - set(typed)
        return Settled([*(one for one in stored if one not in gone), *added], clash=False)
    left = set(seen) - set(stored)
    joined = [one for one in stored if one not in seen and one not in typed]
    mine = [*(one for one in typed if one not in left), *joined]
    return Settled(mine, clash=theirs not in (was, yours))
