"""Rules of forwarding, as operations keep them."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from portal.core import clock, db
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound
from portal.core.ids import PublicId
from portal.features.callhandling import operations, queries
from portal.features.callhandling.queries import Rule
from portal.features.callhandling.rules import Destination, Plan, Weekly, When
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Status, Subscriber
from portal.features.subscribers.rules import Feature, Level
from tests.cast import Cast
from tests.features.callhandling.handled import give_level
from tests.features.pbx.conftest import raises_refused, traces

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
MOBILE = "491712044918"


@pytest.fixture
def line(as_clare: Cast) -> Callable[[str], Subscriber]:
    def find(name: str) -> Subscriber:
        wanted = as_clare.groups.get(name) or as_clare.people[name].subscriber
        return subscribers.line(wanted.public_id)

    return find


Line = Callable[[str], Subscriber]


def plan(*destinations: Destination, when: When = When.ALWAYS, **more: Any) -> Plan:
    return Plan(when=when, destinations=destinations or (Destination(number=MOBILE),), **more)


def to(line: Subscriber, seconds: int = 20) -> Destination:
    return Destination(line=line.public_id, ring_seconds=seconds)


def rules_of(line: Subscriber) -> list[Rule]:
    db.session().flush()
    return list(queries.sheet(line.public_id).rules)


def places_of(line: Subscriber) -> list[list[str]]:
    return [[place.target.name if place.target else str(place.number) for place in rule.places] for rule in rules_of(line)]


def test_a_rule_is_added_with_its_destinations_in_order(as_clare: Cast, line: Line) -> None:
    alice, bob = line("alice"), line("bob")
    operations.add_forward(
        by=as_clare.clare.identity,
        line=alice,
        plan=plan(Destination(number=MOBILE, ring_seconds=25), to(bob, 30), to(line("sales")), when=When.NO_ANSWER),
    )
    (rule,) = rules_of(alice)
    assert (rule.when, rule.enabled, rule.scheduled) == (When.NO_ANSWER, True, False)
    assert [(place.number, place.target and place.target.label, place.ring_seconds) for place in rule.places] == [
        (MOBILE, None, 25),
        (None, "Bob Turner, 102", 30),
        (None, "Sales, 600", 20),
    ]
    (trace,) = traces(alice.public_id, Event.FORWARD_ADDED)
    assert (trace.details["when"], trace.details["to"]) == ("no-answer", [MOBILE, "Bob Turner, 102", "Sales, 600"])


def test_a_number_of_the_company_stands_for_its_line(as_clare: Cast, line: Line) -> None:
    alice = line("alice")
    operations.add_forward(by=as_clare.clare.identity, line=alice, plan=plan(Destination(number="49305550000102")))
    assert places_of(alice) == [["Bob Turner"]]


@pytest.mark.parametrize(
    ("destinations", "code", "field"),
    [
        ((), "forward-nowhere", "to_1"),
        (tuple(Destination(number=f"4930123456{n}") for n in range(6)), "forward-destinations", "to_1"),
        ((Destination(number=MOBILE, ring_seconds=0),), "forward-ring", "seconds_1"),
        ((Destination(number=MOBILE), Destination(number=MOBILE, ring_seconds=3601)), "forward-ring", "seconds_2"),
        ((Destination(line=PublicId("0" * 16)),), "destination-ended", "to_1"),
    ],
)
def test_what_is_no_destination_is_refused(
    as_clare: Cast, line: Line, destinations: tuple[Destination, ...], code: str, field: str
) -> None:
    alice = line("alice")
    with raises_refused(code, field):
        operations.add_forward(by=as_clare.clare.identity, line=alice, plan=Plan(when=When.ALWAYS, destinations=destinations))
    assert rules_of(alice) == []


def test_whoever_has_left_is_no_destination(as_clare: Cast, line: Line) -> None:
    alice, bob = line("alice"), line("bob")
    bob.status = Status.TERMINATED.value
    db.session().flush()
    with raises_refused("destination-ended", "to_2"):
        operations.add_forward(by=as_clare.clare.identity, line=alice, plan=plan(Destination(number=MOBILE), to(bob)))


def test_a_line_has_so_many_rules(as_clare: Cast, line: Line) -> None:
    alice, clare = line("alice"), as_clare.clare.identity
    for _ in range(20):
        operations.add_forward(by=clare, line=alice, plan=plan())
    with raises_refused("forwards-full") as sentence:
        operations.add_forward(by=clare, line=alice, plan=plan())
    assert sentence == ["A line has at most 20 rules of forwarding. Remove one first."]


def test_conditions_are_those_of_the_company_or_of_the_line(as_clare: Cast, line: Line) -> None:
    alice, bob, clare = line("alice"), line("bob"), as_clare.clare.identity
    hours = operations.add_times(by=clare, line=None, name="After hours", spans=[Weekly(frozenset({0}), time(18), time(8))])
    own = operations.add_times(
        by=as_clare.bob.identity, line=bob, name="Bob's", spans=[Weekly(frozenset({1}), time(18), time(8))]
    )
    added = operations.add_forward(
        by=clare, line=alice, plan=plan(times=hours.public_id, times_except=True, called="49305550000101")
    )
    (rule,) = rules_of(alice)
    assert rule.times is not None
    assert (rule.times.name, rule.times_except, rule.called, rule.callers) == ("After hours", True, "49305550000101", None)
    with raises_refused("condition-foreign", "times"):
        operations.change_forward(by=clare, line=alice, forward=added, version=added.version, plan=plan(times=own.public_id))
    with raises_refused("condition-foreign", "callers"):
        operations.add_forward(by=clare, line=alice, plan=plan(callers=PublicId("0" * 16)))
    with raises_refused("called-foreign", "called"):
        operations.add_forward(by=clare, line=alice, plan=plan(called="49305550000102"))


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (NOON, None, "period-half"),
        (None, NOON + timedelta(days=1), "period-half"),
        (NOON + timedelta(days=2), NOON + timedelta(days=1), "period-order"),
        (NOON + timedelta(days=2), NOON + timedelta(days=2), "period-order"),
        (NOON - timedelta(days=2), NOON - timedelta(days=1), "period-past"),
    ],
)
def test_a_period_has_both_ends_and_is_not_over(
    as_clare: Cast, line: Line, starts: datetime | None, ends: datetime | None, code: str
) -> None:
    with clock.frozen(NOON), raises_refused(code, "starts_day" if starts is None else "ends_day"):
        operations.add_forward(by=as_clare.clare.identity, line=line("alice"), plan=plan(starts=starts, ends=ends))


def test_a_period_that_is_over_can_stay_as_it_is(as_clare: Cast, line: Line) -> None:
    alice, clare = line("alice"), as_clare.clare.identity
    period: dict[str, Any] = {"starts": NOON, "ends": NOON + timedelta(hours=1)}
    with clock.frozen(NOON):
        made = operations.add_forward(by=clare, line=alice, plan=plan(**period))
    with clock.frozen(NOON + timedelta(days=1)):
        operations.change_forward(
            by=clare, line=alice, forward=made, version=made.version, plan=plan(Destination(number="4930999999"), **period)
        )
    assert places_of(alice) == [["4930999999"]]


def test_a_change_replaces_everything_and_its_version_is_new(as_clare: Cast, line: Line) -> None:
    alice, bob, clare = line("alice"), line("bob"), as_clare.clare.identity
    made = operations.add_forward(by=clare, line=alice, plan=plan(Destination(number=MOBILE), to(bob)))
    before = made.version
    operations.change_forward(by=clare, line=alice, forward=made, version=before, plan=plan(to(bob), when=When.BUSY))
    (rule,) = rules_of(alice)
    assert (rule.when, rule.version > before, places_of(alice)) == (When.BUSY, True, [["Bob Turner"]])
    with pytest.raises(Conflict):
        operations.change_forward(by=clare, line=alice, forward=made, version=before, plan=plan())


def test_the_order_of_a_kind(as_clare: Cast, line: Line) -> None:
    alice, clare = line("alice"), as_clare.clare.identity
    first, _busy, second, third = (
        operations.add_forward(by=clare, line=alice, plan=plan(Destination(number=f"493012345{n}"), when=when))
        for n, when in enumerate((When.ALWAYS, When.BUSY, When.ALWAYS, When.ALWAYS))
    )
    operations.move_forward(by=clare, line=alice, forward=third, up=True)
    assert [rule.public_id for rule in queries.sheet(alice.public_id).of(When.ALWAYS)] == [
        first.public_id,
        third.public_id,
        second.public_id,
    ]
    operations.move_forward(by=clare, line=alice, forward=second, up=False)  # the last one stays the last
    operations.move_forward(by=clare, line=alice, forward=first, up=False)
    assert next(rule.public_id for rule in queries.sheet(alice.public_id).of(When.ALWAYS)) == third.public_id


def test_a_rule_can_be_added_at_a_place(as_clare: Cast, line: Line) -> None:
    alice, clare = line("alice"), as_clare.clare.identity
    for n in range(2):
        operations.add_forward(by=clare, line=alice, plan=plan(Destination(number=f"493012345{n}")))
    operations.add_forward(by=clare, line=alice, plan=plan(), place=1)
    assert places_of(alice) == [["4930123450"], [MOBILE], ["4930123451"]]


def test_switched_off_and_on_again(as_clare: Cast, line: Line) -> None:
    alice, clare = line("alice"), as_clare.clare.identity
    made = operations.add_forward(by=clare, line=alice, plan=plan())
    operations.switch_forward(by=clare, line=alice, forward=made, on=False)
    operations.switch_forward(by=clare, line=alice, forward=made, on=False)
    assert [rule.enabled for rule in rules_of(alice)] == [False]
    (trace,) = traces(alice.public_id, Event.FORWARD_CHANGED)
    assert trace.details["enabled"] == [True, False]


def test_removed(as_clare: Cast, line: Line) -> None:
    alice, clare = line("alice"), as_clare.clare.identity
    made = operations.add_forward(by=clare, line=alice, plan=plan())
    operations.remove_forward(by=clare, line=alice, forward=made)
    assert rules_of(alice) == []
    (trace,) = traces(alice.public_id, Event.FORWARD_REMOVED)
    assert trace.details["to"] == [MOBILE]
    with raises_refused("forward-gone"):
        operations.switch_forward(by=clare, line=alice, forward=made, on=False)


def test_circles_are_said_when_saving(as_clare: Cast, line: Line) -> None:
    alice, bob, carol, clare = line("alice"), line("bob"), line("carol"), as_clare.clare.identity
    with raises_refused("forward-itself", "to_1"):
        operations.add_forward(by=clare, line=alice, plan=plan(to(alice)))
    operations.add_forward(by=clare, line=alice, plan=plan(to(bob)))
    operations.add_forward(by=clare, line=bob, plan=plan(to(carol)))
    with raises_refused("forward-circle", "to_1") as sentence:
        operations.add_forward(by=clare, line=carol, plan=plan(to(alice)))
    assert sentence == [
        "Calls would go round in a circle and reach nobody: Carol Nguyen → Alice Meier → Bob Turner → Carol Nguyen."
    ]
    asleep = operations.add_forward(by=clare, line=carol, plan=plan(to(alice), enabled=False))
    with raises_refused("forward-circle", "to_1"):
        operations.switch_forward(by=clare, line=carol, forward=asleep, on=True)
    assert [rule.enabled for rule in rules_of(carol)] == [False]


def test_nobody_changes_a_colleagues_forwarding(as_clare: Cast, line: Line) -> None:
    alice, bob = line("alice"), line("bob")
    made = operations.add_forward(by=as_clare.clare.identity, line=bob, plan=plan())
    for act in (
        lambda: operations.add_forward(by=as_clare.alice.identity, line=bob, plan=plan()),
        lambda: operations.change_forward(by=as_clare.alice.identity, line=bob, forward=made, version=made.version, plan=plan()),
        lambda: operations.switch_forward(by=as_clare.alice.identity, line=bob, forward=made, on=False),
        lambda: operations.move_forward(by=as_clare.alice.identity, line=bob, forward=made, up=True),
        lambda: operations.remove_forward(by=as_clare.alice.identity, line=bob, forward=made),
        lambda: operations.remove_forward(by=as_clare.alice.identity, line=alice, forward=made),
    ):
        with pytest.raises(NotFound):
            act()
    assert len(rules_of(bob)) == 1


@pytest.mark.parametrize(("level", "code"), [(Level.OFF, "feature-off"), (Level.USE, "feature-fixed"), (Level.CHANGE, None)])
def test_as_far_as_the_profile_lets_its_person(as_clare: Cast, line: Line, level: Level, code: str | None) -> None:
    alice = line("alice")
    give_level(alice, Feature.FORWARDING, level=level)
    mine = as_clare.alice.identity
    if code is None:
        operations.add_forward(by=mine, line=alice, plan=plan())
        assert len(rules_of(alice)) == 1
        return
    made = operations.add_forward(by=as_clare.clare.identity, line=alice, plan=plan())  # the pilot always may
    with raises_refused(code):
        operations.add_forward(by=mine, line=alice, plan=plan())
    with raises_refused(code):
        operations.change_forward(by=mine, line=alice, forward=made, version=made.version, plan=plan())
    with raises_refused(code):
        operations.switch_forward(by=mine, line=alice, forward=made, on=False)
    with raises_refused(code):
        operations.move_forward(by=mine, line=alice, forward=made, up=True)
    with raises_refused(code):
        operations.remove_forward(by=mine, line=alice, forward=made)
    assert len(rules_of(alice)) == 1
