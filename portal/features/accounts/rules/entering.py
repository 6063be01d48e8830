"""Names as they are typed, how long to wait after failed sign-ins, and what is owed before anything else."""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from portal.core.errors import declare
from portal.core.i18n import N_
from portal.core.permissions import Owed

declare("sign-in-failed", N_("User name or password is not right."))
declare("sign-in-wait", N_("Too many attempts. Try again in %(wait)s."))
declare("viewing", N_("You are viewing as somebody else: passwords, second factors and sessions are theirs alone."))
declare("no-address", N_("There is no e-mail address to send this to, neither the person’s own nor the company’s."))
declare("invited-already", N_("This person has chosen a password already. Send a link to a new one instead."))
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
ASKING = Patience(free=3, longest=timedelta(minutes=10))  # for links by mail
TOLD_AT = 10  # failures after which the owner is told, at most once a day
FORGOTTEN_AFTER = timedelta(hours=1)
LONGEST_NAME = 255  # of what is typed to sign in


def place(address: str) -> str:
    """What every connection has: an IPv4 address, or an IPv6 network of 2⁶⁴ addresses."""
    return places(address)[0]


def places(address: str) -> tuple[str, ...]:
    """The place, and what one attacker can hold without effort: of IPv6, 2¹⁶ such networks."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return (address,)
    if isinstance(parsed, ipaddress.IPv4Address):
        return (str(parsed),)
    if parsed.ipv4_mapped:
        return (str(parsed.ipv4_mapped),)
    return tuple(str(ipaddress.IPv6Network((int(parsed), bits), strict=False)) for bits in (64, 48))


def split_name(typed: str) -> tuple[str, str | None]:
    """The name as it is stored, and the part behind the last @ if there is one."""
    name = typed.strip().lower()
    user, at, domain = name.rpartition("@")
    return (user, domain) if at else (name, None)


def owed(
    *, method: str, given: bool, age: timedelta | None, password_days: int | None, factor_required: bool
) -> Owed | None:
    """What has to be done before anything else.

    `given`: the password was set by somebody else; `age`: of the password. Whoever comes from a single sign-on provider uses
    no password here, and has shown there what is asked for; a passkey is a second factor itself.
    """
    if method == "provider":
        return None
    expired = password_days is not None and age is not None and age > timedelta(days=password_days)
    if given or expired:
        return Owed.PASSWORD
    return Owed.FACTOR if factor_required and method != "passkey" else None
