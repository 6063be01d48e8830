"""Numbers that can always be called, whatever a line blocks."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

import phonenumbers
from phonenumbers.shortnumberinfo import is_emergency_number

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home
from portal.features.callhandling.rules.patterns import EVERY, matches

EVERYWHERE = frozenset({"110", "112"})

declare("blocks-emergency", N_("%(number)s is an emergency number and can always be called. Take %(pattern)s out of the list."))


def emergency_numbers(home: Home) -> frozenset[str]:
    """As they are dialled."""
    return _of_country(home.cc)


def emergency_by_country() -> Mapping[str, frozenset[str]]:
    """Of every country code that there is."""
    return {str(cc): _of_country(str(cc)) for cc in phonenumbers.COUNTRY_CODE_TO_REGION_CODE}


@lru_cache(maxsize=256)
def _of_country(cc: str) -> frozenset[str]:
    country = phonenumbers.region_code_for_country_code(int(cc))
    return EVERYWHERE | {str(number) for number in range(10, 1000) if is_emergency_number(str(number), country)}


def check_emergency(patterns: Iterable[str], home: Home, *, field: str) -> None:
    """For what is to be blocked. “Every number” is every one but these; whoever types less means them."""
    for pattern in patterns:
        meant = sorted(number for number in emergency_numbers(home) if matches(pattern, number, home))
        if meant and pattern != EVERY:
            raise Refused("blocks-emergency", field=field, number=meant[0], pattern=pattern)
