"""The calls of the demo world. A day’s calls follow from the day alone: made again, they are the same to the millisecond."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from math import log
from random import Random
from zoneinfo import ZoneInfo

from portal.demo import partners, rhythm
from portal.demo.rhythm import chance_of
from portal.demo.world import Colleague, Ring

ZONE = ZoneInfo("Europe/Berlin")
LONGEST = 5400.0


@dataclass(frozen=True)
class Leg:
    """One connection, as a switch writes it down (docs/importing-calls.md)."""

    call_id: str
    init_time: datetime
    start_time: datetime
    duration: float
    caller: str
    callee: str
    result: str
    leg: int = 1
    caller_number: str = ""
    caller_hidden: str = ""
    dialled: str = ""
    type: str = "call"
    code: int | None = None

    @property
    def ended(self) -> datetime:
        return self.start_time + timedelta(seconds=self.duration)


_CODES: Mapping[str, int] = {"ok": 200, "busy": 486, "noanswer": 408, "cancel": 487, "failed": 503}


@dataclass(frozen=True)
class Talk:
    """How a kind of call goes: results with their weights, and how long people talk (seconds at the median, spread)."""

    results: Mapping[str, float]
    median: float
    spread: float

    def outcome(self, chance: Random) -> str:
        return chance.choices(list(self.results), list(self.results.values()))[0]

    def seconds(self, chance: Random) -> float:
        return round(min(max(2.0, chance.lognormvariate(log(self.median), self.spread)), LONGEST), 3)


ANSWERED_MOSTLY = Talk({"ok": 88, "noanswer": 7, "cancel": 3, "busy": 2}, 135, 0.95)
SUPPORT = Talk(ANSWERED_MOSTLY.results, 255, 0.85)
AT_LUNCH = Talk({"ok": 78, "noanswer": 15, "cancel": 5, "busy": 2}, 120, 0.95)
NOBODY_THERE = Talk({"ok": 12, "noanswer": 78, "cancel": 10}, 60, 0.8)
OUTGOING = Talk({"ok": 79, "noanswer": 12, "busy": 5, "cancel": 3, "failed": 1}, 115, 1.0)
AMONG_COLLEAGUES = Talk({"ok": 84, "noanswer": 9, "busy": 6, "cancel": 1}, 52, 0.9)
AT_HOME = Talk({"ok": 80, "noanswer": 15, "busy": 3, "cancel": 2}, 190, 1.05)
CALLED_BACK = Talk({"ok": 86, "noanswer": 10, "busy": 4}, 150, 0.9)


@dataclass(frozen=True)
class Office:
    """A company: who sits there, its groups, and the callers that return."""

    name: str
    domain: str
    base: str
    usual: float
    colleagues: tuple[Colleague, ...]
    groups: tuple[Ring, ...] = ()
    regulars: int = 150
    forwarding: Mapping[str, str] = field(default_factory=dict)  # extension -> kind of forwarding, to a mobile or a colleague

    @cached_property
    def partners(self) -> Sequence[str]:
        return partners.numbers(self.regulars, chance_of(self.name, "partners"))

    @cached_property
    def favourites(self) -> Mapping[str, str]:
        """Whom a returning caller asks for: an extension or a group."""
        chance = chance_of(self.name, "favourites")
        goals = [one.extension for one in self.colleagues]
        weights = [one.weight for one in self.colleagues]
        everywhere = sum(weights)
        for ring, share in zip(self.groups, (0.9, 0.7, 0.3), strict=False):
            goals.append(ring.extension)
            weights.append(everywhere * share)
        return dict(zip(self.partners, chance.choices(goals, weights, k=len(self.partners)), strict=True))

    @cached_property
    def popularity(self) -> Sequence[float]:
        """The first callers call often, the last ones once in a while."""
        return tuple(1 / (place + 30) for place in range(self.regulars))

    def ring(self, extension: str) -> Ring | None:
        return next((ring for ring in self.groups if ring.extension == extension), None)

    def colleague(self, extension: str) -> Colleague:
        return next(one for one in self.colleagues if one.extension == extension)

    def address(self, extension: str) -> str:
        ring = self.ring(extension)
        user = ring.name.lower() if ring else self.colleague(extension).username
        return f"{user}@{self.domain}"

    def number(self, extension: str) -> str:
        """What is printed on letters and cards."""
        ring = self.ring(extension)
        return f"4930{ring.number}" if ring else f"{self.base}{extension}"


def company_day(office: Office, day: date) -> Iterator[Leg]:
    """Everything that is telephoned at a company on one day, in no order."""
    chance = chance_of(office.name, day)
    count = rhythm.office_calls(day, office.usual, chance)
    for place, at in enumerate(rhythm.moments(rhythm.OFFICE_HOURS, count, chance)):
        yield from _Desk(office, day, f"{office.name}-{day:%Y%m%d}-{place:04}", chance).call(at)


class _Desk:
    """One caller’s concern: the call, and what comes of it when nobody answered."""

    def __init__(self, office: Office, day: date, call_id: str, chance: Random) -> None:
        self.office = office
        self.day = day
        self.call_id = call_id
        self.chance = chance

    def call(self, at: timedelta) -> Iterable[Leg]:
        kind = self.chance.random()
        if kind < 0.47:
            return self._from_outside(at)
        if kind < 0.83:
            return [self._to_outside(at, self._somebody(), self._partner())]
        return [self._inside(at)]

    # --- who

    def _somebody(self) -> str:
        people = self.office.colleagues
        return self.chance.choices(people, [one.weight for one in people])[0].extension

    def _partner(self) -> str:
        if self.chance.random() < 0.15:
            return partners.number(self.chance)
        return self.chance.choices(self.office.partners, self.office.popularity)[0]

    def _wanted(self, partner: str) -> str:
        favourite = self.office.favourites.get(partner)
        if favourite and self.chance.random() < 0.75:
            return favourite
        if self.office.groups and self.chance.random() < 0.55:
            return self.chance.choices(self.office.groups, (4, 3, 3))[0].extension
        return self._somebody()

    # --- what

    def _from_outside(self, at: timedelta) -> Iterator[Leg]:
        partner = self._partner()
        wanted = self._wanted(partner)
        hidden = self.chance.random() < 0.035
        legs = self._incoming(at, partner, wanted, self._mood(at, wanted), hidden=hidden)
        yield from legs
        if legs[-1].result != "ok" and not hidden:
            yield from self._afterwards(at, partner, wanted)

    def _mood(self, at: timedelta, wanted: str) -> Talk:
        hour = at.seconds // 3600
        if not rhythm.is_working_day(self.day) or not 8 <= hour < 18:
            return NOBODY_THERE
        if hour in {12, 13}:
            return AT_LUNCH
        return SUPPORT if wanted == "601" else ANSWERED_MOSTLY

    def _incoming(self, at: timedelta, partner: str, wanted: str, talk: Talk, *, hidden: bool = False) -> list[Leg]:
        result = talk.outcome(self.chance)
        ring = self.office.ring(wanted)
        answers = self.chance.choice(ring.members) if ring and result == "ok" else wanted
        leg = self._leg(
            at,
            talk,
            result,
            caller=f"+{partner}",
            callee=self.office.address(answers),
            caller_hidden="yes" if hidden else "",
            dialled=f"+{self.office.number(wanted)}",
        )
        how = self.office.forwarding.get(answers)
        if how is None or ring or (how == "cft" and self.chance.random() < 0.7):
            return [leg]
        return [leg, self._forwarded(leg, answers, how)]

    def _forwarded(self, leg: Leg, extension: str, how: str) -> Leg:
        mobile = self.office.partners[-1 - int(extension) % 20]
        sent_on = replace(leg, leg=2, type=how, dialled="", caller_number=leg.caller)
        return replace(sent_on, caller=self.office.address(extension), callee=f"+{mobile}")

    def _afterwards(self, at: timedelta, partner: str, wanted: str) -> Iterator[Leg]:
        """Most missed callers are called back, some try again."""
        what = self.chance.random()
        later = at + timedelta(minutes=self.chance.uniform(3, 130))
        if later >= timedelta(hours=18, minutes=30) or not rhythm.is_working_day(self.day) or later < timedelta(hours=8):
            return
        if what < 0.62:
            ring = self.office.ring(wanted)
            by = self.chance.choice(ring.members) if ring else wanted
            yield replace(self._to_outside(later, by, partner, CALLED_BACK), call_id=f"{self.call_id}-back")
        elif what < 0.82:
            again = self._incoming(later, partner, wanted, CALLED_BACK)
            yield from (replace(leg, call_id=f"{self.call_id}-again") for leg in again)

    def _to_outside(self, at: timedelta, extension: str, partner: str, talk: Talk = OUTGOING) -> Leg:
        return self._leg(
            at,
            talk,
            talk.outcome(self.chance),
            caller=self.office.address(extension),
            callee=f"+{partner}",
            caller_number=f"+{self.office.number(extension)}",
            dialled=partners.dialled(partner),
        )

    def _inside(self, at: timedelta) -> Leg:
        caller, callee = self._somebody(), self._somebody()
        while callee == caller:
            callee = self._somebody()
        if self.office.groups and self.chance.random() < 0.06:
            callee = self.office.groups[-1].extension
        talk = AMONG_COLLEAGUES
        addresses = {"caller": self.office.address(caller), "callee": self.office.address(callee)}
        return self._leg(at, talk, talk.outcome(self.chance), dialled=callee, **addresses)

    def _leg(self, at: timedelta, talk: Talk, result: str, **who: str) -> Leg:
        return leg(self.day, at, talk, result, self.chance, call_id=self.call_id, **who)


def leg(
    day: date,
    at: timedelta,
    talk: Talk,
    result: str,
    chance: Random,
    *,
    call_id: str,
    caller: str,
    callee: str,
    caller_number: str = "",
    caller_hidden: str = "",
    dialled: str = "",
) -> Leg:
    """A leg that begins to ring at a moment of a local day."""
    rings = (datetime.combine(day, time.min, ZONE) + at).astimezone(UTC)
    answered = result == "ok"
    return Leg(
        call_id=call_id,
        init_time=rings,
        start_time=rings + timedelta(seconds=round(chance.uniform(2, 17), 3)) if answered else rings,
        duration=talk.seconds(chance) if answered else 0.0,
        caller=caller,
        callee=callee,
        result=result,
        code=_CODES[result],
        caller_number=caller_number,
        caller_hidden=caller_hidden,
        dialled=dialled,
    )


@dataclass(frozen=True)
class Household:
    """Somebody with one line."""

    name: str
    address: str
    number: str
    usual: float

    @cached_property
    def friends(self) -> Sequence[str]:
        return partners.numbers(25, chance_of(self.name, "friends"))


def private_day(household: Household, day: date) -> Iterator[Leg]:
    chance = chance_of(household.name, day)
    count = rhythm.home_calls(day, household.usual, chance)
    for place, at in enumerate(rhythm.moments(rhythm.HOME_HOURS, count, chance)):
        friend = chance.choices(household.friends, range(len(household.friends), 0, -1))[0]
        call_id, result = f"{household.name}-{day:%Y%m%d}-{place:02}", AT_HOME.outcome(chance)
        own = _rung_up(household, friend) if chance.random() < 0.5 else _rung_by(household, friend, chance)
        yield leg(day, at, AT_HOME, result, chance, call_id=call_id, **own)


def _rung_up(household: Household, friend: str) -> dict[str, str]:
    return {
        "caller": household.address,
        "callee": f"+{friend}",
        "caller_number": f"+{household.number}",
        "dialled": partners.dialled(friend),
    }


def _rung_by(household: Household, friend: str, chance: Random) -> dict[str, str]:
    hidden = "yes" if chance.random() < 0.05 else ""
    return {"caller": f"+{friend}", "callee": household.address, "dialled": f"+{household.number}", "caller_hidden": hidden}
