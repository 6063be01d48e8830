"""What became of mails, in words."""

from collections.abc import Mapping

from portal.core import i18n
from portal.core.errors import declare
from portal.core.i18n import N_

declare("mail-settled", N_("This mail has arrived; it is not sent again."))
declare("mail-gone", N_("What this mail said is not kept any more. Its cause can be repeated instead."))

KINDS: Mapping[str, str] = {
    "confirm_email": N_("New e-mail address to be confirmed"),
    "email_changed": N_("E-mail address changed"),
    "factor_changed": N_("Second factor changed"),
    "guessed": N_("Password being guessed"),
    "invitation": N_("Invitation"),
    "new_device": N_("Sign-in from a new device"),
    "new_phone": N_("New phone at a line"),
    "password_changed": N_("Password changed"),
    "password_reset": N_("Link to a new password"),
    "provider_linked": N_("Linked with single sign-on"),
    "recovery_code_used": N_("Recovery code used"),
    "staff_invitation": N_("Invitation of staff"),
}
STATES: Mapping[str, str] = {
    "queued": N_("On its way"),
    "sent": N_("Sent"),
    "kept": N_("Kept in the mailbox"),
    "refused": N_("Refused"),
    "bounced": N_("Came back"),
}
TROUBLES: Mapping[str, str] = {
    "unset": N_("No mail server is set up yet."),
    "unreachable": N_("The mail server cannot be reached."),
    "encryption": N_("The mail server’s encryption cannot be trusted."),
    "sign-in": N_("The mail server does not let the portal sign in."),
    "later": N_("The mail server asks to try again later: “%(words)s”"),
    "sender": N_("The sender’s own address cannot be used."),
    "sealed": N_("No key of the portal opens this mail any more."),
    "address": N_("No mail can be sent to this address."),
    "refused": N_("The mail server said: “%(words)s”"),
    "bounced": N_("The mail server there said: “%(words)s”"),
}


def kind_words(kind: str) -> str:
    return i18n.gettext(KINDS.get(kind, N_("Mail")))


def state_words(state: str, tries: int) -> str:
    return i18n.gettext(N_("Waiting for another try") if state == "queued" and tries else STATES[state])


def trouble_words(trouble: str | None) -> str:
    """What is in a mail's way, as a sentence; empty when nothing is."""
    code, _, words = (trouble or "").partition(": ")
    return i18n.gettext(TROUBLES[code], words=words) if code in TROUBLES else ""
