"""What becomes of calls in one small company: handling and call on one side, the steps on the other.

Whoever carries calls has to do the same. 600 is Sales (alice, bob, carol), 602 is Reception (dora, emil).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.callhandling.rules import (
    Barred,
    Blocking,
    Call,
    Callers,
    Destination,
    Exchange,
    Forward,
    Forwarded,
    Handling,
    Leaves,
    Line,
    Mode,
    Outcome,
    Phones,
    Ringing,
    Rings,
    Silent,
    Step,
    Times,
    Weekly,
    When,
    Why,
)
from portal.features.subscribers.rules import LockLevel

BERLIN = ZoneInfo("Europe/Berlin")
HOME = Home("49", "30")
TUESDAY = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)  # 14:05 in Berlin
EVENING = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)
STRANGER = "49304412870"
MOTHER = "491712044918"
MOBILE = "491715550001"
AFTER_HOURS = Times("After hours", (Weekly(frozenset(range(5)), time(18), time(8)), Weekly(frozenset({5, 6}), time(0), time(0))))
FAMILY = Callers("Family", (MOTHER,))
LANTERN = Callers("Lantern Co", colleagues=True)
HIDDEN = Callers("Hidden", hidden=True)


def key(name: str) -> PublicId:
    return PublicId(name)


ALICE, BOB, CAROL, DORA, EMIL, SALES, RECEPTION = map(key, ("alice", "bob", "carol", "dora", "emil", "sales", "reception"))
_EXTENSIONS = {ALICE: "101", BOB: "102", CAROL: "103", DORA: "104", EMIL: "105", SALES: "600", RECEPTION: "602"}
_RINGING = {
    SALES: Ringing(((ALICE, BOB, CAROL),), 20),
    RECEPTION: Ringing(((DORA,), (EMIL,)), 10),
}


def to(where: str, seconds: int = 20) -> Destination:
    """A line by its name, else a number."""
    return Destination(number=where, ring_seconds=seconds) if where.isdigit() else Destination(key(where), ring_seconds=seconds)


def forward(when: When, *places: Destination, name: str = "", **conditions: Any) -> Forward:
    return Forward(key(name or when), when, places, **conditions)


def company(changes: Mapping[PublicId, Mapping[str, Any]] | None = None) -> Exchange:
    """The company, with some lines otherwise: parts of a Line, or of its Handling."""
    lines = {}
    for line, extension in _EXTENSIONS.items():
        made = Line(line, line.title(), extension, (f"4930555{extension}",), ringing=_RINGING.get(line))
        facts = dict((changes or {}).get(line, {}))
        of_line = {name: facts.pop(name) for name in ("lock", "ringing", "reachable", "numbers") if name in facts}
        lines[line] = replace(made, **of_line, handling=Handling(**facts))
    return Exchange(lines, HOME, BERLIN)


def rings(
    line: PublicId, begins: int, seconds: int, within: PublicId | None = None, via: str | None = None
) -> tuple[object, ...]:
    return ("rings", line, begins, seconds, within, via)


def leaves(number: str, begins: int, seconds: int, via: str) -> tuple[object, ...]:
    return ("leaves", number, begins, seconds, via)


def barred(number: str, begins: int, why: Why, via: str) -> tuple[object, ...]:
    return ("barred", number, begins, why, via)


def silent(line: PublicId, begins: int, why: Why, within: PublicId | None = None) -> tuple[object, ...]:
    return ("silent", line, begins, why, within)


def forwarded(line: PublicId, begins: int, rule: str, why: Why | None) -> tuple[object, ...]:
    return ("forwarded", line, begins, rule, why)


def told(step: Step) -> tuple[object, ...]:
    match step:
        case Rings():
            return rings(step.line, step.begins, step.seconds, step.within, step.via.key if step.via else None)
        case Leaves():
            return leaves(step.number, step.begins, step.seconds, step.via.key if step.via else "")
        case Barred():
            return barred(step.number, step.begins, step.why, step.via.key if step.via else "")
        case Silent():
            return silent(step.line, step.begins, step.why, step.within)
        case Forwarded():
            return forwarded(step.line, step.begins, step.forward.key, step.why)


@dataclass(frozen=True)
class Case:
    """`handling` by line; `phones` are free where nothing is said."""

    name: str
    called: str
    steps: tuple[tuple[object, ...], ...]
    end: Why
    seconds: int
    handling: Mapping[PublicId, Mapping[str, Any]] = field(default_factory=dict)
    phones: Mapping[PublicId, Phones] = field(default_factory=dict)
    at: datetime = TUESDAY
    caller: str | None = STRANGER
    colleague: PublicId | None = None
    hidden: bool = False

    @property
    def call(self) -> Call:
        return Call(self.at, self.called, self.caller, self.colleague, self.hidden)

    @property
    def exchange(self) -> Exchange:
        return company(self.handling)

    def is_told_by(self, outcome: Outcome) -> bool:
        return (tuple(map(told, outcome.steps)), outcome.end, outcome.seconds) == (self.steps, self.end, self.seconds)


NO_ANSWER = forward(When.NO_ANSWER, to(MOBILE, 25), to("reception"))
ALWAYS = forward(When.ALWAYS, to("reception"))
BUSY = forward(When.BUSY, to("bob", 15))
UNREACHABLE = forward(When.UNREACHABLE, to(MOBILE, 30))
AT_RECEPTION = (rings(DORA, 0, 10, RECEPTION, "always"), rings(EMIL, 10, 10, RECEPTION, "always"))
EVERYBODY = (rings(ALICE, 0, 20, SALES), rings(BOB, 0, 20, SALES), rings(CAROL, 0, 20, SALES))

CASES = (
    Case("a phone rings, and nobody answers", "101", (rings(ALICE, 0, 20),), Why.NOT_ANSWERED, 20),
    Case("by its number just as well", "4930555101", (rings(ALICE, 0, 20),), Why.NOT_ANSWERED, 20),
    Case("nothing is behind a number that nobody has", "199", (), Why.NOBODY, 0),
    Case(
        "not answered, it goes to a mobile and then to a group, which rings as it is set up",
        "101",
        (
            rings(ALICE, 0, 15),
            forwarded(ALICE, 15, "no-answer", Why.NOT_ANSWERED),
            leaves(MOBILE, 15, 25, "no-answer"),
            rings(DORA, 40, 10, RECEPTION, "no-answer"),
            rings(EMIL, 50, 10, RECEPTION, "no-answer"),
        ),
        Why.NOT_ANSWERED,
        60,
        {ALICE: {"forwards": (NO_ANSWER,), "ring_seconds": 15}},
    ),
    Case(
        "always goes at once",
        "101",
        (forwarded(ALICE, 0, "always", None), *AT_RECEPTION),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (NO_ANSWER, ALWAYS)}},
    ),
    Case(
        "a rule for other hours is skipped",
        "101",
        (rings(ALICE, 0, 20),),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (replace(ALWAYS, times=AFTER_HOURS),)}},
    ),
    Case(
        "in its hours it is used",
        "101",
        (forwarded(ALICE, 0, "always", None), *AT_RECEPTION),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (replace(ALWAYS, times=AFTER_HOURS),)}},
        at=EVENING,
    ),
    Case(
        "who is excepted from it rings all the same",
        "101",
        (rings(ALICE, 0, 20),),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (replace(ALWAYS, callers=FAMILY, callers_except=True),)}},
        caller=MOTHER,
    ),
    Case(
        "a colleague is one by name, not by number",
        "101",
        (forwarded(ALICE, 0, "always", None), *AT_RECEPTION),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (replace(ALWAYS, callers=LANTERN),)}},
        caller=None,
        colleague=BOB,
    ),
    Case(
        "whoever hides the number is not found in a list by it",
        "101",
        (rings(ALICE, 0, 20),),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (replace(ALWAYS, callers=FAMILY),)}},
        caller=MOTHER,
        hidden=True,
    ),
    Case(
        "a list can mean those who hide it",
        "101",
        (forwarded(ALICE, 0, "always", None), *AT_RECEPTION),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (replace(ALWAYS, callers=HIDDEN),)}},
        hidden=True,
    ),
    Case(
        "a rule for the own number is meant for the extension too",
        "101",
        (forwarded(ALICE, 0, "always", None), *AT_RECEPTION),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (replace(ALWAYS, called="4930555101"),)}},
    ),
    Case(
        "and not for another number of the line",
        "4930555777",
        (rings(ALICE, 0, 20),),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (replace(ALWAYS, called="4930555101"),), "numbers": ("4930555101", "4930555777")}},
    ),
    Case(
        "what is planned for some days comes before the others",
        "101",
        (forwarded(ALICE, 0, "holidays", None), leaves(MOBILE, 0, 20, "holidays")),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (ALWAYS, forward(When.ALWAYS, to(MOBILE), name="holidays", starts=TUESDAY, ends=EVENING))}},
    ),
    Case(
        "and ends by itself",
        "101",
        (forwarded(ALICE, 0, "always", None), *AT_RECEPTION),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (ALWAYS, forward(When.ALWAYS, to(MOBILE), name="holidays", starts=TUESDAY, ends=EVENING))}},
        at=EVENING,
    ),
    Case(
        "a rule that is turned off is skipped",
        "101",
        (rings(ALICE, 0, 20),),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (replace(ALWAYS, enabled=False),)}},
    ),
    Case(
        "a busy line without a rule is busy",
        "101",
        (silent(ALICE, 0, Why.BUSY),),
        Why.BUSY,
        0,
        {ALICE: {"forwards": (NO_ANSWER, UNREACHABLE)}},
        {ALICE: Phones.BUSY},
    ),
    Case(
        "busy goes where it says; the phone there rings as long as the rule says",
        "101",
        (forwarded(ALICE, 0, "busy", Why.BUSY), rings(BOB, 0, 15, None, "busy")),
        Why.NOT_ANSWERED,
        15,
        {ALICE: {"forwards": (BUSY,)}},
        {ALICE: Phones.BUSY},
    ),
    Case(
        "do not disturb is busy to callers",
        "101",
        (forwarded(ALICE, 0, "busy", Why.DO_NOT_DISTURB), rings(BOB, 0, 15, None, "busy")),
        Why.NOT_ANSWERED,
        15,
        {ALICE: {"forwards": (BUSY,), "do_not_disturb": True}},
    ),
    Case(
        "do not disturb without such a rule ends the call",
        "101",
        (silent(ALICE, 0, Why.DO_NOT_DISTURB),),
        Why.DO_NOT_DISTURB,
        0,
        {ALICE: {"forwards": (NO_ANSWER,), "do_not_disturb": True}},
    ),
    Case(
        "without a phone it goes where it cannot be reached",
        "101",
        (forwarded(ALICE, 0, "unreachable", Why.UNREACHABLE), leaves(MOBILE, 0, 30, "unreachable")),
        Why.NOT_ANSWERED,
        30,
        {ALICE: {"forwards": (UNREACHABLE,)}},
        {ALICE: Phones.OFF},
    ),
    Case(
        "what the registrar knows counts unless somebody says otherwise",
        "101",
        (silent(ALICE, 0, Why.UNREACHABLE),),
        Why.UNREACHABLE,
        0,
        {ALICE: {"reachable": False}},
    ),
    Case(
        "a locked line turns away, whatever its rules say",
        "101",
        (silent(ALICE, 0, Why.LOCKED),),
        Why.LOCKED,
        0,
        {ALICE: {"forwards": (ALWAYS,), "lock": LockLevel.IN_AND_OUT}},
    ),
    Case(
        "a lock of outgoing calls does not touch those that come in",
        "101",
        (rings(ALICE, 0, 20),),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"lock": LockLevel.OUTGOING}},
    ),
    Case(
        "a number that moved away only forwards",
        "101",
        (forwarded(ALICE, 0, "no-answer", Why.MOVED), leaves(MOBILE, 0, 20, "no-answer")),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"forwards": (forward(When.NO_ANSWER, to(MOBILE)),), "lock": LockLevel.PORTED}},
    ),
    Case(
        "or ends the call",
        "101",
        (silent(ALICE, 0, Why.MOVED),),
        Why.MOVED,
        0,
        {ALICE: {"lock": LockLevel.PORTED}},
    ),
    Case(
        "a line that may not call outside does not forward there either, and what comes next is tried",
        "101",
        (
            rings(ALICE, 0, 20),
            forwarded(ALICE, 20, "no-answer", Why.NOT_ANSWERED),
            barred(MOBILE, 20, Why.LOCKED, "no-answer"),
            rings(DORA, 20, 10, RECEPTION, "no-answer"),
            rings(EMIL, 30, 10, RECEPTION, "no-answer"),
        ),
        Why.NOT_ANSWERED,
        40,
        {ALICE: {"forwards": (NO_ANSWER,), "lock": LockLevel.FOREIGN}},
    ),
    Case(
        "nor to a number that is blocked for it",
        "101",
        (forwarded(ALICE, 0, "always", None), barred(MOBILE, 0, Why.BLOCKED, "always")),
        Why.NOBODY,
        0,
        {ALICE: {"forwards": (forward(When.ALWAYS, to(MOBILE)),), "outgoing": Blocking(patterns=("49171*",))}},
    ),
    Case(
        "a blocked caller is turned away before anything is forwarded",
        "101",
        (silent(ALICE, 0, Why.BLOCKED),),
        Why.BLOCKED,
        0,
        {ALICE: {"forwards": (ALWAYS, BUSY), "incoming": Blocking(patterns=("493044*",))}},
    ),
    Case(
        "where only some are allowed, others are not",
        "101",
        (silent(ALICE, 0, Why.BLOCKED),),
        Why.BLOCKED,
        0,
        {ALICE: {"incoming": Blocking(Mode.ALLOW, (MOTHER,))}},
    ),
    Case(
        "those that are allowed ring",
        "101",
        (rings(ALICE, 0, 20),),
        Why.NOT_ANSWERED,
        20,
        {ALICE: {"incoming": Blocking(Mode.ALLOW, (MOTHER,))}},
        caller=MOTHER,
    ),
    Case(
        "a colleague can be blocked by the extension",
        "101",
        (silent(ALICE, 0, Why.BLOCKED),),
        Why.BLOCKED,
        0,
        {ALICE: {"incoming": Blocking(patterns=("10?",))}},
        caller=None,
        colleague=BOB,
    ),
    Case(
        "callers without a number can be turned away",
        "101",
        (silent(ALICE, 0, Why.HIDDEN),),
        Why.HIDDEN,
        0,
        {ALICE: {"incoming": Blocking(hidden=True)}},
        hidden=True,
    ),
    Case("a group rings together", "600", EVERYBODY, Why.NOT_ANSWERED, 20),
    Case(
        "or one after the other",
        "602",
        (rings(DORA, 0, 10, RECEPTION), rings(EMIL, 10, 10, RECEPTION)),
        Why.NOT_ANSWERED,
        20,
    ),
    Case(
        "who does not ring is passed over at once",
        "602",
        (silent(DORA, 0, Why.DO_NOT_DISTURB, RECEPTION), rings(EMIL, 0, 10, RECEPTION)),
        Why.NOT_ANSWERED,
        10,
        {DORA: {"do_not_disturb": True}},
    ),
    Case(
        "what a group does when nobody answers comes after its members",
        "600",
        (
            *EVERYBODY,
            forwarded(SALES, 20, "no-answer", Why.NOT_ANSWERED),
            rings(DORA, 20, 10, RECEPTION, "no-answer"),
            rings(EMIL, 30, 10, RECEPTION, "no-answer"),
        ),
        Why.NOT_ANSWERED,
        40,
        {SALES: {"forwards": (forward(When.NO_ANSWER, to("reception")),)}},
    ),
    Case(
        "a group with nobody to ring goes on at once",
        "602",
        (
            silent(DORA, 0, Why.UNREACHABLE, RECEPTION),
            silent(EMIL, 0, Why.LOCKED, RECEPTION),
            forwarded(RECEPTION, 0, "no-answer", Why.NOBODY),
            leaves(MOBILE, 0, 20, "no-answer"),
        ),
        Why.NOT_ANSWERED,
        20,
        {
            RECEPTION: {"forwards": (forward(When.NO_ANSWER, to(MOBILE)),)},
            EMIL: {"lock": LockLevel.GLOBAL},
        },
        {DORA: Phones.OFF},
    ),
    Case(
        "a group of busy people is busy",
        "602",
        (
            silent(DORA, 0, Why.BUSY, RECEPTION),
            silent(EMIL, 0, Why.DO_NOT_DISTURB, RECEPTION),
            silent(RECEPTION, 0, Why.BUSY),
        ),
        Why.BUSY,
        0,
        {EMIL: {"do_not_disturb": True}},
        {DORA: Phones.BUSY},
    ),
    Case(
        "a group without members has nobody",
        "602",
        (silent(RECEPTION, 0, Why.NOBODY),),
        Why.NOBODY,
        0,
        {RECEPTION: {"ringing": Ringing((), 10)}},
    ),
    Case(
        "a member's own forwarding holds, within the time of the group",
        "602",
        (
            rings(DORA, 0, 4, RECEPTION),
            forwarded(DORA, 4, "no-answer", Why.NOT_ANSWERED),
            leaves(MOBILE, 4, 6, "no-answer"),
            rings(EMIL, 10, 10, RECEPTION),
        ),
        Why.NOT_ANSWERED,
        20,
        {DORA: {"ring_seconds": 4, "forwards": (forward(When.NO_ANSWER, to(MOBILE, 30)),)}},
    ),
    Case(
        "what a member forwards to is cut off when the time of the group is over",
        "602",
        (
            forwarded(DORA, 0, "always", None),
            leaves(MOBILE, 0, 7, "always"),
            rings(ALICE, 7, 3, None, "always"),
            rings(EMIL, 10, 10, RECEPTION),
        ),
        Why.NOT_ANSWERED,
        20,
        {DORA: {"forwards": (forward(When.ALWAYS, to(MOBILE, 7), to("alice"), to("bob")),)}},
    ),
    Case(
        "so is a group",
        "602",
        (
            forwarded(DORA, 0, "always", None),
            rings(ALICE, 0, 6, SALES, "always"),
            rings(BOB, 6, 4, SALES, "always"),
            rings(EMIL, 10, 10, RECEPTION),
        ),
        Why.NOT_ANSWERED,
        20,
        {
            DORA: {"forwards": (forward(When.ALWAYS, to("sales")),)},
            SALES: {"ringing": Ringing(((ALICE,), (BOB,), (CAROL,)), 6), "forwards": (forward(When.NO_ANSWER, to(MOBILE)),)},
        },
    ),
    Case(
        "unless the group leaves it out",
        "602",
        (rings(DORA, 0, 10, RECEPTION), rings(EMIL, 10, 10, RECEPTION)),
        Why.NOT_ANSWERED,
        20,
        {
            DORA: {"ring_seconds": 4, "forwards": (forward(When.NO_ANSWER, to(MOBILE, 30)), ALWAYS)},
            RECEPTION: {"ringing": replace(_RINGING[RECEPTION], ignore_forwards=True)},
        },
    ),
    Case(
        "the last of the destinations goes on by its own rules, the others give way to the next",
        "101",
        (
            forwarded(ALICE, 0, "always", None),
            rings(BOB, 0, 8, None, "always"),
            rings(CAROL, 8, 8, None, "always"),
            forwarded(CAROL, 16, "carols", Why.NOT_ANSWERED),
            leaves(MOBILE, 16, 20, "carols"),
        ),
        Why.NOT_ANSWERED,
        36,
        {
            ALICE: {"forwards": (forward(When.ALWAYS, to("bob", 8), to("carol", 8)),)},
            BOB: {"forwards": (forward(When.NO_ANSWER, to(MOBILE), name="bobs"),)},
            CAROL: {"forwards": (forward(When.NO_ANSWER, to(MOBILE), name="carols"),)},
        },
    ),
    Case(
        "a circle ends where it began",
        "101",
        (
            forwarded(ALICE, 0, "always", None),
            forwarded(BOB, 0, "bobs", None),
            silent(ALICE, 0, Why.LOOP),
        ),
        Why.LOOP,
        0,
        {
            ALICE: {"forwards": (forward(When.ALWAYS, to("bob")),)},
            BOB: {"forwards": (forward(When.ALWAYS, to("alice"), name="bobs"),)},
        },
    ),
    Case(
        "whoever forwards to the own group is not rung by it again",
        "101",
        (
            rings(ALICE, 0, 20),
            forwarded(ALICE, 20, "no-answer", Why.NOT_ANSWERED),
            silent(ALICE, 20, Why.LOOP, SALES),
            rings(BOB, 20, 20, SALES, "no-answer"),
            rings(CAROL, 20, 20, SALES, "no-answer"),
        ),
        Why.NOT_ANSWERED,
        40,
        {ALICE: {"forwards": (forward(When.NO_ANSWER, to("sales")),)}},
    ),
    Case(
        "a line that has ended is nobody",
        "101",
        (forwarded(ALICE, 0, "always", None), silent(key("gone"), 0, Why.NOBODY)),
        Why.NOBODY,
        0,
        {ALICE: {"forwards": (forward(When.ALWAYS, to("gone")),)}},
    ),
    Case(
        "the block list of whoever is forwarded to counts",
        "101",
        (forwarded(ALICE, 0, "always", None), silent(BOB, 0, Why.BLOCKED)),
        Why.BLOCKED,
        0,
        {ALICE: {"forwards": (forward(When.ALWAYS, to("bob")),)}, BOB: {"incoming": Blocking(patterns=(STRANGER,))}},
    ),
)
