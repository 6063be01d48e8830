"""The same for several people at once: what can be done is done, and who is left out is named."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.ids import PublicId
from portal.features.accounts.models import Account
from portal.features.pbx import operations as pbx, queries
from portal.features.pbx.operations import ticked as operations
from portal.features.pbx.operations.ticked import Outcome, Wish
from portal.features.pbx.rules import MOST_TICKED
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import Feature, Level, LockLevel
from portal.mail.models import Mail
from tests.cast import Cast
from tests.features.pbx.conftest import Line, raises_refused, traces
from tests.features.pbx.reading import id_of

ON_LEAVE = Wish(LockLevel.FOREIGN, "On leave")


def ids(cast: Cast, *names: str) -> list[PublicId]:
    return [id_of(cast.people[name]) for name in names]


def lock(cast: Cast, people: Sequence[PublicId], wish: Wish | None = ON_LEAVE) -> Outcome[Wish | None]:
    return operations.set_locks(by=cast.clare.identity, customer_id=cast.lantern.id, wanted=dict.fromkeys(people, wish))


def left(outcome: Outcome[Any]) -> dict[str, str]:
    return {one.name: one.refusal.code for one in outcome.left}


def group(cast: Cast) -> Subscriber:
    return queries.group(cast.groups["sales"].public_id)


def test_all_are_locked_and_what_stood_before_is_told(as_clare: Cast, line: Line) -> None:
    subscribers.lock(by=as_clare.clare.identity, line=line("bob"), level=LockLevel.GLOBAL, reason="Phone lost")
    outcome = lock(as_clare, ids(as_clare, "alice", "bob"))
    assert [line(name).lock_level for name in ("alice", "bob", "carol")] == [LockLevel.FOREIGN, LockLevel.FOREIGN, 0]
    assert {one.name: one.was for one in outcome.changed} == {
        "Alice Meier": None,
        "Bob Turner": Wish(LockLevel.GLOBAL, "Phone lost"),
    }
    for name in ("alice", "bob"):
        assert len(traces(line(name).public_id, Event.EXTENSION_LOCKED)) == (2 if name == "bob" else 1)


def test_who_is_not_locked_is_left_out_of_unlocking(as_clare: Cast, line: Line) -> None:
    lock(as_clare, ids(as_clare, "alice"))
    subscribers.lock(by=as_clare.tom.identity, line=line("bob"), level=LockLevel.OUTGOING, reason="Unpaid")
    outcome = lock(as_clare, ids(as_clare, "alice", "bob", "carol"), None)
    assert [one.name for one in outcome.changed] == ["Alice Meier"]
    assert left(outcome) == {"Bob Turner": "lock-of-others", "Carol Nguyen": "lock-none"}
    assert line("bob").lock_level == LockLevel.OUTGOING


def test_a_refusal_for_one_leaves_nothing_half_done(as_clare: Cast, line: Line) -> None:
    with pytest.raises(Refused, match="ticked-none"):
        lock(as_clare, [])
    outcome = lock(as_clare, ids(as_clare, "alice", "bob"), Wish(LockLevel.PORTED, "x"))
    assert (outcome.changed, set(left(outcome).values())) == ([], {"lock-level"})
    assert traces(line("alice").public_id, Event.EXTENSION_LOCKED) == []


def test_somebody_removed_in_the_meantime_is_named(as_clare: Cast, line: Line) -> None:
    people = ids(as_clare, "alice", "bob")
    pbx.terminate(by=as_clare.clare.identity, line=line("bob"))
    outcome = lock(as_clare, people)
    assert [one.name for one in outcome.changed] == ["Alice Meier"]
    assert left(outcome) == {"Bob Turner": "line-gone"}


def test_only_so_many_and_nobody_elses(as_clare: Cast) -> None:
    with raises_refused("ticked-many"):
        lock(as_clare, [PublicId(f"{n:016}") for n in range(MOST_TICKED + 1)])
    for stranger in (id_of(as_clare.ike), id_of(as_clare.charlie), as_clare.groups["sales"].public_id, id_of(as_clare.clare)):
        with pytest.raises(NotFound), db.session().begin_nested():
            lock(as_clare, [*ids(as_clare, "alice"), stranger])


def test_languages_follow_into_the_portal(as_clare: Cast, line: Line) -> None:
    line("bob").language = "de"
    wanted: dict[PublicId, str | None] = dict.fromkeys(ids(as_clare, "alice", "bob"), "de")
    outcome = operations.set_languages(by=as_clare.clare.identity, customer_id=as_clare.lantern.id, wanted=wanted)
    assert {one.name: one.was for one in outcome.changed} == {"Alice Meier": None, "Bob Turner": "de"}
    assert db.session().scalar(select(Account.language).where(Account.id == as_clare.alice.account.id)) == "de"
    assert [entry.details for entry in traces(line("alice").public_id, Event.EXTENSION_CHANGED)] == [{"language": [None, "de"]}]
    assert traces(line("bob").public_id, Event.EXTENSION_CHANGED) == []


def test_profiles_are_given(as_clare: Cast, line: Line) -> None:
    strict = subscribers.add_profile(
        by=as_clare.clare.identity, customer_id=as_clare.lantern.id, name="Strict", levels={Feature.FORWARDING: Level.OFF}
    )
    people = ids(as_clare, "alice", "carol")
    outcome = operations.set_profiles(
        by=as_clare.clare.identity, customer_id=as_clare.lantern.id, wanted=dict.fromkeys(people, strict)
    )
    assert [one.was for one in outcome.changed] == [None, None]
    levels = [subscriber_queries.allowance_of(line(name).id).level(Feature.FORWARDING) for name in ("alice", "bob", "carol")]
    assert levels == [Level.OFF, Level.CHANGE, Level.OFF]


def leave(cast: Cast, *names: str) -> Outcome[int]:
    return operations.leave_group(
        by=cast.clare.identity, customer_id=cast.lantern.id, people=ids(cast, *names), group=group(cast)
    )


def members(cast: Cast) -> list[str]:
    names = {id_of(cast.people[name]): name for name in ("alice", "bob", "carol")}
    return [names[one] for one in queries.member_ids(group(cast))]


def test_groups_lose_and_win_people(as_clare: Cast) -> None:
    outcome = leave(as_clare, "alice", "bob")
    assert ([one.was for one in outcome.changed], members(as_clare)) == ([0, 1], ["carol"])
    assert left(leave(as_clare, "alice")) == {"Alice Meier": "ticked-no-member"}
    joined = operations.join_group(
        by=as_clare.clare.identity,
        customer_id=as_clare.lantern.id,
        people=ids(as_clare, "bob", "carol", "alice"),
        group=group(as_clare),
    )
    assert members(as_clare) == ["carol", "alice", "bob"], "new ones come last, in the order of their extensions"
    assert left(joined) == {"Carol Nguyen": "ticked-member"}
    told = [entry.details["members"] for entry in traces(group(as_clare).public_id, Event.GROUP_MEMBERS_CHANGED)]
    assert told == [["Carol Nguyen"], ["Carol Nguyen", "Alice Meier", "Bob Turner"]]


def test_the_way_back_into_a_group_leads_to_the_same_places(as_clare: Cast) -> None:
    before = members(as_clare)
    for names in (("alice",), ("bob",), ("alice", "carol"), ("alice", "bob", "carol")):
        places = {one.public_id: one.was for one in leave(as_clare, *names).changed}
        operations.return_to_group(
            by=as_clare.clare.identity, customer_id=as_clare.lantern.id, places=places, group=group(as_clare)
        )
        assert members(as_clare) == before
    again = operations.return_to_group(
        by=as_clare.clare.identity, customer_id=as_clare.lantern.id, places={ids(as_clare, "bob")[0]: 99}, group=group(as_clare)
    )
    assert left(again) == {"Bob Turner": "ticked-member"}


def test_a_group_of_somebody_else_is_none(cast: Cast, everything: None) -> None:
    people, sales = ids(cast, "alice"), queries.group(cast.groups["sales"].public_id)
    for act in (operations.join_group, operations.leave_group):
        with pytest.raises(NotFound):
            act(by=cast.ike.identity, customer_id=cast.city_bank.id, people=people, group=sales)


def test_invitations_go_to_those_who_can_use_them(as_clare: Cast, line: Line, give_email: Callable[..., None]) -> None:
    give_email(as_clare, "alice", "alice@lantern.example", password=False)
    give_email(as_clare, "bob", "bob@lantern.example", password=True)
    give_email(as_clare, "carol", None, password=False)
    people = ids(as_clare, "alice", "bob", "carol")
    outcome = operations.invite(by=as_clare.clare.identity, customer_id=as_clare.lantern.id, people=people)
    assert [(one.name, one.was) for one in outcome.changed] == [("Alice Meier", "alice@lantern.example")]
    assert left(outcome) == {"Bob Turner": "invite-password", "Carol Nguyen": "invite-address"}
    assert db.session().scalars(select(Mail.kind)).all() == ["invitation"]
    assert [entry.event for entry in traces(as_clare.alice.account.public_id)] == [Event.INVITED]


@pytest.fixture
def give_email() -> Callable[..., None]:
    def give(cast: Cast, name: str, address: str | None, *, password: bool) -> None:
        account = db.session().get_one(Account, cast.people[name].account.id)
        account.email = address
        if not password:
            account.password_hash = None
        db.session().flush()

    return give


def test_all_are_removed_as_one_by_one(as_clare: Cast) -> None:
    outcome = operations.remove(by=as_clare.clare.identity, customer_id=as_clare.lantern.id, people=ids(as_clare, "alice", "bob"))
    assert [one.name for one in outcome.changed] == ["Alice Meier", "Bob Turner"]
    assert members(as_clare) == ["carol"]
    assert [person.gone for person in queries.ticked(as_clare.lantern.id, ids(as_clare, "alice", "carol"))] == [True, False]
    for name in ("alice", "bob"):
        assert len(traces(id_of(as_clare.people[name]), Event.EXTENSION_TERMINATED)) == 1
