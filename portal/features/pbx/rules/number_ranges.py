"""Numbers from one to another, as somebody types the two."""

from typing import NamedTuple

from portal.core import phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home, NotANumber

MOST_IN_RANGE = 1000

declare("range-number", N_("Type a telephone number."))
declare("range-end", N_("Type a number as long as the first one, or how it ends."))
declare("range-order", N_("The last number comes before the first one."))
declare("range-long", N_("A range has %(most)s numbers at most."))
declare("range-empty", N_("No number of the company lies in this range."))


class Bounds(NamedTuple):
    """Digits of the same length, both inclusive."""

    first: str
    last: str

    @property
    def size(self) -> int:
        return int(self.last) - int(self.first) + 1


def bounds(first: str, last: str, home: Home) -> Bounds:
    """The last number may be typed as its end only: 030 5550700 to 19. Raises Refused."""
    try:
        begin = phone.parse(first, home)
    except NotANumber:
        raise Refused("range-number", field="first") from None
    end = _end(last, begin, home)
    if end < begin:
        raise Refused("range-order", field="last")
    found = Bounds(begin, end)
    if found.size > MOST_IN_RANGE:
        raise Refused("range-long", field="last", most=MOST_IN_RANGE)
    return found


def _end(typed: str, begin: str, home: Home) -> str:
    try:
        whole = phone.parse(typed, home)
    except NotANumber:
        whole = ""
    if len(whole) == len(begin):
        return whole
    ending = phone.bare(typed)
    if not (ending.isascii() and ending.isdigit()) or len(ending) >= len(begin):
        raise Refused("range-end", field="last")
    return begin[: -len(ending)] + ending
