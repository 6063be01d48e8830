"""Events by what people look for."""

from collections.abc import Mapping
from enum import StrEnum

from portal.core.i18n import N_


class Kind(StrEnum):
    SIGN_INS = "sign-ins"
    SECRETS = "secrets"
    PEOPLE = "people"
    NUMBERS = "numbers"
    SETTINGS = "settings"
    HANDLING = "handling"
    VIEWS = "views"
    TRAFFIC = "traffic"


WORDS: Mapping[Kind, str] = {
    Kind.SIGN_INS: N_("Sign-ins"),
    Kind.SECRETS: N_("Passwords and factors"),
    Kind.PEOPLE: N_("People and extensions"),
    Kind.NUMBERS: N_("Numbers"),
    Kind.SETTINGS: N_("Settings"),
    Kind.HANDLING: N_("Call handling"),
    Kind.VIEWS: N_("Staff views"),
    Kind.TRAFFIC: N_("Calls and mails"),
}

EVENTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.SIGN_INS: (
        "signed-in",
        "sign-in-failed",
        "signed-out",
        "factor-failed",
        "recovery-code-used",
        "session-ended",
        "sessions-ended",
        "wait-lifted",
    ),
    Kind.SECRETS: (
        "password-changed",
        "web-password-set",
        "sip-password-renewed",
        "import-passwords-taken",
        "reset-sent",
        "password-reset",
        "totp-added",
        "totp-removed",
        "recovery-codes-made",
        "passkey-added",
        "passkey-renamed",
        "passkey-removed",
        "factors-cleared",
        "provider-linked",
        "provider-unlinked",
    ),
    Kind.PEOPLE: (
        "contact-created",
        "contact-changed",
        "contact-removed",
        "customer-created",
        "customer-changed",
        "customer-started",
        "customer-locked",
        "customer-unlocked",
        "customer-terminated",
        "line-created",
        "group-created",
        "group-changed",
        "group-members-changed",
        "profile-added",
        "profile-changed",
        "profile-removed",
        "profile-given",
        "default-profile-changed",
        "phonebook-entry-added",
        "phonebook-entry-changed",
        "phonebook-entry-removed",
        "phonebook-imported",
        "phonebook-import-undone",
        "import-written",
        "import-undone",
        "line-changed",
        "device-signed-off",
        "trusted-source-added",
        "trusted-source-changed",
        "trusted-source-removed",
        "extension-created",
        "extension-changed",
        "extension-locked",
        "extension-unlocked",
        "extension-terminated",
        "account-opened",
        "staff-changed",
        "staff-locked",
        "staff-unlocked",
        "staff-terminated",
        "account-changed",
        "email-changed",
        "invited",
        "invitation-accepted",
    ),
    Kind.NUMBERS: (
        "base-number-changed",
        "numbers-added",
        "number-assigned",
        "number-returned",
        "numbers-released",
        "block-added",
        "block-granted",
        "block-taken-back",
        "block-split",
        "block-changed",
        "block-removed",
    ),
    Kind.SETTINGS: (
        "reseller-created",
        "reseller-changed",
        "reseller-locked",
        "reseller-unlocked",
        "reseller-terminated",
        "contract-added",
        "contract-changed",
        "contract-state-changed",
        "peering-group-added",
        "peering-group-changed",
        "peering-group-removed",
        "peering-server-added",
        "peering-server-changed",
        "peering-server-removed",
        "domain-added",
        "domain-changed",
        "domain-removed",
        "host-added",
        "host-changed",
        "host-proved",
        "host-removed",
        "languages-changed",
        "theme-draft-begun",
        "theme-draft-changed",
        "theme-draft-discarded",
        "theme-published",
        "theme-rolled-back",
        "theme-taken-off",
        "theme-preview-added",
        "theme-preview-ended",
        "service-class-added",
        "service-class-changed",
        "service-class-removed",
        "mail-template-changed",
        "mail-template-reset",
        "single-sign-on-changed",
        "sign-in-rules-changed",
    ),
    Kind.HANDLING: (
        "forward-added",
        "forward-changed",
        "forward-removed",
        "handling-changed",
        "blocking-changed",
        "speed-dial-changed",
        "handling-copied",
        "time-set-added",
        "time-set-changed",
        "time-set-removed",
        "caller-list-added",
        "caller-list-changed",
        "caller-list-removed",
    ),
    Kind.VIEWS: ("view-started", "view-ended"),
    Kind.TRAFFIC: ("calls-imported", "jobs-hastened", "mail-repeated"),
}

CONTRACTS = frozenset({"contract-added", "contract-changed", "contract-state-changed"})
OF_COMPANIES = tuple(kind for kind in Kind if kind is not Kind.SETTINGS)  # what happens within a company

_KINDS = {event: kind for kind, events in EVENTS.items() for event in events}


def kind_of(event: str) -> Kind | None:
    """None for what this version of the portal does not know."""
    return _KINDS.get(event)
