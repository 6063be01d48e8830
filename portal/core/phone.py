"""Telephone numbers: typed in any way, stored as digits (country code first, no plus), shown the way they are dialled here."""

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberFormat

SHORT = 6  # digits of an extension or a service number
LONGEST_AREA = 7
MAX_DIGITS = 40  # country code 4, area code 7, subscriber number 31, less what never happens
# Blanks, dashes and brackets, and the invisible marks that come along when a number is copied from a page
_SEPARATORS = re.compile(r"[\s\-()/.\u00a0\u2009\u202f\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_TRUNK_ZERO = re.compile(r"^([^0-9+]*(?:\+|00).*?)\(0\)")  # dialled at home only: +49 (0)30
_ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


class NotANumber(ValueError):  # noqa: N818
    """The text is not a telephone number."""


@dataclass(frozen=True)
class Home:
    """Where a number without a country or area code belongs, for example 49 and 30."""

    cc: str
    ac: str


@dataclass(frozen=True)
class Parts:
    """A number with its known split; sn may end in an extension."""

    cc: str
    ac: str
    sn: str

    @property
    def digits(self) -> str:
        return self.cc + self.ac + self.sn


def bare(text: str) -> str:
    """What was typed, without separators; digits of every script become 0-9."""
    return _SEPARATORS.sub("", _TRUNK_ZERO.sub(r"\1", text.translate(_ASCII_DIGITS)))


def parse(text: str, home: Home) -> str:
    """The canonical digits of a typed number (spec: “Numbers: normalisation and display”). Raises NotANumber."""
    typed = bare(text)
    plus = typed.startswith("+")
    digits = typed[1:] if plus else typed
    if not digits.isascii() or not digits.isdigit() or len(digits) > MAX_DIGITS:
        raise NotANumber(text)
    if plus:
        result = digits
    elif digits.startswith("00"):
        result = digits[2:]
    elif digits.startswith("0"):
        result = home.cc + digits[1:] if len(digits) > 1 else ""
    else:
        result = home.cc + home.ac + digits
    if not result or result.startswith("0"):
        raise NotANumber(text)
    return result


def split(digits: str, home: Home) -> Parts:
    """A number with its split: that of home where it begins alike, else what is known about its country."""
    own = home.cc + home.ac
    if digits.startswith(own) and len(digits) > len(own):
        return Parts(home.cc, home.ac, digits[len(own) :])
    number = _known(digits)
    if number is None:
        cc = home.cc if digits.startswith(home.cc) else digits[:2]
        return Parts(cc, "", digits[len(cc) :])
    cc, area = str(number.country_code), phonenumbers.length_of_national_destination_code(number)
    national = digits[len(cc) :]
    area = area if area < min(len(national), LONGEST_AREA + 1) else 0
    return Parts(cc, national[:area], national[area:])


def country_code(digits: str) -> str:
    number = _known(digits)
    return str(number.country_code) if number else ""


def search_digits(text: str, home: Home) -> str | None:
    """The digits that numbers sought by this text begin with; None when it is no number."""
    try:
        typed = bare(text)
        return home.cc if typed == "0" else parse(typed, home)
    except NotANumber:
        return None


@lru_cache(maxsize=65536)
def display(digits: str, home_cc: str) -> str:
    """National with the same country code, else international; what is no number stays as it is."""
    number = _known(digits)
    if number is None:
        return f"+{digits}" if digits.isascii() and digits.isdigit() and len(digits) > 6 else digits
    if str(number.country_code) == home_cc:
        return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def spoken(digits: str, home_cc: str) -> str:
    """The same for a sentence: kept in one piece and on one line, whichever way the text around it runs."""
    return "\u2066" + display(digits, home_cc).replace(" ", "\u00a0") + "\u2069"


def link(number: str | None) -> str:
    """The address that a telephone calls (RFC 3966); empty for what is no number."""
    if not number or not number.isascii() or not number.isdigit():
        return ""
    return f"tel:{number}" if len(number) <= SHORT else f"tel:+{number}"


def display_parts(parts: Parts, home_cc: str, extension: str = "") -> str:
    """A number of our own with its known split: “030 5550000 101”."""
    sn = parts.sn
    if extension and sn.endswith(extension) and len(sn) > len(extension):
        sn = f"{sn[: -len(extension)]} {extension}"
    if parts.cc == home_cc:
        return f"0{parts.ac} {sn}" if parts.ac else f"0{sn}"
    return f"+{parts.cc} {parts.ac} {sn}" if parts.ac else f"+{parts.cc} {sn}"


@lru_cache(maxsize=65536)
def territory(digits: str) -> str | None:
    """The ISO code of the country that a number belongs to."""
    number = _known(digits)
    region = phonenumbers.region_code_for_number(number) if number else None
    return region if region and region != "001" else None


def _known(digits: str) -> phonenumbers.PhoneNumber | None:
    if not digits.isascii() or not digits.isdigit() or len(digits) < 7:
        return None
    try:
        number = phonenumbers.parse(f"+{digits}", None)
    except phonenumbers.NumberParseException:
        return None
    whole = f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    return number if whole == digits else None  # the library drops zeros that it does not expect
