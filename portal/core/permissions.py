"""Who may what: permissions are words, granted to roles on this one page."""

from enum import StrEnum, auto


class Role(StrEnum):
    OPERATOR = auto()
    RESELLER = auto()
    CARE = auto()
    PILOT = auto()
    SUBSCRIBER = auto()


class P(StrEnum):
    RESELLERS_VIEW = auto()
    DOMAINS_VIEW = auto()
    CUSTOMERS_VIEW = auto()
    EXTENSIONS_VIEW = auto()
    EXTENSIONS_EDIT = auto()
    NUMBERS_VIEW = auto()
    NUMBERS_EDIT = auto()
    CALLS_VIEW = auto()  # of the own line
    CALLS_COMPANY = auto()  # of everybody in the company


STAFF = frozenset({Role.OPERATOR, Role.RESELLER, Role.CARE})

GRANTS: dict[Role, frozenset[P]] = {
    Role.OPERATOR: frozenset({P.RESELLERS_VIEW, P.DOMAINS_VIEW, P.CUSTOMERS_VIEW}),
    Role.RESELLER: frozenset({P.DOMAINS_VIEW, P.CUSTOMERS_VIEW}),
    Role.CARE: frozenset({P.DOMAINS_VIEW, P.CUSTOMERS_VIEW}),
    Role.PILOT: frozenset({P.EXTENSIONS_VIEW, P.EXTENSIONS_EDIT, P.NUMBERS_VIEW, P.NUMBERS_EDIT, P.CALLS_VIEW, P.CALLS_COMPANY}),
    Role.SUBSCRIBER: frozenset({P.CALLS_VIEW}),
}
