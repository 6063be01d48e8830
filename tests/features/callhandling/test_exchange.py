"""The lines as the evaluation sees them: what was stored, no more than a call can come to, in one statement."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.core import db, ids
from portal.core.errors import NotFound
from portal.core.phone import Home
from portal.features.callhandling import queries
from portal.features.callhandling.rules import (
    Blocking,
    Call,
    Callers,
    Dates,
    Destination,
    Forward,
    Handling,
    Holidays,
    Mode,
    Order,
    Rings,
    Times,
    Weekly,
    When,
    evaluate,
)
from portal.features.pbx.models import Group, Member
from portal.features.subscribers.models import Profile, Status, Subscriber
from portal.features.subscribers.rules import LockLevel
from tests.cast import Cast
from tests.factories.callhandling import owned, write_handling
from tests.features.dashboard.statements import counted

HOME = Home("49", "30")
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


def keys(cast: Cast) -> dict[ids.PublicId, int]:
    lines = [person.line for person in cast.people.values() if person.line] + [*cast.groups.values()]
    return {line.public_id: line.id for line in lines}


def everything(cast: Cast) -> Handling:
    """A handling in which nothing is as usual."""
    bob, sales = cast.bob.subscriber.public_id, cast.groups["sales"].public_id
    times = Times(
        "After hours",
        (
            Weekly(frozenset({0, 1, 4}), time(18), time(8)),
            Weekly(frozenset({6}), time(0), time(0), excluded=True),
            Dates(date(2026, 12, 24), date(2027, 1, 2)),
            Holidays("DE", "BE"),
            Holidays("AT", excluded=True),
        ),
    )
    callers = Callers("Family", ("0049*", "491712044918"), hidden=True, colleagues=True)
    return Handling(
        forwards=(
            Forward(
                ids.new(),
                When.ALWAYS,
                (Destination(bob, ring_seconds=12), Destination(number="491712044918", ring_seconds=25), Destination(sales)),
                callers=callers,
                callers_except=True,
                called="49305550000101",
                times=times,
                times_except=True,
            ),
            Forward(ids.new(), When.NO_ANSWER, (Destination(sales),), enabled=False),
            Forward(ids.new(), When.BUSY, (Destination(number="4930111"),), starts=NOON, ends=NOON.replace(year=2027)),
            Forward(ids.new(), When.UNREACHABLE, (Destination(number="4930111"),), callers=Callers("Nobody yet")),
        ),
        ring_seconds=33,
        incoming=Blocking(Mode.ALLOW, ("10?", "4930*"), hidden=True),
        outgoing=Blocking(Mode.BLOCK, ("00*",)),
        do_not_disturb=True,
        hide_outside=True,
        hide_inside=True,
        speed_dials={0: Destination(number="4930111"), 7: Destination(bob)},
    )


def read(cast: Cast, *starts: Subscriber) -> Any:
    return queries.exchange(cast.lantern.id, [line.public_id for line in starts])


def test_what_is_stored_is_what_is_evaluated(as_clare: Cast) -> None:
    alice = as_clare.alice.subscriber
    stored = everything(as_clare)
    write_handling(db.session().merge(alice), stored, keys(as_clare))
    found = read(as_clare, alice)
    assert found.lines[alice.public_id].handling == stored
    assert (found.home, found.zone) == (HOME, ZoneInfo("Europe/Berlin"))
    line = found.lines[alice.public_id]
    assert (line.name, line.extension, line.numbers) == ("Alice Meier", "101", ("49305550000101",))
    assert (line.lock, line.ringing, line.reachable) == (LockLevel.NONE, None, True)


def test_a_line_without_anything_does_the_usual(as_clare: Cast) -> None:
    found = read(as_clare, as_clare.alice.subscriber)
    assert found.lines[as_clare.alice.subscriber.public_id].handling == Handling()
    assert set(found.lines) == {as_clare.alice.subscriber.public_id}


def test_a_group_comes_with_who_rings_in_it_and_how(as_clare: Cast) -> None:
    sales = as_clare.groups["sales"]
    found = read(as_clare, sales)
    people = [as_clare.people[name].subscriber.public_id for name in ("alice", "bob", "carol")]
    assert set(found.lines) == {sales.public_id, *people}
    ringing = found.lines[sales.public_id].ringing
    assert (ringing.steps, ringing.seconds, ringing.ignore_forwards, ringing.order) == (
        (tuple(people),),
        10,
        False,
        Order.TOGETHER,
    )
    rung = [step.line for step in evaluate(Call(NOON, "600", "4930111"), found).steps if isinstance(step, Rings)]
    assert rung == people


def test_a_group_that_rings_in_turn_begins_where_it_is(as_clare: Cast) -> None:
    sales = as_clare.groups["sales"]
    group = db.session().get_one(Group, sales.id)
    group.policy, group.turn = Order.IN_TURN.value, 4
    db.session().flush()
    found = read(as_clare, sales).lines[sales.public_id].ringing
    alice, bob, carol = (as_clare.people[name].subscriber.public_id for name in ("alice", "bob", "carol"))
    assert (found.steps, found.order) == (((bob,), (carol,), (alice,)), Order.IN_TURN)


def test_chance_falls_the_same_way_until_a_call_has_come_in(as_clare: Cast) -> None:
    sales = as_clare.groups["sales"]
    group = db.session().get_one(Group, sales.id)
    group.policy = Order.AT_RANDOM.value
    orders = set()
    for group.turn in range(20):
        db.session().flush()
        first, second = (read(as_clare, sales).lines[sales.public_id].ringing.steps for _ in range(2))
        assert first == second
        orders.add(first)
    assert len(orders) > 1


def test_lines_are_followed_however_far_they_forward_and_through_groups(as_clare: Cast) -> None:
    clare, alice, bob = (as_clare.people[name].subscriber for name in ("clare", "alice", "bob"))
    sales = as_clare.groups["sales"]
    to_sales = Handling(forwards=(Forward(ids.new(), When.NO_ANSWER, (Destination(sales.public_id),)),))
    back = Handling(forwards=(Forward(ids.new(), When.ALWAYS, (Destination(clare.public_id),)),))
    write_handling(db.session().merge(clare), to_sales, keys(as_clare))
    write_handling(db.session().merge(bob), back, keys(as_clare))
    found = read(as_clare, clare)
    assert len(found.lines) == 5
    assert found.lines == queries.exchange(as_clare.lantern.id).lines
    assert set(read(as_clare, alice).lines) == {alice.public_id}


def test_lines_that_ended_are_not_there_and_rules_still_name_them(as_clare: Cast) -> None:
    alice, bob = as_clare.alice.subscriber, as_clare.bob.subscriber
    to_bob = Handling(forwards=(Forward(ids.new(), When.ALWAYS, (Destination(bob.public_id),)),))
    write_handling(db.session().merge(alice), to_bob, keys(as_clare))
    db.session().merge(bob).status = Status.TERMINATED.value
    db.session().flush()
    found = read(as_clare, alice)
    assert set(found.lines) == {alice.public_id}
    assert found.lines[alice.public_id].handling == to_bob


def test_what_the_profile_turns_off_is_not_in_force(as_clare: Cast) -> None:
    alice = db.session().merge(as_clare.alice.subscriber)
    write_handling(alice, everything(as_clare), keys(as_clare))
    off = {"forwarding": "off", "block-incoming": "off", "block-outgoing": "off", "privacy": "off"}
    levels = {**off, "do-not-disturb": "off", "speed-dial": "off"}
    profile = Profile(name="Desk", name_sort="desk", levels=levels, **owned(alice))
    db.session().add(profile)
    db.session().flush()
    alice.profile_id = profile.id
    db.session().flush()
    assert read(as_clare, alice).lines[alice.public_id].handling == Handling(ring_seconds=33)
    profile.levels = {**levels, "forwarding": "use"}
    db.session().flush()
    assert len(read(as_clare, alice).lines[alice.public_id].handling.forwards) == 4


def test_a_private_customer_has_an_exchange_of_one(cast: Cast) -> None:
    charlie = cast.charlie.subscriber
    with db.unit_of_work(cast.charlie.scope):
        found = queries.exchange(charlie.customer_id, [charlie.public_id])
        assert evaluate(Call(NOON, "49306660000", "4930111"), found).seconds == 20
        assert set(found.lines) == {charlie.public_id}
        assert queries.find_called(charlie.customer_id, "030 6660000", HOME) == charlie.public_id


@pytest.mark.usefixtures("as_clare")
def test_others_are_not_there(cast: Cast) -> None:
    for person in (cast.ike, cast.charlie):
        line = person.subscriber
        with pytest.raises(NotFound):
            queries.exchange(cast.lantern.id, [line.public_id])
        with pytest.raises(NotFound):
            queries.exchange(line.customer_id, [line.public_id])
        with pytest.raises(NotFound):
            queries.directory(line.customer_id)
        assert queries.find_called(cast.lantern.id, "030 5560000", HOME) is None


@pytest.mark.parametrize(
    ("typed", "who"),
    [("101", "alice"), (" 1 01", "alice"), ("030 5550000101", "alice"), ("+49 30 5550000", "clare"), ("0049305550700", "clare")],
)
def test_a_line_is_found_by_what_is_dialled(as_clare: Cast, typed: str, who: str) -> None:
    assert queries.find_called(as_clare.lantern.id, typed, HOME) == as_clare.people[who].subscriber.public_id


@pytest.mark.parametrize("typed", ["", "199", "Alice", "030 1", "*"])
def test_nobody_is_found_by_anything_else(as_clare: Cast, typed: str) -> None:
    assert queries.find_called(as_clare.lantern.id, typed, HOME) is None


def test_one_statement_however_many_lines(as_clare: Cast, database: db.Database) -> None:
    sales = as_clare.groups["sales"]
    for n in range(30):
        person = Subscriber(
            kind="extension",
            domain_id=sales.domain_id,
            extension=str(200 + n),
            username=f"u{n}",
            display_name=f"Person {n}",
            name_sort=f"person {n}",
            created_at=NOON,
            **owned(sales),
        )
        db.session().add(person)
        db.session().flush()
        db.session().add(Member(group_id=sales.id, subscriber_id=person.id, position=10 + n, **owned(sales)))
        write_handling(person, everything(as_clare), keys(as_clare))
    with counted(database) as sent:
        found = read(as_clare, sales)
    assert len(found.lines) == 34
    assert len(sent) == 1
    with counted(database) as sent:
        assert len(queries.directory(as_clare.lantern.id).lines) == 35
    assert len(sent) == 1


def test_the_directory_names_everybody_in_the_order_of_extensions(as_clare: Cast) -> None:
    lines = queries.directory(as_clare.lantern.id).lines.values()
    assert [(line.name, line.extension) for line in lines][:3] == [
        ("Clare Fenn", None),
        ("Alice Meier", "101"),
        ("Bob Turner", "102"),
    ]
