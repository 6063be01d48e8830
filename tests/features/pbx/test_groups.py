"""Groups: what is changed about them, and each reason why not."""

from typing import Any

import pytest

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound
from portal.core.ids import PublicId
from portal.features.callhandling.queries import forwards_of
from portal.features.callhandling.rules import Destination
from portal.features.numbers.models import Number
from portal.features.numbers.queries import aliases_of, primary_of
from portal.features.pbx import operations, queries
from portal.features.pbx.models import CancelMode, Group, RingingPolicy
from portal.features.subscribers import queries as subscriber_queries
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast
from tests.features.pbx.conftest import Line, raises_refused, traces
from tests.features.pbx.groups import ALL, ids, ringing_order


@pytest.fixture
def sales(as_clare: Cast) -> Subscriber:
    return queries.group(as_clare.groups["sales"].public_id)


def change(cast: Cast, group: Subscriber, **facts: Any) -> Subscriber:
    given = {"display_name": group.display_name, "extension": str(group.extension), **facts}
    return operations.change_group(by=cast.clare.identity, group=group, version=group.version, **given)


def ring(cast: Cast, group: Subscriber, **facts: Any) -> Group:
    given = {
        "policy": RingingPolicy.PARALLEL,
        "ring_seconds": 10,
        "cancel_mode": CancelMode.CANCEL,
        "ignore_forwards": False,
        **facts,
    }
    operations.change_ringing(by=cast.clare.identity, group=group, version=group.version, **given)
    return db.session().get_one(Group, group.id)


def order(cast: Cast, group: Subscriber, *names: str) -> tuple[PublicId, ...]:
    return operations.set_members(by=cast.clare.identity, group=group, version=group.version, members=ids(cast, names))


# --- name and numbers --------------------------------------------------------------------------------------------------------


def test_another_extension_derives_the_number_again(as_clare: Cast, sales: Subscriber) -> None:
    change(as_clare, sales, display_name="  Sales   Team ", extension="610")
    assert (sales.display_name, sales.name_sort, sales.extension) == ("Sales Team", "sales team", "610")
    assert primary_of(sales.id).digits == "49305550000610"  # type: ignore[union-attr]
    assert traces(sales.public_id)[0].details == {"display_name": ["Sales", "Sales Team"], "extension": ["600", "610"]}


def test_the_rules_of_extensions_hold_for_groups(as_clare: Cast, sales: Subscriber) -> None:
    for extension, code in (("101", "extension-taken-by"), ("700", "extension-range"), ("6o0", "extension-digits")):
        with raises_refused(code, "extension"):
            change(as_clare, sales, extension=extension)
    with raises_refused("name-empty", "display_name"):
        change(as_clare, sales, display_name=" ")


def test_further_numbers_come_from_the_pool_and_return_there(as_clare: Cast, sales: Subscriber, pool: list[Number]) -> None:
    change(as_clare, sales, add=[pool[0].public_id])
    change(as_clare, sales, keep=[pool[0].public_id], add=[pool[1].public_id])
    assert aliases_of(sales.id) == pool[:2]
    change(as_clare, sales, keep=[pool[1].public_id])
    assert aliases_of(sales.id) == pool[1:2]
    assert queries.pool_facts(as_clare.lantern.id).free == 3


def test_nothing_is_taken_from_somebody_else(as_clare: Cast, sales: Subscriber, pool: list[Number], line: Line) -> None:
    number = [pool[0].public_id]
    operations.assign_numbers(by=as_clare.clare.identity, customer_id=as_clare.lantern.id, numbers=number, to=line("alice"))
    with raises_refused("number-not-free", "add"):
        change(as_clare, sales, add=[pool[0].public_id])


def test_a_group_can_begin_with_a_number_of_the_pool(as_clare: Cast, pool: list[Number]) -> None:
    group = operations.create_group(
        by=as_clare.clare.identity,
        customer_id=as_clare.lantern.id,
        display_name="Desk",
        extension="601",
        policy=RingingPolicy.SERIAL,
        ignore_forwards=True,
        add=[pool[0].public_id],
    )
    assert aliases_of(group.id) == pool[:1]
    assert db.session().get_one(Group, group.id).ignore_forwards


def test_nothing_changed_leaves_no_trace(as_clare: Cast, sales: Subscriber) -> None:
    version = sales.version
    change(as_clare, sales)
    ring(as_clare, sales)
    order(as_clare, sales, *ALL)
    assert (sales.version, traces(sales.public_id)) == (version, [])


# --- ringing -----------------------------------------------------------------------------------------------------------------


def test_how_a_group_rings(as_clare: Cast, sales: Subscriber) -> None:
    wanted = {"policy": RingingPolicy.CIRCULAR, "ring_seconds": 3600, "cancel_mode": CancelMode.BYE, "ignore_forwards": True}
    ringing = ring(as_clare, sales, **wanted)
    assert {name: getattr(ringing, name) for name in wanted} == wanted
    assert traces(sales.public_id, Event.GROUP_CHANGED)[0].details == {
        "policy": ["parallel", "circular"],
        "ring_seconds": [10, 3600],
        "cancel_mode": ["cancel", "bye"],
        "ignore_forwards": [False, True],
    }
    assert ringing_order(sales) == list(ALL)


@pytest.mark.parametrize("seconds", [0, 3601, -5])
def test_nobody_rings_for_ever(as_clare: Cast, sales: Subscriber, seconds: int) -> None:
    with raises_refused("ring-seconds", "ring_seconds") as sentence:
        ring(as_clare, sales, ring_seconds=seconds)
    assert sentence == ["Phones can ring for 1 to 3600 seconds."]


