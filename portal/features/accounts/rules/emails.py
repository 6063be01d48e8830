"""What is said about e-mail addresses."""

from portal.core.errors import declare
from portal.core.i18n import N_

declare("email-same", N_("This is your address already."))
declare("email-taken", N_("Somebody here already signs in with this address."))
declare("email-needed", N_("You sign in with your address: it can be changed, but not removed."))
declare("email-often", N_("Too many mails were sent in the last hour. Wait a while before you try another address."))
