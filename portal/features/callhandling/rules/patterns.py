"""Patterns of numbers: canonical digits, `*` at the end for any digits, `?` for one.

What is too short for a number is an extension or a service. A short beginning of numbers is kept with 00 in front: 0043*.
"""

import re

from portal.core import i18n, phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home, NotANumber

ABROAD = "00*"  # everything with another country code than the own one
EVERY = "*"
LONGEST_PATTERN = 42
LONGEST_SHORT = 4
_INTERNATIONAL = "00"
_SIGNS = re.compile(r"\+?[0-9?]*\*?")
_PLACEHOLDER = "1"  # what ? stands for while the prefix is read; it must not look like one

declare("pattern-empty", N_("Type a number."))
declare("pattern-signs", N_("Use digits, + in front, ? for one digit, and * at the end for all that may follow."))
declare("pattern-star", N_("The * stands at the end: 0900* means everything that starts with 0900."))
declare("pattern-long", N_("This number is too long."))


def parse(typed: str, home: Home) -> str:
    """The pattern that was typed. Raises NotANumber."""
    bare = phone.bare(typed)
    body, star = (bare[:-1], "*") if bare.endswith("*") else (bare, "")
    if not _SIGNS.fullmatch(bare) or not bare or len(body) > phone.MAX_DIGITS:
        raise NotANumber(typed)
    if star and body in _SHORTHANDS:
        return _SHORTHANDS[body] or f"{_INTERNATIONAL}{home.cc}*"
    if len(body) <= LONGEST_SHORT and not body.startswith(("+", "0")):
        return body + star
    digits = _with_marks(phone.parse(body.replace("?", _PLACEHOLDER), home), body)
    return (digits if len(digits) > LONGEST_SHORT else _INTERNATIONAL + digits) + star


_SHORTHANDS = {"": EVERY, "00": ABROAD, "0": ""}


def _with_marks(digits: str, body: str) -> str:
    """The question marks where they were typed: whatever the prefix became, the end is the same."""
    tail = body[-len(digits) :]
    marked = ["?" if sign == "?" else digit for sign, digit in zip(tail, digits[-len(tail) :], strict=True)]
    return digits[: -len(tail)] + "".join(marked)


def check(typed: str, home: Home, *, field: str) -> str:
    """The same. Raises Refused with what is wrong."""
    try:
        return parse(typed, home)
    except NotANumber:
        raise Refused(_trouble(phone.bare(typed)), field=field) from None


def _trouble(bare: str) -> str:
    if not bare:
        return "pattern-empty"
    if "*" in bare[:-1]:
        return "pattern-star"
    return "pattern-long" if _SIGNS.fullmatch(bare) and len(bare) > phone.MAX_DIGITS else "pattern-signs"


def matches(pattern: str, digits: str, home: Home) -> bool:
    """`digits`: canonical ones; those that are as short as a service are compared with short patterns."""
    if len(digits) <= LONGEST_SHORT:
        return matches_short(pattern, digits)
    if pattern == ABROAD:
        return not digits.startswith(home.cc)
    if is_short(pattern):
        return pattern == EVERY
    return _fits(pattern.removeprefix(_INTERNATIONAL), digits)


def matches_short(pattern: str, digits: str) -> bool:
    """`digits`: an extension, or the number of a service."""
    return is_short(pattern) and _fits(pattern, digits)


def is_short(pattern: str) -> bool:
    return len(pattern.removesuffix("*")) <= LONGEST_SHORT and not pattern.startswith(_INTERNATIONAL)


def _fits(pattern: str, digits: str) -> bool:
    body = pattern.removesuffix("*")
    if "?" not in body:
        return digits == body if body == pattern else digits.startswith(body)
    if len(digits) < len(body) or (body == pattern and len(digits) != len(body)):
        return False
    return all(sign in {"?", digit} for sign, digit in zip(body, digits, strict=False))


def typed(pattern: str, home: Home) -> str:
    """What to type for it here: `parse` gives the pattern back."""
    if pattern in {ABROAD, f"{_INTERNATIONAL}{home.cc}*"}:
        return pattern if pattern == ABROAD else "0*"
    if is_short(pattern):
        return pattern
    digits = pattern.removeprefix(_INTERNATIONAL)
    rest = digits.removeprefix(home.cc)
    if rest != digits and rest[:1].isdigit() and rest[0] != "0":
        return "0" + rest
    return "+" + digits


def spoken(pattern: str, home: Home) -> str:
    """In words: “everything that starts with 0900”, or the number alone."""
    if pattern == EVERY:
        return i18n.gettext(N_("every number"))
    if pattern == ABROAD:
        return i18n.gettext(N_("every number abroad"))
    if pattern == f"{_INTERNATIONAL}{home.cc}*":
        return i18n.gettext(N_("every number in this country"))
    if pattern.endswith("*"):
        digits = typed(pattern, home).removesuffix("*")
        return i18n.gettext(N_("everything that starts with %(digits)s"), digits=f"\u2066{digits}\u2069")
    if pattern.isdigit() and len(pattern) > LONGEST_SHORT and not pattern.startswith(_INTERNATIONAL):
        return phone.spoken(pattern, home.cc)
    return f"\u2066{typed(pattern, home)}\u2069"
