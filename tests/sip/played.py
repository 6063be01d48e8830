"""Cases of call handling, played with real phones: in a tenth of their time, by companies with numbers of their own."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from portal.features.callhandling.rules import Call, Exchange, Leaves, Outcome, Phones, Rings, Why, evaluate
from portal.features.subscribers.rules import LockLevel
from tests.features.callhandling.cases import TUESDAY, Case
from tests.sip.phones import Outcome as Told, Phone
from tests.sip.world import PEERS, Company, World

FASTER = 10
SECONDS = {"ring_seconds", "seconds"}
CODES: Mapping[Why, set[int]] = {
    Why.NOT_ANSWERED: {408},
    Why.BUSY: {486},
    Why.DO_NOT_DISTURB: {486},
    Why.UNREACHABLE: {480},
    Why.NOBODY: {404, 480},
    Why.LOCKED: {480},
    Why.BLOCKED: {603},
    Why.HIDDEN: {433},
    Why.LOOP: {482},
    Why.MOVED: {410},
}


def playable(case: Case) -> bool:
    """Whatever does not depend on the day."""
    rules = [rule for line in case.exchange.lines.values() for rule in line.handling.forwards]
    return case.at == TUESDAY and not any(rule.times or rule.starts or rule.ends for rule in rules)


def faster(part: Any) -> Any:
    """All seconds of it a tenth, at least one."""
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{one.name: _faster_field(one.name, getattr(part, one.name)) for one in fields(part) if one.init})
    if isinstance(part, tuple):
        return tuple(map(faster, part))
    if isinstance(part, Mapping):
        return {name: faster(value) for name, value in part.items()}
    return part


def _faster_field(name: str, value: Any) -> Any:
    return max(1, value // FASTER) if name in SECONDS and value is not None else faster(value)


@dataclass
class Played:
    """One case with its company; `caller` is one of it, or somebody in another network."""

    case: Case
    exchange: Exchange
    company: Company
    caller: Phone
    told: Told | None = None
    began: float = 0.0

    @classmethod
    def prepared(cls, world: World, case: Case) -> "Played":
        exchange = faster(case.exchange)
        company = world.company(exchange=exchange)
        for name, line in exchange.lines.items():
            state = case.phones.get(name, Phones.OFF if line.reachable is False else Phones.FREE)
            if line.ringing is None and state is not Phones.OFF and line.lock is not LockLevel.GLOBAL:  # may not sign in
                company.phone(str(name), "busy" if state is Phones.BUSY else "ring", signed_in=False)
        stranger = world.phone(case.caller or "anonymous", password="", host=PEERS) if case.colleague is None else None
        return cls(case, exchange, company, stranger or company.phones[str(case.colleague)])

    async def sign_in(self) -> None:
        assert [await phone.registering() for phone in self.company.phones.values()] == [200] * len(self.company.phones)

    async def play(self) -> None:
        dialled = self.case.called.replace("4930555", self.company.prefix)
        if self.case.colleague is None:
            dialled = "+" + (self.company.number(dialled) if len(dialled) == 3 else dialled)
        more = ("Privacy: id",) if self.case.hidden else ()
        self.began = self.caller.loop.loop.time()
        self.told = await self.caller.calling(dialled, more=more)

    @property
    def simulated(self) -> Outcome:
        called = Call(self.case.at, self.case.called, self.case.caller, self.case.colleague, self.case.hidden)
        return evaluate(called, self.exchange, self.case.phones)

    def planned(self) -> list[tuple[int, set[str]]]:
        """Who is to ring, in order, and since when; a set of those who ring together."""
        together: dict[int, set[str]] = {}
        for step in self.simulated.steps:
            if isinstance(step, Rings):
                together.setdefault(step.begins, set()).add(str(step.line))
            elif isinstance(step, Leaves):
                together.setdefault(step.begins, set()).add(step.number)
        return sorted(together.items())

    def happened(self, peers: list[Phone]) -> list[tuple[float, set[str]]]:
        """Who rang, grouped as planned, and since when; phones that are busy do not ring."""
        assert self.told is not None
        rang = sorted(
            (at, phone.name or invite.uri.removeprefix("sip:+").partition("@")[0])
            for phone in (*self.company.phones.values(), *peers)
            if phone.does == "ring"
            for at, invite in phone.rang
            if invite["call-id"] == self.told.call_id
        )
        grouped = []
        for _, group in self.planned():
            grouped.append((rang[0][0] - self.began, {name for _, name in rang[: len(group)]}) if rang else (0.0, set[str]()))
            rang = rang[len(group) :]
        return [*grouped, *((at - self.began, {name}) for at, name in rang)]

    @property
    def code_is_right(self) -> bool:
        assert self.told is not None
        return self.told.code in CODES[self.simulated.end]


async def all_of(played: list[Played]) -> None:
    await asyncio.gather(*(one.sign_in() for one in played))
    await asyncio.gather(*(one.play() for one in played))
