"""Several people at once, several times at once: everybody is done wholly, nobody twice, and nobody waits for ever."""

from portal.core import db
from portal.core.ids import PublicId
from portal.features.pbx import operations, queries
from portal.features.pbx.operations import ticked
from portal.features.pbx.operations.ticked import Wish
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import Profile, Status, Subscriber
from portal.features.subscribers.rules import Feature, Level, LockLevel
from tests.cast import Cast
from tests.features.pbx.reading import id_of
from tests.features.pbx.test_races import AT_ONCE, together

PEOPLE = ("alice", "bob", "carol")


def ids(cast: Cast, *names: str) -> list[PublicId]:
    return [id_of(cast.people[name]) for name in names or PEOPLE]


def lines(cast: Cast) -> dict[str, Subscriber]:
    with db.unit_of_work(cast.clare.scope) as session:
        found = {name: session.get_one(Subscriber, cast.people[name].subscriber.id) for name in PEOPLE}
        session.expunge_all()
        return found


def test_somebody_removed_meanwhile_is_left_out_and_the_others_are_done(own_cast: Cast) -> None:
    told: list[str] = []

    def act(place: int) -> None:
        if place:
            operations.terminate(by=own_cast.clare.identity, line=queries.extension(id_of(own_cast.bob)))
        else:
            wanted = dict.fromkeys(ids(own_cast), Wish(LockLevel.GLOBAL, "On leave"))
            outcome = ticked.set_locks(by=own_cast.clare.identity, customer_id=own_cast.lantern.id, wanted=wanted)
            told.extend(one.refusal.code for one in outcome.left)

    assert together(own_cast.clare, act, 2) == ["done", "done"]
    after = lines(own_cast)
    assert (after["alice"].lock_level, after["carol"].lock_level) == (4, 4)
    assert (after["bob"].status, after["bob"].lock_level) == (Status.TERMINATED, 0)
    assert told in ([], ["line-gone"])


def test_the_same_people_locked_crosswise_do_not_lock_each_other_up(own_cast: Cast) -> None:
    def act(place: int) -> None:
        people = ids(own_cast)[:: 1 if place % 2 else -1]
        wanted = dict.fromkeys(people, Wish(LockLevel(1 + place % 3), f"Reason {place}"))
        ticked.set_locks(by=own_cast.clare.identity, customer_id=own_cast.lantern.id, wanted=wanted)

    assert together(own_cast.clare, act) == ["done"] * AT_ONCE
    assert len({line.lock_level for line in lines(own_cast).values()}) == 1


def test_joining_and_leaving_at_once_leaves_no_gap_and_nobody_twice(own_cast: Cast) -> None:
    def act(place: int) -> None:
        group = queries.group(own_cast.groups["sales"].public_id)
        change = ticked.leave_group if place % 2 else ticked.join_group
        change(by=own_cast.clare.identity, customer_id=own_cast.lantern.id, people=ids(own_cast, "alice", "bob"), group=group)

    assert together(own_cast.clare, act) == ["done"] * AT_ONCE
    with db.unit_of_work(own_cast.clare.scope):
        members = queries.member_ids(queries.group(own_cast.groups["sales"].public_id))
    assert len(members) == len(set(members)) in {1, 3}
    assert set(ids(own_cast, "carol")) <= set(members)


def test_a_profile_is_not_removed_while_it_is_being_given(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope):
        made = subscribers.add_profile(
            by=own_cast.clare.identity, customer_id=own_cast.lantern.id, name="Strict", levels={Feature.PRIVACY: Level.OFF}
        ).public_id

    def act(place: int) -> None:
        profile: Profile = subscriber_queries.profile(own_cast.lantern.id, made)
        if place:
            subscribers.remove_profile(by=own_cast.clare.identity, profile=profile)
        else:
            wanted = dict.fromkeys(ids(own_cast), profile)
            ticked.set_profiles(by=own_cast.clare.identity, customer_id=own_cast.lantern.id, wanted=wanted)

    outcomes = together(own_cast.clare, act, 2)
    with db.unit_of_work(own_cast.clare.scope) as session:
        held = subscriber_queries.profiles(own_cast.lantern.id)
        session.expunge_all()
    assert outcomes in (["done", "profile-held"], ["ticked-profile", "done"], ["not found", "done"])
    assert [use.holders for use in held] == ([3] if outcomes[1] == "profile-held" else [])


def test_of_two_who_change_one_profile_one_is_told(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope):
        made = subscribers.add_profile(
            by=own_cast.clare.identity, customer_id=own_cast.lantern.id, name="Strict", levels={}
        ).public_id

    def act(place: int) -> None:
        profile = subscriber_queries.profile(own_cast.lantern.id, made)
        subscribers.change_profile(by=own_cast.clare.identity, profile=profile, version=1, name=f"Name {place}", levels={})

    assert sorted(together(own_cast.clare, act, 3)) == ["conflict", "conflict", "done"]


def test_one_name_goes_to_one_profile(own_cast: Cast) -> None:
    def act(_place: int) -> None:
        subscribers.add_profile(by=own_cast.clare.identity, customer_id=own_cast.lantern.id, name="Strict", levels={})

    assert sorted(together(own_cast.clare, act, 3)) == ["done", "profile-name-taken", "profile-name-taken"]
