"""What a customer may be called and how far its extensions may reach."""

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

LONGEST_NAME = 127

declare("customer-name", N_("Give the customer a name of at most %(longest)s characters."))
declare("extension-range-order", N_("The first extension must not be higher than the last one."))


def check_name(typed: str) -> str:
    name = typed.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused("customer-name", field="name", longest=LONGEST_NAME)
    return name


def check_range(low: int | None, high: int | None) -> None:
    """Both bounds are inclusive; None is no bound."""
    if low is not None and high is not None and low > high:
        raise Refused("extension-range-order", field="extension_min")
