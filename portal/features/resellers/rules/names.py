"""Names that reach the world: hosts and SIP domains."""

import re

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
LONGEST_DOMAIN, LONGEST_HOST = 127, 253

declare("reseller-name-taken", N_("There is a reseller of this name already."))
declare("reseller-closed", N_("This provider is locked or has ended; nothing can be added at the moment."))
declare("host-taken", N_("This address is in use already."))
declare("domain-taken", N_("This SIP domain is in use already."))
declare("name-no-host", N_("“%(name)s” is not a host name. It looks like phone.example.com."))
declare("name-is-address", N_("“%(name)s” is an IP address. Use a name: phones keep it when the address changes."))


def host_name(typed: str, *, field: str, longest: int = LONGEST_HOST) -> str:
    """The name in lower case. Raises Refused for what is no name, and for an IP address."""
    name = typed.strip().rstrip(".").lower()
    if re.fullmatch(r"[0-9.]+", name) or ":" in name:
        raise Refused("name-is-address", field=field, name=typed)
    labels = name.split(".")
    if len(labels) < 2 or len(name) > longest or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused("name-no-host", field=field, name=typed)
    return name
