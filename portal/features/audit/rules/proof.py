"""Whether a chain is whole: what its rows say when they are read in order."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from portal.core.chain import link


@dataclass(frozen=True)
class Chain:
    """What is kept of a reseller's chain: its key, what its first link is linked to, how many links there are, and the last one.

    Entries up to `after_entry` may be older than the chain.
    """

    key: str
    beginning: bytes
    length: int
    head: bytes
    after_entry: int = 0


class Link(NamedTuple):
    """`entry` holds the columns that are there now; None when they are gone."""

    place: int
    entry_id: int
    hash: bytes
    entry: Mapping[str, Any] | None


class Finding(NamedTuple):
    """What is wrong, at which place of the chain; `sentence` is for whoever looks after the portal."""

    place: int | None
    sentence: str


def findings(chain: Chain, links: Iterable[Link]) -> Iterator[Finding]:
    """What is wrong with links, which come in the order of their places. A row that was touched is found once."""
    last, before = Link(0, 0, chain.beginning, None), ""
    for one in links:
        whole = one.place == last.place + 1
        if one.place <= last.place:
            yield Finding(one.place, f"Place {one.place} is none of a chain.")
            continue
        if not whole:
            yield Finding(last.place + 1, f"{_places(one.place - last.place - 1)} missing before place {one.place}{before}.")
        if one.entry is None:
            yield Finding(one.place, f"Entry {one.entry_id}, at place {one.place}, was removed{before}.")
        elif whole and link(chain.key, last.hash, one.entry) != one.hash:
            yield Finding(one.place, f"{named(one.entry)}, at place {one.place}, is not what was written there.")
        last, before = one, f", behind the one of {moment(one.entry)}" if one.entry else before
    yield from _end(chain, last, before)


def inserted(entry: Mapping[str, Any]) -> Finding:
    return Finding(None, f"{named(entry)} was put in: it is not in the chain.")


def without_chain(links: int) -> Finding:
    return Finding(None, f"The chain has lost its beginning and its end, and {links} links of it are left.")


def _end(chain: Chain, last: Link, before: str) -> Iterator[Finding]:
    if last.place < chain.length:
        yield Finding(last.place + 1, f"{_places(chain.length - last.place)} missing at the end{before}.")
    elif last.place > chain.length:
        yield Finding(last.place, f"The chain ends at place {chain.length}, and goes on to place {last.place}.")
    elif last.hash != chain.head:
        yield Finding(last.place, "The end of the chain is not its last link.")


def _places(number: int) -> str:
    return "1 place is" if number == 1 else f"{number} places are"


def named(entry: Mapping[str, Any]) -> str:
    return f"Entry {entry['id']} of {moment(entry)} (“{entry['event']}” by {entry['actor_name']})"


def moment(entry: Mapping[str, Any]) -> str:
    at: datetime = entry["at"]
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
