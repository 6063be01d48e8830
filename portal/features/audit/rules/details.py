"""What an entry knows besides its sentence: each value in words, old and new side by side."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from babel import UnknownLocaleError

from portal.core import i18n, phone
from portal.core.i18n import N_
from portal.features.audit.rules import looks
from portal.features.audit.rules.pairs import naming, peers
from portal.features.audit.rules.pairs.staff import RIGHTS, ROLES
from portal.features.audit.rules.sentences import CANCEL_MODES, CONTRACT_STATES, LEVELS, OUTGOING, POLICIES, SCHEMES, WHEN

# never a pair of old and new, even with two of them
LISTS = frozenset(
    {"kinds", "numbers", "groups", "keys", "listed", "members", "parts", "rights", "to", "unlisted"}
).union(looks.LISTS, naming.LISTS, peers.LISTS)

# what nobody reads from whom billing is withheld
BILLING = frozenset({"add_vat", "amount", "costs", "currency", "price", "send_invoice", "vat_rate"})

LABELS: Mapping[str, str] = {
    **looks.LABELS,
    **naming.LABELS,
    **peers.LABELS,
    "active": N_("Active"),
    "allocable": N_("Numbers are given out"),
    "authoritative": N_("Numbers live here only"),
    "accounts": N_("Accounts"),
    "add_vat": N_("Tax is added"),
    "added": N_("Added"),
    "all_lines": N_("Lines"),
    "bank_name": N_("Bank"),
    "bic": N_("BIC"),
    "block_incoming": N_("Blocking callers"),
    "block_outgoing": N_("Blocking own calls"),
    "blocks_only": N_("Numbers of own blocks only"),
    "callers": N_("Only these callers"),
    "cancel_mode": N_("When the call ends before an answer"),
    "changed": N_("Changed"),
    "change": N_("Value"),
    "city": N_("City"),
    "client_id": N_("Client ID"),
    "client_secret": N_("Client secret"),
    "company": N_("Company"),
    "contact": N_("Contact"),
    "country": N_("Country"),
    "counter": N_("Counter of the passkey, which a copy does not know"),
    "customers": N_("Customers"),
    "direction": N_("Calls"),
    "device": N_("Phone"),
    "display_name": N_("Name"),
    "domain": N_("SIP domain of new lines"),
    "do_not_disturb": N_("Do not disturb"),
    "email": N_("E-mail"),
    "enabled": N_("Switched on"),
    "extension": N_("Extension"),
    "extension_max": N_("Last extension"),
    "extension_min": N_("First extension"),
    "external_id": N_("External #"),
    "fax_number": N_("Fax"),
    "first_name": N_("First name"),
    "forwarding": N_("Forwarding"),
    "factor_roles": N_("Second factor required for"),
    "groups": N_("Groups"),
    "hidden": N_("Hidden callers blocked"),
    "hide_number": N_("Own number hidden outside"),
    "hide_inside": N_("Own number hidden from colleagues"),
    "hide_outside": N_("Own number hidden outside"),
    "ignore_forwards": N_("Members’ own forwarding is ignored"),
    "iban": N_("IBAN"),
    "issuer": N_("Address of the identity provider"),
    "jobs": N_("Pieces of work"),
    "keys": N_("Keys"),
    "kind": N_("Kind of line"),
    "kinds": N_("New customers that get it"),
    "language": N_("Language"),
    "last_name": N_("Last name"),
    "level": N_("Lock"),
    "lock_level": N_("Call restriction of new lines"),
    "max_calls": N_("Calls at the same time"),
    "max_subscribers": N_("Lines at most"),
    "mobile_number": N_("Mobile phone"),
    "lines": N_("Extensions with a new number"),
    "listed": N_("Put on the list"),
    "members": N_("Members"),
    "mode": N_("What is listed"),
    "music_on_hold": N_("Music on hold"),
    "name": N_("Name"),
    "count": N_("Into how many"),
    "first": N_("First number"),
    "last": N_("Last number"),
    "network": N_("Address"),
    "new_device_mail": N_("Mail about new phones"),
    "next_hop": N_("Where calls go"),
    "protocol": N_("Protocol"),
    "reseller": N_("Reseller"),
    "size": N_("Numbers in it"),
    "now": N_("Now with"),
    "note": N_("Note"),
    "notes": N_("Notes"),
    "number": N_("Number"),
    "numbers": N_("Numbers"),
    "opens_for": N_("Opens accounts for"),
    "outgoing": N_("Called people see"),
    "own": N_("Own phonebook"),
    "parts": N_("What"),
    "passkey": N_("Passkey"),
    "password": N_("Password"),
    "password_days": N_("Days until a password expires"),
    "phone_number": N_("Phone"),
    "phonebook": N_("Own phonebook"),
    "place": N_("Place among those of its kind"),
    "policy": N_("Ringing policy"),
    "postcode": N_("Postcode"),
    "privacy": N_("Hiding the own number"),
    "profile": N_("Profile"),
    "provider": N_("Identity provider"),
    "reason": N_("Reason"),
    "removed": N_("Removed"),
    "records": N_("Call records"),
    "released": N_("Numbers released"),
    "register_number": N_("Register number"),
    "rights": N_("May do"),
    "ring_seconds": N_("Seconds of ringing"),
    "role": N_("Role"),
    "send_invoice": N_("Invoices are sent"),
    "service_class": N_("Service class"),
    "scheme": N_("Light or dark"),
    "source": N_("Locked by"),
    "status": N_("State"),
    "street": N_("Street"),
    "state": N_("State"),
    "speed_dial": N_("Speed dial"),
    "time_zone": N_("Time zone"),
    "to": N_("Forwarded to"),
    "trusted": N_("Trusted address"),
    "unlisted": N_("Taken off the list"),
    "username": N_("SIP user name"),
    "vat_number": N_("VAT number"),
    "vat_rate": N_("Rate of tax"),
    "was": N_("Before with"),
    "when": N_("When"),
    "withheld": N_("Withheld"),
    "web_username": N_("Web user name"),
}

LEVELS_OF_USE: Mapping[Any, str] = {"off": N_("not there"), "use": N_("as the pilot has set it"), "change": N_("free to change")}
FEATURES = ("forwarding", "block_incoming", "block_outgoing", "privacy", "do_not_disturb", "speed_dial", "phonebook")

WORDS: Mapping[str, Mapping[Any, str]] = {
    "direction": {"in": N_("incoming"), "out": N_("outgoing")},
    "mode": {"block": N_("is blocked"), "allow": N_("is all that is allowed")},
    "factor_roles": {
        "administrators": N_("Administrators"),
        "care": N_("Customer care"),
        "pilots": N_("Pilots"),
        "subscribers": N_("Subscribers"),
    },
    "status": {
        "pending": N_("not in service yet"),
        "active": N_("in service"),
        "locked": N_("locked"),
        "terminated": N_("ended"),
    },
    "kind": {
        "regular": N_("single line"),
        "pilot": N_("pilot"),
        "extension": N_("extension"),
        "group": N_("PBX group"),
        "trunk": N_("trunk"),
    },
    "cancel_mode": CANCEL_MODES,
    "when": WHEN,
    "level": {0: N_("not locked"), **LEVELS},
    "outgoing": OUTGOING,
    "parts": {
        "forwarding": N_("forwarding and ring time"),
        "blocking": N_("who is blocked"),
        "privacy": N_("own number shown or hidden"),
        "speed-dial": N_("speed dial"),
    },
    "policy": POLICIES,
    "rights": RIGHTS,
    "role": ROLES,
    "withheld": RIGHTS,
    "scheme": SCHEMES,
    "look.scheme": SCHEMES,
    "protocol": {"any": N_("any protocol"), "udp": "UDP", "tcp": "TCP", "tls": "TLS"},
    "transport": {"udp": "UDP", "tcp": "TCP"},
    "state": CONTRACT_STATES,
    "kinds": {
        "residential": N_("Residential"),
        "soho": N_("Small office"),
        "cloudpbx": N_("CloudPBX"),
        "trunk": N_("SIP trunk"),
        "mobile": N_("Mobile"),
        "calling_card": N_("Calling card"),
    },
    "source": {
        "pilot": N_("the company"),
        "reseller": N_("the provider"),
        "customer": N_("the company’s own lock"),
        "credit": N_("the credit limit"),
        "platform": N_("the provider’s own lock"),
    },
    **dict.fromkeys(FEATURES, LEVELS_OF_USE),
}


class Fact(NamedTuple):
    """`was` None: nothing was there before, or it is not something that changes."""

    what: str
    was: str | None
    now: str


def facts(details: Mapping[str, Any], home_cc: str) -> list[Fact]:
    """In words, in the order of their names; what this page has no word for is shown as it is."""
    return [fact for name in sorted(details) for fact in _fact(name, details[name], home_cc)]


def _fact(name: str, value: Any, home_cc: str) -> Iterator[Fact]:
    label = i18n.gettext(LABELS[name]) if name in LABELS else name.replace("_", " ")
    if isinstance(value, list) and len(value) == 2 and name not in LISTS:
        yield Fact(label, *(in_words(name, part, home_cc) for part in value))
    elif value not in (None, "", []):
        yield Fact(label, None, in_words(name, value, home_cc))


def in_words(name: str, value: Any, home_cc: str) -> str:
    if isinstance(value, list):
        return i18n.listed(in_words(name, part, home_cc) for part in value) or i18n.gettext(N_("none"))
    if value is None or value == "":
        return i18n.gettext(N_("none"))
    if isinstance(value, bool):
        return i18n.gettext(N_("on") if value else N_("off"))
    if isinstance(value, str | int) and value in WORDS.get(name, {}):
        return i18n.gettext(WORDS[name][value])
    return _AS.get(name, _plain)(str(value), home_cc)


def _plain(text: str, _home_cc: str) -> str:
    return i18n.gettext(N_("changed")) if text == "changed" else text


def _language(text: str, _home_cc: str) -> str:
    try:
        return i18n.language_name(text)
    except (ValueError, UnknownLocaleError):
        return text


def _country(text: str, _home_cc: str) -> str:
    return str(i18n.babel_locale(i18n.current()).territories.get(text, text))


_SHORTEST = 4  # digits of a pattern that is about extensions or services


def _pattern(text: str, home_cc: str) -> str:
    """A number, or what many of them begin with, as it is dialled here; what is short is no number."""
    if text.isdigit():
        return phone.spoken(text, home_cc)
    if len(text.rstrip("*")) <= _SHORTEST or text.startswith("00"):
        return text
    return f"0{text.removeprefix(home_cc)}" if text.startswith(home_cc) else f"+{text}"


_AS: Mapping[str, Callable[[str, str], str]] = {
    "language": _language,
    "languages": _language,
    "languages_said": _language,
    "country": _country,
    "listed": _pattern,
    "first": phone.spoken,
    "last": phone.spoken,
    "number": phone.spoken,
    "numbers": phone.spoken,
    "to": lambda text, home_cc: phone.spoken(text, home_cc) if text.isdigit() else text,
    "outgoing": phone.spoken,
    "unlisted": _pattern,
}
