"""Time sets and caller lists, as operations keep them."""

from collections.abc import Sequence
from datetime import date, time

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import CONSTRAINTS, Conflict, NotFound, Refused
from portal.core.ids import PublicId
from portal.features.callhandling import operations, queries
from portal.features.callhandling.models import CallerList, TimeSet
from portal.features.callhandling.rules import Dates, Destination, Entry, Holidays, Plan, Span, Weekly, When
from portal.features.callhandling.rules.conditions import MOST_CONDITIONS, MOST_ENTRIES, MOST_SPANS
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import Feature, Level
from portal.web.forms import constraint_of
from tests.cast import Cast, Person
from tests.features.callhandling.handled import give_level
from tests.features.pbx.conftest import raises_refused, statements, traces

NIGHTS = Weekly(frozenset(range(5)), time(18), time(8))
WEEKEND = Weekly(frozenset({5, 6}), time.min, time.min)
CHRISTMAS = Dates(date(2026, 12, 24), date(2026, 12, 26), excluded=True)


def line_of(person: Person) -> Subscriber:
    return subscribers.line(person.subscriber.public_id)


def add_times(
    who: Person, name: str = "After hours", spans: Sequence[Span] = (NIGHTS,), line: Subscriber | None = None
) -> TimeSet:
    return operations.add_times(by=who.identity, line=line, name=name, spans=spans)


def add_callers(who: Person, name: str = "Family", line: Subscriber | None = None, **more: object) -> CallerList:
    entries = more.pop("entries", [Entry("4917*", "Mum")])
    return operations.add_callers(by=who.identity, line=line, name=name, entries=entries, **more)  # type: ignore[arg-type]


def forward_by(cast: Cast, person: Person, *, times: PublicId | None = None, callers: PublicId | None = None) -> None:
    plan = Plan(when=When.ALWAYS, destinations=[Destination(number="491712044918")], times=times, callers=callers)
    operations.add_forward(by=cast.clare.identity, line=line_of(person), plan=plan)


def kept_times(cast: Cast, person: Person | None = None) -> dict[str, tuple[Span, ...]]:
    found = queries.time_sets(cast.lantern.id, person.subscriber.id if person else None)
    return {kept.row.name: kept.times.spans for kept in found}


def test_times_are_kept_as_they_were_meant(as_clare: Cast) -> None:
    spans = (NIGHTS, WEEKEND, Holidays("DE", "BE"), Holidays("AR"), CHRISTMAS)
    times = add_times(as_clare.clare, "  After   hours ", spans)
    assert kept_times(as_clare) == {"After hours": spans}
    assert [entry.label for entry in traces(times.public_id, Event.TIME_SET_ADDED)] == ["After hours"]


def test_times_are_changed_with_a_new_version_and_a_trace(as_clare: Cast) -> None:
    times = add_times(as_clare.clare, spans=[NIGHTS, WEEKEND])
    operations.change_times(by=as_clare.clare.identity, times=times, version=1, name="Nights", spans=[NIGHTS])
    assert (kept_times(as_clare), times.version) == ({"Nights": (NIGHTS,)}, 2)
    operations.change_times(by=as_clare.clare.identity, times=times, version=2, name="Nights", spans=[NIGHTS, CHRISTMAS])
    assert (kept_times(as_clare), times.version) == ({"Nights": (NIGHTS, CHRISTMAS)}, 3)
    assert len(traces(times.public_id, Event.TIME_SET_CHANGED)) == 2


def test_what_changes_nothing_leaves_no_trace(as_clare: Cast) -> None:
    times, callers = add_times(as_clare.clare), add_callers(as_clare.clare, hidden=True)
    operations.change_times(by=as_clare.clare.identity, times=times, version=1, name="After hours", spans=[NIGHTS])
    operations.change_callers(
        by=as_clare.clare.identity, callers=callers, version=1, name="Family", entries=[Entry("4917*", "Mum")], hidden=True
    )
    assert (times.version, callers.version) == (1, 1)
    assert traces(times.public_id, Event.TIME_SET_CHANGED) == traces(callers.public_id, Event.CALLER_LIST_CHANGED) == []


