"""What a customer may be called."""

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.lines import one_line

LONGEST_NAME = 127
LONGEST_EXTERNAL = 255

declare("customer-name", N_("Give the customer a name of at most %(longest)s characters."))
declare("contact-choice", N_("Choose which contact is meant."))
declare("external-id-long", N_("Use at most %(longest)s characters for the external #."))


def check_name(typed: str) -> str:
    name = one_line(typed)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused("customer-name", field="name", longest=LONGEST_NAME)
    return name


def check_external_id(typed: str | None) -> str | None:
    """What another system calls the customer. Several may have the same."""
    text = one_line(typed or "")
    if len(text) > LONGEST_EXTERNAL:
        raise Refused("external-id-long", field="external_id", longest=LONGEST_EXTERNAL)
    return text or None
