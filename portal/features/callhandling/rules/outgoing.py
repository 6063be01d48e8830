"""Whether a line may call a number: its lock and its blocking; emergency numbers always can be called."""

from dataclasses import replace

from portal.core import phone
from portal.core.phone import Home, NotANumber
from portal.features.callhandling.rules import patterns
from portal.features.callhandling.rules.emergency import emergency_numbers
from portal.features.callhandling.rules.lines import Line, Mode
from portal.features.callhandling.rules.outcome import Why
from portal.features.subscribers.rules import LockLevel

_NOBODY = frozenset({LockLevel.OUTGOING, LockLevel.IN_AND_OUT, LockLevel.GLOBAL, LockLevel.PORTED})


def calls_not(line: Line, dialled: str, home: Home, *, inside: bool) -> Why | None:
    """Why a call does not leave; None when it does. `dialled` as it was typed; `inside`: it leads to a line of the company."""
    bare = phone.bare(dialled)
    if bare in emergency_numbers(home):
        return None
    if line.lock in _NOBODY or (line.lock is LockLevel.FOREIGN and not inside):
        return Why.LOCKED
    blocking = line.handling.outgoing
    listed = any(_means(pattern, bare, home) for pattern in blocking.patterns)
    return None if listed == (blocking.mode is Mode.ALLOW) else Why.BLOCKED


def forwards_not(line: Line, number: str, home: Home) -> Why | None:
    """Why a forwarded call does not leave to a number outside, for which the forwarding line pays. `number`: canonical digits."""
    keeps_forwarding = line.lock is LockLevel.PORTED
    return calls_not(replace(line, lock=LockLevel.NONE) if keeps_forwarding else line, f"+{number}", home, inside=False)


def _means(pattern: str, bare: str, home: Home) -> bool:
    if patterns.is_short(pattern) and not bare.startswith(("0", "+")):
        return patterns.matches_short(pattern, bare)
    try:
        return patterns.matches(pattern, phone.parse(bare, home), home)
    except NotANumber:
        return False
