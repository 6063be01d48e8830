"""Names and locks of a line, and what it can be called by default."""

import re
from collections.abc import Iterable, Mapping
from enum import IntEnum

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.lines import one_line

LONGEST_NAME = 127
LONGEST_REASON = 200
LONGEST_EXTERNAL = 255
MOST_CALLS = 10_000
LINE_WORDS: Mapping[str, str] = {  # what staff call them, by kind
    "pilot": N_("Pilot"),
    "regular": N_("Single line"),
    "extension": N_("Extension"),
    "group": N_("Group"),
    "trunk": N_("Trunk"),
}
_USERNAME = re.compile(r"[A-Za-z0-9+=,;_.~'()!*-]+")

declare("name-empty", N_("Type a name."))
declare("name-long", N_("Use at most %(longest)s characters for the name."))
declare("username-empty", N_("Type a user name."))
declare("username-long", N_("Use at most %(longest)s characters for the user name."))
declare("username-blanks", N_("A user name has no blanks."))
declare("username-signs", N_("Use letters from a to z without accents, digits, and + = , ; _ . ~ ' ( ) ! * - only."))
declare("username-dots", N_("A user name does not begin or end with a dot, and has no two dots in a row."))
declare("username-taken", N_("Somebody here has this user name already. Choose another one."))
declare("web-user-long", N_("Use at most %(longest)s characters for the web user name."))
declare("customer-gone", N_("This customer has ended its contract; nothing can be added to it."))
declare("customer-full", N_("The contract allows %(limit)s lines, groups included, and all of them are in use."))
declare("reseller-full", N_("No more lines can be added at the moment. Ask your provider."))
declare("domain-foreign", N_("This SIP domain belongs to somebody else."))
declare("pilot-first", N_("The company needs its pilot and base number first."))
declare("second-pilot", N_("This company has its pilot already."))
declare("wrong-product", N_("This contract is not for this kind of line."))
declare("lock-level", N_("Choose how far the line is locked."))
declare("lock-reason", N_("Say why, in a few words."))
declare("lock-reason-long", N_("Use at most %(longest)s characters for the reason."))
declare("lock-of-others", N_("Your provider has locked this line; only your provider can lift that."))
declare("pilot-stays", N_("The pilot leaves last: end the other lines first."))
declare("line-calls", N_("Calls at the same time: a number from 1 to %(most)s, or nothing for no limit."))
declare("line-external", N_("Use at most %(longest)s characters for the external #."))
declare("numbers-no-line", N_("The customer needs a line first."))
declare("numbers-none-ticked", N_("Tick the numbers first."))
declare("number-derived", N_("The number of an extension follows from the base number and the extension."))


class LockLevel(IntEnum):
    """How far a line is locked. Only GLOBAL closes the portal too."""

    NONE = 0
    FOREIGN = 1
    OUTGOING = 2
    IN_AND_OUT = 3
    GLOBAL = 4
    PORTED = 5


STRICTNESS = (LockLevel.NONE, LockLevel.FOREIGN, LockLevel.OUTGOING, LockLevel.PORTED, LockLevel.IN_AND_OUT, LockLevel.GLOBAL)


def effective(levels: Iterable[int]) -> LockLevel:
    """What several locks come to: the strictest."""
    return max((LockLevel(level) for level in levels), key=STRICTNESS.index, default=LockLevel.NONE)


def check_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Refused("name-empty", field="display_name")
    if len(name) > LONGEST_NAME:
        raise Refused("name-long", field="display_name", longest=LONGEST_NAME)
    return name


def check_username(typed: str, *, field: str = "username") -> str:
    """The SIP or web user name as it is stored, in small letters. Source of the signs: RFC 3261, “user”."""
    name = typed.strip().lower()
    if not name:
        raise Refused("username-empty", field=field)
    if len(name) > LONGEST_NAME:
        raise Refused("username-long", field=field, longest=LONGEST_NAME)
    if any(sign.isspace() for sign in name):
        raise Refused("username-blanks", field=field)
    if not _USERNAME.fullmatch(name):
        raise Refused("username-signs", field=field)
    if name.startswith(".") or name.endswith(".") or ".." in name:
        raise Refused("username-dots", field=field)
    return name


def check_max_calls(most: int | None) -> int | None:
    if most is not None and not 1 <= most <= MOST_CALLS:
        raise Refused("line-calls", field="max_calls", most=MOST_CALLS)
    return most


def check_external_id(typed: str | None) -> str | None:
    text = one_line(typed or "")
    if len(text) > LONGEST_EXTERNAL:
        raise Refused("line-external", field="external_id", longest=LONGEST_EXTERNAL)
    return text or None


def check_reason(typed: str) -> str:
    reason = " ".join(typed.split())
    if not reason:
        raise Refused("lock-reason", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused("lock-reason-long", field="reason", longest=LONGEST_REASON)
    return reason


def username_from(name: str) -> str:
    """A user name made of the ASCII letters and digits of a name: “Front Desk” gives front-desk; may be empty."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:LONGEST_NAME]
