"""When a mail of each kind is written, in words, and what keeps own words from being tried."""

from collections.abc import Mapping

from portal.core.errors import declare
from portal.core.i18n import N_

declare("mail-tried-often", N_("You have had many of these mails in the last hour. Look at the preview, or wait a while."))
declare("mail-no-address", N_("Your account has no e-mail address to send it to."))
declare("mail-not-own", N_("These are the usual words already."))

WRITTEN: Mapping[str, str] = {
    "confirm_email": N_("To a new address, when somebody changes theirs"),
    "email_changed": N_("To the address before, when it was changed"),
    "factor_changed": N_("When an app, a passkey or recovery codes are added or removed"),
    "guessed": N_("When somebody keeps trying wrong passwords"),
    "invitation": N_("When somebody gets a line and an account"),
    "new_device": N_("After a sign-in from a device that was not seen before"),
    "new_phone": N_("When a phone that was not seen before signs in at a line"),
    "password_changed": N_("After a new password"),
    "password_reset": N_("When somebody has forgotten the password"),
    "provider_linked": N_("After the first sign-in with single sign-on"),
    "recovery_code_used": N_("After a sign-in with a recovery code"),
    "staff_invitation": N_("When somebody joins your staff"),
}
