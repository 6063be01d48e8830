"""Who may what: permissions are words, granted to roles on this one page."""

from enum import StrEnum, auto


class Role(StrEnum):
    OPERATOR = auto()
    RESELLER = auto()
    CARE = auto()
    PILOT = auto()
    SUBSCRIBER = auto()


class Owed(StrEnum):
    """What somebody who is signed in has to do before anything else."""

    PASSWORD = auto()  # choose a password of their own
    FACTOR = auto()  # set up a second factor


class P(StrEnum):
    RESELLERS_VIEW = auto()
    DOMAINS_VIEW = auto()
    CUSTOMERS_VIEW = auto()
    EXTENSIONS_VIEW = auto()
    EXTENSIONS_EDIT = auto()
    NUMBERS_VIEW = auto()
    NUMBERS_EDIT = auto()
    GROUPS_VIEW = auto()
    GROUPS_EDIT = auto()
    BULK = auto()  # imports, exports, ranges
    CALL_HANDLING = auto()  # of the own line
    CALL_HANDLING_COMPANY = auto()  # of every line of the company, and what they share
    PROFILES_EDIT = auto()  # which features subscribers may use and change
    PHONEBOOK = auto()  # reading the company's, keeping an own one
    PHONEBOOK_COMPANY = auto()  # changing the company's
    CALLS_VIEW = auto()  # of the own line
    CALLS_COMPANY = auto()  # of everybody in the company
    ACCOUNTS_VIEW = auto()  # who can sign in, of all customers
    ACCOUNTS_HELP = auto()  # a link to a new password, waiting lifted, lost factors cleared
    VIEW_AS = auto()
    SIGN_IN_RULES = auto()
    MAILS_VIEW = auto()
    AUDIT_VIEW = auto()


STAFF = frozenset({Role.OPERATOR, Role.RESELLER, Role.CARE})

_CARE = frozenset({P.DOMAINS_VIEW, P.CUSTOMERS_VIEW, P.ACCOUNTS_VIEW, P.ACCOUNTS_HELP, P.VIEW_AS, P.MAILS_VIEW})
_RESELLER = _CARE | {P.SIGN_IN_RULES, P.AUDIT_VIEW}

GRANTS: dict[Role, frozenset[P]] = {
    Role.OPERATOR: _RESELLER | {P.RESELLERS_VIEW},
    Role.RESELLER: _RESELLER,
    Role.CARE: _CARE,
    Role.PILOT: frozenset(
        {
            P.EXTENSIONS_VIEW,
            P.EXTENSIONS_EDIT,
            P.NUMBERS_VIEW,
            P.NUMBERS_EDIT,
            P.GROUPS_VIEW,
            P.GROUPS_EDIT,
            P.BULK,
            P.CALL_HANDLING,
            P.CALL_HANDLING_COMPANY,
            P.PROFILES_EDIT,
            P.PHONEBOOK,
            P.PHONEBOOK_COMPANY,
            P.CALLS_VIEW,
            P.CALLS_COMPANY,
            P.AUDIT_VIEW,
        }
    ),
    Role.SUBSCRIBER: frozenset({P.CALL_HANDLING, P.PHONEBOOK, P.CALLS_VIEW}),
}
