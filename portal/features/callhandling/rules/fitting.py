"""Whom a rule means: callers by pattern, by name or by what they hide, the number that was dialled, and the time."""

from collections.abc import Iterator

from portal.features.callhandling.rules import patterns, times
from portal.features.callhandling.rules.lines import Blocking, Call, Callers, Exchange, Forward, Handling, Line, Mode, When
from portal.features.callhandling.rules.outcome import Why


def instead(line: Line, call: Call, when: When, exchange: Exchange) -> Forward | None:
    """The rule by which a call goes elsewhere in this case: the first that fits, scheduled ones before the others."""
    return next((rule for rule in in_order(line.handling, when) if fits(rule, line, call, exchange)), None)


def in_order(handling: Handling, when: When) -> list[Forward]:
    """The rules of a kind in the order in which they are tried."""
    return sorted((rule for rule in handling.forwards if rule.when is when), key=lambda rule: not rule.scheduled)


def fits(rule: Forward, line: Line, call: Call, exchange: Exchange) -> bool:
    return (
        rule.enabled
        and bool(rule.destinations)
        and _is_due(rule, call)
        and (rule.called is None or rule.called in _dialled(line, call))
        and (rule.times is None or times.on(rule.times, call.at, exchange.zone) != rule.times_except)
        and (rule.callers is None or is_of(rule.callers, call, exchange) != rule.callers_except)
    )


def _is_due(rule: Forward, call: Call) -> bool:
    return (rule.starts is None or rule.starts <= call.at) and (rule.ends is None or call.at < rule.ends)


def _dialled(line: Line, call: Call) -> set[str]:
    """Dialling the extension is dialling the line's own number."""
    own = {line.extension, *line.numbers[:1]}
    return {call.called, *(name for name in own if name)} if call.called in own else {call.called}


def is_of(callers: Callers, call: Call, exchange: Exchange) -> bool:
    if call.colleague is not None and callers.colleagues:
        return True
    if without_number(call):
        return callers.hidden
    return listed(callers.patterns, call, exchange)


def without_number(call: Call) -> bool:
    """Nothing is known of whoever hides the own number, even if the network knows it."""
    return call.hidden or (call.caller is None and call.colleague is None)


def listed(listing: tuple[str, ...], call: Call, exchange: Exchange) -> bool:
    numbers, extensions = tuple(_numbers(call, exchange)), tuple(_extensions(call, exchange))
    return any(patterns.matches(one, digits, exchange.home) for digits in numbers for one in listing) or any(
        patterns.matches_short(one, extension) for extension in extensions for one in listing
    )


def matching(pattern: str, call: Call, exchange: Exchange) -> bool:
    return listed((pattern,), call, exchange)


def _numbers(call: Call, exchange: Exchange) -> Iterator[str]:
    if call.caller is not None:
        yield call.caller
    colleague = exchange.lines.get(call.colleague) if call.colleague else None
    if colleague is not None:
        yield from colleague.numbers


def _extensions(call: Call, exchange: Exchange) -> Iterator[str]:
    colleague = exchange.lines.get(call.colleague) if call.colleague else None
    if colleague is not None and colleague.extension is not None:
        yield colleague.extension


def turned_away(blocking: Blocking, call: Call, exchange: Exchange) -> Why | None:
    """Why a line does not take the call. Of those without a number nothing can be listed."""
    if without_number(call):
        return Why.HIDDEN if blocking.hidden or blocking.mode is Mode.ALLOW else None
    allowed = listed(blocking.patterns, call, exchange) == (blocking.mode is Mode.ALLOW)
    return None if allowed else Why.BLOCKED
