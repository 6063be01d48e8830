"""A call that is only thought of: who calls, what was dialled, and what those may know who ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from portal.core import i18n, phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.ids import PublicId
from portal.features.callhandling.rules.forwarding import destination
from portal.features.callhandling.rules.lines import Destination, Exchange, Forward
from portal.features.callhandling.rules.names import Names
from portal.features.callhandling.rules.outcome import Forwarded, Outcome, Phones, Step

declare("called-outside", N_("This is no number of yours. Choose a colleague or a group, or type one of your numbers."))


def dialled(typed: str, exchange: Exchange) -> str:
    """The extension or the digits that were meant, of a line of the company. Raises Refused."""
    found = destination(typed, exchange)
    if found.line is None:
        raise Refused("called-outside")
    line = exchange.lines[found.line]
    try:
        digits = phone.parse(typed, exchange.home)
    except phone.NotANumber:
        digits = ""
    return digits if digits in line.numbers else line.extension or next(iter(line.numbers), "")


def all_phones(line: PublicId, state: Phones, exchange: Exchange) -> Mapping[PublicId, Phones]:
    """Those of a line or, of a group, those of everybody in it."""
    ringing = exchange.lines[line].ringing
    return {one: state for step in ringing.steps for one in step} if ringing else {line: state}


@dataclass(frozen=True)
class Discreet(Names):
    """For somebody who may know of `shown` numbers outside, and not where colleagues have their calls go."""

    shown: frozenset[str] = field(default_factory=frozenset)

    def number(self, digits: str) -> str:
        return super().number(digits) if digits in self.shown else i18n.gettext(N_("a number outside"))


def forward_numbers(forwards: tuple[Forward, ...]) -> frozenset[str]:
    return frozenset(one.number for rule in forwards for one in rule.destinations if one.number)


def discreet(outcome: Outcome, own: PublicId) -> Outcome:
    """Without the conditions of other lines: whom they answer, and when, is theirs."""
    return replace(outcome, steps=tuple(_without_conditions(step, own) for step in outcome.steps))


def _without_conditions(step: Step, own: PublicId) -> Step:
    if not isinstance(step, Forwarded) or step.line == own:
        return step
    bare = Forward(step.forward.key, step.forward.when, step.forward.destinations)
    return replace(step, forward=bare)


def shown_caller(caller: Destination | None, names: Names, *, hidden: bool) -> str:
    if hidden:
        return i18n.gettext(N_("Somebody without a number"))
    return names.destination(caller) if caller else i18n.gettext(N_("Somebody outside"))
