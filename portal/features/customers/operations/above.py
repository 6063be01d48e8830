"""What happens to the lines of a customer is done by features that this one does not know: they tell here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.customers.models import Customer


@dataclass(frozen=True)
class Acts:
    """The customer is held by whoever calls.

    `lock` (with the reason) and `unlock` say how many lines there are. `end` ends everything that belongs to a customer, and says
    what goes into its trace. `give_profile` makes one (or None) the company's, and says the name of the one before and its own.
    """

    lock: Callable[[Identity, Customer, str], int]
    unlock: Callable[[Customer], int]
    end: Callable[[Customer], Mapping[str, object]]
    give_profile: Callable[[Customer, PublicId | None], tuple[str | None, str | None]]


_known: list[Acts] = []


def install_acts(acts: Acts) -> None:
    _known[:] = [acts]


def acts() -> Acts:
    return _known[0]
