"""Ways by which calls come back to where they were."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from portal.core.ids import PublicId
from portal.features.callhandling.rules.lines import Exchange, Line


@dataclass(frozen=True)
class Way:
    """The lines between, in order. `into_group`: the last of them is a group that rings the line, rather than forwards to it."""

    lines: tuple[PublicId, ...]
    into_group: bool


def way_back(exchange: Exchange, line: PublicId, target: PublicId) -> Way | None:
    """The shortest way by which calls forwarded from `line` to `target` can come back, by any rule; None when there is none."""
    waiting, seen = deque[tuple[PublicId, ...]]([(target,)]), {target}
    while waiting:
        path = waiting.popleft()
        last = exchange.lines.get(path[-1])
        for following, rung in _leads(last) if last else ():
            if following == line:
                return Way(path, rung)
            if following not in seen:
                seen.add(following)
                waiting.append((*path, following))
    return None


def _leads(line: Line) -> Iterator[tuple[PublicId, bool]]:
    """Where calls to a line can come, and whether it rings there itself."""
    for rule in line.handling.forwards:
        if rule.enabled:
            yield from ((one.line, False) for one in rule.destinations if one.line is not None)
    if line.ringing is not None:
        yield from ((member, True) for step in line.ringing.steps for member in step)
