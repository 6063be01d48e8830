"""Two at once: what a line does and what its company shares hold for real transactions that really commit."""

import threading

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.callhandling import operations, queries
from portal.features.callhandling.models import BlockEntry, LineHandling, TimeSet
from portal.features.callhandling.rules import Destination, Dial, Direction, Entry, Holidays, Mode, Plan, When
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast
from tests.features.pbx.test_races import AT_ONCE, together, together_as

BERLIN = Home("49", "30")


def alice_of(cast: Cast) -> Subscriber:
    return subscribers.line(cast.alice.subscriber.public_id)


def handling(cast: Cast) -> LineHandling:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.get_one(LineHandling, cast.alice.subscriber.id)
        session.expunge_all()
        return found


def test_the_first_change_of_a_line_is_made_by_one(own_cast: Cast) -> None:
    def act(place: int) -> None:
        operations.change_ring_time(by=own_cast.alice.identity, line=alice_of(own_cast), version=0, ring_seconds=30 + place)

    outcomes = together(own_cast.alice, act)
    assert sorted(outcomes) == [*["conflict"] * (AT_ONCE - 1), "done"]
    assert (handling(own_cast).version, handling(own_cast).ring_seconds) == (1, 30 + outcomes.index("done"))


def test_parts_of_a_line_that_are_saved_from_one_page_do_not_overwrite_each_other(own_cast: Cast) -> None:
    who, outcomes = own_cast.alice, []

    def act(place: int) -> None:
        line = alice_of(own_cast)
        if place % 2:
            operations.change_privacy(by=who.identity, line=line, version=0, hide_outside=True, hide_inside=True)
        else:
            entries, home = [Entry("49900*")], BERLIN
            operations.change_blocking(
                by=who.identity,
                line=line,
                version=0,
                direction=Direction.OUT,
                mode=Mode.BLOCK,
                entries=entries,
                home=home,
            )

    outcomes = together(who, act)
    assert sorted(outcomes) == [*["conflict"] * (AT_ONCE - 1), "done"]


def test_many_callers_blocked_at_once_are_all_on_the_list(own_cast: Cast) -> None:
    def act(place: int) -> None:
        operations.block_caller(by=own_cast.alice.identity, line=alice_of(own_cast), number=f"49171204491{place}")

    assert together(own_cast.alice, act) == ["done"] * AT_ONCE
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.count()).select_from(BlockEntry)) == AT_ONCE
    assert handling(own_cast).version == AT_ONCE


def test_one_caller_is_blocked_once(own_cast: Cast) -> None:
    outcomes = together(
        own_cast.alice,
        lambda _place: operations.block_caller(by=own_cast.alice.identity, line=alice_of(own_cast), number="491712044918"),
    )
    assert sorted(outcomes) == [*["blocked-already"] * (AT_ONCE - 1), "done"]


def test_the_pilot_and_the_person_switch_do_not_disturb(own_cast: Cast) -> None:
    def act(place: int) -> None:
        who = (own_cast.alice, own_cast.clare)[place % 2]
        operations.switch_do_not_disturb(by=who.identity, line=alice_of(own_cast), on=True)

    assert together_as([own_cast.alice, own_cast.clare] * 3, act) == ["done"] * 6
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get_one(Subscriber, own_cast.alice.subscriber.id).do_not_disturb


def test_keys_are_set_by_one_of_those_who_see_the_same_page(own_cast: Cast) -> None:
    def act(place: int) -> None:
        dials = {0: Dial(Destination(number=f"493012345{place}"))}
        operations.change_speed_dials(by=own_cast.alice.identity, line=alice_of(own_cast), version=0, dials=dials)

    assert sorted(together(own_cast.alice, act)) == [*["conflict"] * (AT_ONCE - 1), "done"]


def test_times_are_changed_by_one_of_those_who_see_the_same_page(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope):
        made = operations.add_times(by=own_cast.clare.identity, line=None, name="Holidays", spans=[Holidays("DE")])
        public_id = made.public_id

    def act(place: int) -> None:
        times = queries.time_set(public_id, None).row
        operations.change_times(
            by=own_cast.clare.identity, times=times, version=1, name=f"Holidays {place}", spans=[Holidays("DE", "BE")]
        )

    assert sorted(together(own_cast.clare, act)) == [*["conflict"] * (AT_ONCE - 1), "done"]


@pytest.mark.parametrize("round_", range(3))
def test_times_are_removed_or_used_but_not_both(own_cast: Cast, round_: int) -> None:
    with db.unit_of_work(own_cast.clare.scope):
        made = operations.add_times(by=own_cast.clare.identity, line=None, name=f"Set {round_}", spans=[Holidays("DE")])
        public_id = made.public_id
    both = threading.Barrier(2)

    def act(place: int) -> None:
        times = queries.time_set(public_id, None).row
        both.wait()
        if place:
            operations.remove_times(by=own_cast.clare.identity, times=times)
        else:
            plan = Plan(when=When.ALWAYS, destinations=[Destination(number="491712044918")], times=public_id)
            operations.add_forward(by=own_cast.clare.identity, line=alice_of(own_cast), plan=plan)

    used, removed = together(own_cast.clare, act, 2)
    with db.unit_of_work(Scope.platform()) as session:
        left = session.scalar(select(func.count()).select_from(TimeSet))
    if removed == "done":
        assert (used in {"condition-foreign", "fk_forward_time_set", "not found"}, left) == (True, 0)
    else:
        assert (used, removed in {"time-set-used", "fk_forward_time_set"}, left) == ("done", True, 1)
