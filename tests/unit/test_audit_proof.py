"""A chain of any entries: whatever single thing is done to it is found, and nothing else is."""

import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import assume, given, strategies as st

from portal.core.chain import canonical, link
from portal.features.audit.rules.proof import Chain, Link, findings

KEY = secrets.token_hex(32)
START = b"\0" * 32
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "reseller_id": st.integers(1, 3),
    "customer_id": st.none() | st.integers(1, 3),
    "at": st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the bounds are naive
    "event": TEXT,
    "actor": st.none() | TEXT,
    "actor_name": TEXT,
    "as_whom": st.none() | TEXT,
    "as_whom_name": st.none() | TEXT,
    "address": st.none() | TEXT,
    "subject": st.none() | TEXT,
    "label": st.none() | TEXT,
    "details": st.dictionaries(TEXT, JSON, max_size=3),
}
ROWS = st.lists(st.fixed_dictionaries(dict(VALUES)), min_size=2, max_size=6)


def chained(rows: list[dict[str, Any]]) -> tuple[Chain, list[Link]]:
    head, links = START, []
    for place, row in enumerate(rows, 1):
        entry = {"id": place * 10, **row}
        head = link(KEY, head, entry)
        links.append(Link(place, entry["id"], head, entry))
    return Chain(KEY, START, len(links), head), links


def places(chain: Chain, links: list[Link]) -> list[int | None]:
    return [finding.place for finding in findings(chain, links)]


def some(data: st.DataObject, links: list[Link]) -> int:
    return data.draw(st.integers(0, len(links) - 1))


@given(ROWS)
def test_a_whole_chain(rows: list[dict[str, Any]]) -> None:
    assert places(*chained(rows)) == []


@given(ROWS, st.data())
def test_a_changed_column(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    chain, links = chained(rows)
    at = some(data, links)
    name = data.draw(st.sampled_from([*VALUES, "id"]))
    was = links[at].entry
    assert was is not None
    now = {**was, name: data.draw(VALUES.get(name, st.integers(1, 99)))}
    assume(canonical(now) != canonical(was))
    assert places(chain, [*links[:at], links[at]._replace(entry=now), *links[at + 1 :]]) == [at + 1]


@given(VALUES["details"], VALUES["details"])
def test_two_values_are_written_the_same_only_when_they_are_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    if one != other:
        assert canonical({"details": one}) != canonical({"details": other})


@given(ROWS, st.data())
def test_a_removed_entry(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    chain, links = chained(rows)
    at = some(data, links)
    assert places(chain, [*links[:at], links[at]._replace(entry=None), *links[at + 1 :]]) == [at + 1]


@given(ROWS, st.data())
def test_a_removed_link(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    chain, links = chained(rows)
    at = some(data, links)
    assert places(chain, links[:at] + links[at + 1 :]) == [at + 1]


@given(ROWS, st.data())
def test_a_removed_link_whose_gap_was_closed(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    chain, links = chained(rows)
    at = some(data, links)
    closed = [one._replace(place=place) for place, one in enumerate(links[:at] + links[at + 1 :], 1)]
    assert places(chain, closed) != []


@given(ROWS, st.data())
def test_a_link_that_was_put_in(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    chain, links = chained(rows)
    at = data.draw(st.integers(0, len(links)))
    forged = Link(
        at + 1, 5, data.draw(st.binary(min_size=32, max_size=32)), {"id": 5, **data.draw(st.fixed_dictionaries(dict(VALUES)))}
    )
    moved = [one._replace(place=place) for place, one in enumerate([*links[:at], forged, *links[at:]], 1)]
    assert places(chain, moved) != []


Swap = Callable[[Link, Link], Link]
SWAPS: list[Swap] = [
    lambda one, other: one._replace(entry=other.entry, entry_id=other.entry_id),
    lambda one, other: other._replace(place=one.place),
    lambda one, other: one._replace(hash=other.hash),
]


@given(ROWS, st.data(), st.sampled_from(SWAPS))
def test_two_that_changed_places(rows: list[dict[str, Any]], data: st.DataObject, swap: Swap) -> None:
    chain, links = chained(rows)
    one, other = sorted((some(data, links), some(data, links)))
    assume(one != other)
    moved = list(links)
    moved[one], moved[other] = swap(links[one], links[other]), swap(links[other], links[one])
    found = places(chain, moved)
    assert found[:1] == [one + 1]


@given(ROWS, st.integers(1, 5))
def test_an_end_that_was_cut_off_or_moved(rows: list[dict[str, Any]], by: int) -> None:
    chain, links = chained(rows)
    shorter = links[: max(0, len(links) - by)]
    assert places(chain, shorter) == [len(shorter) + 1]
    assert places(Chain(KEY, START, len(links) - 1, chain.head), links) == [len(links)]
    assert places(Chain(KEY, START, len(links), START), links) == [len(links)]
    assert places(chain, []) == [1]


@given(ROWS)
def test_nobody_proves_anything_with_another_key(rows: list[dict[str, Any]]) -> None:
    chain, links = chained(rows)
    assert places(Chain(secrets.token_hex(32), START, chain.length, chain.head), links) == [one.place for one in links]


def test_a_moment_is_one_in_every_time_zone() -> None:
    at = datetime(2026, 11, 24, 14, 2, 3, 40, UTC)
    assert canonical({"at": at}) == canonical({"at": at.astimezone(timezone(timedelta(hours=-5)))})
    assert canonical({"at": at}) == b'{"at":"2026-11-24T14:02:03.000040+00:00"}'


def test_nothing_is_not_written() -> None:
    """So that a table can be given another column, without a new chain."""
    assert canonical({"label": "x", "new": None}) == canonical({"label": "x"})