def test_whoever_saves_from_an_older_page_is_told(as_clare: Cast) -> None:
    times, callers = add_times(as_clare.clare), add_callers(as_clare.clare)
    operations.change_times(by=as_clare.clare.identity, times=times, version=1, name="Nights", spans=[NIGHTS])
    with pytest.raises(Conflict) as caught:
        operations.change_times(by=as_clare.clare.identity, times=times, version=1, name="Evenings", spans=[NIGHTS])
    assert caught.value.version == 2
    operations.change_callers(by=as_clare.clare.identity, callers=callers, version=1, name="Friends", colleagues=True)
    with pytest.raises(Conflict):
        operations.change_callers(by=as_clare.clare.identity, callers=callers, version=1, name="Foes", colleagues=True)


@pytest.mark.parametrize(
    ("name", "spans", "code", "field"),
    [
        ("", [NIGHTS], "condition-name", "name"),
        ("n" * 64, [NIGHTS], "condition-name", "name"),
        ("AFTER  hours", [NIGHTS], "condition-name-taken", "name"),
        ("New", [], "times-empty", "spans"),
        ("New", [CHRISTMAS], "times-only-except", "spans"),
        ("New", [NIGHTS] * (MOST_SPANS + 1), "times-long", "spans"),
    ],
)
def test_what_times_have_to_be(as_clare: Cast, name: str, spans: Sequence[Span], code: str, field: str) -> None:
    add_times(as_clare.clare)
    with raises_refused(code, field):
        add_times(as_clare.clare, name, spans)


def test_what_callers_have_to_be(as_clare: Cast) -> None:
    with raises_refused("callers-empty", "entries"):
        add_callers(as_clare.clare, entries=[])
    with raises_refused("entries-many", "entries"):
        add_callers(as_clare.clare, entries=[Entry(str(493000000 + n)) for n in range(MOST_ENTRIES + 1)])
    assert add_callers(as_clare.clare, "Hidden", entries=[], hidden=True).hidden
    assert add_callers(as_clare.clare, "Us", entries=[], colleagues=True).colleagues


def test_there_is_an_end_to_how_many_there_are(as_clare: Cast) -> None:
    own = {"reseller_id": as_clare.telephone.id, "customer_id": as_clare.lantern.id}
    db.session().add_all(TimeSet(name=f"Set {n}", name_sort=f"set {n}", **own) for n in range(MOST_CONDITIONS))
    with raises_refused("conditions-full") as sentence:
        add_times(as_clare.clare)
    assert sentence == ["There are 100 of them already. Remove one that nobody uses."]
    add_times(as_clare.clare, line=line_of(as_clare.clare))


def test_a_name_is_taken_only_by_things_of_the_same_owner(as_clare: Cast) -> None:
    add_times(as_clare.clare)
    add_times(as_clare.alice, line=line_of(as_clare.alice))
    add_times(as_clare.bob, line=line_of(as_clare.bob))
    found = queries.time_sets(as_clare.lantern.id, as_clare.alice.subscriber.id)
    assert [(kept.row.name, kept.shared) for kept in found] == [("After hours", True), ("After hours", False)]


def test_what_is_used_does_not_go_and_says_by_whom(as_clare: Cast) -> None:
    times, callers = add_times(as_clare.clare), add_callers(as_clare.clare)
    for person in (as_clare.bob, as_clare.alice):
        forward_by(as_clare, person, times=times.public_id, callers=callers.public_id)
    with raises_refused("time-set-used") as sentence:
        operations.remove_times(by=as_clare.clare.identity, times=times)
    assert sentence == ["“After hours” is used by Alice Meier and Bob Turner. Change the forwarding there first."]
    with raises_refused("caller-list-used"):
        operations.remove_callers(by=as_clare.clare.identity, callers=callers)
    assert [kept.used_by for kept in queries.time_sets(as_clare.lantern.id, None)] == [2]
    assert [kept.used_by for kept in queries.caller_lists(as_clare.lantern.id, None)] == [2]


