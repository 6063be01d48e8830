"""Profiles, as a pilot's browser sees them: what is allowed, and what goes out of force."""

import re
from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.errors import NotFound
from portal.core.tenancy import Scope
from portal.features.callhandling.models import Forward, SpeedDial
from portal.features.customers.models import Customer
from portal.features.pbx import operations as pbx, queries
from portal.features.subscribers import operations, queries as subscriber_queries
from portal.features.subscribers.models import Profile
from portal.features.subscribers.rules import STORED, Allowance, Feature, Level
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.conftest import statements
from tests.features.pbx.reading import fields_of, id_of, path, rows_of, text_of, undo_of

Browse = Callable[..., Browser]
FREE = {feature.value.replace("-", "_"): "change" for feature in Feature}
NO_FORWARDING = {**FREE, "forwarding": "off"}
KEPT = "What was set is kept, and comes back as soon as it is allowed again."


def made(cast: Cast, name: str = "Warehouse", levels: Mapping[Feature, Level] | None = None) -> str:
    wanted = {Feature.FORWARDING: Level.OFF} if levels is None else levels
    with db.unit_of_work(cast.clare.scope):
        return operations.add_profile(by=cast.clare.identity, customer_id=cast.lantern.id, name=name, levels=wanted).public_id


def forward(cast: Cast, *names: str) -> None:
    """Calls to them go somewhere else, always."""
    with db.unit_of_work(Scope.platform()) as session:
        for name in names:
            line = cast.people[name].subscriber
            own = {"reseller_id": line.reseller_id, "customer_id": line.customer_id, "subscriber_id": line.id}
            session.add(Forward(when="always", position=0, **own))


def allowance(cast: Cast, name: str) -> Allowance:
    with db.unit_of_work(cast.clare.scope):
        return subscriber_queries.allowance_of(cast.people[name].subscriber.id)


def test_a_profile_is_added_and_listed(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    assert "There are no profiles yet" in browser.get("/profiles").text
    page = browser.follow(browser.post("/profiles/new", {**NO_FORWARDING, "privacy": "use", "name": "Warehouse"}))
    assert "“Warehouse” is added. Nobody has it yet." in text_of(page)
    listed = text_of(browser.get("/profiles"))
    for words in ("Warehouse", "Not there: Forwarding", "As you set it: Hiding the own number", "Nobody"):
        assert words in listed
    assert "Everybody without a profile of their own may use and change everything." in listed


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "warehouse"}, "There is a profile of this name already."),
        ({"name": "Odd", "privacy": "sometimes"}, "Please choose one of the offered values."),
    ],
)
def test_a_refused_profile_keeps_what_was_chosen(cast: Cast, browse: Browse, typed: dict[str, str], words: str) -> None:
    made(cast)
    page = browse(cast.clare).post("/profiles/new", {**NO_FORWARDING, **typed})
    assert (page.status_code, words in page.text) == (422, True)
    assert re.search(r'name="forwarding" value="off"[^>]* checked', page.text)


def test_what_goes_out_of_force_is_said_before_it_is_saved(cast: Cast, browse: Browse) -> None:
    profile = made(cast, levels={})
    forward(cast, "alice", "bob")
    for name in ("alice", "bob", "carol"):
        give(cast, name, profile)
    browser, address = browse(cast.clare), f"/profiles/{profile}"
    form = {**fields_of(browser.get(address), address), **NO_FORWARDING}
    asked = browser.post(address, form)
    assert asked.status_code == 200
    for words in ("Calls to 2 people are no longer forwarded.", KEPT, "Save all the same"):
        assert words in text_of(asked)
    assert allowance(cast, "alice").may_use(Feature.FORWARDING), "nothing was saved yet"
    page = browser.follow(browser.post(address, {**form, **fields_of(asked, address)}))
    assert "Saved." in page.text
    assert not allowance(cast, "alice").may_use(Feature.FORWARDING)
    with db.unit_of_work(Scope.platform()) as session:
        assert len(session.scalars(select(Forward)).all()) == 2, "what was set is kept"


