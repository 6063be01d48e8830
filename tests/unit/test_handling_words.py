"""What callers experience, in sentences: of a person, of a group, now and from when on otherwise; and step by step."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from time import process_time
from typing import Any

import pytest

from portal.core.ids import PublicId
from portal.features.callhandling.rules import (
    Blocking,
    Call,
    Callers,
    Dates,
    Effect,
    Holidays,
    Mode,
    Names,
    Order,
    Ringing,
    Times,
    Weekly,
    When,
    effect,
    effect_of_number,
    evaluate,
    problems_of_line,
    told,
)
from portal.features.subscribers.rules import LockLevel
from tests.features.callhandling.cases import (
    AFTER_HOURS,
    ALICE,
    ALWAYS,
    BOB,
    BUSY,
    CAROL,
    CASES,
    DORA,
    EMIL,
    EVENING,
    FAMILY,
    HIDDEN,
    LANTERN,
    MOBILE,
    NO_ANSWER,
    RECEPTION,
    SALES,
    STRANGER,
    TUESDAY,
    Case,
    company,
    forward,
    to,
)

Changes = Mapping[str, Any]
TO_ALICE = "Calls to 101 and 030 555101 "
NEVER_ASKED = PublicId("nobody")


def plain(text: str) -> str:
    return text.replace("\u2066", "").replace("\u2069", "").replace("\u00a0", " ").replace("\u202f", " ")


def said(line: PublicId, at: datetime = TUESDAY, changes: Mapping[PublicId, Changes] | None = None, **how: Any) -> Effect:
    found = effect(Names(company(changes)), line, at, **how)
    return Effect(plain(found.sentence), plain(found.note), found.icon)


def alice(at: datetime = TUESDAY, /, shown: str | None = None, **changes: Any) -> Effect:
    return said(ALICE, at, {ALICE: changes}, shown=shown)


OUTSIDE = "People outside who are called see 030 555101."


@pytest.mark.parametrize(
    ("changes", "sentence", "note", "icon"),
    [
        ({}, "ring Alice.", OUTSIDE, "phone-incoming"),
        ({"do_not_disturb": True}, "do not ring: do not disturb is on.", OUTSIDE, "bell-off"),
        ({"lock": LockLevel.FOREIGN}, "ring Alice.", "Only colleagues can be called from it.", "phone-incoming"),
        (
            {"lock": LockLevel.OUTGOING},
            "ring Alice.",
            "Nobody can be called from it, except emergency numbers.",
            "phone-incoming",
        ),
        (
            {"lock": LockLevel.IN_AND_OUT, "forwards": (ALWAYS,)},
            "are turned away: the line is locked.",
            "Nobody can be called from it either, except emergency numbers.",
            "phone-off",
        ),
        (
            {"lock": LockLevel.GLOBAL, "do_not_disturb": True},
            "are turned away: the line is locked.",
            "Nobody can be called from it either, except emergency numbers.",
            "phone-off",
        ),
        (
            {"lock": LockLevel.PORTED},
            "only go where they are forwarded: the number has moved away.",
            OUTSIDE,
            "phone-off",
        ),
    ],
)
def test_the_effect_says_what_callers_experience(changes: Changes, sentence: str, note: str, icon: str) -> None:
    assert alice(shown="4930555101", **changes) == Effect(TO_ALICE + sentence, note, icon)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"forwards": (ALWAYS,)}, "go straight to Reception, 602."),
        (
            {"forwards": (NO_ANSWER,), "ring_seconds": 15},
            "ring Alice. If nobody answers for 15 seconds, they go to 0171 5550001, then Reception, 602.",
        ),
        ({"forwards": (BUSY,)}, "ring Alice."),
        ({"forwards": (BUSY,), "do_not_disturb": True}, "do not ring: do not disturb is on. They go to Bob, 102."),
        (
            {"forwards": (NO_ANSWER,), "lock": LockLevel.PORTED},
            "only go where they are forwarded: the number has moved away. They go to 0171 5550001, then Reception, 602.",
        ),
        (
            {"reachable": False, "forwards": (forward(When.UNREACHABLE, to(MOBILE)),)},
            "do not ring: no phone is signed in. They go to 0171 5550001.",
        ),
        ({"incoming": Blocking(Mode.ALLOW, (MOBILE,))}, "ring Alice. Only listed callers get through."),
        ({"incoming": Blocking(Mode.BLOCK, ("*",))}, "ring Alice."),
        (
            {"incoming": Blocking(Mode.ALLOW, (MOBILE,)), "lock": LockLevel.GLOBAL},
            "are turned away: the line is locked.",
        ),
    ],
)
def test_forwarding_and_blocking_are_in_the_sentence(changes: Changes, sentence: str) -> None:
    assert alice(**changes).sentence == TO_ALICE + sentence


def test_whoever_reads_of_the_own_line_is_spoken_to() -> None:
    assert said(ALICE, own=True).sentence == "Calls to 101 and 030 555101 ring you."
    found = said(ALICE, EVENING, {ALICE: {"forwards": (replace(ALWAYS, times=AFTER_HOURS),)}}, own=True)
    assert found.note == "From tomorrow 08:00 they ring you."


def test_numbers_that_are_treated_otherwise_have_a_sentence_of_their_own() -> None:
    other = replace(ALWAYS, called="4930555777")
    found = alice(numbers=("4930555101", "4930555777"), forwards=(other,))
    assert found.sentence == "Calls to 101 and 030 555101 ring Alice. Calls to 030 555777 go straight to Reception, 602."


def test_of_one_number_only_that_is_said() -> None:
    other = replace(ALWAYS, called="4930555777")
    names = Names(company({ALICE: {"numbers": ("4930555101", "4930555777"), "forwards": (other,)}}))
    found = [effect_of_number(names, ALICE, digits, TUESDAY) for digits in ("4930555101", "4930555777")]
    assert [plain(one.sentence) for one in found] == [
        "Calls to 030 555101 ring Alice.",
        "Calls to 030 555777 go straight to Reception, 602.",
    ]
    assert [one.icon for one in found] == ["phone-incoming", "phone-forwarded"]


def test_numbers_stay_in_one_piece_in_any_direction() -> None:
    assert "\u2066030\u00a0555101\u2069" in effect(Names(company()), ALICE, TUESDAY).sentence


def test_names_of_numbers_outside_are_said() -> None:
    exchange = company({ALICE: {"forwards": (forward(When.ALWAYS, to(MOBILE)),)}})
    found = effect(Names(exchange, {MOBILE: "Alice’s mobile"}), ALICE, TUESDAY)
    assert plain(found.sentence) == TO_ALICE + "go straight to Alice’s mobile, 0171 5550001."


# --- what comes next ---------------------------------------------------------------------------------------------------------

FROM_SIX = replace(ALWAYS, times=AFTER_HOURS)
FRIDAY_NIGHT = datetime(2026, 11, 27, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "changes", "note"),
    [
        (TUESDAY, {"forwards": (FROM_SIX,)}, "From 18:00 they go straight to Reception, 602."),
        (EVENING, {"forwards": (FROM_SIX,)}, "From tomorrow 08:00 they ring Alice."),
        (EVENING, {"forwards": (FROM_SIX, replace(NO_ANSWER, times=AFTER_HOURS))}, "From tomorrow 08:00 they ring Alice."),
        (FRIDAY_NIGHT, {"forwards": (FROM_SIX,)}, ""),
        (TUESDAY, {"forwards": (replace(FROM_SIX, enabled=False),)}, ""),
        (TUESDAY, {"forwards": (FROM_SIX,), "lock": LockLevel.GLOBAL}, ""),
        (
            TUESDAY,
            {"forwards": (replace(NO_ANSWER, times=AFTER_HOURS),)},
            "From 18:00, if nobody answers, they go to 0171 5550001, then Reception, 602.",
        ),
        (EVENING, {"forwards": (replace(NO_ANSWER, times=AFTER_HOURS),)}, "From tomorrow 08:00 they go nowhere else."),
        (
            TUESDAY,
            {"forwards": (replace(BUSY, times=AFTER_HOURS),), "do_not_disturb": True},
            "From 18:00 they go to Bob, 102.",
        ),
        (
            TUESDAY,
            {"forwards": (replace(ALWAYS, starts=datetime(2026, 11, 25, 11, 30, tzinfo=UTC)),)},
            "From tomorrow 12:30 they go straight to Reception, 602.",
        ),
        (TUESDAY, {"forwards": (replace(ALWAYS, starts=datetime(2026, 11, 26, 11, 30, tzinfo=UTC)),)}, ""),
        (TUESDAY, {"forwards": (replace(ALWAYS, ends=EVENING),)}, "From 18:05 they ring Alice."),
        (
            TUESDAY,
            {"forwards": (FROM_SIX, replace(ALWAYS, key=PublicId("second")))},
            "From 18:00 they go straight to Reception, 602.",
        ),
    ],
)
def test_the_note_says_what_comes_next_today_or_tomorrow(at: datetime, changes: Changes, note: str) -> None:
    assert alice(at, **changes).note == note


def test_callers_that_are_treated_otherwise_are_named() -> None:
    rules = (
        replace(ALWAYS, callers=FAMILY, callers_except=True),
        forward(When.ALWAYS, to("bob"), name="colleagues", callers=LANTERN),
        forward(When.ALWAYS, to("bob"), name="hidden", callers=HIDDEN),
        forward(When.ALWAYS, to("bob"), name="nobody", callers=Callers("Nobody"), enabled=False),
    )
    found = alice(forwards=rules)
    assert found.sentence == TO_ALICE + "go straight to Reception, 602."
    assert found.note == "Calls from “Family” ring Alice."
    assert said(ALICE, changes={ALICE: {"forwards": rules}}, own=True).note == "Calls from “Family” ring you."
    found = alice(forwards=(*rules[1:], replace(NO_ANSWER, callers=FAMILY)))
    assert found.sentence == TO_ALICE + "ring Alice."
    assert found.note == (
        "Calls from “Lantern Co” go straight to Bob, 102. Calls from “Hidden” go straight to Bob, 102."
        " Calls from “Family” are treated otherwise."
    )
    both = forward(When.ALWAYS, to("bob"), callers=replace(LANTERN, hidden=True))
    assert alice(forwards=(both,)).note == "Calls from “Lantern Co” go straight to Bob, 102."


def test_of_many_numbers_the_first_are_said() -> None:
    found = alice(numbers=tuple(f"49305551{n:02}" for n in range(8)))
    assert found.sentence == "Calls to 101, 030 555100, 030 555101 and 6 more numbers ring Alice."


# --- groups ------------------------------------------------------------------------------------------------------------------

THREE = ((ALICE,), (BOB,), (CAROL,))
TO_SALES = "Calls to 600 and 030 555600 "


@pytest.mark.parametrize(
    ("ringing", "sentence"),
    [
        (Ringing(((ALICE, BOB, CAROL),), 20, order=Order.TOGETHER), "ring Alice, Bob and Carol together for 20 seconds."),
        (Ringing(THREE, 10), "ring Alice, Bob and Carol, one after the other, 10 seconds each."),
        (
            Ringing(THREE, 10, order=Order.IN_TURN),
            "ring Alice, Bob and Carol in turn, 10 seconds each; every call begins one further down.",
        ),
        (
            Ringing(((CAROL,), (ALICE,), (BOB,)), 10, order=Order.AT_RANDOM),
            "ring Alice, Bob and Carol in a new order each time, 10 seconds each.",
        ),
        (Ringing(((BOB,),), 1, order=Order.AT_RANDOM), "ring Bob for 1 second."),
        (Ringing((), 10), "ring nobody: the group has no members."),
    ],
)
def test_a_group_says_who_rings_and_how(ringing: Ringing, sentence: str) -> None:
    assert said(SALES, changes={SALES: {"ringing": ringing}}).sentence == TO_SALES + sentence


def test_of_many_members_the_first_are_named() -> None:
    members = (ALICE, BOB, CAROL, DORA, EMIL, ALICE, BOB, CAROL)
    found = said(SALES, changes={SALES: {"ringing": Ringing((members,), 20, order=Order.TOGETHER)}})
    assert found.sentence == TO_SALES + "ring Alice, Bob, Carol, Dora, Emil and 3 more together for 20 seconds."


def test_a_group_says_where_calls_go_that_nobody_takes() -> None:
    rules = {"forwards": (forward(When.NO_ANSWER, to("reception")),)}
    found = said(RECEPTION, changes={RECEPTION: {"forwards": (forward(When.NO_ANSWER, to(MOBILE)),)}})
    assert found.sentence.endswith("10 seconds each. If nobody answers, they go to 0171 5550001.")
    found = said(SALES, changes={SALES: {**rules, "ringing": Ringing((), 10)}})
    assert found.sentence == TO_SALES + "ring nobody: the group has no members. They go to Reception, 602."


def test_members_who_do_not_ring_are_named() -> None:
    one: Mapping[PublicId, Changes] = {BOB: {"do_not_disturb": True}}
    assert said(SALES, changes=one).note == "Bob does not ring at the moment."
    two: Mapping[PublicId, Changes] = {**one, ALICE: {"lock": LockLevel.GLOBAL}}
    assert said(SALES, changes=two).note == "Alice and Bob do not ring at the moment."


# --- step by step ------------------------------------------------------------------------------------------------------------


def steps(
    called: str, changes: Mapping[PublicId, Changes] | None = None, at: datetime = TUESDAY, caller: str = STRANGER
) -> list[str]:
    exchange = company(changes)
    outcome = evaluate(Call(at, called, caller), exchange)
    return [plain(one.whole) for one in told(outcome, Names(exchange))]


def test_those_who_ring_together_stand_in_one_sentence() -> None:
    assert steps("600") == ["0 to 20 s: Alice, Bob and Carol ring.", "at 20 s: The call ends: nobody has answered."]


def test_each_step_is_told_with_its_reason() -> None:
    times = Times(
        "Out", (Weekly(frozenset(range(5)), time(9), time(17)), Dates(date(2027, 1, 1), date(2027, 1, 1)), Holidays("DE"))
    )
    changes: Mapping[PublicId, Changes] = {
        SALES: {"ringing": Ringing(((ALICE,), (BOB,)), 10), "forwards": (forward(When.NO_ANSWER, to(MOBILE), to("gone")),)},
        ALICE: {"do_not_disturb": True},
        BOB: {"forwards": (forward(When.ALWAYS, to("carol", 8), times=times, callers=FAMILY, callers_except=True),)},
    }
    assert steps("600", changes) == [
        "at 0 s: Alice does not ring: do not disturb is on.",
        "at 0 s: Bob: calls go straight to Carol, 103. It is “Out”. The caller is not in “Family”.",
        "0 to 8 s: Carol rings.",
        "at 8 s: Sales: nobody has answered, calls go to 0171 5550001, then a line that has ended.",
        "8 to 28 s: 0171 5550001 rings.",
        "at 28 s: a line that has ended does not ring: nobody is there.",
        "at 28 s: The call ends: nobody has answered.",
    ]


def test_a_planned_change_is_the_reason() -> None:
    assert steps("101", {ALICE: {"forwards": (replace(ALWAYS, ends=EVENING),)}})[0] == (
        "at 0 s: Alice: calls go straight to Reception, 602. This is planned for these days."
    )


def test_what_turns_a_call_away_is_said_once() -> None:
    changes = {ALICE: {"incoming": Blocking(patterns=(STRANGER,))}}
    assert steps("101", changes) == ["at 0 s: The call is turned away: this caller is blocked."]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_every_case_can_be_told(case: Case) -> None:
    found = told(evaluate(case.call, case.exchange, case.phones), Names(case.exchange))
    assert all(one.span and one.sentence.endswith(".") for one in found)


def test_what_somebody_has_set_up_by_the_hundred_is_said_quickly() -> None:
    """Twenty rules, each with its own forty spans and five hundred callers."""
    every = range(7)

    def rule(turn: int) -> Any:
        hours = [time(n // 2, turn + n % 2 * 30) for n in range(20)]
        spans = [Weekly(frozenset(every), at, at.replace(minute=at.minute + 7), out) for at in hours for out in (False, True)]
        callers = Callers(f"List {turn}", tuple(f"4930?{turn:02}{n:05}" for n in range(500)))
        given = {"callers": callers, "callers_except": turn % 3 == 0, "times": Times(f"Times {turn}", tuple(spans))}
        return forward(When.ALWAYS if turn % 2 else When.UNREACHABLE, to(BOB), name=f"rule{turn}", **given)

    exchange = company({ALICE: {"forwards": tuple(map(rule, range(20)))}})
    began = process_time()
    assert effect(Names(exchange), ALICE, TUESDAY).sentence
    assert problems_of_line(exchange, ALICE, TUESDAY)
    assert process_time() - began < 5
