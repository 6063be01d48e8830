"""Numbers that tax offices give, and the rates that are usual where a provider works."""

import re
from collections.abc import Mapping
from decimal import Decimal

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

declare("vat-number-shape", N_("This is not what a VAT number of this country looks like: %(example)s"))
declare("vat-number-country", N_("Put the country in front: %(example)s"))

# What follows the country's letters. Source: the European Commission's VIES; Swiss, British and Norwegian tax offices.
_SHAPES: Mapping[str, tuple[str, str]] = {
    "AT": (r"U\d{8}", "ATU12345678"),
    "BE": (r"[01]\d{9}", "BE0123456789"),
    "BG": (r"\d{9,10}", "BG123456789"),
    "CH": (r"E\d{9}(MWST|TVA|IVA)?", "CHE123456789MWST"),
    "CY": (r"\d{8}[A-Z]", "CY12345678X"),
    "CZ": (r"\d{8,10}", "CZ12345678"),
    "DE": (r"\d{9}", "DE123456789"),
    "DK": (r"\d{8}", "DK12345678"),
    "EE": (r"\d{9}", "EE123456789"),
    "EL": (r"\d{9}", "EL123456789"),
    "ES": (r"[A-Z0-9]\d{7}[A-Z0-9]", "ESX12345678"),
    "FI": (r"\d{8}", "FI12345678"),
    "FR": (r"[A-Z0-9]{2}\d{9}", "FR12345678901"),
    "GB": (r"(\d{9}|\d{12}|(GD|HA)\d{3})", "GB123456789"),
    "HR": (r"\d{11}", "HR12345678901"),
    "HU": (r"\d{8}", "HU12345678"),
    "IE": (r"(\d{7}[A-Z]{1,2}|\d[A-Z+*]\d{5}[A-Z])", "IE1234567A"),
    "IT": (r"\d{11}", "IT12345678901"),
    "LT": (r"(\d{9}|\d{12})", "LT123456789"),
    "LU": (r"\d{8}", "LU12345678"),
    "LV": (r"\d{11}", "LV12345678901"),
    "MT": (r"\d{8}", "MT12345678"),
    "NL": (r"[A-Z0-9+*]{9}B[A-Z0-9+*]{2}", "NL123456789B12"),
    "NO": (r"\d{9}(MVA)?", "NO123456789MVA"),
    "PL": (r"\d{10}", "PL1234567890"),
    "PT": (r"\d{9}", "PT123456789"),
    "RO": (r"\d{2,10}", "RO12345678"),
    "SE": (r"\d{12}", "SE123456789012"),
    "SI": (r"\d{8}", "SI12345678"),
    "SK": (r"\d{10}", "SK1234567890"),
    "XI": (r"(\d{9}|\d{12}|(GD|HA)\d{3})", "XI123456789"),
}
_LETTERS = {"GR": "EL"}  # where tax offices write the country in their own way

# In per cent; what a form begins with, never what an invoice is made from.
STANDARD_RATES: Mapping[str, str] = {
    "AT": "20", "BE": "21", "BG": "20", "CH": "8.1", "CY": "19", "CZ": "21", "DE": "19", "DK": "25", "EE": "24", "ES": "21",
    "FI": "25.5", "FR": "20", "GB": "20", "GR": "24", "HR": "25", "HU": "27", "IE": "23", "IT": "22", "LT": "21", "LU": "17",
    "LV": "21", "MT": "18", "NL": "21", "NO": "25", "PL": "23", "PT": "23", "RO": "21", "SE": "25", "SI": "22", "SK": "23",
    "TR": "20",
}  # fmt: skip


def check_vat_number(typed: str, country: str | None) -> str:
    """As it is stored: no blanks, dots or dashes, capital letters. Of countries that this page does not know, anything goes.

    Raises Refused at the field “vat_number”.
    """
    found = re.sub(r"[\s./-]", "", typed).upper()
    home = _LETTERS.get(country or "", country or "")
    if found[:2] in _SHAPES:
        shape, example = _SHAPES[found[:2]]
        if not re.fullmatch(shape, found[2:]):
            raise Refused("vat-number-shape", field="vat_number", example=example)
        return found
    if home in _SHAPES:
        raise Refused("vat-number-country", field="vat_number", example=_SHAPES[home][1])
    return found


def standard_rate(country: str | None) -> Decimal:
    return Decimal(STANDARD_RATES.get(country or "", "0"))


def country_of(cc: str) -> str | None:
    """The (main) country of a telephone country code."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(cc)) if cc.isdecimal() else None
    return regions[0] if regions else None
