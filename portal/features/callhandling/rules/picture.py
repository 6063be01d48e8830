"""An outcome as bars over time: who rings when, and where the call goes on."""

from dataclasses import dataclass
from enum import StrEnum

from portal.core import i18n
from portal.core.i18n import N_
from portal.core.ids import PublicId
from portal.features.callhandling.rules.lines import Forward
from portal.features.callhandling.rules.names import Names
from portal.features.callhandling.rules.outcome import Barred, Forwarded, Leaves, Outcome, Rings, Silent, Step, Why
from portal.features.callhandling.rules.wording import one_after_the_other

MOST_TICKS = 6
_TICKS = (5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600)


class Kind(StrEnum):
    RINGS = "rings"  # phones of the company
    LEAVES = "leaves"  # a number outside
    SILENT = "silent"  # would ring and does not; no bar
    FORWARDED = "forwarded"  # a mark: from here on the rows below are tried; no bar


@dataclass(frozen=True)
class Bar:
    """Seconds after the call came in."""

    begins: int
    seconds: int

    @property
    def ends(self) -> int:
        return self.begins + self.seconds


@dataclass(frozen=True)
class Row:
    """`who`: a name, a number as it is shown or, of a mark, why and where to: “Nobody answers: Reception, 602”.

    `forwarded`: a rule led here. `note`: why a silent one does not ring. `within`: the name of the group that rings it.
    """

    kind: Kind
    who: str
    begins: int
    extension: str | None = None
    bars: tuple[Bar, ...] = ()
    forwarded: bool = False
    note: str = ""
    within: str = ""


@dataclass(frozen=True)
class Picture:
    """`ticks`: seconds to write along the top. `marks`: seconds from which on something else is tried, for lines across."""

    rows: tuple[Row, ...]
    seconds: int
    ticks: tuple[int, ...]
    marks: tuple[int, ...]


REASONS = {
    None: N_("Always: %(places)s"),
    Why.NOT_ANSWERED: N_("Nobody answers: %(places)s"),
    Why.BUSY: N_("Busy: %(places)s"),
    Why.DO_NOT_DISTURB: N_("Do not disturb: %(places)s"),
    Why.UNREACHABLE: N_("Not reachable: %(places)s"),
    Why.NOBODY: N_("Nobody to ring: %(places)s"),
    Why.MOVED: N_("Number moved away: %(places)s"),
}
SILENCE = {
    Why.LOCKED: N_("Locked"),
    Why.BLOCKED: N_("Blocks this caller"),
    Why.HIDDEN: N_("Takes no hidden callers"),
    Why.DO_NOT_DISTURB: N_("Do not disturb"),
    Why.BUSY: N_("Busy"),
    Why.UNREACHABLE: N_("Not reachable"),
    Why.NOBODY: N_("Nobody to ring"),
    Why.LOOP: N_("Was tried before"),
    Why.MOVED: N_("Number moved away"),
}


def picture(outcome: Outcome, names: Names, called: PublicId | None = None) -> Picture:
    """Rows in the order of time; who rings again because of the same rule gets another bar in the same row.

    `called`: the line that the page is about; what others forward then stands under their names.
    """
    rows: dict[tuple[object, ...], Row] = {}
    for step in outcome.steps:
        key, row = _row(step, names, called)
        before = rows.get(key)
        rows[key] = row if before is None else _longer(before, row)
    marks = {step.begins for step in outcome.steps if isinstance(step, Forwarded) and 0 < step.begins < outcome.seconds}
    return Picture(tuple(rows.values()), outcome.seconds, ticks(outcome.seconds), tuple(sorted(marks)))


def ticks(seconds: int) -> tuple[int, ...]:
    apart = next((one for one in _TICKS if seconds <= one * MOST_TICKS), seconds)
    return tuple(range(0, seconds + 1, apart or 1))


def _longer(before: Row, row: Row) -> Row:
    return Row(**{**before.__dict__, "bars": before.bars + row.bars})


def _row(step: Step, names: Names, called: PublicId | None) -> tuple[tuple[object, ...], Row]:
    match step:
        case Rings():
            return (Kind.RINGS, step.line, step.within, _rule(step.via)), _of_line(step, names)
        case Silent():
            return (Kind.SILENT, step.line, step.within, step.why), _silent(step, names)
        case Barred():
            note = i18n.gettext(N_("May not be called"))
            return (Kind.SILENT, step.number, _rule(step.via)), Row(
                Kind.SILENT, names.number(step.number), step.begins, note=note
            )
        case Leaves():
            bars = (Bar(step.begins, step.seconds),)
            who = names.number(step.number)
            return (Kind.LEAVES, step.number, _rule(step.via)), Row(Kind.LEAVES, who, step.begins, bars=bars, forwarded=True)
    return (Kind.FORWARDED, step.line, step.begins, step.forward.key), _mark(step, names, called)


def _rule(forward: Forward | None) -> PublicId | None:
    return forward.key if forward else None


def _of_line(step: Rings, names: Names) -> Row:
    return Row(
        Kind.RINGS,
        names.person(step.line),
        step.begins,
        extension=_extension(step.line, names),
        bars=(Bar(step.begins, step.seconds),),
        forwarded=step.via is not None,
        within=names.person(step.within) if step.within else "",
    )


def _silent(step: Silent, names: Names) -> Row:
    return Row(
        Kind.SILENT,
        names.person(step.line),
        step.begins,
        extension=_extension(step.line, names),
        note=i18n.gettext(SILENCE.get(step.why, SILENCE[Why.NOBODY])),
        within=names.person(step.within) if step.within else "",
    )


def _mark(step: Forwarded, names: Names, called: PublicId | None) -> Row:
    places = one_after_the_other([names.destination(one) for one in step.forward.destinations])
    if called in (None, step.line):
        who = i18n.gettext(REASONS.get(step.why, REASONS[None]), places=places)
    else:
        who = i18n.gettext(N_("%(name)s forwards: %(places)s"), name=names.person(step.line), places=places)
    return Row(Kind.FORWARDED, who, step.begins, forwarded=True)


def _extension(line: PublicId, names: Names) -> str | None:
    found = names.exchange.lines.get(line)
    return found.extension if found else None
