"""Several people at once: why somebody is left out, in a few words."""

from collections.abc import Mapping

from portal.core import i18n
from portal.core.errors import Refused, declare
from portal.core.i18n import N_

MOST_TICKED = 100  # as many as a page of the list has

declare("ticked-none", N_("Tick the people first."))
declare("ticked-many", N_("Tick %(most)s people at most."))
declare("ticked-group", N_("Choose a group."))
declare("ticked-profile", N_("This profile has been removed in the meantime."))
declare("ticked-back", N_("This cannot be taken back any more."))
declare("line-gone", N_("This extension has been removed in the meantime."))
declare("ticked-member", N_("This person is in the group already."))
declare("ticked-no-member", N_("This person is not in the group."))
declare("invite-password", N_("This person has a web password already."))
declare("invite-address", N_("This person has no e-mail address."))

WHY: Mapping[str, str] = {
    "line-gone": N_("Removed in the meantime"),
    "lock-none": N_("Not locked"),
    "lock-of-others": N_("Locked by your provider"),
    "ticked-member": N_("Already in the group"),
    "ticked-no-member": N_("Not in the group"),
    "invite-password": N_("With a web password already"),
    "invite-address": N_("Without an e-mail address"),
}


def why(refusal: Refused) -> str:
    """Why one of several was left out."""
    return i18n.gettext(WHY[refusal.code]) if refusal.code in WHY else refusal.sentence().removesuffix(".")
