"""What a line of a switch's file says: one leg of a call, checked and in our form, or the reason why it cannot be one."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, TypeVar

from portal.core import phone
from portal.core.phone import Home, NotANumber
from portal.features.calls.rules.words import Result, Type

REQUIRED = ("call_id", "start_time", "duration", "caller", "callee", "result")
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)
LONGEST = 7 * 24 * 3600
ANONYMOUS = "anonymous.invalid"  # RFC 3323
SHORT = 6  # digits of an extension or a service number
ANYWHERE = Home("", "")
HomeOf = Callable[[str], Home | None]
Value = TypeVar("Value")

_TEXTS = (
    ("call_id", 255, True),
    ("caller", 255, True),
    ("callee", 255, True),
    ("caller_number", 64, False),
    ("dialled", 64, False),
    ("peer", 64, False),
)
_TYPES = {kind.value: kind.value for kind in Type} | {"": Type.CALL.value}
_RESULTS = {result.value: result.value for result in Result}
_YES_NO = {"": False, "0": False, "no": False, "false": False, "1": True, "yes": True, "true": True}


class Fields(NamedTuple):
    """What a line says, as text; what it does not say is ''."""

    call_id: str
    start_time: str
    duration: str
    caller: str
    callee: str
    result: str
    leg: str = ""
    init_time: str = ""
    caller_number: str = ""
    caller_hidden: str = ""
    dialled: str = ""
    type: str = ""
    code: str = ""
    peer: str = ""


class BadLine(ValueError):  # noqa: N818
    """The line cannot be taken; the message is a sentence that says why."""


class Address(NamedTuple):
    """Where a party is: user and domain of a SIP address, or a bare number. `digits`: the user as a number, if it is one."""

    user: str
    domain: str
    digits: str | None

    @property
    def shown(self) -> str:
        return self.digits or (f"{self.user}@{self.domain}" if self.domain else self.user)


class Leg(NamedTuple):
    """`shown`: the number that the called party is presented with, before it is hidden. `called`: the number that was called."""

    call_id: str
    leg: int
    init_time: datetime
    start_time: datetime
    duration_ms: int
    caller: Address
    shown: str | None
    hidden: bool
    callee: Address
    called: str | None
    dialled: str | None
    type: str
    result: str
    code: int | None
    peer: str | None

    @property
    def key(self) -> tuple[str, int]:
        return self.call_id, self.leg

    @property
    def origin(self) -> Address | None:
        """Who called first, of a forwarded leg: the number shown is all that tells, or the extension."""
        if self.type == Type.CALL or not self.shown:
            return None
        return Address(self.shown, self.caller.domain if len(self.shown) <= SHORT else "", self.shown)


def leg(fields: Fields, home_of: HomeOf, now: datetime) -> Leg:
    """Raises BadLine. A file has millions of lines: what a line does not say is not looked at."""
    _texts(fields)
    start_time, init_time = _times(fields, now)
    result = _word(_RESULTS, "result", fields.result)
    duration_ms = _duration(fields.duration)
    if duration_ms and result != Result.OK:
        raise BadLine(f"A call with the result “{result}” cannot have a duration.")
    caller, callee, number, dialled = fields.caller, fields.callee, fields.caller_number, fields.dialled
    domain = domain_of(caller)
    home = home_of(domain) or home_of(domain_of(callee))
    to = address(callee, home)
    return Leg(
        fields.call_id,
        _whole("leg", fields.leg, 1, 1000) if fields.leg else 1,
        init_time,
        start_time,
        duration_ms,
        address(caller, home),
        (normal(number, home) or number) if number else None,
        domain == ANONYMOUS or _word(_YES_NO, "caller_hidden", fields.caller_hidden.lower()),
        to,
        to.digits or (normal(dialled, home) if dialled else None),
        dialled or None,
        _word(_TYPES, "type", fields.type),
        result,
        _whole("code", fields.code, 0, 999) if fields.code else None,
        fields.peer or None,
    )


@lru_cache(maxsize=65536)
def address(text: str, home: Home | None) -> Address:
    """Of “alice@lantern.example”, “sip:alice@lantern.example:5060;transport=tls”, “<tel:+493055500>” or “030 5550”."""
    bare = _bare(text)
    user, at, domain = bare.rpartition("@")
    if not at:
        user, domain = bare, ""
    return Address(user.lower(), _host(domain), normal(user, home))


@lru_cache(maxsize=65536)
def domain_of(text: str) -> str:
    bare = _bare(text)
    return _host(bare.rpartition("@")[2]) if "@" in bare else ""


@lru_cache(maxsize=65536)
def normal(text: str, home: Home | None) -> str | None:
    """The digits of a number as switches write it; None when it is none.

    Up to six digits stay as they are (extensions, services), more are international already; +, 00 or 0 in front are read as
    dialled at `home`.
    """
    digits = text if text.isdigit() else phone.bare(text)
    if digits.startswith(("+", "00")) or (home and digits.startswith("0") and len(digits) > SHORT):
        try:
            return phone.parse(digits, home or ANYWHERE)
        except NotANumber:
            return None
    well = digits.isascii() and digits.isdigit() and len(digits) <= phone.MAX_DIGITS
    return digits if well and (len(digits) <= SHORT or digits[0] != "0") else None


def _bare(text: str) -> str:
    inside = text.partition("<")[2].partition(">")[0] or text
    scheme, colon, rest = inside.partition(":")
    return (rest if colon and scheme.lower() in {"sip", "sips", "tel"} else inside).partition(";")[0].strip()


def _host(domain: str) -> str:
    return domain.lower().partition(":")[0].rstrip(".")


def _times(fields: Fields, now: datetime) -> tuple[datetime, datetime]:
    start_time = moment("start_time", fields.start_time)
    init_time = moment("init_time", fields.init_time) if fields.init_time else start_time
    if start_time < init_time:
        raise BadLine("It started before it began to ring: start_time is earlier than init_time.")
    if init_time < EARLIEST:
        raise BadLine(f"“{fields.init_time or fields.start_time}” is long before any call that is kept here.")
    if start_time > now + A_DAY:
        raise BadLine(f"“{fields.start_time}” lies in the future.")
    return start_time, init_time


def moment(name: str, text: str) -> datetime:
    """ISO 8601 (without an offset it is UTC), or seconds since 1970 (nine digits and more). Raises BadLine."""
    if not text:
        raise BadLine(f"{name} is empty.")
    try:
        whole = text.partition(".")[0]
        epoch = whole.isdecimal() and 9 <= len(whole) <= 11
        read = datetime.fromtimestamp(float(text), UTC) if epoch else datetime.fromisoformat(text)
        if read.tzinfo is UTC:
            return read
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BadLine(f"{name} “{_short(text)}” is not a moment that exists.") from error


def _duration(text: str) -> int:
    try:
        seconds = float(text.replace(",", ".", 1))
    except ValueError as error:
        raise BadLine(f"duration “{_short(text)}” is not a number of seconds.") from error
    if not 0 <= seconds <= LONGEST:
        raise BadLine(f"duration “{_short(text)}” is not between 0 and {LONGEST} seconds.")
    return round(seconds * 1000)


def _texts(fields: Fields) -> None:
    for name, longest, required in _TEXTS:
        text = getattr(fields, name)
        if not text:
            if required:
                raise BadLine(f"{name} is empty.")
        elif len(text) > longest or not text.isprintable():
            raise BadLine(f"{name} must have at most {longest} characters, all of them printable.")
    if " " in fields.call_id:
        raise BadLine("call_id must not have blanks.")


def _whole(name: str, text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and low <= int(text) <= high):
        raise BadLine(f"{name} “{_short(text)}” is not a whole number from {low} to {high}.")
    return int(text)


def _word(words: Mapping[str, Value], name: str, text: str) -> Value:
    try:
        return words[text]
    except KeyError:
        raise BadLine(f"{name} “{_short(text)}” is not one of {', '.join(word for word in words if word)}.") from None


def _short(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else "�" for sign in text[:60])
    return shown + "…" if len(text) > 60 else shown
