"""Where calls go on: each kind of forwarding and its conditions, with phones that answer."""

from datetime import time, timedelta

import pytest

from portal.core import clock
from portal.features.callhandling.rules import Callers, Dates, Times, Weekly, When
from tests.features.callhandling.cases import ALICE, BOB, CAROL, MOBILE, forward, to
from tests.sip.world import World

EVERY_DAY = Times("Every day", (Weekly(frozenset(range(7)), time(0), time(0)),))
TODAY = clock.now().date()
LONG_AGO = Times("Long ago", (Dates(TODAY - timedelta(days=9), TODAY - timedelta(days=2)),))
THESE_DAYS = Times("These days", (Dates(TODAY - timedelta(days=1), TODAY + timedelta(days=1)),))

ANSWERED = [("Inside", "Alice", "Carol", "Answered")]
WENT_ON = [*ANSWERED, ("Forwarded", "Carol", "Alice", "Forwarded to Bob")]


@pytest.mark.parametrize(
    ("when", "does"),
    [(When.ALWAYS, "ring"), (When.BUSY, "busy"), (When.BUSY, "decline"), (When.NO_ANSWER, "ring"), (When.UNREACHABLE, None)],
)
def test_a_call_goes_on(world: World, when: When, does: str | None) -> None:
    company = world.company({ALICE: {"ring_seconds": 1, "forwards": (forward(when, to("bob", 5)),)}}).sign_in("carol", bob=0.0)
    if does is not None:
        company.phone("alice", does)
    told = company.carol.call("101")
    record = world.record(told.call_id)
    assert (record.code, record.answered_by) == ("200", company.key("bob"))
    steps = world.trace(record.call)
    assert [step["line"] for step in steps if step["step"] == "forwarded"] == [int(company.key("alice"))]
    assert company.listed(told) == WENT_ON


@pytest.mark.parametrize(("times", "goes"), [(EVERY_DAY, True), (THESE_DAYS, True), (LONG_AGO, False)])
def test_a_rule_holds_in_its_times(world: World, times: Times, goes: bool) -> None:
    rule = forward(When.ALWAYS, to("bob", 5), times=times)
    company = world.company({ALICE: {"forwards": (rule,)}}).sign_in("carol", alice=0.0, bob=0.0)
    told = company.carol.call("101")
    assert world.record(told.call_id).answered_by == company.key("bob" if goes else "alice")
    assert company.listed(told) == (WENT_ON if goes else ANSWERED)


@pytest.mark.parametrize(("hours", "goes"), [((-1, 1), True), ((-2, -1), False), ((1, 2), False)])
def test_a_rule_that_is_planned_holds_then(world: World, hours: tuple[int, int], goes: bool) -> None:
    starts, ends = (clock.now() + timedelta(hours=hour) for hour in hours)
    rule = forward(When.ALWAYS, to("bob", 5), starts=starts, ends=ends)
    company = world.company({ALICE: {"forwards": (rule,)}}).sign_in("carol", alice=0.0, bob=0.0)
    told = company.carol.call("101")
    assert world.record(told.call_id).answered_by == company.key("bob" if goes else "alice")
    assert company.listed(told) == (WENT_ON if goes else ANSWERED)


@pytest.mark.parametrize(("pattern", "goes"), [("103", True), ("10?", True), ("102", False)])
def test_a_rule_for_some_callers_is_for_them_only(world: World, pattern: str, goes: bool) -> None:
    rule = forward(When.ALWAYS, to("bob", 5), callers=Callers("Some", (pattern,)))
    company = world.company({ALICE: {"forwards": (rule,)}}).sign_in("carol", alice=0.0, bob=0.0)
    told = company.carol.call("101")
    assert world.record(told.call_id).answered_by == company.key("bob" if goes else "alice")
    assert company.listed(told) == (WENT_ON if goes else ANSWERED)


def test_a_number_outside_is_called_in_the_name_of_whoever_called(world: World) -> None:
    peer, server = world.peer(0.0)
    company = world.company({ALICE: {"forwards": (forward(When.ALWAYS, to(MOBILE)),)}}).sign_in("carol", "alice")
    told = company.carol.call("101")
    record = world.record(told.call_id)
    assert (record.code, record.answered_by, record.peer) == ("200", "", server)
    assert peer.invites[0].uri.startswith(f"sip:+{MOBILE}@")
    assert peer.invites[0].caller == "+" + company.number("103")
    assert world.trace(record.call)[-1]["payer"] == int(company.key("alice"))
    assert company.listed(told) == [
        ("Inside", "Alice", "Carol", "Answered"),
        ("Forwarded", "Carol", "Alice", "Forwarded to 0171 5550001"),
    ]


def test_one_destination_after_the_other(world: World) -> None:
    peer, _ = world.peer("ring")
    rules = (forward(When.ALWAYS, to("bob", 1), to(MOBILE, 1), to("dora", 5)),)
    company = world.company({ALICE: {"forwards": rules}}).sign_in("carol", "bob", dora=0.0)
    told = company.carol.call("101")
    assert world.record(told.call_id).answered_by == company.key("dora")
    assert [len(phone.rang) for phone in (company.bob, peer, company.dora)] == [1, 1, 1]
    assert company.bob.rang[0][0] < peer.rang[0][0] < company.dora.rang[0][0]


def test_a_forward_to_another_company_is_a_call_of_its_own_there(world: World) -> None:
    there = world.company({BOB: {"forwards": (forward(When.ALWAYS, to("carol")),)}}).sign_in(carol=0.0)
    here = world.company({ALICE: {"forwards": (forward(When.ALWAYS, to(there.number("102"))),)}}).sign_in("dora")
    told = here.dora.call("101")
    record = world.record(told.call_id)
    assert (record.answered_by, record.answered_in != record.call) == (there.key("carol"), True)
    assert here.listed(told) == [
        ("Inside", "Alice", "Dora", "Answered"),
        ("Forwarded", "Dora", "Alice", f"Forwarded to {there.shown('102')}"),
    ]
    assert there.listed() == [
        ("Incoming", here.shown("104"), "Bob", "Answered"),
        ("Forwarded", here.shown("104"), "Bob", "Forwarded to Carol"),
    ]


def test_two_companies_that_forward_to_each_other_end_it(world: World) -> None:
    here, there = world.company(), world.company()
    for company, other in ((here, there), (there, here)):
        world.forward(company, "alice", forward(When.ALWAYS, to(other.number("101"), 5)))
    told = here.sign_in("bob").bob.call("101")
    assert told.code >= 400
    assert int(world.record(told.call_id).code) >= 400


def test_whoever_is_in_a_circle_hears_of_it(world: World) -> None:
    rules = {ALICE: {"forwards": (forward(When.ALWAYS, to("bob")),)}, BOB: {"forwards": (forward(When.ALWAYS, to("alice")),)}}
    company = world.company({**rules, CAROL: {}}).sign_in("carol", "alice", "bob")
    told = company.carol.call("101")
    assert (told.code, world.record(told.call_id).code) == (482, "482")
    assert [row.result for row in company.listed(told)] == ["Failed"] * 3
