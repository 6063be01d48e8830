"""Passwords that are good enough."""

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

SHORTEST, LONGEST = 12, 128
STRONG_ENOUGH = 3  # zxcvbn: 0 guessed at once … 4 very hard to guess
LOOKED_AT = 72  # more would only cost time
_COMMON = frozenset(FREQUENCY_LISTS["passwords"])

declare("password-short", N_("Use at least %(shortest)s characters."))
declare("password-long", N_("Use at most %(longest)s characters."))
declare("password-own-name", N_("The password must not contain your own name or user name."))
declare("password-common", N_("This is one of the passwords that are tried first. Three or four words make a better one."))
declare("password-weak", N_("This password is easy to guess. Three or four words that do not belong together make a good one."))
declare("password-repeat", N_("The two passwords are not the same."))
declare("password-wrong", N_("This is not your current password."))
declare("password-used-before", N_("You had this password before. Choose one that is not among the last %(remembered)s."))
declare("password-same", N_("This is the password that you have now. Choose another one."))


def check_password(password: str, names: tuple[str, ...]) -> None:
    """The policy for web passwords. Raises Refused at the field “password”."""
    if len(password) < SHORTEST:
        raise Refused("password-short", field="password", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Refused("password-long", field="password", longest=LONGEST)
    lowered = password.casefold()
    if any(part in lowered for part in _name_parts(names)):
        raise Refused("password-own-name", field="password")
    if _is_common(lowered):
        raise Refused("password-common", field="password")
    if zxcvbn(password[:LOOKED_AT], user_inputs=list(names))["score"] < STRONG_ENOUGH:
        raise Refused("password-weak", field="password")


def _is_common(lowered: str) -> bool:
    """One of the list, also with digits or signs behind it, and also twice."""
    half = lowered[: len(lowered) // 2]
    return bool({lowered, lowered.rstrip("0123456789!?.-_*"), half if half * 2 == lowered else ""} & _COMMON)


def _name_parts(names: tuple[str, ...]) -> set[str]:
    words = {word for name in names for word in name.casefold().replace("@", " ").replace(".", " ").split()}
    return {word for word in words if len(word) >= 4}