def test_what_nobody_uses_goes_with_all_its_parts(as_clare: Cast) -> None:
    times, callers = add_times(as_clare.clare), add_callers(as_clare.clare)
    operations.remove_times(by=as_clare.clare.identity, times=times)
    operations.remove_callers(by=as_clare.clare.identity, callers=callers)
    assert not queries.time_sets(as_clare.lantern.id, None)
    assert not queries.caller_lists(as_clare.lantern.id, None)
    assert traces(times.public_id, Event.TIME_SET_REMOVED)
    assert traces(callers.public_id, Event.CALLER_LIST_REMOVED)
    with pytest.raises(NotFound):
        operations.remove_times(by=as_clare.clare.identity, times=times)


# --- whose they are ----------------------------------------------------------------------------------------------------------


def test_what_the_company_shares_is_kept_by_whoever_runs_it(as_clare: Cast) -> None:
    times, callers = add_times(as_clare.clare), add_callers(as_clare.clare)
    with pytest.raises(NotFound):
        add_times(as_clare.alice, "Mine for all")
    with pytest.raises(NotFound):
        operations.change_times(by=as_clare.alice.identity, times=times, version=1, name="Alice’s", spans=[NIGHTS])
    with pytest.raises(NotFound):
        operations.remove_callers(by=as_clare.alice.identity, callers=callers)


def test_what_is_ones_own_is_nobody_elses(as_clare: Cast) -> None:
    alice = line_of(as_clare.alice)
    times, callers = add_times(as_clare.alice, line=alice), add_callers(as_clare.alice, line=alice)
    for other in (as_clare.bob, as_clare.clare):
        with pytest.raises(NotFound):
            add_times(other, "For alice", line=alice)
        with pytest.raises(NotFound):
            operations.change_callers(by=other.identity, callers=callers, version=1, name="Theirs", hidden=True)
        with pytest.raises(NotFound):
            operations.remove_times(by=other.identity, times=times)
        with pytest.raises(NotFound):
            queries.time_set(times.public_id, other.subscriber.id)
        with pytest.raises(NotFound):
            queries.caller_list(callers.public_id, other.subscriber.id)


def test_a_line_that_may_not_change_its_forwarding_keeps_no_conditions(as_clare: Cast) -> None:
    alice, bob = line_of(as_clare.alice), line_of(as_clare.bob)
    times = add_times(as_clare.bob, line=bob)
    give_level(alice, Feature.FORWARDING, level=Level.USE)
    give_level(bob, Feature.FORWARDING, level=Level.OFF)
    with raises_refused("feature-fixed"):
        add_times(as_clare.alice, line=alice)
    with raises_refused("feature-off"):
        operations.change_times(by=as_clare.bob.identity, times=times, version=1, name="Other", spans=[NIGHTS])


def test_staff_without_a_customer_keep_none(as_clare: Cast) -> None:
    with pytest.raises(NotFound):
        add_times(as_clare.tom)


def test_one_statement_reads_all_of_them(as_clare: Cast, database: db.Database) -> None:
    for n in range(4):
        add_times(as_clare.clare, f"Set {n}", [NIGHTS, WEEKEND])
        add_callers(as_clare.clare, f"List {n}", entries=[Entry("49171"), Entry("49172")])
    db.session().flush()
    with statements(database) as seen:
        queries.time_sets(as_clare.lantern.id, as_clare.clare.subscriber.id)
        queries.caller_lists(as_clare.lantern.id, as_clare.clare.subscriber.id)
    assert len(seen) == 2


@pytest.mark.parametrize("kind", [TimeSet, CallerList])
def test_the_database_keeps_what_is_used_as_well(as_clare: Cast, kind: type[TimeSet] | type[CallerList]) -> None:
    """As when somebody begins to use it in the moment in which it is removed."""
    times, callers = add_times(as_clare.clare), add_callers(as_clare.clare)
    forward_by(as_clare, as_clare.alice, times=times.public_id, callers=callers.public_id)
    with pytest.raises(IntegrityError) as caught, db.session().begin_nested():
        db.session().execute(delete(kind))
    assert (
        Refused(CONSTRAINTS[constraint_of(caught.value)][0])
        .sentence()
        .endswith("or are in use. Look again." if kind is TimeSet else "or is in use. Look again.")
    )