def test_each_change_is_of_a_version(as_clare: Cast, sales: Subscriber) -> None:
    by, version = as_clare.clare.identity, sales.version
    ring(as_clare, sales, ring_seconds=20)
    assert sales.version == version + 1
    with pytest.raises(Conflict):
        operations.set_members(by=by, group=sales, version=version, members=[])
    with pytest.raises(Conflict):
        operations.change_group(by=by, group=sales, version=version, display_name="Sales", extension="600")


def test_a_person_is_no_group(as_clare: Cast, line: Line) -> None:
    alice = line("alice")
    with pytest.raises(NotFound):
        ring(as_clare, alice)
    with pytest.raises(NotFound):
        order(as_clare, alice, "bob")
    with pytest.raises(NotFound):
        change(as_clare, alice)


# --- members -----------------------------------------------------------------------------------------------------------------


def test_a_whole_order_in_one_act(as_clare: Cast, sales: Subscriber) -> None:
    before = order(as_clare, sales, "carol", "clare", "alice")
    assert list(before) == ids(as_clare, ALL)
    assert ringing_order(sales) == ["carol", "clare", "alice"]
    assert traces(sales.public_id)[0].details == {"members": ["Carol Nguyen", "Clare Fenn", "Alice Meier"]}


def test_everybody_can_leave(as_clare: Cast, sales: Subscriber) -> None:
    order(as_clare, sales)
    assert ringing_order(sales) == []


def test_people_join_at_the_end(as_clare: Cast, sales: Subscriber) -> None:
    order(as_clare, sales, "bob")
    operations.join(by=as_clare.clare.identity, group=sales, members=ids(as_clare, ["alice", "carol"]))
    assert ringing_order(sales) == ["bob", "alice", "carol"]
    with raises_refused("member-twice", "members"):
        operations.join(by=as_clare.clare.identity, group=sales, members=ids(as_clare, ["bob"]))


def test_no_group_in_a_group(as_clare: Cast, sales: Subscriber) -> None:
    with raises_refused("member-line", "members") as sentence:
        operations.set_members(by=as_clare.clare.identity, group=sales, version=sales.version, members=[sales.public_id])
    assert sentence == ["Only people of this company can be members of a group."]


def test_nobody_twice(as_clare: Cast, sales: Subscriber) -> None:
    with raises_refused("member-twice", "members") as sentence:
        order(as_clare, sales, "alice", "bob", "alice")
    assert sentence == ["Alice Meier is in the list twice."]


def test_nobody_of_another_company_and_nobody_who_has_left(as_clare: Cast, sales: Subscriber, line: Line) -> None:
    with raises_refused("member-gone", "members"):
        order(as_clare, sales, "alice", "ike")
    operations.terminate(by=as_clare.clare.identity, line=line("bob"))
    with raises_refused("member-gone", "members"):
        order(as_clare, sales, "alice", "bob")
    assert ringing_order(sales) == ["alice", "carol"]


def test_somebody_who_leaves_is_a_change_of_the_group(as_clare: Cast, sales: Subscriber, line: Line) -> None:
    version = sales.version
    operations.terminate(by=as_clare.clare.identity, line=line("bob"))
    assert sales.version == version + 1
    with pytest.raises(Conflict):
        operations.set_members(
            by=as_clare.clare.identity, group=sales, version=version, members=ids(as_clare, ["carol", "alice"])
        )


# --- nobody answers ----------------------------------------------------------------------------------------------------------


def elsewhere(cast: Cast, group: Subscriber, rule: PublicId | None, to: Destination | None) -> PublicId | None:
    operations.answer_elsewhere(by=cast.clare.identity, group=group, rule=rule, to=to)
    found = forwards_of(group.id)
    return found[0].public_id if found else None


def test_unanswered_calls_go_elsewhere_and_one_day_no_longer(as_clare: Cast, sales: Subscriber, line: Line) -> None:
    alice = Destination(line=line("alice").public_id)
    rule = elsewhere(as_clare, sales, None, alice)
    assert elsewhere(as_clare, sales, rule, Destination(number="491712345678")) == rule
    assert elsewhere(as_clare, sales, rule, None) is None
    events = [entry.event for entry in traces(sales.public_id)]
    assert events == [Event.FORWARD_ADDED, Event.FORWARD_CHANGED, Event.FORWARD_REMOVED]


def test_a_group_is_no_way_out_of_itself(as_clare: Cast, sales: Subscriber) -> None:
    with raises_refused("unanswered-itself", "unanswered"):
        elsewhere(as_clare, sales, None, Destination(line=sales.public_id))


def test_what_others_set_for_unanswered_calls_is_not_overwritten(as_clare: Cast, sales: Subscriber, line: Line) -> None:
    elsewhere(as_clare, sales, None, Destination(line=line("alice").public_id))
    with pytest.raises(Conflict):
        elsewhere(as_clare, sales, None, Destination(line=line("bob").public_id))


# --- the end -----------------------------------------------------------------------------------------------------------------


def test_a_group_ends_and_its_numbers_are_free(as_clare: Cast, sales: Subscriber, pool: list[Number]) -> None:
    change(as_clare, sales, add=[pool[0].public_id])
    operations.terminate(by=as_clare.clare.identity, line=sales)
    assert queries.pool_facts(as_clare.lantern.id).free == 4
    with pytest.raises(NotFound):
        queries.group(sales.public_id)
    assert subscriber_queries.line(as_clare.alice.subscriber.public_id).display_name == "Alice Meier"
