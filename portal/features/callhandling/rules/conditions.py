"""Time sets and caller lists: what their names and their size may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.callhandling.rules.lines import Span

LONGEST_CONDITION_NAME = 63
MOST_CONDITIONS = 100  # of each kind, of the company or of one line
MOST_SPANS = 40
MOST_ENTRIES = 500

declare("condition-name", N_("Give it a name of at most %(longest)s characters."))
declare("condition-name-taken", N_("There is “%(name)s” already. Choose another name."))
declare("conditions-full", N_("There are %(most)s of them already. Remove one that nobody uses."))
declare("times-empty", N_("Add at least one time."))
declare("times-long", N_("Use at most %(most)s times; several days with the same hours fit into one."))
declare("times-only-except", N_("All of this is taken out, so nothing is left. Add a time that counts."))
declare("time-set-used", N_("“%(name)s” is used by %(lines)s. Change the forwarding there first."))
declare("time-set-in-use", N_("These times have just been removed, or are in use. Look again."))
declare("callers-empty", N_("Type at least one number, or tick who else belongs to it."))
declare("entries-many", N_("These are %(count)s numbers; at most %(most)s fit. A * at the end of a number stands for many."))
declare("caller-list-used", N_("“%(name)s” is used by %(lines)s. Change the forwarding there first."))
declare("caller-list-in-use", N_("This list has just been removed, or is in use. Look again."))


@dataclass(frozen=True)
class Entry:
    """`pattern`: canonical digits, with * and ?."""

    pattern: str
    note: str | None = None


def check_condition_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not 1 <= len(name) <= LONGEST_CONDITION_NAME:
        raise Refused("condition-name", field="name", longest=LONGEST_CONDITION_NAME)
    return name


def check_spans(spans: Sequence[Span]) -> None:
    """What can be told without a calendar; what never comes is found by `problems`."""
    if not spans:
        raise Refused("times-empty", field="spans")
    if len(spans) > MOST_SPANS:
        raise Refused("times-long", field="spans", most=MOST_SPANS)
    if all(span.excluded for span in spans):
        raise Refused("times-only-except", field="spans")


def check_entries(entries: Sequence[Entry], *, field: str = "entries") -> None:
    if len(entries) > MOST_ENTRIES:
        raise Refused("entries-many", field=field, count=len(entries), most=MOST_ENTRIES)
