"""The one evaluation: what becomes of a call while nobody answers.

The decisions stand alone (arrives, fitting.instead, rings_not), so that whoever carries a call can ask them one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter

from portal.core.ids import PublicId
from portal.features.callhandling.rules.fitting import instead, turned_away
from portal.features.callhandling.rules.lines import Call, Destination, Exchange, Forward, Line, Ringing, When
from portal.features.callhandling.rules.outcome import Barred, Forwarded, Leaves, Outcome, Phones, Rings, Silent, Step, Why
from portal.features.callhandling.rules.outgoing import forwards_not
from portal.features.subscribers.rules import LockLevel

MOST_HOPS = 10  # lines that a call passes one from the other
MOST_TRIES = 500  # of lines, in all

_BUSY = frozenset({Why.BUSY, Why.DO_NOT_DISTURB})
_AFTER: Mapping[Why, tuple[When, ...]] = {
    Why.DO_NOT_DISTURB: (When.BUSY,),
    Why.BUSY: (When.BUSY,),
    Why.UNREACHABLE: (When.UNREACHABLE,),
    Why.MOVED: (When.UNREACHABLE, When.NO_ANSWER),
    Why.NOT_ANSWERED: (When.NO_ANSWER,),
}
_AFTER_GROUP: Mapping[Why, tuple[When, ...]] = {
    **_AFTER,
    Why.BUSY: (When.BUSY, When.NO_ANSWER),
    Why.NOBODY: (When.UNREACHABLE, When.NO_ANSWER),
}


def evaluate(call: Call, exchange: Exchange, phones: Mapping[PublicId, Phones] | None = None) -> Outcome:
    """`phones`: what those of some lines do; the others are free, unless it is known that nothing is registered."""
    line = exchange.at(call.called)
    if line is None:
        return Outcome((), Why.NOBODY, 0)
    hunt = _Hunt(call, exchange, phones or {})
    result = hunt.line(line.public_id, _Turn(0))
    return Outcome(tuple(sorted(hunt.steps, key=attrgetter("begins"))), result.why, result.at)


def arrives(line: Line, call: Call, exchange: Exchange) -> Why | None:
    """Why a call ends before anything of the line is tried; None when it does not."""
    if line.lock in {LockLevel.IN_AND_OUT, LockLevel.GLOBAL}:
        return Why.LOCKED
    return turned_away(line.handling.incoming, call, exchange)


def rings_not(line: Line, phones: Phones | None = None) -> Why | None:
    """Why a call that has arrived, and does not always go elsewhere, does not ring; None when it does."""
    if line.lock is LockLevel.PORTED:
        return Why.MOVED
    if line.handling.do_not_disturb:
        return Why.DO_NOT_DISTURB
    if line.ringing is not None:
        return None
    state = phones or (Phones.OFF if line.reachable is False else Phones.FREE)
    return {Phones.OFF: Why.UNREACHABLE, Phones.BUSY: Why.BUSY}.get(state)


def next_rule(line: Line, call: Call, why: Why, exchange: Exchange) -> Forward | None:
    """Where a call goes on that was not answered for this reason."""
    after = _AFTER if line.ringing is None else _AFTER_GROUP
    rules = (instead(line, call, when, exchange) for when in after.get(why, ()))
    return next((rule for rule in rules if rule is not None), None)


@dataclass(frozen=True)
class _Turn:
    """When a line is tried, until when at most (None: as long as it takes), how the call came here, and by which lines.

    `ring`: how long its phones ring, where that is not its own to say.
    """

    at: int
    until: int | None = None
    ring: int | None = None
    path: tuple[PublicId, ...] = ()
    within: PublicId | None = None
    via: Forward | None = None
    forwards: bool = True

    @property
    def over(self) -> bool:
        return self.until is not None and self.at >= self.until

    def lasting(self, seconds: int) -> int:
        return seconds if self.until is None else min(seconds, self.until - self.at)


@dataclass(frozen=True)
class _Tried:
    """When it was over, and why nobody took the call."""

    at: int
    why: Why
    rang: bool = False


@dataclass
class _Hunt:
    call: Call
    exchange: Exchange
    phones: Mapping[PublicId, Phones]
    steps: list[Step] = field(default_factory=list)
    tries: int = 0

    def line(self, key: PublicId, turn: _Turn) -> _Tried:
        self.tries += 1
        line = self.exchange.lines.get(key)
        if line is None:
            return self._silent(key, turn, Why.NOBODY)
        if key in turn.path or len(turn.path) >= MOST_HOPS or self.tries > MOST_TRIES:
            return self._silent(key, turn, Why.LOOP)
        why = arrives(line, self.call, self.exchange)
        if why is not None:
            return self._silent(key, turn, why)
        return self._tried(line, replace(turn, path=(*turn.path, key)))

    def _tried(self, line: Line, turn: _Turn) -> _Tried:
        rule = instead(line, self.call, When.ALWAYS, self.exchange) if turn.forwards else None
        if rule is not None:
            return self._elsewhere(line, rule, None, turn)
        why = rings_not(line, self.phones.get(line.public_id))
        tried = self._rung(line, turn) if why is None else _Tried(turn.at, why)
        rule = next_rule(line, self.call, tried.why, self.exchange) if turn.forwards else None
        after = replace(turn, at=tried.at)
        if rule is not None and not after.over:
            gone = self._elsewhere(line, rule, tried.why, after)
            return replace(gone, rang=True, why=Why.NOT_ANSWERED) if tried.rang else gone
        return tried if tried.rang else self._silent(line.public_id, turn, tried.why)

    def _rung(self, line: Line, turn: _Turn) -> _Tried:
        if line.ringing is not None:
            return self._group(line, line.ringing, turn)
        seconds = turn.lasting(self._ring_seconds(line, turn))
        self.steps.append(Rings(line.public_id, turn.at, seconds, turn.within, turn.via))
        return _Tried(turn.at + seconds, Why.NOT_ANSWERED, rang=True)

    def _ring_seconds(self, line: Line, turn: _Turn) -> int:
        """A member rings as long as the group has it ring, unless a rule of its own takes the call away before."""
        if turn.ring is not None:
            return turn.ring
        leaves = turn.forwards and next_rule(line, self.call, Why.NOT_ANSWERED, self.exchange) is not None
        if turn.until is not None and turn.within is not None and not leaves:
            return turn.until - turn.at
        return line.handling.ring_seconds

    def _group(self, line: Line, ringing: Ringing, turn: _Turn) -> _Tried:
        at, tried = turn.at, list[_Tried]()
        for members in ringing.steps:
            if replace(turn, at=at).over:
                break
            ends = at + replace(turn, at=at).lasting(ringing.seconds)
            hunted = _Turn(at, ends, None, turn.path, line.public_id, turn.via, not ringing.ignore_forwards)
            together = [self.line(member, hunted) for member in members]
            at = max((one.at for one in together), default=at)
            tried += together
        if any(one.rang for one in tried):
            return _Tried(at, Why.NOT_ANSWERED, rang=True)
        return _Tried(at, Why.BUSY if tried and all(one.why in _BUSY for one in tried) else Why.NOBODY)

    def _elsewhere(self, line: Line, rule: Forward, why: Why | None, turn: _Turn) -> _Tried:
        self.steps.append(Forwarded(line.public_id, turn.at, rule, why))
        tried, rang = _Tried(turn.at, Why.NOBODY), False
        for place, destination in enumerate(rule.destinations):
            here = _Turn(tried.at, turn.until, path=turn.path, via=rule)
            if here.over:
                break
            tried = self._destination(line, destination, here, last=place == len(rule.destinations) - 1)
            rang = rang or tried.rang
        return _Tried(tried.at, Why.NOT_ANSWERED if rang else tried.why, rang)

    def _destination(self, forwarder: Line, destination: Destination, turn: _Turn, *, last: bool) -> _Tried:
        """Somebody rings for as long as the rule says; the last one's own rules follow. A group rings as it is set up."""
        if destination.line is None:
            return self._outside(forwarder, destination, turn)
        seconds = turn.lasting(destination.ring_seconds)
        line = self.exchange.lines.get(destination.line)
        if line is not None and line.ringing is not None:
            return self.line(destination.line, turn)
        until = turn.until if last else turn.at + seconds
        return self.line(destination.line, replace(turn, ring=destination.ring_seconds, until=until))

    def _outside(self, forwarder: Line, destination: Destination, turn: _Turn) -> _Tried:
        number = destination.number or ""
        why = forwards_not(forwarder, number, self.exchange.home)
        if why is not None:
            self.steps.append(Barred(number, turn.at, why, turn.via))
            return _Tried(turn.at, Why.NOBODY)
        seconds = turn.lasting(destination.ring_seconds)
        self.steps.append(Leaves(number, turn.at, seconds, turn.via))
        return _Tried(turn.at + seconds, Why.NOT_ANSWERED, rang=True)

    def _silent(self, key: PublicId, turn: _Turn, why: Why) -> _Tried:
        self.steps.append(Silent(key, turn.at, why, turn.within))
        return _Tried(turn.at, why)
