"""Numbers as people type them: one a line, ranges, and placeholders for any digit."""

import re
from collections.abc import Iterator

from portal.core import phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home, NotANumber, Parts
from portal.features.numbers.rules.numbers import MOST_AT_ONCE, check_parts

LONGEST_TYPED = 20_000
MOST_OPEN = 3  # placeholders, so a thousand numbers
_TO = re.compile(r"\s+(?:-|–|—|to|bis)\s+|\s*(?:–|—|…|\.\.+)\s*")
_OPEN = re.compile(r"[xX]+$")

declare("number-typed", N_("“%(typed)s” is not a telephone number."))
declare("number-missing", N_("Type a telephone number."))
declare("number-end", N_("“%(typed)s”: the last number is as long as the first one, or just how it ends, and comes after it."))
declare("number-open", N_("“%(typed)s”: at most three x stand for any digit, at the end."))
declare("numbers-none", N_("Type at least one number."))
declare("numbers-many", N_("At most %(most)s numbers at once; these are more."))


def number(typed: str, home: Home, *, field: str = "number") -> Parts:
    """One number. Raises Refused."""
    if not typed.strip():
        raise Refused("number-missing", field=field)
    return _checked(_digits(typed, typed, home, field), home, field)


def numbers(typed: str, home: Home, *, field: str = "number") -> list[Parts]:
    """All numbers of a text, each once: “030 5550700”, “030 5550700 – 19”, “030 55507xx”; parted by lines, commas or semicolons.

    Raises Refused.
    """
    found: dict[str, Parts] = {}
    for piece in filter(None, (part.strip() for part in re.split(r"[\n,;]", typed))):
        for digits in _meant(piece, home, field):
            found.setdefault(digits, _checked(digits, home, field))
            if len(found) > MOST_AT_ONCE:
                raise Refused("numbers-many", field=field, most=MOST_AT_ONCE)
    if not found:
        raise Refused("numbers-none", field=field)
    return list(found.values())


def _meant(piece: str, home: Home, field: str) -> Iterator[str]:
    ends = _TO.split(piece)
    if len(ends) == 2:
        return _between(piece, ends[0], ends[1], home, field)
    bare = phone.bare(piece)
    opened = _OPEN.search(bare)
    if opened is None:
        return iter([_digits(piece, piece, home, field)])
    if len(opened[0]) > MOST_OPEN:
        raise Refused("number-open", field=field, typed=piece)
    first = _digits(piece, bare[: opened.start()] + "0" * len(opened[0]), home, field)
    return _counted(first, 10 ** len(opened[0]))


def _between(piece: str, first: str, last: str, home: Home, field: str) -> Iterator[str]:
    begin, ending = _digits(piece, first, home, field), phone.bare(last)
    short = ending.isascii() and ending.isdigit() and len(ending) < len(phone.bare(first).removeprefix("+"))
    end = begin[: -len(ending)] + ending if short else _digits(piece, last, home, field)
    if len(end) != len(begin) or end < begin:
        raise Refused("number-end", field=field, typed=piece)
    count = int(end) - int(begin) + 1
    if count > MOST_AT_ONCE:
        raise Refused("numbers-many", field=field, most=MOST_AT_ONCE)
    return _counted(begin, count)


def _counted(first: str, count: int) -> Iterator[str]:
    return (str(int(first) + step) for step in range(count))


def _digits(piece: str, typed: str, home: Home, field: str) -> str:
    try:
        return phone.parse(typed, home)
    except NotANumber:
        raise Refused("number-typed", field=field, typed=piece) from None


def _checked(digits: str, home: Home, field: str) -> Parts:
    parts = phone.split(digits, home)
    return check_parts(parts.cc, parts.ac, parts.sn, field=field)
