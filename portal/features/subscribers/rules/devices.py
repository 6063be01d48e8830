"""What telephones call themselves, and where they are, in plain words."""

import re
from dataclasses import dataclass

from portal.core import i18n
from portal.core.i18n import N_

LONGEST = 60  # of what somebody else has written
_VERSION = re.compile(r"(?<![\w.])[vr]{0,2}(\d+(?:\.\d+)+\w*(?:[.-]\w+)*)")
_BRANDS = tuple(
    (re.compile(found, re.IGNORECASE), said)
    for found, said in (
        (r"^avm fritz!", "FRITZ!"),
        (r"^cisco[-/ ]", "Cisco "),
        (r"^fpbx$", "FreePBX"),
        (r"^grandstream[-/ ]", "Grandstream "),
        (r"^linphone ?(android|iphone|ios|desktop)$", r"Linphone \1"),
        (r"^mitel[-/ ]", "Mitel "),
        (r"^polycom(?:vvx)?[-/ ]", "Polycom "),
        (r"^snom ?-?", "Snom "),
        (r"^yealink (?:sip[- ])?", "Yealink "),
        (r"^z$", "Zoiper"),
        (r"[- ](?:ua|release|version)$", ""),
    )
)
_PLACE = re.compile(r"^(?P<secure>sips)?(?:sip)?:(?:[^@]*@)?(?P<host>\[[0-9a-f:.]+\]|[^:;>?\s\[\]]+)", re.IGNORECASE)
_TRANSPORT = re.compile(r";transport=([a-z]{2,4})\b", re.IGNORECASE)
_TRANSPORTS = {"udp": "UDP", "tcp": "TCP", "tls": "TLS", "ws": "WebSocket", "wss": "WebSocket"}


@dataclass(frozen=True)
class Telephone:
    """“Yealink T46S”, “66.86.0.15”; what nobody can read has no name."""

    name: str
    version: str

    def __str__(self) -> str:
        """In the language of the reader."""
        return self.name or i18n.gettext(N_("Unknown phone"))


def telephone(user_agent: str) -> Telephone:
    said = "".join(sign if sign.isprintable() else " " for sign in user_agent)
    found = _VERSION.search(said)
    name = said[: found.start()] if found else said.partition("(")[0]
    version = found.group(1) if found else ""
    name = " ".join(name.replace("_", " ").replace("/", " ").split()).strip(" -;,:([")
    if not name:
        return Telephone(" ".join(said.split())[:LONGEST], "")
    for brand, word in _BRANDS:
        name = brand.sub(word, name)
    return Telephone(" ".join(name.split())[:LONGEST], version[:LONGEST])


@dataclass(frozen=True)
class Whereabouts:
    """An address without the port, and the way that SIP takes; empty what is not known."""

    address: str
    transport: str


def whereabouts(contact: str, received: str | None = None, socket: str | None = None) -> Whereabouts:
    """`received`: where it was heard from, which counts; `socket`: where of the switch, like “tls:203.0.113.1:5061”."""
    heard = received or contact
    found = _PLACE.search(heard)
    if found is None:
        return Whereabouts("", "")
    named = _TRANSPORT.search(heard) or _TRANSPORT.search(contact)
    way = named.group(1) if named else (socket or "").partition(":")[0] or ("tls" if found["secure"] else "udp")
    return Whereabouts(found["host"].strip("[]")[:LONGEST], _TRANSPORTS.get(way.lower(), ""))