def give(cast: Cast, name: str, profile: str | None) -> None:
    with db.unit_of_work(cast.clare.scope):
        wanted = subscriber_queries.profile(cast.lantern.id, profile) if profile else None  # type: ignore[arg-type]
        operations.give_profile(by=cast.clare.identity, line=queries.extension(id_of(cast.people[name])), profile=wanted)


def test_something_else_than_was_agreed_to_is_asked_for_again(cast: Cast, browse: Browse) -> None:
    profile = made(cast, levels={})
    give(cast, "alice", profile)
    forward(cast, "alice")
    with db.unit_of_work(Scope.platform()) as session:
        line = cast.alice.subscriber
        own = {"reseller_id": line.reseller_id, "customer_id": line.customer_id, "subscriber_id": line.id}
        session.add(SpeedDial(slot=0, number="4930123456", name=None, target_id=None, **own))
    browser, address = browse(cast.clare), f"/profiles/{profile}"
    form = {**fields_of(browser.get(address), address), **NO_FORWARDING, "speed_dial": "off", "agreed": "forwarding"}
    page = text_of(browser.post(address, form))
    assert "Speed dial no longer works for 1 person." in page


def test_two_who_change_a_profile_choose(cast: Cast, browse: Browse) -> None:
    profile = made(cast)
    browser, address = browse(cast.clare), f"/profiles/{profile}"
    form = {**fields_of(browser.get(address), address), **NO_FORWARDING}
    browser.follow(browser.post(address, {**form, "name": "Theirs", "privacy": "use"}))
    page = browser.post(address, {**form, "name": "Mine"})
    assert page.status_code == 409
    for words in ("Somebody else saved first", "Theirs", "Mine"):
        assert words in text_of(page)
    browser.follow(browser.post(address, {**fields_of(page, address), "keep_name": "yours"}))
    with db.unit_of_work(cast.clare.scope):
        stored = subscriber_queries.profile(cast.lantern.id, profile)  # type: ignore[arg-type]
        assert (stored.name, stored.levels["privacy"], stored.levels["forwarding"]) == ("Mine", "use", "off")


def test_one_profile_becomes_the_companys_and_comes_back(cast: Cast, browse: Browse) -> None:
    profile = made(cast)
    forward(cast, "carol")
    browser = browse(cast.clare)
    asked = browser.post("/profiles/default", {"profile": profile})
    assert "Calls to 1 person are no longer forwarded." in text_of(asked)
    page = browser.follow(browser.post("/profiles/default", fields_of(asked, "/profiles/default")))
    assert "Everybody without a profile of their own now has “Warehouse”." in text_of(page)
    assert "3" in text_of(page)
    assert rows_of(browser.get(f"/extensions?profile={profile}")) == ["Alice Meier", "Bob Turner", "Carol Nguyen"]
    assert not allowance(cast, "carol").may_use(Feature.FORWARDING)
    browser.follow(browser.post(*undo_of(page)))
    assert allowance(cast, "carol").may_use(Feature.FORWARDING)
    assert browser.post("/profiles/default", {"profile": "0" * 16}).status_code == 404


def test_a_profile_in_use_is_not_removed_and_says_by_how_many(cast: Cast, browse: Browse) -> None:
    profile, browser = made(cast), browse(cast.clare)
    give(cast, "alice", profile)
    give(cast, "bob", profile)
    address = f"/profiles/{profile}/remove"
    page = browser.get(address)
    assert "2 people have this profile" in text_of(page)
    assert f'href="/extensions?profile={profile}"' in page.text
    refused = browser.post(address)
    assert (refused.status_code, "People with this profile: 2." in refused.text) == (422, True)
    for name in ("alice", "bob"):
        give(cast, name, None)
    browser.post("/profiles/default", {"profile": profile})
    assert "This is the profile of the company" in browser.get(address).text
    browser.post("/profiles/default", {"profile": ""})
    assert "“Warehouse” is removed." in text_of(browser.follow(browser.post(address)))
    assert browser.get(f"/profiles/{profile}").status_code == 404


