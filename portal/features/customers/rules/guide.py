"""What is left until a company telephones. Nobody ticks a step: it is done when it is so."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core import i18n
from portal.core.i18n import N_
from portal.core.permissions import P


@dataclass(frozen=True)
class Way:
    """How far a company is: has it a pilot, has that chosen a password, are there further numbers, and extensions?"""

    pilot: bool
    accepted: bool
    numbers: bool
    extensions: bool

    @property
    def whole(self) -> bool:
        return self.pilot and self.accepted and self.numbers and self.extensions


@dataclass(frozen=True)
class Step:
    """`endpoint`: the page of the customer where it is done; `permission`: who gets there."""

    title: str
    text: str
    done: bool
    endpoint: str
    permission: P


def steps(way: Way) -> Sequence[Step]:
    rows = (
        (
            way.pilot,
            "subscribers.new_line",
            P.LINES_EDIT,
            N_("Set up the pilot"),
            N_("The line with the base number, and who runs the company’s telephone system."),
        ),
        (
            way.accepted,
            "accounts.people.index",
            P.ACCOUNTS_VIEW,
            N_("The pilot chooses a password"),
            N_("By the invitation that was mailed. From then on the company looks after itself."),
        ),
        (
            way.numbers,
            "subscribers.give_numbers",
            P.LINES_EDIT,
            N_("Give further numbers"),
            N_("For people who are to be called directly."),
        ),
        (
            way.extensions,
            "subscribers.lines",
            P.LINES_VIEW,
            N_("Extensions are added"),
            N_("One for each person or phone; mostly the pilot does that."),
        ),
    )
    return [
        Step(i18n.gettext(title), i18n.gettext(text), done, endpoint, permission)
        for done, endpoint, permission, title, text in rows
    ]
