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


def moved(order: Order, who: PublicId, by: int) -> list[PublicId]:
    """One place up (-1) or down (1), as far as there is one."""
    places = list(order)
    if who in places:
        was = places.index(who)
        now = was + by
        if 0 <= now < len(places):
            places[was], places[now] = places[now], places[was]
    return places


class Change(NamedTuple):
    """`mover`: the one person who has another place, where that is all, or of two neighbours the one who moved up."""

    joined: list[PublicId]
    left: list[PublicId]
    mover: PublicId | None


def change(before: Order, after: Order) -> Change:
    joined = [one for one in after if one not in before]
    left = [one for one in before if one not in after]
    if joined or left or list(before) == list(after):
        return Change(joined, left, None)
    movers = (one for one in after if [x for x in after if x != one] == [x for x in before if x != one])
    return Change([], [], next(movers, None))
