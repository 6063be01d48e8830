"""Accounts, customers, extensions, numbers."""

from collections.abc import Mapping

from portal.core.i18n import N_
from portal.features.audit.rules.pairs.pair import Pair

SENTENCES: Mapping[str, Pair] = {
    "signed-in": Pair(N_("You signed in"), N_("%(name)s signed in")),
    "sign-in-failed": Pair(N_("A sign-in failed"), N_("A sign-in as %(name)s failed")),
    "signed-out": Pair(N_("You signed out"), N_("%(name)s signed out")),
    "password-changed": Pair(N_("You changed your web password"), N_("%(name)s chose a new web password")),
    "account-changed": Pair(N_("You changed your settings: %(changes)s"), N_("%(name)s changed their settings: %(changes)s")),
    "account-opened": Pair(N_("You opened the account of %(label)s"), N_("%(name)s opened the account of %(label)s")),
    "reseller-created": Pair(N_("You added the reseller %(label)s"), N_("%(name)s added the reseller %(label)s")),
    "domain-added": Pair(N_("You added the domain %(label)s"), N_("%(name)s added the domain %(label)s")),
    "host-added": Pair(N_("You added the web address %(label)s"), N_("%(name)s added the web address %(label)s")),
    "contact-created": Pair(N_("You added the contact %(label)s"), N_("%(name)s added the contact %(label)s")),
    "customer-created": Pair(N_("You added the customer %(label)s"), N_("%(name)s added the customer %(label)s")),
    "line-created": Pair(N_("You set up %(label)s’s line"), N_("%(name)s set up %(label)s’s line")),
    "base-number-changed": Pair(
        N_("You changed the base number to %(now)s; before: %(was)s"),
        N_("%(name)s changed the base number to %(now)s; before: %(was)s"),
    ),
    "group-created": Pair(
        N_("You created the group %(label)s, %(extension)s"), N_("%(name)s created the group %(label)s, %(extension)s")
    ),
    "extension-created": Pair(
        N_("You added %(label)s as extension %(extension)s"),
        N_("%(name)s added %(label)s as extension %(extension)s"),
    ),
    "extension-changed": Pair(N_("You changed %(label)s: %(changes)s"), N_("%(name)s changed %(label)s: %(changes)s")),
    "extension-locked": Pair(
        N_("You locked %(label)s: %(level)s. Reason: %(reason)s"),
        N_("%(name)s locked %(label)s: %(level)s. Reason: %(reason)s"),
    ),
    "extension-unlocked": Pair(N_("You unlocked %(label)s"), N_("%(name)s unlocked %(label)s")),
    "extension-terminated": Pair(N_("You removed %(label)s"), N_("%(name)s removed %(label)s")),
    "web-password-set": Pair(N_("You set a web password for %(label)s"), N_("%(name)s set a web password for %(label)s")),
    "sip-password-renewed": Pair(
        N_("You made a new SIP password for %(label)s"), N_("%(name)s made a new SIP password for %(label)s")
    ),
    "numbers-added": Pair(N_("You added to the pool: %(numbers)s"), N_("%(name)s added to the pool: %(numbers)s")),
    "number-assigned": Pair(N_("You gave %(label)s %(numbers)s"), N_("%(name)s gave %(label)s %(numbers)s")),
    "number-returned": Pair(N_("You took %(numbers)s from %(label)s"), N_("%(name)s took %(numbers)s from %(label)s")),
    "calls-imported": Pair(N_("You imported calls"), N_("%(name)s imported calls")),
    "invited": Pair(
        N_("You invited %(label)s to sign in"),
        N_("%(name)s invited %(label)s to sign in"),
    ),
    "invitation-accepted": Pair(
        N_("You accepted the invitation and chose a web password"),
        N_("%(name)s accepted the invitation and chose a web password"),
    ),
    "reset-sent": Pair(
        N_("You had a link to a new web password sent to %(label)s"),
        N_("%(name)s had a link to a new web password sent to %(label)s"),
    ),
    "password-reset": Pair(
        N_("You chose a new web password by a mailed link"),
        N_("%(name)s chose a new web password by a mailed link"),
    ),
    "email-changed": Pair(
        N_("You changed your e-mail address to %(now)s; before: %(was)s"),
        N_("%(name)s changed the e-mail address of %(label)s to %(now)s; before: %(was)s"),
    ),
    "factor-failed": Pair(
        N_("A second factor of yours was not right"),
        N_("A second factor of %(label)s was not right"),
    ),
    "totp-added": Pair(
        N_("You set up an authenticator app"),
        N_("%(name)s set up an authenticator app"),
    ),
    "totp-removed": Pair(
        N_("You removed your authenticator app"),
        N_("%(name)s removed their authenticator app"),
    ),
    "recovery-codes-made": Pair(
        N_("You made new recovery codes"),
        N_("%(name)s made new recovery codes"),
    ),
    "recovery-code-used": Pair(
        N_("You used a recovery code"),
        N_("%(name)s used a recovery code"),
    ),
    "passkey-added": Pair(
        N_("You added the passkey “%(passkey)s”"),
        N_("%(name)s added the passkey “%(passkey)s”"),
    ),
    "passkey-renamed": Pair(
        N_("You renamed the passkey “%(was)s” to “%(now)s”"),
        N_("%(name)s renamed the passkey “%(was)s” to “%(now)s”"),
    ),
    "passkey-removed": Pair(
        N_("You removed the passkey “%(passkey)s”"),
        N_("%(name)s removed the passkey “%(passkey)s”"),
    ),
    "factors-cleared": Pair(
        N_("You cleared the second factors of %(label)s"),
        N_("%(name)s cleared the second factors of %(label)s"),
    ),
    "session-ended": Pair(
        N_("You signed out one of your devices"),
        N_("%(name)s signed out one of their devices"),
    ),
    "sessions-ended": Pair(
        N_("You signed out all your other devices"),
        N_("%(name)s signed out all their other devices"),
    ),
    "wait-lifted": Pair(
        N_("You let %(label)s try to sign in again at once"),
        N_("%(name)s let %(label)s try to sign in again at once"),
    ),
    "provider-linked": Pair(
        N_("You linked your account with %(provider)s"),
        N_("%(name)s linked their account with %(provider)s"),
    ),
    "provider-unlinked": Pair(
        N_("You unlinked %(label)s from %(provider)s"),
        N_("%(name)s unlinked %(label)s from %(provider)s"),
    ),
    "single-sign-on-changed": Pair(
        N_("You changed single sign-on"),
        N_("%(name)s changed single sign-on"),
    ),
    "sign-in-rules-changed": Pair(
        N_("You changed the sign-in rules"),
        N_("%(name)s changed the sign-in rules"),
    ),
    "view-started": Pair(
        N_("You began to view as %(label)s. Reason: %(reason)s"),
        N_("%(name)s began to view as %(label)s. Reason: %(reason)s"),
    ),
    "view-ended": Pair(
        N_("You stopped viewing as %(label)s"),
        N_("%(name)s stopped viewing as %(label)s"),
    ),
    "mail-repeated": Pair(
        N_("You had a mail to %(label)s sent again"),
        N_("%(name)s had a mail to %(label)s sent again"),
    ),
}
