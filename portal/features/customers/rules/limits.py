"""How much a customer may have, and how far its extensions may reach."""

from decimal import Decimal

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

MOST_LINES = 100_000
MOST_CALLS = 10_000
HIGHEST_EXTENSION = 10**10 - 1

declare("extension-range-order", N_("The first extension must not be higher than the last one."))
declare("extension-range-shape", N_("Type an extension of at most ten digits."))
declare("extension-range-outside", N_("Extensions outside of this range: %(count)s, like %(extensions)s. Widen the range."))
declare("limit-under-use", N_("%(used)s lines are in use, groups included. The limit cannot be lower than that."))
declare("limit-shape", N_("Type a number from 1 to %(most)s, or nothing for no limit."))
declare("vat-rate", N_("Type a rate from 0 to 100 per cent."))


def check_range(low: int | None, high: int | None) -> None:
    """Both bounds are inclusive; None is no bound."""
    for field, bound in (("extension_min", low), ("extension_max", high)):
        if bound is not None and not 0 <= bound <= HIGHEST_EXTENSION:
            raise Refused("extension-range-shape", field=field)
    if low is not None and high is not None and low > high:
        raise Refused("extension-range-order", field="extension_min")


def check_limits(max_subscribers: int | None, max_calls: int | None) -> None:
    for field, limit, most in (("max_subscribers", max_subscribers, MOST_LINES), ("max_calls", max_calls, MOST_CALLS)):
        if limit is not None and not 1 <= limit <= most:
            raise Refused("limit-shape", field=field, most=most)


def check_limit(max_subscribers: int | None, used: int) -> None:
    """Groups count. None is no limit."""
    if max_subscribers is not None and max_subscribers < used:
        raise Refused("limit-under-use", field="max_subscribers", used=used)


def check_vat_rate(rate: Decimal) -> Decimal:
    """In per cent, to the hundredth."""
    if not rate.is_finite() or not 0 <= rate <= 100:
        raise Refused("vat-rate", field="vat_rate")
    return rate.quantize(Decimal("0.01"))
