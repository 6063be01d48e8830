"""Which e-mail addresses are taken down."""

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

LONGEST_EMAIL = 255

declare("email-long", N_("Use at most %(longest)s characters for the e-mail address."))
declare("email-shape", N_("This does not look like an e-mail address."))


def check_email(typed: str) -> str:
    """The address without blanks around it. Raises Refused at the field “email”."""
    email = typed.strip()
    local, at, domain = email.rpartition("@")
    if not (at and local and "." in domain.strip(".") and domain == domain.strip(".")) or any(sign.isspace() for sign in email):
        raise Refused("email-shape", field="email")
    if len(email) > LONGEST_EMAIL:
        raise Refused("email-long", field="email", longest=LONGEST_EMAIL)
    return email
