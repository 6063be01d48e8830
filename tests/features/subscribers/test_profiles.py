"""Profiles: what people may use and change on their lines, and who has which."""

from collections.abc import Mapping

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound, Refused
from portal.features.pbx import operations as pbx
from portal.features.subscribers import operations, queries
from portal.features.subscribers.models import Profile, Subscriber
from portal.features.subscribers.rules import LONGEST_PROFILE_NAME, MOST_PROFILES, Allowance, Feature, Level
from tests.cast import Cast
from tests.features.pbx.conftest import raises_refused, traces

NO_FORWARDING: Mapping[Feature, Level] = {Feature.FORWARDING: Level.OFF}


def made(cast: Cast, name: str = "Standard", levels: Mapping[Feature, Level] = NO_FORWARDING) -> Profile:
    return operations.add_profile(by=cast.clare.identity, customer_id=cast.lantern.id, name=name, levels=levels)


def line_of(cast: Cast, name: str) -> Subscriber:
    return queries.line(cast.people[name].subscriber.public_id)


def give(cast: Cast, name: str, profile: Profile | None, version: int | None = None) -> Profile | None:
    return operations.give_profile(by=cast.clare.identity, line=line_of(cast, name), profile=profile, version=version)


def make_default(cast: Cast, profile: Profile | None) -> Profile | None:
    return operations.make_default(by=cast.clare.identity, customer_id=cast.lantern.id, profile=profile)


def level(cast: Cast, name: str, feature: Feature = Feature.FORWARDING) -> Level:
    return queries.allowance_of(cast.people[name].subscriber.id).level(feature)


def test_without_a_profile_everything_is_allowed(as_clare: Cast) -> None:
    assert {level(as_clare, "alice", feature) for feature in Feature} == {Level.CHANGE}


def test_what_a_profile_does_not_name_may_be_changed(as_clare: Cast) -> None:
    profile = made(as_clare, levels={Feature.PRIVACY: Level.USE})
    allowance = Allowance(profile.levels)
    assert {feature for feature in Feature if allowance.may_change(feature)} == set(Feature) - {Feature.PRIVACY}
    assert (allowance.may_use(Feature.PRIVACY), profile.levels["privacy"]) == (True, "use")


def test_an_own_profile_counts_before_that_of_the_company(as_clare: Cast) -> None:
    strict, free = made(as_clare), made(as_clare, "Free", {})
    make_default(as_clare, strict)
    give(as_clare, "bob", free)
    assert (level(as_clare, "alice"), level(as_clare, "bob")) == (Level.OFF, Level.CHANGE)
    give(as_clare, "bob", None)
    assert level(as_clare, "bob") == Level.OFF
    make_default(as_clare, None)
    assert level(as_clare, "bob") == Level.CHANGE


def test_pilots_and_groups_are_under_no_profile(as_clare: Cast) -> None:
    make_default(as_clare, made(as_clare))
    sales = as_clare.groups["sales"]
    found = queries.allowances([as_clare.alice.subscriber.id, as_clare.clare.subscriber.id, sales.id])
    levels = [found[one].level(Feature.FORWARDING) for one in found]
    assert sorted(levels) == [Level.OFF, Level.CHANGE, Level.CHANGE]
    assert level(as_clare, "clare") == Level.CHANGE
    for line in (line_of(as_clare, "clare"), queries.line(sales.public_id)):
        with pytest.raises(NotFound):
            operations.give_profile(by=as_clare.clare.identity, line=line, profile=None)


def test_names_are_one_of_a_kind(as_clare: Cast) -> None:
    profile = made(as_clare, "  Front   desk ")
    assert profile.name == "Front desk"
    with raises_refused("profile-name-taken", "name"):
        made(as_clare, "FRONT DESK")
    other = made(as_clare, "Other")
    with raises_refused("profile-name-taken", "name"):
        change(as_clare, other, name="Front desk")
    assert change(as_clare, profile, name="Front Desk").name == "Front Desk"
    for odd in ("", "   ", "x" * (LONGEST_PROFILE_NAME + 1)):
        with raises_refused("profile-name", "name"):
            made(as_clare, odd)


def test_a_company_has_only_so_many(as_clare: Cast) -> None:
    for n in range(MOST_PROFILES):
        made(as_clare, f"Profile {n}")
    with raises_refused("profiles-full") as sentence:
        made(as_clare, "One more")
    assert str(MOST_PROFILES) in sentence[0]


def change(
    cast: Cast, profile: Profile, *, name: str | None = None, levels: Mapping[Feature, Level] = NO_FORWARDING, version: int = 0
) -> Profile:
    return operations.change_profile(
        by=cast.clare.identity, profile=profile, version=version or profile.version, name=name or profile.name, levels=levels
    )


def test_a_change_holds_for_everybody_who_has_it(as_clare: Cast) -> None:
    profile = made(as_clare)
    give(as_clare, "alice", profile)
    change(as_clare, profile, levels={Feature.FORWARDING: Level.USE})
    assert level(as_clare, "alice") == Level.USE
    with pytest.raises(Conflict):
        change(as_clare, profile, version=1)


