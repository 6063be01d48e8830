"""Passwords that are good enough, names as they are typed, and how long to wait after failed sign-ins."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from zoneinfo import available_timezones

from zxcvbn import zxcvbn

from portal.core import i18n
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.permissions import Owed

SHORTEST, LONGEST = 12, 128
STRONG_ENOUGH = 3  # zxcvbn: 0 guessed at once … 4 very hard to guess
LOOKED_AT = 72  # more would only cost time

declare("password-short", N_("Use at least %(shortest)s characters."))
declare("password-long", N_("Use at most %(longest)s characters."))
declare("password-own-name", N_("The password must not contain your own name or user name."))
declare("password-weak", N_("This password is easy to guess. Three or four words that do not belong together make a good one."))
declare("password-repeat", N_("The two passwords are not the same."))
declare("password-wrong", N_("This is not your current password."))
declare("password-used-before", N_("You had this password before. Choose one that is not among the last %(remembered)s."))
declare("password-same", N_("This is the password that you have now. Choose another one."))
declare("sign-in-failed", N_("User name or password is not right."))
declare("sign-in-wait", N_("Too many attempts. Try again in %(wait)s."))
declare("viewing", N_("You are viewing as somebody else: passwords, second factors and sessions are theirs alone."))
declare("web-user-taken", N_("Somebody here already signs in with this name."))


@dataclass(frozen=True)
class Patience:
    """So many failures cost nothing; from then on the wait doubles, up to a limit."""

    free: int
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        if failures <= self.free:
            return timedelta(0)
        return min(timedelta(seconds=2 ** min(failures - self.free, 20)), self.longest)


# One person (on a known device, or at one place) waits longest. Name and place, which others can spoil, never make
# anybody wait more than half a minute, and the name not even that at a place where it has not failed lately.
ONE_PERSON = Patience(free=4, longest=timedelta(minutes=15))
ACCOUNT = Patience(free=20, longest=timedelta(seconds=30))
PLACE = Patience(free=40, longest=timedelta(seconds=30))
FORGOTTEN_AFTER = timedelta(hours=1)


def check_password(password: str, names: tuple[str, ...]) -> None:
    """The policy for web passwords. Raises Refused at the field “password”."""
    if len(password) < SHORTEST:
        raise Refused("password-short", field="password", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Refused("password-long", field="password", longest=LONGEST)
    lowered = password.casefold()
    if any(part in lowered for part in _name_parts(names)):
        raise Refused("password-own-name", field="password")
    if zxcvbn(password[:LOOKED_AT], user_inputs=list(names))["score"] < STRONG_ENOUGH:
        raise Refused("password-weak", field="password")


def _name_parts(names: tuple[str, ...]) -> set[str]:
    words = {word for name in names for word in name.casefold().replace("@", " ").replace(".", " ").split()}
    return {word for word in words if len(word) >= 4}


def place(address: str) -> str:
    """What one attacker holds: an IPv4 address, or the network of 2⁶⁴ addresses that every IPv6 connection has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


def split_name(typed: str) -> tuple[str, str | None]:
    """The name as it is stored, and the part behind the last @ if there is one."""
    name = typed.strip().lower()
    user, at, domain = name.rpartition("@")
    return (user, domain) if at else (name, None)


def owed(
    *, method: str, given: bool, age: timedelta | None, password_days: int | None, factor_required: bool
) -> Owed | None:
    """What has to be done before anything else.

    `given`: the password was set by somebody else; `age`: of the password. Whoever came with a passkey, or from a single
    sign-on provider, did not use the password, and has shown a second factor already.
    """
    if method in {"passkey", "provider"}:
        return None
    expired = password_days is not None and age is not None and age > timedelta(days=password_days)
    if given or expired:
        return Owed.PASSWORD
    return Owed.FACTOR if factor_required else None


REGIONS: Mapping[str, str] = {
    "Africa": N_("Africa"),
    "America": N_("America"),
    "Antarctica": N_("Antarctica"),
    "Arctic": N_("Arctic"),
    "Asia": N_("Asia"),
    "Atlantic": N_("Atlantic"),
    "Australia": N_("Australia"),
    "Europe": N_("Europe"),
    "Indian": N_("Indian Ocean"),
    "Pacific": N_("Pacific"),
}


@cache
def time_zones() -> Mapping[str, tuple[str, ...]]:
    """The zones of each region that people live by, for example {"Europe": ("Europe/Amsterdam", …)}."""
    names = sorted(available_timezones())
    return {region: tuple(name for name in names if name.startswith(f"{region}/")) for region in REGIONS}


def place_of(time_zone: str) -> str:
    """A zone as people say it: “Buenos Aires”."""
    known = i18n.babel_locale(i18n.current()).time_zones.get(time_zone, {}).get("city")
    return known or time_zone.rpartition("/")[2].replace("_", " ")
