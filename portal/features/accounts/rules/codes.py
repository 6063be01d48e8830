"""One-time codes of an authenticator app (RFC 6238), and the recovery codes that stand in for it."""

import hmac
import unicodedata
from datetime import UTC, datetime

import pyotp

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

STEP = 30  # seconds
DRIFT = 1  # steps, either way
NOTICED = 10  # steps; a clock that is further off looks like a wrong code
DIGITS = 6

RECOVERY_CODES = 10
FEW = 3
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # none that look alike
RECOVERY_GROUPS, RECOVERY_GROUP = 4, 4  # 79 bits: a plain hash of it cannot be guessed back

declare("code-shape", N_("Type the %(digits)s digits that the app shows now."))
declare("code-wrong", N_("This code is not right. Type the one that the app shows now."))
declare("code-used", N_("This code has been used already. Wait until the app shows the next one."))
declare(
    "code-other-time",
    N_("The code is right for another time: set the clock of your phone to automatic, then type the code that it shows."),
)
declare("recovery-code-wrong", N_("This is none of your recovery codes, or it has been used already."))
declare("totp-there", N_("An authenticator app is set up already. Remove it first."))
declare("totp-not-begun", N_("The set-up was begun anew elsewhere. Start again."))
declare("no-factor", N_("Set up a second factor first."))
declare("nothing-to-clear", N_("There is no second factor to remove."))


def otpauth(seed: str, *, issuer: str, name: str) -> str:
    """What the app scans. The issuer is what it shows above the code; a colon would end it early."""
    return pyotp.TOTP(seed).provisioning_uri(name=name.replace(":", " "), issuer_name=issuer.replace(":", " "))


def in_fours(text: str) -> str:
    """“ABCD EFGH”, as people read it out."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def step_of(seed: str, typed: str, *, at: datetime, last: int | None) -> int:
    """The time step whose code was typed. `last` is the newest that was used. Raises Refused at the field “code”.

    To say that a clock is off gives a guesser 21 codes to hit in place of three; what is throttled can bear that.
    """
    code = as_digits(typed)
    if len(code) != DIGITS or not code.isdecimal():
        raise Refused("code-shape", field="code", digits=DIGITS)
    now = int(at.timestamp()) // STEP
    totp = pyotp.TOTP(seed)
    fitting = [step for step in _around(now) if hmac.compare_digest(totp.generate_otp(step), code)]
    if not fitting:
        raise Refused("code-wrong", field="code")
    if abs(fitting[0] - now) > DRIFT:
        raise Refused("code-other-time", field="code")
    if last is not None and fitting[0] <= last:
        raise Refused("code-used", field="code")
    return fitting[0]


def _around(now: int) -> list[int]:
    """The nearest first."""
    return sorted(range(max(now - NOTICED, 0), now + NOTICED + 1), key=lambda step: abs(step - now))


def time_of(step: int) -> datetime:
    return datetime.fromtimestamp(step * STEP, UTC)


def as_digits(typed: str) -> str:
    """0-9 for the digits of any script; blanks, dashes and marks of direction are nobody's intention."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in _without_blanks(typed))


def recovery_code(typed: str) -> str:
    """A recovery code as it is hashed: however it was typed."""
    return as_digits(typed).casefold()


def recovery_code_shown(signs: str) -> str:
    """“xxxx-xxxx-xxxx-xxxx”."""
    return "-".join(signs[start : start + RECOVERY_GROUP] for start in range(0, len(signs), RECOVERY_GROUP))


def _without_blanks(typed: str) -> str:
    return "".join(sign for sign in typed if not sign.isspace() and unicodedata.category(sign) not in {"Cf", "Pd"})