def test_a_profile_that_is_in_use_stays(as_clare: Cast) -> None:
    profile = made(as_clare)
    give(as_clare, "alice", profile)
    give(as_clare, "bob", profile)
    with raises_refused("profile-held") as sentence:
        operations.remove_profile(by=as_clare.clare.identity, profile=profile)
    assert "2" in sentence[0]
    give(as_clare, "bob", None)
    make_default(as_clare, profile)
    with raises_refused("profile-of-company"):
        operations.remove_profile(by=as_clare.clare.identity, profile=profile)
    make_default(as_clare, None)
    pbx.terminate(by=as_clare.clare.identity, line=line_of(as_clare, "alice"))
    operations.remove_profile(by=as_clare.clare.identity, profile=profile)
    assert queries.profiles(as_clare.lantern.id) == []


def test_one_that_is_gone_meanwhile_can_be_neither_changed_nor_given(as_clare: Cast) -> None:
    profile = made(as_clare)
    operations.remove_profile(by=as_clare.clare.identity, profile=profile)
    for act in (change, lambda cast, gone: give(cast, "alice", gone), make_default):
        with pytest.raises(NotFound):
            act(as_clare, profile)


def test_a_line_that_was_changed_meanwhile_is_not_given_one(as_clare: Cast) -> None:
    version = line_of(as_clare, "alice").version
    profile = made(as_clare)
    assert give(as_clare, "alice", profile, version) is None
    with pytest.raises(Conflict):
        give(as_clare, "alice", None, version)
    assert give(as_clare, "alice", None, version + 1) is profile


def test_the_list_counts_people(as_clare: Cast) -> None:
    strict = made(as_clare)
    made(as_clare, "Unused", {})
    give(as_clare, "alice", strict)
    make_default(as_clare, strict)
    first, second = queries.profiles(as_clare.lantern.id)
    assert (first.profile.name, first.default, first.holders, first.people) == ("Standard", True, 1, 3)
    assert (second.profile.name, second.default, second.holders, second.people) == ("Unused", False, 0, 0)


def test_each_step_leaves_its_trace(as_clare: Cast) -> None:
    profile = made(as_clare)
    change(as_clare, profile, name="Strict", levels={Feature.SPEED_DIAL: Level.USE})
    change(as_clare, profile, levels={Feature.SPEED_DIAL: Level.USE})
    give(as_clare, "alice", profile)
    give(as_clare, "alice", profile)
    give(as_clare, "alice", None)
    make_default(as_clare, profile)
    make_default(as_clare, None)
    operations.remove_profile(by=as_clare.clare.identity, profile=profile)
    own = traces(profile.public_id)
    assert [entry.event for entry in own] == [Event.PROFILE_ADDED, Event.PROFILE_CHANGED, Event.PROFILE_REMOVED]
    assert own[1].details == {"name": ["Standard", "Strict"], "forwarding": ["off", "change"], "speed_dial": ["change", "use"]}
    given = [entry.details["profile"] for entry in traces(as_clare.alice.subscriber.public_id, Event.PROFILE_GIVEN)]
    assert given == [[None, "Strict"], ["Strict", None]]
    default = [entry.details["profile"] for entry in traces(as_clare.lantern.public_id, Event.DEFAULT_PROFILE_CHANGED)]
    assert default == [[None, "Strict"], ["Strict", None]]


def test_what_a_profile_keeps_from_a_person_it_does_not_keep_from_the_pilot(as_clare: Cast) -> None:
    give(as_clare, "alice", made(as_clare, levels={Feature.FORWARDING: Level.OFF, Feature.PRIVACY: Level.USE}))
    alice = line_of(as_clare, "alice")
    for by, feature, code in (
        (as_clare.alice, Feature.FORWARDING, "feature-off"),
        (as_clare.alice, Feature.PRIVACY, "feature-fixed"),
    ):
        with pytest.raises(Refused) as caught:
            operations.check_may_change(by=by.identity, line=alice, feature=feature)
        assert caught.value.code == code
        operations.check_may_change(by=as_clare.clare.identity, line=alice, feature=feature)
    operations.check_may_change(by=as_clare.alice.identity, line=alice, feature=Feature.SPEED_DIAL)
    with pytest.raises(NotFound):
        operations.check_may_change(by=as_clare.bob.identity, line=alice, feature=Feature.SPEED_DIAL)


def test_the_database_keeps_profiles_of_other_companies_apart(cast: Cast, everything: None) -> None:
    profile = made(cast)
    with pytest.raises(NotFound):
        operations.give_profile(by=cast.ike.identity, line=line_of(cast, "charlie"), profile=profile)
    with pytest.raises(NotFound):
        operations.make_default(by=cast.ike.identity, customer_id=cast.city_bank.id, profile=profile)
    with pytest.raises(NotFound):
        queries.profile(cast.city_bank.id, profile.public_id)
    stolen = update(Subscriber).where(Subscriber.id == cast.ike.subscriber.id).values(profile_id=profile.id)
    with pytest.raises(IntegrityError, match="fk_subscriber_profile"), db.session().begin_nested():
        db.session().execute(stolen)


def test_what_is_turned_off_is_told() -> None:
    before, after = Allowance.of({Feature.PRIVACY: Level.OFF}), Allowance.of(NO_FORWARDING)
    assert after.turns_off(before) == (Feature.FORWARDING,)
    assert before.turns_off(before) == ()
