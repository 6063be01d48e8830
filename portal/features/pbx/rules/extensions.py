"""Extensions: which ones may be used, which one comes next, and what happens when two people edit the same thing."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum, auto
from itertools import chain

from portal.core.errors import Refused, declare
from portal.core.i18n import N_


class WebPasswordWay(StrEnum):
    """How somebody comes to a web password."""

    MAIL = auto()  # by a link
    ONCE = auto()  # a password that the pilot hands over, good once


LONGEST_EXTENSION = 10
FIRST_EXTENSION = 100  # where extensions begin when the contract sets no bound
_DIGITS = re.compile(r"[0-9]+")

declare("extension-digits", N_("An extension consists of digits only, %(longest)s at most."))
declare("extension-range", N_("Your extensions reach from %(low)s to %(high)s."))
declare("extension-low", N_("Your extensions begin at %(low)s."))
declare("extension-high", N_("Your extensions end at %(high)s."))
declare("extension-taken", N_("Somebody here has this extension already."))
declare("extension-taken-by", N_("%(extension)s belongs to %(name)s; %(free)s is free."))
declare("extension-taken-by-full", N_("%(extension)s belongs to %(name)s, and no other extension is free."))
declare("extensions-full", N_("No extension is free: all of %(low)s to %(high)s are in use."))
declare("ring-seconds", N_("Phones can ring for 1 to 3600 seconds."))
declare("member-line", N_("Only people of this company can be members of a group."))
declare("member-gone", N_("Somebody in this list is no longer there; nothing was changed."))
declare("member-none", N_("Tick the people first."))
declare("member-twice", N_("%(name)s is in the list twice."))
declare("outgoing-number", N_("Choose a number that this person has."))
declare("number-not-free", N_("%(number)s is with %(name)s in the meantime."))
declare("number-moved", N_("Somebody has given these numbers away in the meantime; nothing was changed."))
declare("number-none", N_("Tick the numbers first."))
declare("number-receiver", N_("Choose who gets the numbers."))
declare("base-taken", N_("A number that would follow from this base number is in use elsewhere. Choose another one."))
declare("lock-none", N_("This extension is not locked."))


@dataclass(frozen=True)
class Range:
    """The extensions of a company, both bounds inclusive and compared as integers; None is no bound."""

    low: int | None = None
    high: int | None = None

    def __contains__(self, extension: int) -> bool:
        return (self.low is None or extension >= self.low) and (self.high is None or extension <= self.high)

    @property
    def first(self) -> int:
        """Where to begin to look for a free one."""
        if self.low is not None:
            return self.low
        return FIRST_EXTENSION if self.high is None or self.high >= FIRST_EXTENSION else 0

    @property
    def last(self) -> int:
        return 10**LONGEST_EXTENSION - 1 if self.high is None else self.high

    def check(self, typed: str) -> str:
        """The extension without blanks. Raises Refused at the field “extension”."""
        extension = "".join(typed.split())
        if not (extension.isascii() and _DIGITS.fullmatch(extension)) or len(extension) > LONGEST_EXTENSION:
            raise Refused("extension-digits", field="extension", longest=LONGEST_EXTENSION)
        if int(extension) not in self:
            code = "extension-high" if self.low is None else "extension-low" if self.high is None else "extension-range"
            raise Refused(code, field="extension", low=self.low, high=self.high)
        return extension


def next_free(taken: Collection[int], allowed: Range, people: Collection[int] = ()) -> int | None:
    """The extension to offer next: the first gap above the lowest one that a person has, else the first gap of all.

    `taken` are those of people and groups. None when every allowed one is in use.
    """
    begin = min((one for one in people if one in allowed), default=allowed.first)
    used = frozenset(taken)
    candidates: Iterator[int] = chain(range(begin, allowed.last + 1), range(allowed.first, begin))
    return next((one for one in candidates if one not in used), None)


def default_usernames(extension: str, pilot: str) -> tuple[str, str]:
    """SIP user names for an extension in the order of preference; the second serves domains that companies share."""
    return extension, f"{pilot}-{extension}"
