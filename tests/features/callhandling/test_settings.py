"""Do not disturb, ring time, own number, blocking and speed dial, as operations keep them."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound
from portal.core.identity import Identity
from portal.core.phone import Home
from portal.features.callhandling import operations, queries
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.rules import Destination, Dial, Direction, Entry, Mode
from portal.features.callhandling.rules.conditions import MOST_ENTRIES
from portal.features.pbx import operations as pbx
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import Feature, Level
from tests.cast import Cast
from tests.features.callhandling.handled import give_level
from tests.features.pbx.conftest import raises_refused, traces

BERLIN = Home("49", "30")
PREMIUM, KIM = Entry("49900*", "Premium"), Entry("491712044918", "Kim")


def line_of(cast: Cast, name: str) -> Subscriber:
    wanted = cast.groups.get(name) or cast.people[name].subscriber
    return subscribers.line(wanted.public_id)


def sheet_of(line: Subscriber) -> Sheet:
    db.session().flush()
    return queries.sheet(line.public_id)


def block(
    by: Identity, line: Subscriber, entries: Sequence[Entry], version: int = 0, direction: Direction = Direction.IN, **more: Any
) -> None:
    kept = {"mode": Mode.BLOCK, "home": BERLIN, **more}
    operations.change_blocking(by=by, line=line, version=version, direction=direction, entries=entries, **kept)


def dial(by: Identity, line: Subscriber, dials: dict[int, Dial], version: int = 0) -> None:
    operations.change_speed_dials(by=by, line=line, version=version, dials=dials)


def listed(line: Subscriber, direction: str = "in") -> dict[str, str | None]:
    return {entry.pattern: entry.note for entry in sheet_of(line).blocked[direction]}


# --- do not disturb ----------------------------------------------------------------------------------------------------------


def test_do_not_disturb_is_one_truth_on_both_pages(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    operations.switch_do_not_disturb(by=by, line=alice, on=True)
    assert alice.do_not_disturb
    assert traces(alice.public_id)[-1].details == {"do_not_disturb": [False, True]}
    pbx.change_allowed(by=as_clare.clare.identity, line=alice, version=alice.version, do_not_disturb=False, music_on_hold=True)
    assert not sheet_of(alice).line.do_not_disturb


def test_switching_to_what_it_is_leaves_no_trace(as_clare: Cast) -> None:
    alice = line_of(as_clare, "alice")
    version = alice.version
    operations.switch_do_not_disturb(by=as_clare.alice.identity, line=alice, on=False)
    assert (alice.version, traces(alice.public_id, Event.HANDLING_CHANGED)) == (version, [])


# --- ring time and own number ------------------------------------------------------------------------------------------------


def test_the_row_of_a_line_is_made_with_its_first_change(as_clare: Cast) -> None:
    alice = line_of(as_clare, "alice")
    assert sheet_of(alice).handling.version == 0
    operations.change_ring_time(by=as_clare.alice.identity, line=alice, version=0, ring_seconds=20)
    assert sheet_of(alice).handling.version == 0
    operations.change_ring_time(by=as_clare.alice.identity, line=alice, version=0, ring_seconds=35)
    handling = sheet_of(alice).handling
    assert (handling.version, handling.ring_seconds) == (1, 35)
    operations.change_privacy(by=as_clare.clare.identity, line=alice, version=1, hide_outside=True, hide_inside=False)
    handling = sheet_of(alice).handling
    assert (handling.version, handling.hide_outside, handling.hide_inside) == (2, True, False)
    changes = [entry.details for entry in traces(alice.public_id, Event.HANDLING_CHANGED)]
    assert changes == [{"ring_seconds": [20, 35]}, {"hide_outside": [False, True]}]


def test_whoever_saves_from_an_older_page_is_told(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    operations.change_ring_time(by=by, line=alice, version=0, ring_seconds=30)
    acts: list[Callable[[], None]] = [
        lambda: operations.change_ring_time(by=by, line=alice, version=0, ring_seconds=40),
        lambda: operations.change_privacy(by=by, line=alice, version=0, hide_outside=True, hide_inside=True),
        lambda: block(by, alice, [KIM]),
        lambda: dial(by, alice, {0: Dial(Destination(number="4930123456"))}),
    ]
    for act in acts:
        with pytest.raises(Conflict) as caught:
            act()
        assert caught.value.version == 1


@pytest.mark.parametrize("seconds", [0, -1, 3601, None])
def test_a_ring_time_has_its_limits(as_clare: Cast, seconds: int | None) -> None:
    with raises_refused("ring-time", "ring_seconds"):
        operations.change_ring_time(by=as_clare.alice.identity, line=line_of(as_clare, "alice"), version=0, ring_seconds=seconds)


# --- blocking ----------------------------------------------------------------------------------------------------------------


def test_each_direction_has_a_list_of_its_own(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    block(by, alice, [KIM], hidden=True)
    block(by, alice, [PREMIUM], 1, Direction.OUT, mode=Mode.ALLOW, hidden=True)
    handling = sheet_of(alice).handling
    assert (handling.incoming, handling.outgoing, handling.block_hidden) == ("block", "allow", True)
    assert (listed(alice), listed(alice, "out")) == ({KIM.pattern: "Kim"}, {PREMIUM.pattern: "Premium"})


def test_a_list_is_changed_as_a_whole_and_says_what_changed(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    block(by, alice, [KIM, PREMIUM])
    block(by, alice, [Entry(KIM.pattern, "Kim Brand"), Entry("4930*")], 1, hidden=True)
    assert listed(alice) == {KIM.pattern: "Kim Brand", "4930*": None}
    details = [entry.details for entry in traces(alice.public_id, Event.BLOCKING_CHANGED)]
    assert details == [
        {"direction": "in", "listed": [KIM.pattern, PREMIUM.pattern]},
        {"direction": "in", "hidden": [False, True], "listed": ["4930*"], "unlisted": [PREMIUM.pattern]},
    ]
    block(by, alice, [Entry("4930*"), Entry(KIM.pattern, "Kim Brand")], 2, hidden=True)
    assert len(traces(alice.public_id, Event.BLOCKING_CHANGED)) == 2


def test_emergency_numbers_are_never_on_the_list(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    with raises_refused("blocks-emergency", "entries") as sentence:
        block(by, alice, [PREMIUM, Entry("112")], direction=Direction.OUT)
    assert sentence == ["112 is an emergency number and can always be called. Take 112 out of the list."]
    block(by, alice, [Entry("112")], direction=Direction.OUT, mode=Mode.ALLOW)
    block(by, alice, [Entry("112")], 1)


def test_a_list_that_lets_nobody_through_is_refused(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    with raises_refused("blocking-nobody", "entries"):
        block(by, alice, [], mode=Mode.ALLOW)
    with raises_refused("blocking-nothing", "entries"):
        block(by, alice, [], mode=Mode.ALLOW, direction=Direction.OUT)


def test_a_list_has_its_end(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    many = [Entry(str(493010000 + n)) for n in range(MOST_ENTRIES)]
    block(by, alice, many)
    with raises_refused("entries-many", "entries"):
        block(by, alice, [*many, KIM], 1)
    with raises_refused("entries-many", "entries"):
        operations.block_caller(by=by, line=alice, number=KIM.pattern)


def test_one_caller_is_blocked_and_let_through_again(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    operations.block_caller(by=by, line=alice, number=KIM.pattern)
    assert listed(alice) == {KIM.pattern: None}
    with raises_refused("blocked-already"):
        operations.block_caller(by=by, line=alice, number=KIM.pattern)
    operations.unblock_caller(by=by, line=alice, number=KIM.pattern)
    operations.unblock_caller(by=by, line=alice, number=KIM.pattern)
    assert listed(alice) == {}
    assert [entry.details for entry in traces(alice.public_id, Event.BLOCKING_CHANGED)] == [
        {"direction": "in", "listed": [KIM.pattern]},
        {"direction": "in", "unlisted": [KIM.pattern]},
    ]


def test_a_list_of_those_who_get_through_is_not_turned_round(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    block(by, alice, [KIM], mode=Mode.ALLOW)
    with raises_refused("blocking-allows"):
        operations.block_caller(by=by, line=alice, number=PREMIUM.pattern[:-1] + "123")
    operations.unblock_caller(by=by, line=alice, number=KIM.pattern)
    assert listed(alice) == {KIM.pattern: "Kim"}


@pytest.mark.parametrize("number", ["", "101", "anonymous", "4930x", "49300000*", "4" * 41, "49305550000101"])
def test_only_numbers_of_people_outside_are_blocked_with_one_press(as_clare: Cast, number: str) -> None:
    with raises_refused("caller-unknown"):
        operations.block_caller(by=as_clare.alice.identity, line=line_of(as_clare, "alice"), number=number)


# --- speed dial --------------------------------------------------------------------------------------------------------------


def test_keys_call_colleagues_groups_and_any_number(as_clare: Cast) -> None:
    alice, bob, sales = (line_of(as_clare, name) for name in ("alice", "bob", "sales"))
    dials = {
        0: Dial(Destination(line=bob.public_id)),
        1: Dial(Destination(line=sales.public_id), "The shop"),
        9: Dial(Destination(number=KIM.pattern), "Kim"),
    }
    dial(as_clare.alice.identity, alice, dials)
    kept = sheet_of(alice).speed_dials
    assert {slot: (place.target.label if place.target else place.number, place.name) for slot, place in kept.items()} == {
        0: ("Bob Turner, 102", None),
        1: ("Sales, 600", "The shop"),
        9: (KIM.pattern, "Kim"),
    }
    assert traces(alice.public_id, Event.SPEED_DIAL_CHANGED)[0].details == {"keys": ["*0", "*1", "*9"]}


def test_a_number_of_the_company_is_kept_as_its_line(as_clare: Cast) -> None:
    alice, bob = line_of(as_clare, "alice"), line_of(as_clare, "bob")
    dial(as_clare.alice.identity, alice, {0: Dial(Destination(number=sheet_of(bob).numbers[0]))})
    assert sheet_of(alice).speed_dials[0].target.public_id == bob.public_id  # type: ignore[union-attr]


def test_only_what_changed_is_named_and_nothing_leaves_no_trace(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    kim, other = Dial(Destination(number=KIM.pattern)), Dial(Destination(number="4930123456"))
    dial(by, alice, {0: kim, 1: other})
    dial(by, alice, {0: kim, 1: other}, 1)
    dial(by, alice, {0: kim, 2: other}, 1)
    told = [entry.details["keys"] for entry in traces(alice.public_id, Event.SPEED_DIAL_CHANGED)]
    assert told == [["*0", "*1"], ["*1", "*2"]]
    assert set(sheet_of(alice).speed_dials) == {0, 2}


def test_what_keys_cannot_call(as_clare: Cast) -> None:
    alice, by = line_of(as_clare, "alice"), as_clare.alice.identity
    ike = as_clare.ike.subscriber.public_id
    with raises_refused("dial-ended", "to_3"):
        dial(by, alice, {3: Dial(Destination(line=ike))})
    with raises_refused("dial-slot"):
        dial(by, alice, {10: Dial(Destination(number=KIM.pattern))})
    with raises_refused("dial-name-long", "name_4"):
        dial(by, alice, {4: Dial(Destination(number=KIM.pattern), "n" * 64)})


# --- who may -----------------------------------------------------------------------------------------------------------------

ACTS: dict[Feature, Callable[[Identity, Subscriber], None]] = {
    Feature.DO_NOT_DISTURB: lambda by, line: operations.switch_do_not_disturb(by=by, line=line, on=True),
    Feature.FORWARDING: lambda by, line: operations.change_ring_time(by=by, line=line, version=0, ring_seconds=30),
    Feature.PRIVACY: lambda by, line: operations.change_privacy(by=by, line=line, version=0, hide_outside=True, hide_inside=True),
    Feature.BLOCK_INCOMING: lambda by, line: block(by, line, [KIM]),
    Feature.BLOCK_OUTGOING: lambda by, line: block(by, line, [PREMIUM], direction=Direction.OUT),
    Feature.SPEED_DIAL: lambda by, line: dial(by, line, {0: Dial(Destination(number=KIM.pattern))}),
}


@pytest.mark.parametrize("feature", ACTS)
@pytest.mark.parametrize(("level", "code"), [(Level.OFF, "feature-off"), (Level.USE, "feature-fixed")])
def test_what_a_profile_keeps_from_its_person_is_refused(as_clare: Cast, feature: Feature, level: Level, code: str) -> None:
    alice = line_of(as_clare, "alice")
    give_level(alice, feature, level=level)
    with raises_refused(code):
        ACTS[feature](as_clare.alice.identity, alice)
    ACTS[feature](as_clare.clare.identity, alice)


@pytest.mark.parametrize("feature", ACTS)
def test_a_colleagues_line_is_not_there(as_clare: Cast, feature: Feature) -> None:
    with pytest.raises(NotFound):
        ACTS[feature](as_clare.bob.identity, line_of(as_clare, "alice"))


def test_one_press_is_refused_like_the_list(as_clare: Cast) -> None:
    alice = line_of(as_clare, "alice")
    give_level(alice, Feature.BLOCK_INCOMING, level=Level.USE)
    for act in (operations.block_caller, operations.unblock_caller):
        with raises_refused("feature-fixed"):
            act(by=as_clare.alice.identity, line=alice, number=KIM.pattern)


@pytest.mark.parametrize("feature", [one for one in ACTS if one is not Feature.BLOCK_INCOMING])
def test_a_group_has_no_phone_of_its_own(as_clare: Cast, feature: Feature) -> None:
    with pytest.raises(NotFound):
        ACTS[feature](as_clare.clare.identity, line_of(as_clare, "sales"))


def test_calls_to_a_group_can_be_blocked(as_clare: Cast) -> None:
    block(as_clare.clare.identity, line_of(as_clare, "sales"), [KIM])
    assert listed(line_of(as_clare, "sales")) == {KIM.pattern: "Kim"}
