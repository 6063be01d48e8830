"""Which e-mail addresses are taken down."""

from portal.core import addresses
from portal.core.errors import Refused, declare
from portal.core.i18n import N_

declare("email-long", N_("Use at most %(longest)s characters for the e-mail address."))
declare("email-shape", N_("This does not look like an e-mail address."))


def check_email(typed: str) -> str:
    """The address without blanks around it. Raises Refused at the field “email”."""
    email = typed.strip()
    if len(email) > addresses.LONGEST:
        raise Refused("email-long", field="email", longest=addresses.LONGEST)
    if not addresses.is_address(email):
        raise Refused("email-shape", field="email")
    return email
