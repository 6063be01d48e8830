"""Names that reach the world: hosts and SIP domains."""

import ipaddress
import re

import idna

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_ADDRESS = re.compile(r"[0-9.]+(:[0-9]*)?|[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%.*)?")
_FRAME = re.compile(r"^https?://|/+$", re.IGNORECASE)  # what comes along when an address is copied from a browser
_DOTS = str.maketrans("。．｡", "...")  # what keyboards of other scripts have for a dot
LONGEST_DOMAIN, LONGEST_HOST = 127, 253
LONGEST_TITLE = 63
RESERVED = frozenset({"example", "invalid", "localhost"})  # RFC 2606 and 6761: the DNS of the world never has them
PROOF_LABEL = "_portal-proof"

declare("reseller-name-taken", N_("There is a reseller of this name already."))
declare("reseller-closed", N_("This provider is locked or has ended; nothing can be added at the moment."))
declare("host-taken", N_("This address is in use already."))
declare("host-yours", N_("You have this address already."))
declare(
    "domain-taken", N_("This SIP domain is in use already. If it is yours, ask whoever runs the platform: they see who has it.")
)
declare("domain-yours", N_("You have this SIP domain already."))
declare("domain-gone", N_("This SIP domain has just been removed. Choose another one."))
declare("domain-in-use", N_("Lines live in this SIP domain. It can be removed when none is left."))
declare("name-no-host", N_("“%(name)s” is not a host name. It looks like phone.example.com."))
declare("name-too-long", N_("This name is too long. It may have %(longest)s characters."))
declare("name-is-address", N_("“%(name)s” is an IP address. Use a name: phones keep it when the address changes."))
declare("title-too-long", N_("Use at most %(longest)s characters."))


def host_name(typed: str, *, field: str, longest: int = LONGEST_HOST) -> str:
    """The name in lower case, in the letters of the DNS. Raises Refused for what is no name, and for an IP address."""
    name = _FRAME.sub("", typed.strip().translate(_DOTS)).rstrip(".")
    if is_address(name):
        raise Refused("name-is-address", field=field, name=typed.strip())
    spelled = _spelled(name)
    labels = spelled.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused("name-no-host", field=field, name=typed.strip())
    if len(spelled) > longest:
        raise Refused("name-too-long", field=field, longest=longest)
    return spelled


def domain_name(typed: str, *, field: str = "domain", addresses: bool = False) -> str:
    """The same for a SIP domain. `addresses`: an IP address will do, as it does while developing."""
    name = typed.strip()
    if addresses and is_ip(name.strip("[]")):
        return str(ipaddress.ip_address(name.strip("[]")))
    return host_name(name, field=field, longest=LONGEST_DOMAIN)


def is_address(name: str) -> bool:
    """Also what somebody takes for one, like 10.1.2."""
    return bool(_ADDRESS.fullmatch(name.strip("[]")))


def is_ip(name: str) -> bool:
    """Whether a stored name is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _spelled(name: str) -> str:
    """In ASCII, as names of other scripts travel; what cannot be spelled stays as it is, and is no name then."""
    if name.isascii() and "xn--" not in name.lower():
        return name.lower()
    try:
        return idna.encode(name, uts46=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError):
        return name


def readable(name: str) -> str:
    """As people write it: “telefon.münchen.example” for “telefon.xn--mnchen-3ya.example”."""
    if "xn--" not in name:
        return name
    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return name


def is_reserved(name: str) -> bool:
    return name.rpartition(".")[2] in RESERVED


def proof_name(host: str) -> str:
    """Where the record stands that proves whose a host is."""
    return f"{PROOF_LABEL}.{host}"


def clean_title(typed: str | None) -> str | None:
    """Whose telephone system it is for; None for nobody's in particular."""
    title = " ".join((typed or "").split())
    if len(title) > LONGEST_TITLE:
        raise Refused("title-too-long", field="title", longest=LONGEST_TITLE)
    return title or None
