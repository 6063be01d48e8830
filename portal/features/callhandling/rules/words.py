"""One sentence that says what callers experience now, and a note of what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core import i18n, phone
from portal.core.i18n import N_
from portal.core.ids import PublicId
from portal.features.callhandling.rules.evaluation import evaluate
from portal.features.callhandling.rules.experience import (
    Experience,
    anybody,
    dialled_alike,
    experience,
    next_other,
    treated_otherwise,
)
from portal.features.callhandling.rules.lines import Forward, Line, Mode, Order, Ringing
from portal.features.callhandling.rules.names import Names
from portal.features.callhandling.rules.outcome import Barred, Leaves, Rings, Why
from portal.features.callhandling.rules.timewords import clock_in_words
from portal.features.callhandling.rules.wording import listed, one_after_the_other, seconds_in_words
from portal.features.subscribers.rules import LockLevel

MOST_NAMED = 6
MOST_DIALLED = 4


@dataclass(frozen=True)
class Effect:
    """What callers experience, and what those who are called see. `icon`: the picture that goes with it."""

    sentence: str
    note: str
    icon: str = "phone-incoming"


def effect(names: Names, line_id: PublicId, at: datetime, *, own: bool = False, shown: str | None = None) -> Effect:
    """The exchange of `names` holds every line that calls can come to. `own`: whoever reads has this line.

    `shown`: the digits that people outside see when they are called from it; without, nothing is said of outgoing calls.
    """
    line = names.exchange.lines[line_id]
    now = experience(line, anybody(line, at, names.exchange), names.exchange)
    sentences = [_sentence(line, felt, dialled, names, own=own) for felt, dialled in dialled_alike(line, at, names.exchange)]
    if line.handling.incoming.mode is Mode.ALLOW and now.why is not Why.LOCKED:
        sentences.append(i18n.gettext(N_("Only listed callers get through.")))
    notes = [
        *_silent_members(line, at, names),
        *_next(line, at, names, own=own),
        *_otherwise(line, at, names, own=own),
    ]
    if shown is not None:
        notes.append(_outgoing(line.lock, phone.spoken(shown, names.exchange.home.cc)))
    return Effect(" ".join(sentences), " ".join(notes), _icon(line, now))


def effect_of_number(names: Names, line_id: PublicId, digits: str, at: datetime) -> Effect:
    """The same of one number that the line has, without notes."""
    line = names.exchange.lines[line_id]
    felt = experience(line, anybody(line, at, names.exchange, digits), names.exchange)
    return Effect(_sentence(line, felt, [digits], names, own=False), "", _icon(line, felt))


def _icon(line: Line, now: Experience) -> str:
    if line.lock >= LockLevel.IN_AND_OUT:
        return "phone-off"
    if now.gone is not None:
        return "phone-forwarded"
    return "bell-off" if now.why is Why.DO_NOT_DISTURB else "phone-incoming"


# --- now ---------------------------------------------------------------------------------------------------------------------

GONE = N_("Calls to %(numbers)s go straight to %(places)s.")
RING = N_("Calls to %(numbers)s ring %(name)s.")
RING_YOU = N_("Calls to %(numbers)s ring you.")
SILENT: Mapping[Why, str] = {
    Why.LOCKED: N_("Calls to %(numbers)s are turned away: the line is locked."),
    Why.MOVED: N_("Calls to %(numbers)s only go where they are forwarded: the number has moved away."),
    Why.DO_NOT_DISTURB: N_("Calls to %(numbers)s do not ring: do not disturb is on."),
    Why.UNREACHABLE: N_("Calls to %(numbers)s do not ring: no phone is signed in."),
    Why.NOBODY: N_("Calls to %(numbers)s ring nobody: the group has no members."),
}
GO_ON = N_("They go to %(places)s.")
GO_ON_UNANSWERED = N_("If nobody answers for %(time)s, they go to %(places)s.")
GO_ON_FROM_GROUP = N_("If nobody answers, they go to %(places)s.")


def _sentence(line: Line, felt: Experience, dialled: Sequence[str], names: Names, *, own: bool) -> str:
    numbers = _numbers([_spoken(one, line, names) for one in dialled]) or line.name
    if felt.gone is not None:
        return i18n.gettext(GONE, numbers=numbers, places=places(felt.gone, names))
    if felt.why is not None:
        first = i18n.gettext(SILENT[felt.why], numbers=numbers)
    elif line.ringing is not None:
        first = _group(line.ringing, numbers, names)
    else:
        first = i18n.gettext(RING_YOU, numbers=numbers) if own else i18n.gettext(RING, numbers=numbers, name=line.name)
    return f"{first} {_then(line, felt, felt.then, names)}" if felt.then is not None else first


def _then(line: Line, felt: Experience, rule: Forward, names: Names) -> str:
    if felt.why is not None:
        return i18n.gettext(GO_ON, places=places(rule, names))
    if line.ringing is not None:
        return i18n.gettext(GO_ON_FROM_GROUP, places=places(rule, names))
    return i18n.gettext(GO_ON_UNANSWERED, time=seconds_in_words(line.handling.ring_seconds), places=places(rule, names))


def places(rule: Forward, names: Names) -> str:
    """“0171 2044918, then Reception, 602”."""
    return one_after_the_other([names.destination(one) for one in rule.destinations])


def _spoken(dialled: str, line: Line, names: Names) -> str:
    return f"\u2066{dialled}\u2069" if dialled == line.extension else phone.spoken(dialled, names.exchange.home.cc)


ALONE = N_("Calls to %(numbers)s ring %(names)s for %(time)s.")
GROUP: Mapping[Order, str] = {
    Order.TOGETHER: N_("Calls to %(numbers)s ring %(names)s together for %(time)s."),
    Order.AS_LISTED: N_("Calls to %(numbers)s ring %(names)s, one after the other, %(time)s each."),
    Order.IN_TURN: N_("Calls to %(numbers)s ring %(names)s in turn, %(time)s each; every call begins one further down."),
    Order.AT_RANDOM: N_("Calls to %(numbers)s ring %(names)s in a new order each time, %(time)s each."),
}


def _group(ringing: Ringing, numbers: str, names: Names) -> str:
    members = [member for step in ringing.steps for member in step]
    if ringing.order is Order.AT_RANDOM:
        members.sort(key=lambda member: i18n.sort_key(names.person(member)))  # the order of this call is nobody's business
    words = ALONE if len(members) == 1 else GROUP[ringing.order]
    return i18n.gettext(words, numbers=numbers, names=people(members, names), time=seconds_in_words(ringing.seconds))


def people(members: Sequence[PublicId], names: Names) -> str:
    """“Alice, Bob and Carol”; of many, the first few."""
    shown, rest = _first_few([names.person(member) for member in members], MOST_NAMED)
    return listed([*shown, i18n.gettext(N_("%(num)s more"), num=rest)] if rest else shown)


def _numbers(spoken: Sequence[str]) -> str:
    """“101, 030 5550100 and 5 more numbers”."""
    shown, rest = _first_few(spoken, MOST_DIALLED)
    return listed([*shown, i18n.ngettext("%(num)s more number", "%(num)s more numbers", rest)] if rest else shown)


def _first_few(parts: Sequence[str], most: int) -> tuple[Sequence[str], int]:
    """Those that are named, and how many are not."""
    return (parts, 0) if len(parts) <= most else (parts[: most - 1], len(parts) - most + 1)


# --- notes -------------------------------------------------------------------------------------------------------------------

NEXT_GONE = N_("From %(time)s they go straight to %(places)s.")
NEXT_RING = N_("From %(time)s they ring %(name)s.")
NEXT_RING_YOU = N_("From %(time)s they ring you.")
NEXT_THEN = N_("From %(time)s, if nobody answers, they go to %(places)s.")
NEXT_NO_THEN = N_("From %(time)s they go nowhere else.")
NEXT_SILENT_THEN = N_("From %(time)s they go to %(places)s.")


def _next(line: Line, at: datetime, names: Names, *, own: bool) -> list[str]:
    """“From 18:00 they go straight to Reception, 602.”"""
    found = next_other(line, at, names.exchange)
    if found is None:
        return []
    moment, then = found
    when = _when(moment, at, names)
    if then.gone is not None:
        return [i18n.gettext(NEXT_GONE, time=when, places=places(then.gone, names))]
    if experience(line, anybody(line, at, names.exchange), names.exchange).gone is not None and then.why is None:
        return [i18n.gettext(NEXT_RING_YOU, time=when) if own else i18n.gettext(NEXT_RING, time=when, name=line.name)]
    if then.then is None:
        return [i18n.gettext(NEXT_NO_THEN, time=when)]
    return [i18n.gettext(NEXT_THEN if then.why is None else NEXT_SILENT_THEN, time=when, places=places(then.then, names))]


def _when(moment: datetime, at: datetime, names: Names) -> str:
    local = moment.astimezone(names.exchange.zone)
    shown = clock_in_words(local.time())
    today = at.astimezone(names.exchange.zone).date()
    return shown if local.date() == today else i18n.gettext(N_("tomorrow %(time)s"), time=shown)


OTHERS_GONE = N_("Calls from %(callers)s go straight to %(places)s.")
OTHERS_RING = N_("Calls from %(callers)s ring %(name)s.")
OTHERS_RING_YOU = N_("Calls from %(callers)s ring you.")
OTHERS = N_("Calls from %(callers)s are treated otherwise.")


def _otherwise(line: Line, at: datetime, names: Names, *, own: bool) -> list[str]:
    now = experience(line, anybody(line, at, names.exchange), names.exchange)
    found = treated_otherwise(line, at, names.exchange)
    return [_of_others(line, felt, now, callers, names, own=own) for felt, callers in found.items()]


def _of_others(line: Line, felt: Experience, now: Experience, lists: Sequence[str], names: Names, *, own: bool) -> str:
    callers = listed([i18n.gettext(N_("“%(name)s”"), name=name) for name in lists])
    if felt.gone is not None:
        return i18n.gettext(OTHERS_GONE, callers=callers, places=places(felt.gone, names))
    if now.gone is not None and felt.why is None:
        return (
            i18n.gettext(OTHERS_RING_YOU, callers=callers) if own else i18n.gettext(OTHERS_RING, callers=callers, name=line.name)
        )
    return i18n.gettext(OTHERS, callers=callers)


def _silent_members(line: Line, at: datetime, names: Names) -> list[str]:
    """Who of a group does not ring, although a call comes to it."""
    if line.ringing is None:
        return []
    steps = evaluate(anybody(line, at, names.exchange), names.exchange).steps
    members = [member for step in line.ringing.steps for member in step]
    ringing = {step.line for step in steps if isinstance(step, Rings) and step.within == line.public_id}
    silent = [member for member in members if member not in ringing]
    tried = any(not isinstance(step, Leaves | Barred) and step.line in members for step in steps)
    if not silent or not tried:
        return []
    said = people(silent, names)
    return [
        i18n.ngettext("%(names)s does not ring at the moment.", "%(names)s do not ring at the moment.", len(silent), names=said)
    ]


def _outgoing(level: LockLevel, shown: str) -> str:
    if level in {LockLevel.IN_AND_OUT, LockLevel.GLOBAL}:
        return i18n.gettext(N_("Nobody can be called from it either, except emergency numbers."))
    if level is LockLevel.FOREIGN:
        return i18n.gettext(N_("Only colleagues can be called from it."))
    if level is LockLevel.OUTGOING:
        return i18n.gettext(N_("Nobody can be called from it, except emergency numbers."))
    return i18n.gettext(N_("People outside who are called see %(number)s."), number=shown)
