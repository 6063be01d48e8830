"""Trunks that do not register: from which addresses their calls may come, and where calls to them go."""

import re
from ipaddress import AddressValueError, IPv4Network, IPv6Network, NetmaskValueError, ip_network

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.resellers.rules import host_name

Network = IPv4Network | IPv6Network

PROTOCOLS = ("any", "udp", "tcp", "tls")
MOST_SOURCES = 20
LONGEST_HOP = 255
LONGEST_CALLERS = 42
_WIDEST = {4: 24, 6: 56}
_ONE = {4: 32, 6: 128}
# What regulators keep for manuals is nobody's on the Internet; it does no harm, and manuals and demos need it.
_FOR_MANUALS = tuple(ip_network(one) for one in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"))
_SHARED = ip_network("100.64.0.0/10")  # between a provider and its customers (RFC 6598)
_MAPPED = ip_network("::ffff:0:0/96")
_HOP = re.compile(
    r"(?P<scheme>sips?):(?P<host>\[[0-9a-f:.]+\]|[^\[\]:;/?@\s]+)(?::(?P<port>[0-9]{1,5}))?(?P<rest>;.*)?", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[\s()/.-]+")
_ABROAD = re.compile(r"^(\+|00)")
_CALLERS = re.compile(rf"[0-9*?]{{1,{LONGEST_CALLERS}}}")
_TRANSPORT = re.compile(r";transport=(udp|tcp|tls)", re.IGNORECASE)

declare("source-shape", N_("“%(typed)s” is no address. It looks like 203.0.113.7 or 203.0.113.0/28."))
declare("source-private", N_("“%(typed)s” is not a public address: from there nobody’s calls can arrive."))
declare(
    "source-wide",
    N_("“%(typed)s” is too large a range. An IPv4 range has 256 addresses at most, an IPv6 range is a /56 or smaller."),
)
declare("source-protocol", N_("Choose one of the offered protocols."))
declare("source-taken", N_("This address, or a part of the range, belongs to a trunk already."))
declare("source-needed", N_("A trunk that does not register needs at least one address that its calls come from."))
declare(
    "source-last",
    N_("This is the only address that calls of the trunk may come from. Add another one first, or let it register."),
)
declare("sources-full", N_("A trunk has %(most)s trusted addresses at most."))
declare("source-callers", N_("Type numbers as the trunk sends them, like 49305550*: digits, * for any and ? for one."))
declare("source-changed", N_("Somebody has changed this trunk meanwhile. See whether it still fits, and save once more."))
declare("hop-shape", N_("Type where calls go, like sip:pbx.example.com:5060."))
declare("hop-host", N_("“%(host)s” is neither the name of a host nor a public address."))
declare("hop-port", N_("A port is a number from 1 to 65535."))
declare("hop-needed", N_("A trunk that does not register needs to know where its calls go."))
declare("not-a-trunk", N_("This line is no trunk."))


def source(typed: str, *, field: str = "network") -> str:
    """One address or a range as it is stored: “203.0.113.7” or “203.0.113.0/28”. Raises Refused."""
    network = _public(_network(typed, field), typed, field)
    if network.prefixlen < _WIDEST[network.version]:
        raise Refused("source-wide", field=field, typed=typed.strip())
    return str(network.network_address) if network.prefixlen == _ONE[network.version] else str(network)


def _network(typed: str, field: str) -> Network:
    text = typed.strip().strip("[]")
    try:
        found = ip_network(text, strict=False)
    except (ValueError, AddressValueError, NetmaskValueError):
        raise Refused("source-shape", field=field, typed=typed.strip()) from None
    if found.version == 6 and found.subnet_of(_MAPPED):  # type: ignore[arg-type]
        return IPv4Network((int(found.network_address) & 0xFFFFFFFF, found.prefixlen - 96))
    return found


def _public(network: Network, typed: str, field: str) -> Network:
    for_manuals = any(one.version == network.version and network.subnet_of(one) for one in _FOR_MANUALS)  # type: ignore[arg-type]
    shared = network.version == 4 and network.overlaps(_SHARED)
    if not for_manuals and (shared or not (network[0].is_global and network[-1].is_global) or network.is_multicast):
        raise Refused("source-private", field=field, typed=typed.strip())
    return network


def protocol(typed: str) -> str:
    if typed not in PROTOCOLS:
        raise Refused("source-protocol", field="protocol")
    return typed


def callers(typed: str) -> str | None:
    """Which callers a trunk may send from there: digits with * and ?. Nothing means any. Raises Refused.

    How the trunk writes numbers is its own affair; only what stands before a country code is left away, as the switch does.
    """
    bare = _SEPARATORS.sub("", typed)
    if not bare:
        return None
    pattern = _ABROAD.sub("", bare)
    if not _CALLERS.fullmatch(pattern):
        raise Refused("source-callers", field="callers")
    return pattern


def next_hop(typed: str) -> str:
    """Where calls to a trunk go, as it is stored: sip:pbx.example.com:5060;transport=tcp. Raises Refused."""
    found = _HOP.fullmatch("".join(typed.split()))
    if found is None or len(typed) > LONGEST_HOP or not _TRANSPORT.fullmatch(found["rest"] or ";transport=udp"):
        raise Refused("hop-shape", field="next_hop")
    if found["port"] and not 1 <= int(found["port"]) <= 65535:
        raise Refused("hop-port", field="next_hop")
    port = f":{int(found['port'])}" if found["port"] else ""
    return f"{found['scheme'].lower()}:{_host(found['host'])}{port}{(found['rest'] or '').lower()}"


def _host(typed: str) -> str:
    """A name, or a public address."""
    try:
        network = _network(typed, "next_hop")
    except Refused:
        network = None
    try:
        if network is None:
            return host_name(typed, field="next_hop")
        _public(network, typed, "next_hop")
    except Refused:
        raise Refused("hop-host", field="next_hop", host=typed) from None
    address = str(network.network_address)
    return f"[{address}]" if network.version == 6 else address
