"""Where money goes to. A dozen lines of our own: a library would bring the registries of every country along.

A transposed or mistyped sign of an IBAN is found by its checksum, whatever the country.
"""

import re

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.contacts.rules.countries import is_country

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")

declare("iban-shape", N_("An IBAN begins with two letters and two digits, like DE89 3704 0044 0532 0130 00."))
declare("iban-checksum", N_("This IBAN has a sign wrong or in the wrong place: its check digits do not fit."))
declare("bic-shape", N_("A BIC has 8 or 11 signs, like COBADEFFXXX."))


def _stored(typed: str) -> str:
    """No blanks, capital letters."""
    return "".join(typed.split()).upper()


def check_iban(typed: str) -> str:
    """Source: ISO 13616; the check digits are those of ISO 7064, mod 97-10."""
    found = _stored(typed)
    if not _IBAN.fullmatch(found) or not _is_country(found[:2]):
        raise Refused("iban-shape", field="iban")
    turned = found[4:] + found[:4]
    if int("".join(str(int(sign, 36)) for sign in turned)) % 97 != 1:
        raise Refused("iban-checksum", field="iban")
    return found


def grouped(found: str) -> str:
    """As it is printed, four signs together."""
    return " ".join(found[start : start + 4] for start in range(0, len(found), 4))


def check_bic(typed: str) -> str:
    """Source: ISO 9362. A BIC has no check digits; its fifth and sixth sign name a country."""
    found = _stored(typed)
    if not _BIC.fullmatch(found) or not _is_country(found[4:6]):
        raise Refused("bic-shape", field="bic")
    return found


def _is_country(code: str) -> bool:
    return is_country(code) or code == "XK"  # Kosovo, which banks have a code for
