"""Who may what: permissions are words, granted to roles on this one page."""

from collections.abc import Iterable
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


class Withheld(StrEnum):
    """What a member of staff is not given, although the role has it."""

    CHANGES = auto()  # may look, not change
    CALLS = auto()  # sees no call records
    BILLING = auto()  # sees nothing of prices, taxes and contracts
    PASSWORDS = auto()  # does not help with passwords and lost factors


class P(StrEnum):
    RESELLERS_VIEW = auto()
    RESELLERS_EDIT = auto()
    CONTRACTS = auto()  # with resellers and peering partners, and their system contacts
    PEERING_VIEW = auto()  # the networks that calls leave to and come from
    PEERING_EDIT = auto()
    HEALTH_VIEW = auto()
    BLOCKS_VIEW = auto()  # number blocks that were granted
    BLOCKS_EDIT = auto()
    BRANDING_EDIT = auto()
    DOMAINS_VIEW = auto()
    DOMAINS_EDIT = auto()  # SIP domains, web hosts, languages
    CONTACTS_VIEW = auto()
    CONTACTS_EDIT = auto()
    CUSTOMERS_VIEW = auto()
    CUSTOMERS_EDIT = auto()
    CUSTOMERS_BILLING = auto()  # taxes, invoices, currency
    CUSTOMER_CALLS = auto()  # call records of any customer
    LINES_VIEW = auto()  # the lines and numbers of any customer
    LINES_EDIT = auto()
    LINES_LOCK = auto()
    SERVICE_CLASSES = auto()  # which features the lines of customers have at all
    STAFF_VIEW = auto()
    STAFF_EDIT = auto()
    MAIL_TEMPLATES = auto()
    SEARCH = auto()
    EXTENSIONS_VIEW = auto()
    EXTENSIONS_EDIT = auto()
    NUMBERS_VIEW = auto()
    NUMBERS_EDIT = auto()
    GROUPS_VIEW = auto()
    GROUPS_EDIT = auto()
    BULK = auto()  # imports, exports, ranges
    CALL_HANDLING = auto()  # of the own line
    CALL_HANDLING_COMPANY = auto()  # of every line of the company, and what they share
    DEVICES_VIEW = auto()  # telephones that are signed in at the own line
    DEVICES_COMPANY = auto()  # at every line of the company
    DEVICES_EDIT = auto()  # signing one off
    PROFILES_EDIT = auto()  # which features subscribers may use and change
    PHONEBOOK = auto()  # reading the company's, keeping an own one
    PHONEBOOK_COMPANY = auto()  # changing the company's
    CALLS_VIEW = auto()  # of the own line
    CALLS_COMPANY = auto()  # of everybody in the company
    CALL_COSTS = auto()  # what the calls that one sees have cost the customer
    ACCOUNTS_VIEW = auto()  # who can sign in, of all customers
    ACCOUNTS_HELP = auto()  # a link to a new password, waiting lifted, lost factors cleared
    VIEW_AS = auto()
    SIGN_IN_RULES = auto()
    MAILS_VIEW = auto()
    AUDIT_VIEW = auto()


STAFF = frozenset({Role.OPERATOR, Role.RESELLER, Role.CARE})

_CARE = frozenset(
    {
        P.DOMAINS_VIEW,
        P.CONTACTS_VIEW,
        P.CONTACTS_EDIT,
        P.CUSTOMERS_VIEW,
        P.CUSTOMER_CALLS,
        P.CALL_COSTS,
        P.LINES_VIEW,
        P.LINES_LOCK,
        P.ACCOUNTS_VIEW,
        P.ACCOUNTS_HELP,
        P.VIEW_AS,
        P.MAILS_VIEW,
        P.SEARCH,
    }
)
_RESELLER = _CARE | {
    P.BLOCKS_VIEW,
    P.BRANDING_EDIT,
    P.DOMAINS_EDIT,
    P.CUSTOMERS_EDIT,
    P.CUSTOMERS_BILLING,
    P.LINES_EDIT,
    P.SERVICE_CLASSES,
    P.STAFF_VIEW,
    P.STAFF_EDIT,
    P.MAIL_TEMPLATES,
    P.SIGN_IN_RULES,
    P.AUDIT_VIEW,
}
_OPERATOR = _RESELLER | {
    P.RESELLERS_VIEW,
    P.RESELLERS_EDIT,
    P.CONTRACTS,
    P.PEERING_VIEW,
    P.PEERING_EDIT,
    P.HEALTH_VIEW,
    P.BLOCKS_EDIT,
}

GRANTS: dict[Role, frozenset[P]] = {
    Role.OPERATOR: _OPERATOR,
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
            P.DEVICES_VIEW,
            P.DEVICES_COMPANY,
            P.DEVICES_EDIT,
            P.PROFILES_EDIT,
            P.PHONEBOOK,
            P.PHONEBOOK_COMPANY,
            P.CALLS_VIEW,
            P.CALLS_COMPANY,
            P.CALL_COSTS,
            P.AUDIT_VIEW,
            P.SEARCH,
        }
    ),
    Role.SUBSCRIBER: frozenset(
        {P.CALL_HANDLING, P.DEVICES_VIEW, P.DEVICES_EDIT, P.PHONEBOOK, P.CALLS_VIEW, P.CALL_COSTS, P.SEARCH}
    ),
}

WITHHOLDS: dict[Withheld, frozenset[P]] = {
    Withheld.CHANGES: frozenset(
        {
            P.RESELLERS_EDIT,
            P.BLOCKS_EDIT,
            P.PEERING_EDIT,
            P.BRANDING_EDIT,
            P.DOMAINS_EDIT,
            P.CONTACTS_EDIT,
            P.CUSTOMERS_EDIT,
            P.LINES_EDIT,
            P.LINES_LOCK,
            P.SERVICE_CLASSES,
            P.STAFF_EDIT,
            P.MAIL_TEMPLATES,
            P.SIGN_IN_RULES,
            P.ACCOUNTS_HELP,
            P.EXTENSIONS_EDIT,
            P.NUMBERS_EDIT,
            P.GROUPS_EDIT,
            P.BULK,
            P.DEVICES_EDIT,
            P.PROFILES_EDIT,
            P.PHONEBOOK_COMPANY,
            P.CALL_HANDLING_COMPANY,
        }
    ),
    Withheld.CALLS: frozenset({P.CUSTOMER_CALLS, P.CALLS_VIEW, P.CALLS_COMPANY}),
    Withheld.BILLING: frozenset({P.CUSTOMERS_BILLING, P.CONTRACTS, P.CALL_COSTS}),
    Withheld.PASSWORDS: frozenset({P.ACCOUNTS_HELP}),
}


def granted(role: Role, withheld: Iterable[str] = ()) -> frozenset[P]:
    """What a role may, without what this person is not given."""
    return GRANTS[role].difference(*(WITHHOLDS[Withheld(one)] for one in withheld))
