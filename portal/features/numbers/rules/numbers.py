"""Arithmetic of numbers: what a number is made of, which one an extension gets, and which ones stand together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from portal.core import i18n, phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Parts

LONGEST_SN = 31
MOST_AT_ONCE = 1000
LISTED = 10  # of offending numbers, in a sentence
_CC, _AC, _SN = re.compile(r"[1-9][0-9]{0,3}"), re.compile(r"[0-9]{0,7}"), re.compile(r"[0-9]{1,31}")

declare("number-parts", N_("A number needs a country code and a number, both in digits."))
declare("number-long", N_("The base number and this extension together make too long a number."))
declare("number-taken", N_("The number that belongs to this extension is in use elsewhere. Choose another extension."))
declare(
    "number-taken-by",
    N_("The number %(number)s, which belongs to this extension, is already with %(name)s. Choose another extension."),
)
declare("numbers-taken", N_("Already in use: %(numbers)s."))
declare("numbers-run", N_("A run of numbers keeps its length, and has %(most)s numbers at most."))
declare("second-primary-number", N_("This line has its own number already."))


def check_parts(cc: str, ac: str, sn: str, *, field: str = "number") -> Parts:
    """Raises Refused unless the three are what the trade calls a number."""
    if not (_CC.fullmatch(cc) and _AC.fullmatch(ac) and _SN.fullmatch(sn)):
        raise Refused("number-parts", field=field)
    return Parts(cc, ac, sn)


def derived(base: Parts, extension: str) -> Parts:
    """The number of an extension: base number + extension."""
    if len(base.sn) + len(extension) > LONGEST_SN:
        raise Refused("number-long", field="extension")
    return Parts(base.cc, base.ac, base.sn + extension)


def consecutive(first: Parts, count: int) -> list[Parts]:
    """`count` numbers from the first on, all of its length."""
    start, width = int(first.sn), len(first.sn)
    if not 1 <= count <= MOST_AT_ONCE or start + count > 10**width:
        raise Refused("numbers-run", field="number", most=MOST_AT_ONCE)
    return [Parts(first.cc, first.ac, str(start + step).zfill(width)) for step in range(count)]


def listed(digits: Iterable[str], home_cc: str) -> str:
    """The first few numbers of a list, for a sentence."""
    every = sorted(digits)
    return i18n.listed(phone.spoken(one, home_cc) for one in every[:LISTED]) + (" …" if len(every) > LISTED else "")


@dataclass(frozen=True)
class Block:
    """Numbers that differ in their last two digits only: what they share, and what they are."""

    prefix: str
    numbers: tuple[str, ...]


def blocks(digits: Iterable[str]) -> list[Block]:
    """The numbers in order, a hundred at most to a block."""
    return [Block(prefix, tuple(numbers)) for (prefix, _length), numbers in groupby(sorted(digits, key=_by_length), key=_block)]


def _by_length(digits: str) -> tuple[str, int, str]:
    return digits[:-2], len(digits), digits


def _block(digits: str) -> tuple[str, int]:
    return digits[:-2], len(digits)
