"""One's own name and e-mail address."""

from portal.core import addresses
from portal.core.errors import Refused, declare
from portal.core.i18n import N_

declare("name-needed", N_("Please type your name."))
declare("email-shape", N_("This does not look like an e-mail address."))
declare("email-same", N_("This is your address already."))
declare("email-taken", N_("Somebody here already signs in with this address."))
declare("email-needed", N_("You sign in with your address: it can be changed, but not removed."))
declare("email-often", N_("Too many mails were sent in the last hour. Wait a while before you try another address."))


def check_name(name: str) -> str:
    """The name as it is kept. Raises Refused at the field “name”."""
    kept = " ".join(name.split())
    if not kept:
        raise Refused("name-needed", field="name")
    return kept


def check_address(typed: str) -> str:
    """The address with which somebody is to sign in. Raises Refused at the field “email”."""
    address = typed.strip()
    if len(address) > addresses.LONGEST or not addresses.is_address(address):
        raise Refused("email-shape", field="email")
    return address
