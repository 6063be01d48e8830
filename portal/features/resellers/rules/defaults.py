"""What lines start with: as their customer has it, else as their SIP domain."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home
from portal.core.zones import is_zone

LONGEST_RING = 3600
LONGEST_AREA_CODE = 7
ZERO_STAYS = frozenset({"39"})  # in Italy it is dialled from abroad, too

# Lock levels that a line may start with.
RESTRICTIONS: Mapping[int, str] = {
    0: N_("No restriction"),
    1: N_("Calls inside only"),
    2: N_("No outgoing calls"),
    3: N_("No calls at all"),
}

declare("home-country", N_("“%(typed)s” is no country code. Germany’s is 49, for example."))
declare("home-area", N_("“%(typed)s” is no area code. It has up to 7 digits, or is left empty where there are none."))
declare("zone-unknown", N_("This is no time zone that we know."))
declare("default-restriction", N_("Choose one of the offered restrictions."))
declare("default-ring", N_("Type a number from %(low)s to %(high)s."))


class OfDomain(Protocol):
    """A SIP domain."""

    @property
    def lock_level(self) -> int: ...
    @property
    def ring_seconds(self) -> int | None: ...
    @property
    def hide_number(self) -> bool: ...


class OfCustomer(Protocol):
    """A customer; what is None there is as the SIP domain has it."""

    @property
    def lock_level(self) -> int | None: ...
    @property
    def ring_seconds(self) -> int | None: ...
    @property
    def hide_number(self) -> bool | None: ...
    @property
    def language(self) -> str | None: ...


@dataclass(frozen=True)
class Defaults:
    """`ring_seconds` None: as long as the platform rings. `language` None: whichever the browser or the SIP domain says."""

    lock_level: int = 0
    ring_seconds: int | None = None
    hide_number: bool = False
    language: str | None = None


def defaults_of(domain: OfDomain, customer: OfCustomer | None = None) -> Defaults:
    """What a new line starts with.

    A domain's language is none that a line is given: it counts anyway for whoever has chosen none, also when it changes later.
    """
    if customer is None:
        return Defaults(domain.lock_level, domain.ring_seconds, domain.hide_number)
    return Defaults(
        lock_level=domain.lock_level if customer.lock_level is None else customer.lock_level,
        ring_seconds=domain.ring_seconds if customer.ring_seconds is None else customer.ring_seconds,
        hide_number=domain.hide_number if customer.hide_number is None else customer.hide_number,
        language=customer.language,
    )


def check_defaults(lock_level: int, ring_seconds: int | None) -> None:
    if lock_level not in RESTRICTIONS:
        raise Refused("default-restriction", field="lock_level")
    if ring_seconds is not None and not 1 <= ring_seconds <= LONGEST_RING:
        raise Refused("default-ring", field="ring_seconds", low=1, high=LONGEST_RING)


def home(cc: str, ac: str) -> Home:
    """Where a number without country and area code belongs; typed with or without plus and leading zero."""
    country = re.sub(r"[\s+]", "", cc).removeprefix("00")
    if not country.isascii() or not country.isdigit() or int(country) not in COUNTRY_CODE_TO_REGION_CODE or country[0] == "0":
        raise Refused("home-country", field="cc", typed=cc.strip())
    area = re.sub(r"[\s()/-]", "", ac)
    if country not in ZERO_STAYS:
        area = area.removeprefix("0")
    if not re.fullmatch(rf"[0-9]{{0,{LONGEST_AREA_CODE}}}", area, re.ASCII):
        raise Refused("home-area", field="ac", typed=ac.strip())
    return Home(country, area)


def check_zone(name: str) -> str:
    if not is_zone(name):
        raise Refused("zone-unknown", field="time_zone")
    return name
