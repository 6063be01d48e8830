"""From the trace of a call to its legs, for any course that a call can take; and the lines of Kamailio's log."""

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from portal.core.phone import Home
from portal.features.calls.rules.legs import BadLine, Fields, leg
from portal.features.calls.rules.switched import Course, Ended, Party, legs, lines_of
from portal.features.calls.rules.switchlog import ended_in

SETUP = 1_795_168_800.125
NOW = datetime.fromtimestamp(SETUP, UTC) + timedelta(hours=1)
CALLER, MOST_DEEP = 1, 4
PARTIES = {key: Party(f"line{key}", "lantern.example", 7, f"1{key:02}") for key in range(1, 200)}
WHYS = ["busy", "not-answered", "unreachable", "do-not-disturb", "moved"]


@dataclass
class Told:
    """A course of calls, as the database would write it."""

    trace: list[dict[str, Any]] = field(default_factory=list)
    children: list[Course] = field(default_factory=list)
    payers: set[int] = field(default_factory=set)
    edges: int = 0  # destinations of rules; -1: not counted, for the call was answered or given up on its way
    keys: int = CALLER
    at: int = 0

    def key(self) -> int:
        self.keys += 1
        return self.keys

    def step(self, kind: str, **facts: Any) -> dict[str, Any]:
        made = {"step": kind, "begins": self.at, **facts}
        self.trace.append(made)
        return made


def visits(draw: st.DrawFn, told: Told, path: list[int], *, within: int | None, depth: int) -> None:
    """A line is tried, and nobody answers there."""
    key = told.key()
    path, place = [*path, key], {"path": [*path, key], "within": within}
    group = within is None and draw(st.integers(0, 4)) == 0
    kind = draw(st.sampled_from(["rings", "silent", "always"]))
    why = None if kind == "always" else draw(st.sampled_from(WHYS))
    if kind != "always" and group:
        for _ in range(draw(st.integers(1, 3))):
            visits(draw, told, path, within=key, depth=depth + 1)
    elif kind == "rings":
        told.step("rings", line=key, seconds=20, via=None, **place)["ended"] = draw(
            st.sampled_from(["timeout", "busy", "unreachable"])
        )
        told.at += 20
    if kind == "always" or (depth < MOST_DEEP and draw(st.booleans())):
        told.step("forwarded", line=key, rule=1, why=why, **place)
        told.payers.add(key)
        for _ in range(draw(st.integers(0, 2))):
            _destination(draw, told, path, key, depth)
    elif kind == "silent" or group:
        told.step("silent", line=key, why=why, **place)


def _destination(draw: st.DrawFn, told: Told, path: list[int], payer: int, depth: int) -> None:
    if depth >= MOST_DEEP or draw(st.booleans()):
        number = f"49170{draw(st.integers(10**6, 10**7))}"
        told.step("leaves", number=number, seconds=20, payer=payer, path=path)["ended"] = draw(
            st.sampled_from(["timeout", "busy", "unreachable"])
        )
    else:
        visits(draw, told, path, within=None, depth=depth + 1)
    told.edges += 1


@dataclass
class Case:
    ended: Ended
    root: Course
    told: Told


@st.composite
def calls(draw: st.DrawFn) -> Case:
    told = Told()
    visits(draw, told, [], within=None, depth=0)
    tried = [step for step in told.trace if step["step"] in {"rings", "leaves"}]
    how = draw(st.sampled_from(["answered", "cancelled", "refused"])) if tried else "refused"
    ended = Ended("c1", "480", 0, f"{SETUP}", f"{SETUP + 1}")
    if how != "refused":
        last = tried[-1]
        del told.trace[told.trace.index(last) + 1 :], last["ended"]
        told.edges = -1
        ended = replace(ended, code="487")
        if how == "answered":
            ended = replace(
                ended, code="200", duration=draw(st.integers(0, 10**7)) / 1000, answer_at=f"{SETUP + 3}", answered_in="c1"
            )
            ended = replace(ended, answered_by=str(last["line"])) if "line" in last else replace(ended, peer="carrier")
    facts = {
        "kind": "line",
        "sender": "1",
        "caller": CALLER,
        "callee": 2,
        "dialled": "102",
        "digits": "493055500",
        "depth": 0,
        "hidden": False,
    }
    return Case(ended, Course("c1", None, facts, told.trace, None if how == "answered" else "nobody"), told)


def made(case: Case) -> list[Fields]:
    return legs(case.ended, case.root, case.told.children, PARTIES)


def payer(one: Fields) -> int:
    return next(key for key, party in PARTIES.items() if party.address == one.caller)


@given(calls())
def test_legs_are_numbered_and_each_can_be_taken(case: Case) -> None:
    found = made(case)
    assert [one.leg for one in found] == [str(number) for number in range(1, len(found) + 1)]
    assert case.told.edges in {-1, len(found) - 1}
    for one in found:
        leg(one, {"lantern.example": Home("49", "30")}.get, NOW)


