"""Where calls to a group go that nobody answers, where one choice can say it."""

from dataclasses import dataclass

from portal.core.errors import declare
from portal.core.i18n import N_
from portal.core.ids import PublicId
from portal.features.callhandling.rules import Destination, Exchange, Handling, When, label, typed

declare("unanswered-itself", N_("Calls that nobody here answers have to go somewhere else."))


@dataclass(frozen=True)
class Unanswered:
    """`rule` leads to `to`, for any call at any time. `more`: there are conditions or several steps; one choice is not enough."""

    rule: PublicId | None = None
    to: Destination | None = None
    more: bool = False

    def as_typed(self, exchange: Exchange) -> str:
        """What somebody would type for it; empty where the call ends."""
        if self.to is None:
            return ""
        line = exchange.lines.get(self.to.line) if self.to.line else None
        return label(line) if line else typed(self.to.number, exchange.home) if self.to.number else ""


def unanswered(handling: Handling) -> Unanswered:
    rules = [rule for rule in handling.forwards if rule.when is When.NO_ANSWER and not rule.scheduled]
    if not rules:
        return Unanswered()
    first = rules[0]
    depends = first.callers or first.called or first.times or not first.enabled
    if len(rules) > 1 or len(first.destinations) != 1 or depends:
        return Unanswered(more=True)
    return Unanswered(first.key, first.destinations[0])
