"""Two at once on one group: real transactions that really commit."""

import threading

from portal.core import db
from portal.features.pbx import operations, queries
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast
from tests.features.pbx.groups import ALL, ids, stored_order
from tests.features.pbx.reading import id_of
from tests.features.pbx.test_races import together, together_as

ORDERS = (("bob", "alice", "carol"), ("carol", "bob", "alice"), ("carol", "alice", "bob"), ("bob", "carol", "alice"))


def sales(cast: Cast) -> Subscriber:
    return queries.group(cast.groups["sales"].public_id)


def version_of(cast: Cast) -> int:
    with db.unit_of_work(cast.clare.scope):
        return sales(cast).version


def test_of_two_pilots_who_order_one_group_one_is_told(own_cast: Cast) -> None:
    version = version_of(own_cast)

    def order(place: int) -> None:
        members = ids(own_cast, ORDERS[place])
        operations.set_members(by=own_cast.clare.identity, group=sales(own_cast), version=version, members=members)

    assert sorted(together(own_cast.clare, order, len(ORDERS))) == ["conflict", "conflict", "conflict", "done"]
    assert tuple(stored_order(own_cast)) in ORDERS


def test_whoever_orders_while_somebody_leaves_never_brings_them_back(own_cast: Cast) -> None:
    version = version_of(own_cast)

    def act(place: int) -> None:
        by = own_cast.clare.identity
        if place:
            operations.terminate(by=by, line=queries.extension(id_of(own_cast.bob)))
        else:
            members = ids(own_cast, ("carol", "bob", "alice"))
            operations.set_members(by=by, group=sales(own_cast), version=version, members=members)

    outcomes = together(own_cast.clare, act, 2)
    assert outcomes[1] == "done"
    assert outcomes[0] in {"done", "conflict"}
    assert stored_order(own_cast) == (["carol", "alice"] if outcomes[0] == "done" else ["alice", "carol"])


def test_everybody_who_is_added_at_the_same_time_comes_in(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope):
        group = sales(own_cast)
        operations.set_members(by=own_cast.clare.identity, group=group, version=group.version, members=[])

    def act(place: int) -> None:
        operations.join(by=own_cast.clare.identity, group=sales(own_cast), members=ids(own_cast, [ALL[place]]))

    assert together(own_cast.clare, act, 3) == ["done"] * 3
    assert sorted(stored_order(own_cast)) == sorted(ALL)


def test_nobody_joins_a_group_that_ends(own_cast: Cast) -> None:
    both = threading.Barrier(2)

    def act(place: int) -> None:
        group = sales(own_cast)
        both.wait(5)
        if place:
            operations.terminate(by=own_cast.clare.identity, line=group)
        else:
            operations.join(by=own_cast.clare.identity, group=group, members=ids(own_cast, ["clare"]))

    outcomes = together_as([own_cast.clare] * 2, act)
    assert outcomes[1] == "done"
    assert outcomes[0] in {"done", "not found"}
    assert stored_order(own_cast) == []
