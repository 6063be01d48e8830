"""Ring time and blocking: what can be set."""

from collections.abc import Sequence
from enum import StrEnum

from portal.core import phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home
from portal.features.callhandling.rules.conditions import Entry, check_entries
from portal.features.callhandling.rules.emergency import check_emergency
from portal.features.callhandling.rules.lines import Mode
from portal.features.callhandling.rules.patterns import LONGEST_SHORT

declare("ring-time", N_("Type a number of seconds from 1 to %(longest)s."))
declare("blocking-nobody", N_("With an empty list nobody would get through. Add a number, or block only what is listed."))
declare("blocking-nothing", N_("With an empty list nothing could be called. Add a number, or block only what is listed."))
declare("blocked-already", N_("Calls from this number are blocked already."))
declare("blocking-allows", N_("Only listed numbers get through to this line. Take the number out of that list."))
declare("caller-unknown", N_("Only callers from outside whose number is known can be blocked."))


class Direction(StrEnum):
    """Whom a list of blocked numbers is about; the values are stored."""

    IN = "in"
    OUT = "out"


def check_blocking(direction: Direction, mode: Mode, entries: Sequence[Entry], home: Home) -> None:
    check_entries(entries)
    if mode is Mode.ALLOW and not entries:
        raise Refused("blocking-nobody" if direction is Direction.IN else "blocking-nothing", field="entries")
    if direction is Direction.OUT and mode is Mode.BLOCK:
        check_emergency((entry.pattern for entry in entries), home, field="entries")


def is_outside_number(number: str) -> bool:
    """Whether these are canonical digits that somebody outside can call with; extensions and services are shorter."""
    return number.isascii() and number.isdigit() and LONGEST_SHORT < len(number) <= phone.MAX_DIGITS
