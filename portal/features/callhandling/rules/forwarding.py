"""Rules of forwarding: how many there are, where they can lead, and what was meant by what somebody typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal.core import i18n, phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.callhandling.rules.lines import Destination, Exchange, Line, When

MOST_FORWARDS = 20
MOST_DESTINATIONS = 5
LONGEST_RING = 3600
MOST_OFFERED = 200

declare("forwards-full", N_("A line has at most %(most)s rules of forwarding. Remove one first."))
declare("forward-nowhere", N_("Say where calls go."))
declare("forward-destinations", N_("Calls go to %(most)s destinations at most, one after the other."))
declare("forward-ring", N_("A destination rings for 1 to 3600 seconds."))
declare("forward-gone", N_("Somebody has removed this forwarding in the meantime."))
declare("destination-nobody", N_("Nobody here is called “%(typed)s”. Choose a colleague, or type a number."))
declare("destination-several", N_("Several are called “%(typed)s”. Type the extension."))
declare("destination-ended", N_("Whoever was called here has left. Choose another destination."))
declare("destination-extension", N_("Nobody here has the extension %(typed)s. Type numbers outside with their area code."))
declare("called-foreign", N_("Choose one of the numbers of this line."))
declare("condition-foreign", N_("Please choose one of the offered values."))
declare("period-half", N_("Say from when and until when."))
declare("period-order", N_("It has to end after it begins."))
declare("period-past", N_("This time is over already."))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a rule is to be. `callers` and `times` name a caller list and a time set; both ends of a period, or none."""

    when: When
    destinations: Sequence[Destination]
    callers: PublicId | None = None
    callers_except: bool = False
    called: str | None = None
    times: PublicId | None = None
    times_except: bool = False
    starts: datetime | None = None
    ends: datetime | None = None
    enabled: bool = True

    @property
    def scheduled(self) -> bool:
        return self.starts is not None or self.ends is not None


def label(line: Line) -> str:
    """How a line is offered where one is typed: “Reception, 602”."""
    return f"{line.name}, {line.extension}" if line.extension else line.name


def offered(exchange: Exchange, *, besides: PublicId | None = None) -> list[str]:
    """The labels to choose from where a line is typed."""
    return [label(line) for line in exchange.lines.values() if line.public_id != besides][:MOST_OFFERED]


def typed(number: str, home: Home) -> str:
    """What to type for these digits: as they are shown here, if that is understood in the same way."""
    shown = phone.display(number, home.cc)
    try:
        return shown if phone.parse(shown, home) == number else f"+{number}"
    except phone.NotANumber:
        return f"+{number}"


def destination(typed: str, exchange: Exchange) -> Destination:
    """What was meant: a line by its label, extension, number or name, or any number. Raises Refused without a field."""
    text = " ".join(typed.split())
    lines = exchange.lines.values()
    exact = [line for line in lines if label(line) == text or (text and text == line.extension)]
    if exact:
        return Destination(line=exact[0].public_id)
    try:
        digits = phone.parse(text, exchange.home)
    except phone.NotANumber:
        return _by_name(text, lines)
    bare = phone.bare(text)
    if digits.endswith(bare) and len(bare) <= max((len(line.extension or "") for line in lines), default=0):
        raise Refused("destination-extension", typed=bare)  # a slip, rarely a number of three digits in the next street
    return of_number(digits, exchange)


def of_number(digits: str, exchange: Exchange) -> Destination:
    """A number of the company's own stands for its line."""
    line = next((line for line in exchange.lines.values() if digits in line.numbers), None)
    return Destination(line=line.public_id) if line else Destination(number=digits)


def _by_name(text: str, lines: Iterable[Line]) -> Destination:
    wanted = i18n.sort_key(text)
    found = [line for line in lines if i18n.sort_key(line.name) == wanted]
    if len(found) == 1:
        return Destination(line=found[0].public_id)
    raise Refused("destination-several" if found else "destination-nobody", typed=text)


def settled(destinations: Sequence[Destination], exchange: Exchange) -> list[Destination]:
    """As they are stored. Raises Refused at “to_1” and so on, or “seconds_1” and so on."""
    if not destinations:
        raise Refused("forward-nowhere", field="to_1")
    if len(destinations) > MOST_DESTINATIONS:
        raise Refused("forward-destinations", field="to_1", most=MOST_DESTINATIONS)
    done: list[Destination] = []
    for place, one in enumerate(destinations, 1):
        if not 1 <= one.ring_seconds <= LONGEST_RING:
            raise Refused("forward-ring", field=f"seconds_{place}")
        if one.line is not None and one.line not in exchange.lines:
            raise Refused("destination-ended", field=f"to_{place}")
        known = of_number(one.number, exchange) if one.number else one
        done.append(replace(known, ring_seconds=one.ring_seconds))
    return done


def check_period(plan: Plan, now: datetime, was: tuple[datetime | None, datetime | None] = (None, None)) -> None:
    """`was`: the period that stands so far, which may lie in the past."""
    if plan.starts is None and plan.ends is None:
        return
    if plan.starts is None or plan.ends is None:
        raise Refused("period-half", field="ends_day" if plan.ends is None else "starts_day")
    if plan.ends <= plan.starts:
        raise Refused("period-order", field="ends_day")
    if plan.ends <= now and was != (plan.starts, plan.ends):
        raise Refused("period-past", field="ends_day")
