"""What holds of the evaluation for every company and every call."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from portal.core.ids import PublicId
from portal.features.callhandling.rules import (
    Barred,
    Blocking,
    Call,
    Callers,
    Dates,
    Destination,
    Exchange,
    Forward,
    Forwarded,
    Handling,
    Holidays,
    Leaves,
    Line,
    Mode,
    Names,
    Outcome,
    Phones,
    Ringing,
    Rings,
    Silent,
    Times,
    Weekly,
    When,
    Why,
    effect,
    evaluate,
    fits,
    picture,
    problems_of_line,
    told,
)
from portal.features.callhandling.rules.evaluation import MOST_HOPS, MOST_TRIES
from portal.features.callhandling.rules.masking import in_force
from portal.features.subscribers.rules import Allowance, Feature, LockLevel
from tests.features.callhandling.cases import BERLIN, HOME, MOBILE, MOTHER, STRANGER

PEOPLE = [PublicId(f"person{n}") for n in range(5)]
GROUPS = [PublicId(f"group{n}") for n in range(2)]
EVERYBODY = [*PEOPLE, *GROUPS]
GONE = PublicId("gone")
SOON = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
SECONDS = st.integers(1, 60)
ALWAYS_ON = Times("All day", (Weekly(frozenset(range(7)), time(0), time(0)),))
NEVER_ON = Times("Long ago", (Dates(date(2020, 1, 1), date(2020, 1, 2)),))

MOMENTS = st.integers(-500, 500).map(lambda hours: SOON + timedelta(hours=hours))
TIMES = st.sampled_from(
    [
        None,
        None,
        ALWAYS_ON,
        NEVER_ON,
        Times("Office", (Weekly(frozenset(range(5)), time(8), time(18)), Holidays("DE", None, True))),
    ]
)
CALLERS = st.sampled_from(
    [
        None,
        None,
        Callers("Family", (MOTHER,)),
        Callers("All", ("*",)),
        Callers("Hidden", hidden=True),
        Callers("Us", colleagues=True),
    ]
)
DESTINATIONS = st.one_of(
    st.builds(Destination, st.sampled_from([*EVERYBODY, GONE]), st.none(), SECONDS),
    st.builds(Destination, st.none(), st.sampled_from([MOBILE, MOTHER]), SECONDS),
)
FORWARDS = st.builds(
    Forward,
    st.uuids().map(lambda one: PublicId(one.hex)),
    st.sampled_from(list(When)),
    st.lists(DESTINATIONS, min_size=1, max_size=3).map(tuple),
    st.booleans(),
    CALLERS,
    st.booleans(),
    st.sampled_from([None, None, "4930555101"]),
    TIMES,
    st.booleans(),
    st.none() | MOMENTS,
    st.none(),
)
BLOCKINGS = st.builds(
    Blocking,
    st.sampled_from([Mode.BLOCK, Mode.BLOCK, Mode.ALLOW]),
    st.sampled_from([(), (), (MOTHER,), ("4930*",), ("*",)]),
    st.booleans(),
)
HANDLINGS = st.builds(
    Handling,
    st.lists(FORWARDS, max_size=3).map(tuple),
    SECONDS,
    BLOCKINGS | st.just(Blocking()),
    st.just(Blocking()),
    st.booleans(),
)
LOCKS = st.sampled_from([LockLevel.NONE, LockLevel.NONE, *LockLevel])
RINGINGS = st.builds(
    Ringing,
    st.lists(st.lists(st.sampled_from(EVERYBODY), min_size=1, max_size=3).map(tuple), max_size=4).map(tuple),
    SECONDS,
    st.booleans(),
)


@st.composite
def exchanges(draw: Any) -> Exchange:
    lines = {}
    for place, key in enumerate(EVERYBODY):
        extension = str(101 + place)
        facts = {"lock": draw(LOCKS), "handling": draw(HANDLINGS), "reachable": draw(st.sampled_from([None, True, False]))}
        ringing = draw(RINGINGS) if key in GROUPS else None
        lines[key] = Line(key, key.title(), extension, (f"4930555{extension}",), ringing=ringing, **facts)
    return Exchange(lines, HOME, BERLIN)


CALLS = st.builds(
    Call,
    MOMENTS,
    st.sampled_from([*(str(101 + n) for n in range(7)), "4930555101", "999"]),
    st.sampled_from([STRANGER, MOTHER, None]),
    st.sampled_from([None, None, *PEOPLE]),
    st.booleans(),
)
PHONES = st.dictionaries(st.sampled_from(EVERYBODY), st.sampled_from(list(Phones)))
forall = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])


def ended(outcome: Outcome) -> list[int]:
    return [step.begins + (step.seconds if isinstance(step, Rings | Leaves) else 0) for step in outcome.steps]


@forall
@given(CALLS, exchanges(), PHONES)
def test_every_call_ends_and_time_adds_up(call: Call, exchange: Exchange, phones: dict[PublicId, Phones]) -> None:
    outcome = evaluate(call, exchange, phones)
    assert outcome.seconds == max(ended(outcome), default=0)
    assert [step.begins for step in outcome.steps] == sorted(step.begins for step in outcome.steps)
    assert all(step.begins >= 0 for step in outcome.steps)
    assert all(step.seconds > 0 for step in outcome.steps if isinstance(step, Rings | Leaves))
    rang = any(isinstance(step, Rings | Leaves) for step in outcome.steps)
    assert (outcome.end is Why.NOT_ANSWERED) == rang
    assert rang or outcome.seconds == 0


@forall
@given(CALLS, exchanges(), PHONES)
def test_the_same_call_always_comes_to_the_same(call: Call, exchange: Exchange, phones: dict[PublicId, Phones]) -> None:
    assert evaluate(call, exchange, phones) == evaluate(call, exchange, dict(phones))


@forall
@given(CALLS, exchanges(), PHONES)
def test_only_phones_that_may_ring_do(call: Call, exchange: Exchange, phones: dict[PublicId, Phones]) -> None:
    for step in evaluate(call, exchange, phones).steps:
        if isinstance(step, Rings):
            line = exchange.lines[step.line]
            assert line.lock not in {LockLevel.IN_AND_OUT, LockLevel.GLOBAL, LockLevel.PORTED}
            assert not line.handling.do_not_disturb
            assert phones.get(step.line, Phones.OFF if line.reachable is False else Phones.FREE) is Phones.FREE
            assert line.ringing is None


@forall
@given(CALLS, exchanges(), PHONES)
def test_nothing_rings_longer_than_it_is_set_to(call: Call, exchange: Exchange, phones: dict[PublicId, Phones]) -> None:
    for step in evaluate(call, exchange, phones).steps:
        if isinstance(step, Leaves) and step.via:
            assert step.seconds <= max(one.ring_seconds for one in step.via.destinations if one.number == step.number)
        if isinstance(step, Rings) and step.within is not None:
            ringing = exchange.lines[step.within].ringing
            assert ringing is not None
            assert step.seconds <= ringing.seconds
        if isinstance(step, Rings) and step.within is None:
            set_to = [one.ring_seconds for one in step.via.destinations if one.line == step.line] if step.via else []
            assert step.seconds <= max([*set_to, exchange.lines[step.line].handling.ring_seconds])


@forall
@given(CALLS, exchanges(), PHONES)
def test_only_rules_that_fit_are_used(call: Call, exchange: Exchange, phones: dict[PublicId, Phones]) -> None:
    for step in evaluate(call, exchange, phones).steps:
        if isinstance(step, Forwarded):
            line = exchange.lines[step.line]
            assert fits(step.forward, line, call, exchange)
            assert step.forward in line.handling.forwards
            before = line.handling.forwards[: line.handling.forwards.index(step.forward)]
            skipped = [rule for rule in before if rule.when is step.forward.when and rule.scheduled >= step.forward.scheduled]
            assert not any(fits(rule, line, call, exchange) for rule in skipped)


@forall
@given(CALLS, exchanges(), PHONES, st.sampled_from(EVERYBODY), st.sampled_from(list(When)))
def test_a_rule_that_never_fits_changes_nothing(
    call: Call, exchange: Exchange, phones: dict[PublicId, Phones], where: PublicId, when: When
) -> None:
    useless = Forward(PublicId("useless"), when, (Destination(number=MOBILE),), times=NEVER_ON)
    line = exchange.lines[where]
    handling = replace(line.handling, forwards=(useless, *line.handling.forwards))
    more = replace(exchange, lines={**exchange.lines, where: replace(line, handling=handling)})
    assert evaluate(call, more, phones) == evaluate(call, exchange, phones)


@forall
@given(CALLS, exchanges(), PHONES)
def test_lines_that_a_call_cannot_come_to_do_not_matter(call: Call, exchange: Exchange, phones: dict[PublicId, Phones]) -> None:
    outcome = evaluate(call, exchange, phones)
    called = exchange.at(call.called)
    seen = {step.line for step in outcome.steps if not isinstance(step, Leaves | Barred)} | (
        {called.public_id} if called else set()
    )
    groups = {step.within for step in outcome.steps if isinstance(step, Rings | Silent) and step.within}
    kept = seen | groups | ({call.colleague} if call.colleague else set())
    less = replace(
        exchange, lines={key: line for key, line in exchange.lines.items() if key in kept or key in _rung(exchange, kept)}
    )
    assert evaluate(call, less, phones) == outcome


def _rung(exchange: Exchange, kept: set[Any]) -> set[PublicId]:
    """Groups stand in no step of their own when they ring, nor do members whose time was over before they were tried."""
    return {key for key, line in exchange.lines.items() if line.ringing is not None} | {
        member
        for key in kept
        if key in exchange.lines
        for step in getattr(exchange.lines[key].ringing, "steps", ())
        for member in step
    }


@forall
@given(CALLS, exchanges())
def test_a_locked_line_ends_every_call_to_it_at_once(call: Call, exchange: Exchange) -> None:
    locked = {key: replace(line, lock=LockLevel.GLOBAL) for key, line in exchange.lines.items()}
    outcome = evaluate(call, replace(exchange, lines=locked))
    assert outcome.seconds == 0
    assert outcome.end is (Why.LOCKED if exchange.at(call.called) else Why.NOBODY)
    assert len(outcome.steps) <= 1


@forall
@given(CALLS, exchanges(), PHONES)
def test_it_can_always_be_said_and_drawn(call: Call, exchange: Exchange, phones: dict[PublicId, Phones]) -> None:
    names, outcome = Names(exchange), evaluate(call, exchange, phones)
    assert all(one.sentence for one in told(outcome, names))
    drawn = picture(outcome, names)
    bars = sorted((bar.begins, bar.seconds) for row in drawn.rows for bar in row.bars)
    assert bars == sorted((step.begins, step.seconds) for step in outcome.steps if isinstance(step, Rings | Leaves))
    assert all(0 <= tick <= drawn.seconds for tick in (*drawn.ticks, *drawn.marks))
    assert len(drawn.ticks) <= 7
    for key in EVERYBODY:
        assert effect(names, key, call.at, shown="4930111").sentence
        assert all(finding.sentence() for finding in problems_of_line(exchange, key, call.at))


@given(HANDLINGS, st.sets(st.sampled_from(list(Feature))))
def test_what_a_profile_turns_off_is_not_in_force(handling: Handling, off: set[Feature]) -> None:
    allowed = Allowance({feature.value: "off" for feature in off})
    found = in_force(handling, allowed)
    assert found.forwards == (() if Feature.FORWARDING in off else handling.forwards)
    assert found.incoming == (Blocking() if Feature.BLOCK_INCOMING in off else handling.incoming)
    assert found.do_not_disturb == (Feature.DO_NOT_DISTURB not in off and handling.do_not_disturb)
    assert found.ring_seconds == handling.ring_seconds
    assert in_force(found, allowed) == found
    assert in_force(handling, Allowance({feature.value: "use" for feature in off})) == handling


# --- the worst of companies --------------------------------------------------------------------------------------------------


def chain(length: int, places: int = 1, *, circle: bool = False) -> Exchange:
    """Lines that each always forward to the next ones."""
    keys = [PublicId(f"line{n}") for n in range(length)]
    lines = {}
    for place, key in enumerate(keys):
        following = [keys[(place + step) % length] for step in range(1, places + 1) if circle or place + step < length]
        rule = Forward(key, When.ALWAYS, tuple(map(Destination, following)))
        lines[key] = Line(key, key, str(100 + place), (), handling=Handling(forwards=(rule,) if following else ()))
    return Exchange(lines, HOME, BERLIN)


def test_a_call_passes_so_many_lines_and_no_more() -> None:
    reached = evaluate(Call(SOON, "100", STRANGER), chain(MOST_HOPS))
    assert isinstance(reached.steps[-1], Rings)
    lost = evaluate(Call(SOON, "100", STRANGER), chain(MOST_HOPS + 1))
    assert lost.end is Why.LOOP


def test_a_web_of_forwarding_ends() -> None:
    outcome = evaluate(Call(SOON, "100", STRANGER), chain(40, places=5, circle=True))
    assert outcome.end is Why.LOOP
    assert len(outcome.steps) < 10 * MOST_TRIES