def test_an_extension_gets_a_profile_of_its_own(cast: Cast, browse: Browse) -> None:
    profile, browser, address = made(cast), browse(cast.clare), path(cast, "alice", "profile")
    forward(cast, "alice")
    assert "Everything on the own line" in text_of(browser.get(path(cast, "alice")))
    form = fields_of(browser.get(address), address)
    asked = browser.post(address, {**form, "profile": profile})
    assert "Calls to Alice Meier are no longer forwarded." in text_of(asked)
    page = browser.follow(browser.post(address, {**fields_of(asked, address), "profile": profile}))
    assert "Saved." in page.text
    shown = text_of(browser.get(path(cast, "alice")))
    assert "Profile Warehouse" in shown
    assert "Not there Forwarding" in shown
    assert "You gave Alice Meier the profile “Warehouse”" in shown
    back = browser.post(address, {**fields_of(browser.get(address), address), "profile": ""})
    assert "Everything on the own line" in text_of(browser.follow(back)), "what comes back need not be asked for"


def test_two_who_give_an_extension_different_profiles_choose(cast: Cast, browse: Browse) -> None:
    first, second = made(cast), made(cast, "Office", {})
    browser, address = browse(cast.clare), path(cast, "alice", "profile")
    form = fields_of(browser.get(address), address)
    browser.post(address, {**form, "profile": first})
    page = browser.post(address, {**form, "profile": second})
    assert page.status_code == 409
    assert "Warehouse" in text_of(page)
    assert "Office" in text_of(page)


def test_all_levels_of_all_features_are_said_on_the_extension(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.clare)
    for level, words in ((Level.OFF, "Not there"), (Level.USE, "As you set it")):
        give(cast, "bob", made(cast, STORED[level], dict.fromkeys(Feature, level)))
        shown = text_of(browser.get(path(cast, "bob")))
        said = "Forwarding Blocking callers Blocking own calls Hiding the own number Do not disturb Speed dial Own phonebook"
        assert f"{words} {said}" in shown


def test_a_profile_of_somebody_who_left_is_free(cast: Cast, browse: Browse) -> None:
    profile = made(cast)
    give(cast, "alice", profile)
    with db.unit_of_work(cast.clare.scope):
        pbx.terminate(by=cast.clare.identity, line=queries.extension(id_of(cast.alice)))
    browser = browse(cast.clare)
    assert "“Warehouse” is removed." in text_of(browser.follow(browser.post(f"/profiles/{profile}/remove")))
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(Profile.id).where(Profile.public_id == profile)) is None


@pytest.mark.parametrize("stranger", ["ike", "charlie", "rita", "tom", "alice"])
def test_profiles_are_for_the_pilot_of_the_company(cast: Cast, browse: Browse, stranger: str) -> None:
    profile, browser = made(cast), browse(cast.people[stranger])
    for address in (f"/profiles/{profile}", f"/profiles/{profile}/remove", path(cast, "alice", "profile")):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"profile": profile, **FREE}).status_code == 404
    assert browser.post("/profiles/default", {"profile": profile}).status_code == 404
    if stranger == "ike":
        assert "Warehouse" not in browser.get("/profiles").text
    else:
        assert browser.get("/profiles").status_code == 404
    with db.unit_of_work(cast.ike.scope), pytest.raises(NotFound):
        subscriber_queries.profile(cast.lantern.id, profile)  # type: ignore[arg-type]
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get_one(Customer, cast.lantern.id).default_profile_id is None


def test_profile_pages_ask_the_database_little(cast: Cast, browse: Browse, database: db.Database) -> None:
    profile = made(cast)
    for n in range(12):
        made(cast, f"Profile {n}", {})
    give(cast, "alice", profile)
    browser = browse(cast.clare)
    browser.get("/profiles")
    addresses = (
        "/profiles",
        f"/profiles/{profile}",
        "/profiles/new",
        "/extensions",
        path(cast, "alice"),
        path(cast, "alice", "profile"),
    )
    for address in addresses:
        with statements(database) as seen:
            assert browser.get(address).status_code == 200
        assert len(seen) <= 6, (address, seen)
