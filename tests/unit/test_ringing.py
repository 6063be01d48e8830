"""Who rings when in a group: the four policies."""

import random
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given, strategies as st

from portal.core.errors import Refused
from portal.core.ids import PublicId
from portal.features.pbx.rules import CANCEL_WORDS, POLICY_WORDS, CancelMode, RingingPolicy, Steps, check_ring_seconds, ring_plan

A, B, C = PublicId("a"), PublicId("b"), PublicId("c")
MEMBERS = st.lists(st.text("abcdefgh", min_size=1, max_size=3), unique=True, max_size=12).map(
    lambda names: [PublicId(name) for name in names]
)
POLICIES = st.sampled_from(RingingPolicy)
TURNS = st.integers(0, 10**12)
SEEDS = st.integers(0, 2**32)


def plan(policy: RingingPolicy, members: list[PublicId], turn: int = 0, seed: int = 0) -> Steps:
    return ring_plan(policy, members, turn, random.Random(seed))


@given(POLICIES, MEMBERS, TURNS, SEEDS)
def test_each_member_rings_exactly_once(policy: RingingPolicy, members: list[PublicId], turn: int, seed: int) -> None:
    steps = plan(policy, members, turn, seed)
    assert sorted(one for step in steps for one in step) == sorted(members)
    assert all(steps)


@given(POLICIES, TURNS, SEEDS)
def test_nobody_rings_in_an_empty_group(policy: RingingPolicy, turn: int, seed: int) -> None:
    assert plan(policy, [], turn, seed) == ()


@given(MEMBERS, TURNS)
def test_in_order_they_ring_one_by_one_from_the_top_whatever_came_before(members: list[PublicId], turn: int) -> None:
    assert plan(RingingPolicy.SERIAL, members, turn) == tuple((one,) for one in members)


@given(MEMBERS.filter(bool), TURNS)
def test_together_there_is_one_step(members: list[PublicId], turn: int) -> None:
    assert plan(RingingPolicy.PARALLEL, members, turn) == (tuple(members),)


@given(MEMBERS.filter(bool), TURNS)
def test_in_turn_each_call_begins_one_further_down_and_the_order_is_kept(members: list[PublicId], turn: int) -> None:
    order = [one for (one,) in plan(RingingPolicy.CIRCULAR, members, turn)]
    begin = turn % len(members)
    assert order == members[begin:] + members[:begin]
    following = [one for (one,) in plan(RingingPolicy.CIRCULAR, members, turn + 1)]
    assert following == order[1:] + order[:1]


def test_in_turn_everybody_is_first_once_before_anybody_is_again() -> None:
    assert [plan(RingingPolicy.CIRCULAR, [A, B, C], turn)[0] for turn in range(4)] == [(A,), (B,), (C,), (A,)]


@given(MEMBERS, SEEDS)
def test_at_random_the_same_chance_gives_the_same_order(members: list[PublicId], seed: int) -> None:
    steps = plan(RingingPolicy.RANDOM, members, seed=seed)
    assert steps == plan(RingingPolicy.RANDOM, members, turn=7, seed=seed)
    assert all(len(step) == 1 for step in steps)


def test_at_random_every_order_is_as_likely_as_the_others() -> None:
    chance = random.Random(600)
    drawn = Counter(ring_plan(RingingPolicy.RANDOM, [A, B, C], 0, chance) for _call in range(6000))
    assert set(drawn) == {tuple((one,) for one in order) for order in permutations([A, B, C])}
    expected = 6000 / 6
    chi_squared = sum((count - expected) ** 2 / expected for count in drawn.values())
    assert chi_squared < 20.5  # 5 degrees of freedom, one in a thousand


@given(POLICIES, MEMBERS, TURNS, SEEDS)
def test_the_members_that_are_stored_stay_as_they_are(
    policy: RingingPolicy, members: list[PublicId], turn: int, seed: int
) -> None:
    before = list(members)
    plan(policy, members, turn, seed)
    assert members == before


@pytest.mark.parametrize("seconds", [0, -1, 3601])
def test_nobody_rings_for_no_time_or_for_more_than_an_hour(seconds: int) -> None:
    with pytest.raises(Refused) as refused:
        check_ring_seconds(seconds)
    assert (refused.value.code, refused.value.field) == ("ring-seconds", "ring_seconds")


@pytest.mark.parametrize("seconds", [1, 10, 3600])
def test_phones_may_ring_from_a_second_to_an_hour(seconds: int) -> None:
    assert check_ring_seconds(seconds) == seconds


def test_every_way_of_ringing_has_words_for_people() -> None:
    assert set(POLICY_WORDS) == set(RingingPolicy)
    assert set(CANCEL_WORDS) == set(CancelMode)
    assert [words.title for words in POLICY_WORDS.values()] == ["Together", "In order", "In turn", "At random"]
