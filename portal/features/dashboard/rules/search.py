"""What can be found, and what it is called."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import NamedTuple

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.customers.rules import KIND_TEXTS
from portal.features.subscribers.rules import LINE_WORDS


class Kind(StrEnum):
    """In the order in which it is shown."""

    RESELLERS = auto()
    CUSTOMERS = auto()
    CONTACTS = auto()
    LINES = auto()
    NUMBERS = auto()
    ACCOUNTS = auto()
    DOMAINS = auto()
    EXTENSIONS = auto()
    GROUPS = auto()
    COMPANY_NUMBERS = auto()
    PHONEBOOK = auto()
    CALLERS = auto()


class Leads(NamedTuple):
    """`page`: where a hit leads, an endpoint and the name of its argument; `all`: the list that is filtered alike."""

    title: str
    icon: str
    page: tuple[str, str] | None
    all: str


LEADS: Mapping[Kind, Leads] = {
    Kind.RESELLERS: Leads(N_("Resellers"), "store", ("platform.reseller", "reseller_id"), "platform.resellers"),
    Kind.CUSTOMERS: Leads(N_("Customers"), "building-2", ("customers.show", "customer_id"), "customers.index"),
    Kind.CONTACTS: Leads(N_("Contacts"), "contact", ("contacts.show", "contact_id"), "contacts.index"),
    Kind.LINES: Leads(N_("Lines"), "phone", ("subscribers.line", "staff_line_id"), ""),
    Kind.NUMBERS: Leads(N_("Numbers"), "hash", ("subscribers.line", "staff_line_id"), ""),
    Kind.ACCOUNTS: Leads(N_("Accounts"), "users", ("accounts.people.show", "account_id"), "accounts.people.index"),
    Kind.DOMAINS: Leads(N_("SIP domains"), "globe", ("resellers.domain", "domain_id"), "resellers.domains"),
    Kind.EXTENSIONS: Leads(N_("Extensions"), "users-round", ("pbx.show", "extension_id"), "pbx.extensions"),
    Kind.GROUPS: Leads(N_("Groups"), "phone-call", ("pbx.group", "group_id"), "pbx.groups"),
    Kind.COMPANY_NUMBERS: Leads(N_("Numbers"), "hash", None, "pbx.numbers"),
    Kind.PHONEBOOK: Leads(N_("Phonebook"), "book-user", ("phonebook.show", "entry_id"), "phonebook.index"),
    Kind.CALLERS: Leads(N_("Calls with"), "phone-incoming", None, "calls.list"),
}
SHORT = 6  # digits of an extension or a service number, which are not dialled with a country code
NUMBERS = frozenset({Kind.NUMBERS, Kind.COMPANY_NUMBERS, Kind.CALLERS})  # whose titles are numbers
PEOPLE = frozenset({Kind.LINES, Kind.ACCOUNTS, Kind.EXTENSIONS, Kind.CONTACTS, Kind.CUSTOMERS, Kind.PHONEBOOK})
CUSTOMER_WORDS: Mapping[str, str] = {one.value: text.title for one, text in KIND_TEXTS.items()}


def sort_word(kind: Kind, sort: str | None) -> str:
    """“Residential”, “Trunk”: which of its kind something is, where there are several."""
    if sort is None:
        return ""
    return i18n.gettext(CUSTOMER_WORDS[sort] if kind is Kind.CUSTOMERS else LINE_WORDS[sort])
