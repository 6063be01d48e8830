"""What can be said of a peer and its servers."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.resellers.rules import host_name

LONGEST_NAME, LONGEST_HOST = 127, 253
HIGHEST = 9  # the last priority that is tried
HEAVIEST = 100
MOST_GROUPS, MOST_SERVERS = 50, 20
TRANSPORTS = ("udp", "tcp")
_BROADCAST = IPv4Address("255.255.255.255")

declare("peer-name", N_("Give it a name of at most %(longest)s characters."))
declare("peer-host", N_("“%(host)s” is neither the name of a host nor an address that calls can go to."))
declare("peer-number", N_("Type a number from %(low)s to %(high)s."))
declare("peer-transport", N_("Choose one of the offered protocols."))
declare("peer-contract", N_("This contract has ended or is none with a peering partner. Choose another one."))
declare("peering-group-name-taken", N_("There is a peer of this name already."))
declare("peering-server-taken", N_("Another server has this address, port and protocol already."))
declare("peers-full", N_("There can be %(most)s peers at most."))
declare("peer-servers-full", N_("A peer has %(most)s servers at most."))


def check_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused("peer-name", field="name", longest=LONGEST_NAME)
    return name


def check_number(value: int, high: int, *, field: str) -> int:
    if not 1 <= value <= high:
        raise Refused("peer-number", field=field, low=1, high=high)
    return value


def check_transport(typed: str) -> str:
    if typed not in TRANSPORTS:
        raise Refused("peer-transport", field="transport")
    return typed


def host(typed: str) -> str:
    """A name or an address as it is stored. Peers may be in the own network, so any address that can be called will do."""
    text = typed.strip()
    address = _address(text)
    if address is None:
        try:
            return host_name(text, field="host", longest=LONGEST_HOST)
        except Refused:
            raise Refused("peer-host", field="host", host=text) from None
    if address.is_unspecified or address.is_multicast or address == _BROADCAST:
        raise Refused("peer-host", field="host", host=text)
    return str(address)


def is_address(stored: str) -> bool:
    return _address(stored) is not None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip("[]"))
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped or (None if found.scope_id else found)
    return found
