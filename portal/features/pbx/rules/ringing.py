"""In which order the phones of a group ring. Source: domain.md 1.9."""

from collections.abc import Mapping, Sequence
from enum import StrEnum, auto
from random import Random
from typing import NamedTuple

from portal.core.errors import Refused
from portal.core.i18n import N_
from portal.core.ids import PublicId

SHORTEST_RING, LONGEST_RING = 1, 3600
USUAL_RING = 10
Steps = tuple[tuple[PublicId, ...], ...]


class RingingPolicy(StrEnum):
    SERIAL = auto()
    PARALLEL = auto()
    RANDOM = auto()
    CIRCULAR = auto()


class CancelMode(StrEnum):
    """How the phones that did not answer are told to stop."""

    CANCEL = auto()
    BYE = auto()


def ring_plan(policy: RingingPolicy, members: Sequence[PublicId], turn: int, rng: Random) -> Steps:
    """The steps of a call, each with those who ring together.

    `turn`: how many calls the group has had before this one; `rng`: where chance comes from.
    """
    if not members:
        return ()
    if policy is RingingPolicy.PARALLEL:
        return (tuple(members),)
    return tuple((member,) for member in _in_line(policy, members, turn, rng))


def _in_line(policy: RingingPolicy, members: Sequence[PublicId], turn: int, rng: Random) -> Sequence[PublicId]:
    if policy is RingingPolicy.RANDOM:
        return rng.sample(members, len(members))
    first = turn % len(members) if policy is RingingPolicy.CIRCULAR else 0
    return [*members[first:], *members[:first]]


def check_ring_seconds(seconds: int) -> int:
    if not SHORTEST_RING <= seconds <= LONGEST_RING:
        raise Refused("ring-seconds", field="ring_seconds")
    return seconds


class Words(NamedTuple):
    """What a choice is called, and what it means."""

    title: str
    hint: str


POLICY_WORDS: Mapping[RingingPolicy, Words] = {
    RingingPolicy.PARALLEL: Words(N_("Together"), N_("All ring at once")),
    RingingPolicy.SERIAL: Words(N_("In order"), N_("One after the other, from the top")),
    RingingPolicy.CIRCULAR: Words(N_("In turn"), N_("Each call starts one further down")),
    RingingPolicy.RANDOM: Words(N_("At random"), N_("A new order for each call")),
}
CANCEL_WORDS: Mapping[CancelMode, Words] = {
    CancelMode.CANCEL: Words(N_("The usual way"), N_("Phones that did not answer simply stop, and note a missed call.")),
    CancelMode.BYE: Words(N_("As if the call had ended"), N_("For telephones that keep ringing otherwise.")),
}
