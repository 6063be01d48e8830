"""What a line does with calls ends with it; what leads to it stays."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.core import db
from portal.features.callhandling import operations as callhandling
from portal.features.callhandling.models import (
    BlockEntry,
    CallerEntry,
    CallerList,
    Forward,
    ForwardDestination,
    LineHandling,
    SpeedDial,
    TimeSet,
    TimeSpan,
)
from portal.features.pbx import operations
from portal.features.phonebook.models import Entry, EntryNumber
from portal.features.subscribers import queries as subscriber_queries
from portal.features.subscribers.models import Profile, Subscriber
from tests.cast import Cast
from tests.features.pbx.conftest import Line

TABLES = (
    Forward,
    ForwardDestination,
    LineHandling,
    BlockEntry,
    SpeedDial,
    TimeSet,
    TimeSpan,
    CallerList,
    CallerEntry,
    Entry,
    EntryNumber,
)


def owner(line: Subscriber) -> dict[str, int]:
    return {"reseller_id": line.reseller_id, "customer_id": line.customer_id}


def write(rows: Sequence[Any]) -> None:
    db.session().add_all(rows)
    db.session().flush()


def set_up(line: Subscriber, *, to: Subscriber) -> Forward:
    """Something of everything that a line can have of its own."""
    own = {**owner(line), "subscriber_id": line.id}
    times = TimeSet(name="Late", name_sort="late", **own)
    callers = CallerList(name="Family", name_sort="family", **own)
    entry = Entry(name="Aunt", name_sort="aunt", company=None, email=None, note=None, **own)
    write([times, callers, entry])
    forward = Forward(
        when="always", position=0, enabled=True, time_set_id=times.id, caller_list_id=callers.id, called=None, **own
    )
    write([forward])
    write(
        [
            ForwardDestination(forward_id=forward.id, position=0, target_id=to.id, number=None, ring_seconds=20, **owner(line)),
            TimeSpan(time_set_id=times.id, position=0, kind="holidays", country="DE", **owner(line)),
            CallerEntry(caller_list_id=callers.id, pattern="49*", note=None, **owner(line)),
            EntryNumber(entry_id=entry.id, position=0, label="home", digits="4930555", **own),
            LineHandling(ring_seconds=30, **own),
            BlockEntry(direction="in", pattern="49666*", note=None, **own),
            SpeedDial(slot=1, target_id=to.id, number=None, name=None, **own),
        ]
    )
    return forward


def left() -> dict[str, int]:
    return {table.__tablename__: len(db.session().scalars(select(table)).all()) for table in TABLES}


def test_nothing_of_an_extension_is_left_behind(as_clare: Cast, line: Line) -> None:
    set_up(line("bob"), to=line("alice"))
    assert set(left().values()) == {1}
    operations.terminate(by=as_clare.clare.identity, line=line("bob"))
    assert set(left().values()) == {0}


def test_what_others_have_set_stays_and_leads_nowhere(as_clare: Cast, line: Line) -> None:
    forward = set_up(line("alice"), to=line("bob"))
    operations.terminate(by=as_clare.clare.identity, line=line("bob"))
    assert set(left().values()) == {1}
    target = db.session().scalars(select(ForwardDestination).where(ForwardDestination.forward_id == forward.id)).one().target_id
    assert db.session().get_one(Subscriber, target).display_name == "Bob Turner"


def test_a_group_takes_its_forwards_with_it(as_clare: Cast, line: Line) -> None:
    sales = subscriber_queries.line(as_clare.groups["sales"].public_id)
    set_up(sales, to=line("alice"))
    operations.terminate(by=as_clare.clare.identity, line=sales)
    assert set(left().values()) == {0}


def test_so_does_a_line_without_a_company(cast: Cast) -> None:
    with db.unit_of_work(cast.rita.scope):
        charlie = subscriber_queries.line(cast.charlie.subscriber.public_id)
        set_up(charlie, to=charlie)
        callhandling.terminate_line(by=cast.rita.identity, line=charlie)
        assert set(left().values()) == {0}


def test_a_profile_can_go_when_whoever_had_it_has_gone(as_clare: Cast, line: Line) -> None:
    bob = line("bob")
    profile = Profile(name="Quiet", name_sort="quiet", levels={}, **owner(bob))
    write([profile])
    bob.profile_id = profile.id
    operations.terminate(by=as_clare.clare.identity, line=bob)
    db.session().delete(profile)
    db.session().flush()
    assert db.session().scalars(select(Profile)).all() == []
