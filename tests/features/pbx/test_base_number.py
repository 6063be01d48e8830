"""A new base number re-derives everything, all or none."""

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from portal.core import db
from portal.core.audit import Event
from portal.core.phone import Parts
from portal.features.customers.queries import hold
from portal.features.numbers.models import Number, Role
from portal.features.numbers.operations import add_numbers
from portal.features.numbers.queries import primary_of
from portal.features.pbx import operations, queries
from portal.features.pbx.models import RingingPolicy
from tests.cast import Cast
from tests.features.pbx.conftest import raises_refused, traces
from tests.features.pbx.reading import id_of


def change(cast: Cast, sn: str) -> int:
    return operations.change_base_number(by=cast.clare.identity, customer_id=cast.lantern.id, base=Parts("49", "30", sn))


def own_numbers(cast: Cast) -> dict[str | None, str]:
    lines = queries.lines_with_extension(cast.lantern.id)
    numbers = {line.extension: primary_of(line.id) for line in lines}
    return {extension: number.digits for extension, number in numbers.items() if number}


def test_every_extension_and_group_follows(as_clare: Cast) -> None:
    assert change(as_clare, "8880") == 4
    assert own_numbers(as_clare) == {"101": "49308880101", "102": "49308880102", "103": "49308880103", "600": "49308880600"}
    clare = as_clare.clare.subscriber
    assert clare is not None
    assert primary_of(clare.id).digits == "49308880"  # type: ignore[union-attr]
    assert traces(clare.public_id, Event.BASE_NUMBER_CHANGED)[0].details == {"number": ["49305550000", "49308880"], "lines": 4}


def test_old_and_new_numbers_may_overlap_crosswise(as_clare: Cast) -> None:
    """Under 55500001 extension 101 gets the number that 1101 had under 5550000."""
    hold(as_clare.lantern.id).extension_max = None
    operations.create_extension(by=as_clare.clare.identity, customer_id=as_clare.lantern.id, display_name="Una", extension="1101")
    change(as_clare, "55500001")
    assert own_numbers(as_clare)["101"] == "493055500001101"
    assert own_numbers(as_clare)["1101"] == "4930555000011101"


def test_somebody_elses_number_stops_it_and_nothing_has_changed(as_clare: Cast) -> None:
    clare = as_clare.clare.subscriber
    assert clare is not None
    add_numbers(
        by=as_clare.clare.identity, customer=hold(as_clare.lantern.id), holder_id=clare.id, parts=[Parts("49", "30", "8880102")]
    )
    before = own_numbers(as_clare)
    with raises_refused("number-taken", "extension"):
        change(as_clare, "8880")
    db.session().expire_all()
    assert own_numbers(as_clare) == before


@pytest.mark.parametrize("sn", ["", "12a", "1" * 32])
def test_a_base_number_is_a_number(as_clare: Cast, sn: str) -> None:
    with raises_refused("number-parts", "number"):
        change(as_clare, sn)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.from_regex(r"8[0-9]{0,8}", fullmatch=True))  # where nobody has a number yet
def test_the_rule_holds_for_any_base(as_clare: Cast, sn: str) -> None:
    with db.session().begin_nested() as savepoint:
        change(as_clare, sn)
        assert set(own_numbers(as_clare).values()) == {f"4930{sn}{extension}" for extension in ("101", "102", "103", "600")}
        assert len(db.session().scalars(select(Number).where(Number.role == Role.PRIMARY)).all()) == 5
        savepoint.rollback()
    db.session().expire_all()


# --- groups ----------------------------------------------------------------------------------------------------------


def test_a_group_is_a_line_with_members_in_order(as_clare: Cast) -> None:
    people = [queries.extension(id_of(as_clare.people[name])) for name in ("carol", "alice")]
    group = operations.create_group(
        by=as_clare.clare.identity,
        customer_id=as_clare.lantern.id,
        display_name="Front Desk",
        extension="601",
        policy=RingingPolicy.SERIAL,
        members=people,
    )
    assert (group.username, group.extension, group.ha1_md5) == ("front-desk", "601", None)
    assert primary_of(group.id).digits == "49305550000601"  # type: ignore[union-attr]
    assert [(one.name, one.members) for one in queries.groups(as_clare.lantern.id)] == [("Front Desk", 2), ("Sales", 3)]
    assert traces(group.public_id)[0].details["members"] == ["Carol Nguyen", "Alice Meier"]


def test_groups_obey_range_limits_and_members_rules(as_clare: Cast) -> None:
    def create(**facts: object) -> None:
        given = {"display_name": "Desk", "extension": "601", "policy": RingingPolicy.SERIAL, **facts}
        operations.create_group(by=as_clare.clare.identity, customer_id=as_clare.lantern.id, **given)  # type: ignore[arg-type]

    alice = queries.extension(id_of(as_clare.alice))
    sales = queries.holder_of(as_clare.lantern.id, "600")
    with raises_refused("extension-taken-by", "extension"):
        create(extension="101")
    with raises_refused("extension-range", "extension"):
        create(extension="700")
    with raises_refused("ring-seconds", "ring_seconds"):
        create(ring_seconds=0)
    with raises_refused("member-line", "members"):
        create(members=[sales])
    with raises_refused("member-twice", "members"):
        create(members=[alice, alice])
    hold(as_clare.lantern.id).max_subscribers = 5
    with raises_refused("customer-full"):
        create()