@given(calls())
def test_the_caller_pays_the_first_leg_and_whoever_sent_it_on_each_other(case: Case) -> None:
    first, *others = made(case)
    assert (payer(first), first.type) == (CALLER, "call")
    assert {payer(one) for one in others} <= case.told.payers
    assert all(one.type in {"cfu", "cfb", "cft", "cfna"} for one in others)


@given(calls())
def test_the_legs_that_led_to_the_answer_last_as_long_as_the_talk(case: Case) -> None:
    found = made(case)
    answered = [one for one in found if one.result == "ok"]
    assert bool(answered) == case.ended.answered == (found[0].result == "ok")
    assert {one.duration for one in answered} <= {f"{case.ended.duration:.3f}"}
    assert {one.duration for one in found if one not in answered} <= {"0"}
    assert len({one.start_time for one in answered}) <= 1
    reached = {found[0].callee}
    for one in answered[1:]:
        assert one.caller in reached or one.type == "cfu" or any(payer(one) in step["path"] for step in case.root.trace)
        reached.add(one.callee)


@given(calls())
def test_every_line_is_asked_for_beforehand(case: Case) -> None:
    known = {key: PARTIES[key] for key in lines_of([case.root, *case.told.children])}
    assert legs(case.ended, case.root, case.told.children, known) == made(case)


def course(*trace: dict[str, Any], call: str = "c1", **facts: Any) -> Course:
    usual = {"kind": "line", "sender": "1", "caller": CALLER, "callee": 2, "dialled": "102", "digits": "493055500", "depth": 0}
    return Course(call, None, {**usual, **facts}, trace)


ANSWERED = Ended("c1", "200", 60.0, f"{SETUP}", f"{SETUP + 1}", f"{SETUP + 25}", "", "c1", "carrier")


def test_somebody_else_who_rang_at_the_same_time_was_given_up() -> None:
    """Two members send the call on, and one of these answers."""
    root = course(callee=9)
    rule = {"step": "forwarded", "why": None, "begins": 0, "within": 9}
    leaves = {"step": "leaves", "begins": 0, "seconds": 20}
    within = [
        Course(
            name,
            "c1",
            root.facts,
            ({**rule, "line": key, "path": [9, key]}, {**leaves, "number": f"4917{key}", "path": [9, key]}),
        )
        for name, key in (("m1", 3), ("m2", 4))
    ]
    first, *others = legs(replace(ANSWERED, answered_in="m2"), root, within, PARTIES)
    assert (first.callee, first.result) == (PARTIES[4].address, "ok")
    assert [(one.caller, one.result, one.peer) for one in others] == [
        (PARTIES[3].address, "cancel", ""),
        (PARTIES[4].address, "ok", "carrier"),
    ]


def test_who_is_called_in_another_company_sees_a_number_and_colleagues_an_extension() -> None:
    parties = {**PARTIES, 5: Party("ike", "elsewhere.example", 8)}
    sent_on = {"step": "forwarded", "line": 2, "why": None, "begins": 0, "path": [2], "within": None}
    for key, shown in ((3, "101"), (5, "+493055500")):
        rings = {"step": "rings", "line": key, "begins": 0, "path": [2, key], "within": None}
        [_first, second] = legs(replace(ANSWERED, answered_by=str(key)), course(sent_on, rings), [], parties)
        assert second.caller_number == shown


def test_a_call_without_its_moment_is_refused() -> None:
    with pytest.raises(BadLine):
        legs(replace(ANSWERED, setup_at="soon"), course(), [], PARTIES)


# --- the log

LINE = (
    "Nov 26 12:00:01 sip kamailio[7]: NOTICE: acc [acc_cdr.c:395]: start_time=1795168825.125; end_time=1795168885.125; "
    "duration=60.000; call=c1; sip_call_id={}; code=200; answered_by=; answered_in=c1; peer=carrier; setup_at=1795168800.125; "
    "ring_at=1795168801.125; answer_at=1795168825.125\n"
)


def test_a_line_of_the_log_says_what_the_row_says() -> None:
    assert ended_in(LINE.format("x@phone")) == ANSWERED


@given(st.text(st.characters(codec="ascii", exclude_characters="\n"), max_size=80))
def test_whatever_a_phone_calls_its_call_changes_nothing(call_id: str) -> None:
    assert ended_in(LINE.format(call_id)) == ANSWERED


@pytest.mark.parametrize(
    "strange", ["x; call=c2; code=503; answered_by=9", "x; start_time=1.5; end_time=2", "sip_call_id=x; peer=other"]
)
def test_nothing_can_be_smuggled_into_the_log(strange: str) -> None:
    assert asdict(ended_in(LINE.format(strange)) or ANSWERED) == asdict(ANSWERED)


def test_other_lines_say_nothing_and_broken_ones_that_they_are_broken() -> None:
    assert ended_in("kamailio[7]: INFO: <core>: ready\n") is None
    with pytest.raises(BadLine, match="not whole"):
        ended_in(LINE.format("x")[:220])
