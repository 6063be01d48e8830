"""What the switch wrote of a call becomes its legs: who called whom, who sent it on, who paid for it, and who answered.

The trace of a call says what was tried, step by step, each with the lines that the call had passed until then (path). A step of
a line behind another one was made by forwarding when it is not that of a group’s member. Calls within a call go on where they
branched off: a member whose own rules ran while the others rang, or a number outside that is a line of somebody here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from portal.features.calls.rules.legs import ANONYMOUS, BadLine, Fields, moment
from portal.features.calls.rules.words import Result, Type

ELSEWHERE = "elsewhere.invalid"  # whoever is here is no line of ours, whatever number is shown
LONGEST_SENDER = 64

_ENDS = {
    "busy": Result.BUSY,
    "do-not-disturb": Result.BUSY,
    "not-answered": Result.NOANSWER,
    "timeout": Result.NOANSWER,
    "unreachable": Result.OFFLINE,
    "nobody": Result.OFFLINE,
    "moved": Result.OFFLINE,
    "locked": Result.OFFLINE,
}
_CODES = {"486": Result.BUSY, "600": Result.BUSY, "603": Result.BUSY, "408": Result.NOANSWER, "480": Result.OFFLINE}
_CODE_OF = {Result.OK: "200", Result.BUSY: "486", Result.NOANSWER: "408", Result.OFFLINE: "480", Result.CANCEL: "487"}
_FORWARDED = {None: Type.CFU, "busy": Type.CFB, "do-not-disturb": Type.CFB, "not-answered": Type.CFT}
CANCELLED = "487"


@dataclass(frozen=True)
class Ended:
    """A call that has ended, as Kamailio wrote it down. Moments are seconds since 1970, as text; what is not known is ''.

    `answered_by`: the key of a line; '' when it was a peer. `answered_in`: the call, or the call within it, where that was.
    """

    call: str
    code: str
    duration: float
    setup_at: str
    ring_at: str = ""
    answer_at: str = ""
    answered_by: str = ""
    answered_in: str = ""
    peer: str = ""

    @property
    def answered(self) -> bool:
        return self.code.startswith("2")


@dataclass(frozen=True)
class Course:
    """A call, or a call within one, as the database decided it. `why`: how it ended, when nobody answered."""

    call: str
    parent: str | None
    facts: Mapping[str, Any]
    trace: Sequence[Mapping[str, Any]]
    why: str | None = None

    @property
    def depth(self) -> int:
        return int(self.facts.get("depth") or 0)


@dataclass(frozen=True)
class Party:
    """A line of ours."""

    username: str
    domain: str
    customer_id: int
    extension: str | None = None

    @property
    def address(self) -> str:
        return f"{self.username}@{self.domain}"


class Goal(NamedTuple):
    """A number outside at the end of a path; `place` tells it from the same number tried again."""

    number: str
    place: tuple[str, int]


Path = tuple[int | Goal, ...]


@dataclass(frozen=True)
class Try:
    """A step, at the end of the whole path of the call.

    `open`: it was under way when the call was answered or given up. `numbers`: what was called, where that led to a line of
    somebody else here.
    """

    step: str
    path: Path
    begins: int
    call: str
    line: int | None = None
    member: bool = False
    why: str | None = None
    ended: str | None = None
    open: bool = False
    numbers: tuple[tuple[Path, str], ...] = ()


@dataclass
class Visit:
    """A line or number that the call came to."""

    path: Path
    begins: int
    tries: list[Try] = field(default_factory=list)

    @property
    def member(self) -> bool:
        return any(one.member for one in self.tries)

    @property
    def sent_on(self) -> Try | None:
        return next((one for one in reversed(self.tries) if one.step == "forwarded"), None)


def lines_of(courses: Iterable[Course]) -> set[int]:
    """The keys of all lines that have to be known for `legs`."""
    keys: set[Any] = set()
    for course in courses:
        keys |= {course.facts.get("caller"), course.facts.get("callee")}
        for step in course.trace:
            keys |= {step.get("line"), step.get("payer"), *step.get("path", ())}
    return {key for key in keys if isinstance(key, int)}


def legs(ended: Ended, root: Course, within: Sequence[Course], parties: Mapping[int, Party]) -> list[Fields]:
    """The legs, numbered from 1. Raises BadLine; what contradicts itself raises LookupError or ValueError."""
    tries = sorted(_tries(root, within, ()), key=attrgetter("begins"))
    return _Story(ended, root.facts, root.why, tries, parties).legs()


def _tries(course: Course, within: Sequence[Course], passed: Path) -> Iterator[Try]:
    members = [one for one in within if one.parent == course.call and one.depth == course.depth]
    elsewhere = {one.facts["step"]: one for one in within if one.parent == course.call and one.depth > course.depth}
    still = _open(course.trace)
    for place, step in enumerate(course.trace):
        found = _try(course, place, step, passed, is_open=place in still)
        if found is None:
            continue
        beyond = list(_tries(elsewhere[place], within, found.path[:-1])) if place in elsewhere else []
        yield from [_by_number(one, len(found.path), str(step["number"])) for one in beyond] or [found]
    for one in members:
        yield from _tries(one, within, passed)


def _by_number(one: Try, length: int, number: str) -> Try:
    return replace(one, numbers=((one.path[:length], number), *one.numbers))


def _try(course: Course, place: int, step: Mapping[str, Any], passed: Path, *, is_open: bool) -> Try | None:
    """What was barred, or refused at once, was not tried."""
    path, line, kind = (*passed, *step.get("path", ())), step.get("line"), step["step"]
    if kind == "leaves":
        path = (*path, Goal(str(step["number"]), (course.call, place)))
    elif kind in {"rings", "silent", "forwarded"}:
        if path[-1:] != (line,) or (kind == "silent" and step.get("why") == "loop"):
            path = (*path, line)
    else:
        return None
    member, why, ended = step.get("within") is not None, step.get("why"), step.get("ended")
    return Try(kind, path, int(step["begins"]), course.call, line, member, why, ended, is_open)


def _open(trace: Sequence[Mapping[str, Any]]) -> Collection[int]:
    """The last steps, unless they came to an end: what the members of a group do at once, or one phone or number."""
    found: list[int] = []
    for place in range(len(trace) - 1, -1, -1):
        step = trace[place]
        if step.get("ended") or step["step"] not in {"rings", "leaves", "silent"}:
            return found
        if step["step"] == "silent":
            continue
        if found and (step["step"], step.get("within"), step["begins"]) != _together(trace[found[0]]):
            return found
        found.append(place)
        if step.get("within") is None:
            return found
    return found


def _together(step: Mapping[str, Any]) -> tuple[Any, ...]:
    return step["step"], step.get("within"), step["begins"]


class _Story:
    def __init__(
        self,
        ended: Ended,
        facts: Mapping[str, Any],
        why: str | None,
        tries: Sequence[Try],
        parties: Mapping[int, Party],
    ) -> None:
        self.ended, self.facts, self.parties = ended, facts, parties
        self.visits: dict[Path, Visit] = {}
        for one in tries:
            for length in range(1, len(one.path) + 1):
                self.visits.setdefault(one.path[:length], Visit(one.path[:length], one.begins))
            self.visits[one.path].tries.append(one)
        self.numbers = dict(pair for one in tries for pair in one.numbers)
        self.result = self._result(why, tries)
        self.last = self._last(tries)
        self.way = {path[:length] for path in self.last for length in range(1, len(path) + 1)}
        self.setup = moment("setup_at", ended.setup_at)
        self.answer = moment("answer_at", ended.answer_at) if ended.answered else None

    def legs(self) -> list[Fields]:
        roots = [path for path in self.visits if len(path) == 1]
        if not roots:
            return [self._nowhere()]
        made = [self._first(roots[0])]
        for path, visit in self.visits.items():
            if len(path) > 1 and not visit.member:
                made.append(self._forwarded(visit, len(made) + 1))
        return made

    # --- how it ended

    def _result(self, why: str | None, tries: Sequence[Try]) -> Result:
        if self.ended.answered:
            return Result.OK
        if self.ended.code == CANCELLED:
            return Result.CANCEL
        only_outside = len(tries) == 1 and tries[0].step == "leaves"
        if why is None or only_outside:
            return _CODES.get(self.ended.code, Result.FAILED)
        return _ENDS.get(why, Result.FAILED)

    def _last(self, tries: Sequence[Try]) -> list[Path]:
        """Where the call was when it was answered, or given up."""
        if not self.ended.answered:
            return [one.path for one in tries if one.open] if self.result is Result.CANCEL else []
        tried = [one for one in tries if one.step in {"rings", "leaves"}]
        by = [one for one in tried if (str(one.line) if one.line else "") == self.ended.answered_by]
        there = [one for one in by if one.call == self.ended.answered_in]
        return [one.path for one in (there or by or tried)[-1:]]

    def _outcome(self, visit: Visit) -> Result:
        if visit.path in self.way or len(visit.path) == 1:
            return self.result
        sent_on = visit.sent_on
        if sent_on is not None and sent_on.why is not None:
            return _ENDS.get(sent_on.why, Result.FAILED)
        below = [one for path, one in self.visits.items() if path[:-1] == visit.path]
        if sent_on is not None:
            return self._outcome(below[-1]) if below else Result.FAILED
        if not visit.tries:
            return _of_group([one.tries[-1] for one in below if one.tries])
        return self._outcome_of(visit.tries[-1])

    def _outcome_of(self, last: Try) -> Result:
        if last.step == "silent":
            return _ENDS.get(last.why or "", Result.FAILED)
        if last.ended is None:
            return Result.CANCEL if self.result is Result.OK else self.result
        return Result.FAILED if (last.step, last.ended) == ("leaves", "unreachable") else _ENDS[last.ended]

    # --- the legs

    def _first(self, path: Path) -> Fields:
        start = self.answer or max(self.setup, moment("ring_at", self.ended.ring_at) if self.ended.ring_at else self.setup)
        return self._fields(1, self.result, self.setup, start)._replace(
            caller=self._caller(),
            caller_number=_plus(self.facts.get("digits")),
            callee=self._callee(path),
            dialled=str(self.facts.get("dialled") or ""),
            type=Type.CALL,
            code=self.ended.code,
            peer=self._peer(path),
        )

    def _forwarded(self, visit: Visit, number: int) -> Fields:
        *_, by, to = visit.path
        forwarder, result = self.parties[int(str(by))], self._outcome(visit)
        sent_on = self.visits[visit.path[:-1]].sent_on
        if sent_on is None:
            raise ValueError(f"Nothing says why the call went on to {to}.")
        begins = self.setup + timedelta(seconds=visit.begins)
        made = self._fields(number, result, begins, self.answer if result is Result.OK else begins)
        return made._replace(
            caller=forwarder.address,
            caller_number=self._shown_to(forwarder, to),
            callee=self._callee(visit.path),
            dialled=to.number if isinstance(to, Goal) else self.numbers.get(visit.path) or self.parties[to].extension or "",
            type=_FORWARDED.get(sent_on.why, Type.CFNA),
            code=self.ended.code if result is self.result else _CODE_OF.get(result, ""),
            peer=self._peer(visit.path),
        )

    def _fields(self, number: int, result: Result, init: datetime, start: datetime | None) -> Fields:
        """An answer comes when it comes: what was planned for later did begin before it."""
        if start is None:
            raise BadLine("The call was answered, but not at any time.")
        return Fields(
            call_id=self.ended.call,
            leg=str(number),
            init_time=min(init, start).isoformat(),
            start_time=start.isoformat(),
            duration=f"{self.ended.duration:.3f}" if result is Result.OK else "0",
            caller="",
            callee="",
            result=result,
            caller_hidden="yes" if self._is_hidden() else "",
        )

    def _nowhere(self) -> Fields:
        """Refused before anything was tried: nobody was called, whomever it was meant for."""
        dialled = str(self.facts.get("dialled") or "")
        digits = dialled.lstrip("+").isdecimal()
        return self._first(())._replace(callee=f"{dialled}@{ELSEWHERE}" if digits else dialled)

    # --- who

    def _is_hidden(self) -> bool:
        """Also who has no number that others could see."""
        nameless = self.facts.get("caller") is not None and not self.facts.get("digits")
        return bool(self.facts.get("hidden") or self.facts.get("hidden_outside") or nameless)

    def _caller(self) -> str:
        """A number that a network outside shows is not proved: it never makes one of our lines the caller."""
        line, digits, shown = self.facts.get("caller"), self.facts.get("digits"), str(self.facts.get("from") or "")
        if line is not None:
            return self.parties[line].address
        if digits:
            return f"{digits}@{ELSEWHERE}"
        plain = shown.isascii() and shown.isalnum() and len(shown) <= LONGEST_SENDER and shown != "anonymous"
        return f"{shown}@{ELSEWHERE}" if plain else f"anonymous@{ANONYMOUS}"

    def _peer(self, path: Path) -> str:
        """By which peer it came, or left; of several that were tried Kamailio tells the last."""
        if path and isinstance(path[-1], Goal):
            return self.ended.peer if path in self.way or len(self.visits) == 1 else ""
        return str(self.facts["sender"]) if len(path) < 2 and self.facts.get("kind") == "peer" else ""

    def _shown_to(self, forwarder: Party, to: int | Goal) -> str:
        """Who called first. Colleagues know each other by their extensions."""
        first = self.parties.get(self.facts.get("caller") or 0)
        others = {first.customer_id if first else None, None if isinstance(to, Goal) else self.parties[to].customer_id}
        among = others == {forwarder.customer_id}
        if first is not None and first.extension and (among or not self.facts.get("digits")):
            return first.extension
        return _plus(self.facts.get("digits"))

    def _callee(self, path: Path) -> str:
        """Of a group the member who answered."""
        if not path:
            return ""
        for answered in self.last if self.result is Result.OK else ():
            beyond = answered[: len(path) + 1]
            if len(beyond) > len(path) and beyond[: len(path)] == path and self.visits[beyond].member:
                return self._callee(beyond)
        to = path[-1]
        return to.number if isinstance(to, Goal) else self.parties[to].address


def _of_group(tries: Sequence[Try]) -> Result:
    if any(one.step in {"rings", "forwarded"} for one in tries):
        return Result.NOANSWER
    busy = tries and all(_ENDS.get(one.why or "") is Result.BUSY for one in tries)
    return Result.BUSY if busy else Result.OFFLINE


def _plus(digits: Any) -> str:
    return f"+{digits}" if digits else ""
