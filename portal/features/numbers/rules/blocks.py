"""Number blocks: numbers that begin alike. A block has 10, 100, 1000 … numbers, and no block lies inside of another."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.core import phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home, NotANumber, Parts
from portal.features.numbers.rules.numbers import check_parts

LARGEST = 6  # digits that the numbers of a block differ in, at most
SIZES = tuple(10**digits for digits in range(LARGEST + 1))

declare("block-first", N_("Type the first number of the block, with its area code."))
declare("block-size", N_("Choose how many numbers the block has."))
declare("block-zeros", N_("A block of %(size)s numbers begins with a number that ends in %(zeros)s."))
declare("block-overlaps", N_("These numbers, or some of them, lie in a block already."))
declare("block-in-use", N_("Numbers of this block are in use: %(count)s. Take them back from their customers first."))
declare("block-used-elsewhere", N_("Customers of another reseller use numbers of this block: %(count)s."))
declare("block-granted", N_("The block is granted. Take it back first."))
declare("block-granted-already", N_("Somebody has this block. Take it back first."))
declare("block-not-granted", N_("Nobody has this block."))
declare("block-receiver", N_("Choose a reseller."))
declare("block-changed", N_("Somebody else changed this block meanwhile. Look again, and save what should stand."))
declare("block-pieces", N_("Choose into how many blocks it is split."))
declare("numbers-outside", N_("Not in a number block that you may give numbers of: %(numbers)s."))
declare("numbers-elsewhere", N_("These numbers are not yours to give: %(numbers)s."))


@dataclass(frozen=True)
class Shape:
    """What a block is made of. `sn_length`: digits of a whole subscriber number, the prefix among them."""

    cc: str
    ac: str
    sn_prefix: str
    sn_length: int

    @property
    def prefix(self) -> str:
        return self.cc + self.ac + self.sn_prefix

    @property
    def open_digits(self) -> int:
        """In how many digits its numbers differ."""
        return self.sn_length - len(self.sn_prefix)

    @property
    def size(self) -> int:
        return int(10**self.open_digits)

    @property
    def length(self) -> int:
        """Digits of a whole number, from the country code on."""
        return len(self.prefix) + self.open_digits

    @property
    def first(self) -> str:
        return self.prefix + "0" * self.open_digits

    @property
    def last(self) -> str:
        return self.prefix + "9" * self.open_digits

    def parts(self, digits: str) -> Parts:
        """A number of this block, with the split that the block knows."""
        return Parts(self.cc, self.ac, digits[len(self.cc) + len(self.ac) :])


def shape(first: str, size: int, home: Home) -> Shape:
    """The block of so many numbers that begins with a number, typed in any way. Raises Refused."""
    try:
        number = phone.split(phone.parse(first, home), home)
    except NotANumber:
        raise Refused("block-first", field="first") from None
    if size not in SIZES:
        raise Refused("block-size", field="size")
    check_parts(number.cc, number.ac, number.sn, field="first")
    zeros = "0" * SIZES.index(size)
    if zeros and (not number.sn.endswith(zeros)):
        raise Refused("block-zeros", field="first", size=size, zeros=zeros)
    return Shape(number.cc, number.ac, number.sn[: len(number.sn) - len(zeros)], len(number.sn))


def pieces(block: Shape, count: int) -> list[Shape]:
    """The same numbers as 10 or 100 smaller blocks. Raises Refused."""
    digits = {10: 1, 100: 2}.get(count, 0)
    if not 1 <= digits <= block.open_digits:
        raise Refused("block-pieces", field="count")
    return [Shape(block.cc, block.ac, f"{block.sn_prefix}{n:0{digits}}", block.sn_length) for n in range(count)]


def first_free(block: Shape, used: Iterable[str]) -> str | None:
    """The lowest number of a block that nobody has. A shorter one in use, a base number, has all that begin with it."""
    free = int(block.first)
    for digits in sorted(used):
        begin, end = digits[: block.length].ljust(block.length, "0"), digits[: block.length].ljust(block.length, "9")
        if int(begin) > free:
            break
        free = max(free, int(end) + 1)
    return str(free) if free <= int(block.last) else None
