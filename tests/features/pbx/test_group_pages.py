"""What a pilot sees of groups, and does with them, without any JavaScript."""

import json
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.callhandling import operations as callhandling
from portal.features.callhandling.rules import Destination, Plan, When
from portal.features.pbx import operations, queries
from portal.features.pbx.models import Group
from portal.features.subscribers.models import Subscriber
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.conftest import statements
from tests.features.pbx.groups import ALL, ids, sales_path, shown_order, stored_order
from tests.features.pbx.reading import fields_of, id_of, pool, rows_of, text_of, undo_of

Browse = Callable[..., Browser]
MOST_QUERIES = 6


@pytest.fixture
def clare(cast: Cast, browse: Browse) -> Browser:
    return browse(cast.clare)


def order_form(page: TestResponse, cast: Cast) -> dict[str, str]:
    """The hidden fields of the order, besides the members themselves."""
    form = fields_of(page, sales_path(cast, "members"))
    return {name: value for name, value in form.items() if name != "members"}


def press(browser: Browser, cast: Cast, *, order: tuple[str, ...] = ALL, **button: str) -> TestResponse:
    """Presses a button of the order as a browser without scripts does."""
    form = order_form(browser.get(sales_path(cast)), cast)
    return browser.post(sales_path(cast, "members"), {**form, "members": ids(cast, order), **button})


def ringing(browser: Browser, cast: Cast, **typed: str) -> TestResponse:
    action = sales_path(cast, "ringing")
    form = fields_of(browser.get(action), action)
    return browser.post(action, {**form, "policy": "parallel", "ring_seconds": "10", "cancel_mode": "cancel", **typed})


# --- the list ----------------------------------------------------------------------------------------------------------------


def test_the_list_says_how_each_group_rings(cast: Cast, clare: Browser) -> None:
    page = clare.get("/groups")
    assert rows_of(page) == ["Sales"]
    for words in (
        "030 5550000 600",
        "Together 10 s",
        "Alice Meier , Bob Turner , Carol Nguyen",
        "The call ends",
        "Next free: 601",
    ):
        assert words in text_of(page)
    ringing(clare, cast, unanswered="Alice Meier, 101")
    assert "The call ends" not in text_of(clare.get("/groups"))


@pytest.mark.parametrize("words", ["sal", "CAROL", "600", "0305550000600", "+49 30 5550000 600"])
def test_a_group_is_found_by_name_member_extension_and_number(clare: Browser, words: str) -> None:
    assert rows_of(clare.get("/groups", query_string={"q": words})) == ["Sales"]


def test_what_nobody_has_is_said_kindly(clare: Browser) -> None:
    assert "No group fits" in text_of(clare.get("/groups?q=nothing"))


@pytest.mark.parametrize("sort", ["extension", "-extension", "name", "-name", "number", "policy", "-policy", "nonsense"])
def test_the_list_sorts(cast: Cast, clare: Browser, sort: str) -> None:
    clare.post("/groups/new", {"display_name": "Aardvark", "extension": "601", "policy": "serial", "ring_seconds": "20"} | CANCEL)
    expected = ["Aardvark", "Sales"] if sort in {"-extension", "name", "-policy"} else ["Sales", "Aardvark"]
    assert rows_of(clare.get("/groups", query_string={"sort": sort})) == expected


def test_a_company_without_groups_is_told_what_they_are(cast: Cast, browse: Browse) -> None:
    page = browse(cast.ike).get("/groups")
    assert "There are no groups yet" in text_of(page)
    assert page.text.count('href="/groups/new"') == 1


def test_the_place_is_in_the_navigation(cast: Cast, clare: Browser, browse: Browse) -> None:
    assert re.search(r'<a class="nav-link" href="/groups" aria-current="page">', clare.get(sales_path(cast)).text)
    assert 'href="/groups"' not in browse(cast.alice).get("/").text


def test_pages_ask_the_database_little(cast: Cast, clare: Browser, database: db.Database) -> None:
    paths = ["/groups", "/groups/new", *(sales_path(cast, *more) for more in ((), ("ringing",), ("numbers",), ("history",)))]
    for address in [*paths, sales_path(cast, "members", "add"), sales_path(cast, "remove")]:
        clare.get(address)
        with statements(database) as seen:
            assert clare.get(address).status_code == 200
        assert len(seen) <= MOST_QUERIES, (address, seen)


# --- adding ------------------------------------------------------------------------------------------------------------------

CANCEL = {"cancel_mode": "cancel"}


def test_a_group_is_added_with_its_members(cast: Cast, clare: Browser) -> None:
    form = {"display_name": "Support", "extension": "601", "policy": "circular", "ring_seconds": "15", **CANCEL}
    answer = clare.post("/groups/new", {**form, "members": ids(cast, ["alice", "carol"]), "add": pool(cast)[0].public_id})
    page = clare.follow(answer)
    assert "Support is added." in text_of(page)
    assert shown_order(page) == ["Alice Meier", "Carol Nguyen"]
    for words in ("In turn", "15 seconds each", "030 5550000 601", "030 5550700"):
        assert words in text_of(page)


def test_the_form_offers_what_is_likely(clare: Browser) -> None:
    page = clare.get("/groups/new")
    form = re.search(r'name="extension" value="(\d+)"', page.text)
    assert form
    assert form[1] == "601"
    assert re.search(r'type="radio" name="policy" value="parallel" checked', page.text)
    assert "100 to 699; next free: 601" in text_of(page)


def test_a_refused_form_keeps_what_was_typed(cast: Cast, clare: Browser) -> None:
    form = {"display_name": "Support", "extension": "101", "policy": "random", "ring_seconds": "4000", **CANCEL}
    page = clare.post("/groups/new", {**form, "members": ids(cast, ["bob"])})
    assert page.status_code == 422
    assert "Type a number from 1 to 3600." in text_of(page)
    assert re.search(rf'value="{id_of(cast.bob)}" checked', page.text)
    page = clare.post("/groups/new", {**form, "ring_seconds": "40"})
    assert "101 belongs to Alice Meier; 104 is free." in text_of(page)


def test_strangers_are_no_members(cast: Cast, clare: Browser) -> None:
    form = {"display_name": "Support", "extension": "601", "policy": "serial", "ring_seconds": "10", **CANCEL}
    page = clare.follow(clare.post("/groups/new", {**form, "members": [id_of(cast.ike), "\0", id_of(cast.bob)]}))
    assert shown_order(page) == ["Bob Turner"]


# --- the page ----------------------------------------------------------------------------------------------------------------


def test_the_page_says_what_callers_experience(cast: Cast, clare: Browser) -> None:
    page = clare.get(sales_path(cast))
    assert "Calls to 600" in text_of(page)
    assert page.text.count('<li class="ringtime-row') == 3
    assert "Alice Meier, Bob Turner and Carol Nguyen ring." in text_of(page)


def test_somebody_who_is_not_disturbed_is_shown_as_silent(cast: Cast, clare: Browser) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Subscriber, cast.carol.subscriber.id).do_not_disturb = True
    page = clare.get(sales_path(cast))
    assert page.text.count("ringtime-silent") == 1
    assert "Carol Nguyen does not ring: do not disturb is on." in text_of(page)


def test_whoever_forwards_is_named(cast: Cast, clare: Browser) -> None:
    with db.unit_of_work(cast.clare.scope):
        plan = Plan(when=When.ALWAYS, destinations=[Destination(line=id_of(cast.bob))])
        callhandling.add_forward(by=cast.clare.identity, line=queries.extension(id_of(cast.alice)), plan=plan)
    page = text_of(clare.get(sales_path(cast)))
    assert "Alice Meier forwards: Bob Turner, 102" in page
    assert "Forwards calls" in page


def test_a_dead_end_is_said(cast: Cast, clare: Browser) -> None:
    ringing(clare, cast, unanswered="Bob Turner, 102")
    with db.unit_of_work(cast.clare.scope):
        operations.terminate(by=cast.clare.identity, line=queries.extension(id_of(cast.bob)))
    page = clare.get(sales_path(cast))
    assert 'class="alert alert-warn' in page.text
    assert "The call ends" in text_of(clare.get("/groups"))
    ringing(clare, cast, unanswered="Carol Nguyen, 103")
    assert 'class="alert alert-warn' not in clare.get(sales_path(cast)).text


def test_another_time_is_asked_by_its_address(cast: Cast, clare: Browser) -> None:
    page = text_of(clare.get(sales_path(cast), query_string={"day": "2031-11-28", "time": "18:05"}))
    assert "28 November 2031" in page
    assert "Now," not in page


@pytest.mark.parametrize(
    "asked", ["day=9999-12-31&time=23:59", "day=x&time=18:05", "time=25:00", "day=0001-01-01&time=00:00", "time="]
)
def test_a_time_that_cannot_be_is_now(cast: Cast, clare: Browser, asked: str) -> None:
    assert "Now," in text_of(clare.get(f"{sales_path(cast)}?{asked}"))


def test_people_and_numbers_lead_to_the_group(cast: Cast, clare: Browser) -> None:
    operations_path = f'href="{sales_path(cast)}"'
    assert operations_path in clare.get(f"/extensions/{id_of(cast.alice)}").text
    assert operations_path in clare.get("/extensions").text
    with db.unit_of_work(cast.clare.scope):
        to = queries.group(cast.groups["sales"].public_id)
        number = [pool(cast)[0].public_id]
        operations.assign_numbers(by=cast.clare.identity, customer_id=cast.lantern.id, numbers=number, to=to)
    assert operations_path in clare.get("/numbers").text


# --- ringing -----------------------------------------------------------------------------------------------------------------


def test_how_it_rings_is_changed_in_place(cast: Cast, clare: Browser) -> None:
    answer = ringing(clare, cast, policy="serial", ring_seconds="25", ignore_forwards="y", cancel_mode="bye")
    assert answer.headers["Location"].endswith("#ringing")
    page = text_of(clare.follow(answer))
    for words in ("Saved.", "In order", "25 seconds each", "Does not count here", "As if the call had ended"):
        assert words in page
    assert "You changed the group Sales" in page


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("101", "Alice Meier, 101"), ("alice meier", "Alice Meier, 101"), ("0171 2345678", "0171 2345678")],
)
def test_unanswered_calls_go_where_somebody_typed(cast: Cast, clare: Browser, typed: str, shown: str) -> None:
    page = text_of(clare.follow(ringing(clare, cast, unanswered=typed)))
    assert shown in page
    assert "You set up forwarding for Sales: when not answered" in page
    page = text_of(clare.follow(ringing(clare, cast, unanswered="")))
    assert "You removed forwarding for Sales" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("nobody of ours", "Nobody here is called"), ("600", "have to go somewhere else"), ("x" * 200, "at most 160")],
)
def test_where_calls_cannot_go_is_said_at_the_field(cast: Cast, clare: Browser, typed: str, sentence: str) -> None:
    page = ringing(clare, cast, unanswered=typed, policy="serial")
    assert page.status_code == 422
    assert sentence in text_of(page)
    with db.unit_of_work(cast.clare.scope) as session:  # nothing is half done
        assert session.scalars(select(Group.policy)).one() == "parallel"


def test_of_two_who_change_the_ringing_the_second_chooses(cast: Cast, clare: Browser) -> None:
    action = sales_path(cast, "ringing")
    form = {**fields_of(clare.get(action), action), "policy": "parallel", "ring_seconds": "10", **CANCEL}
    clare.post(action, {**form, "ring_seconds": "20"})
    page = clare.post(action, {**form, "ring_seconds": "30", "unanswered": "Bob Turner, 102"})
    assert page.status_code == 409
    assert "Somebody else saved first" in page.text
    choice = {**fields_of(page, action), "keep_ring_seconds": "theirs"}
    saved = text_of(clare.follow(clare.post(action, choice)))
    assert "20 seconds" in saved
    assert "Bob Turner, 102" in saved


def test_of_two_who_say_where_unanswered_calls_go_the_second_chooses(cast: Cast, clare: Browser) -> None:
    action = sales_path(cast, "ringing")
    form = {**fields_of(clare.get(action), action), "policy": "parallel", "ring_seconds": "10", **CANCEL}
    clare.post(action, {**form, "unanswered": "Bob Turner, 102"})
    page = clare.post(action, {**form, "unanswered": "Carol Nguyen, 103"})
    assert page.status_code == 409
    for words in ("Bob Turner, 102", "Carol Nguyen, 103"):
        assert words in text_of(page)
    saved = clare.post(action, {**fields_of(page, action), "keep_unanswered": "yours"})
    assert "Carol Nguyen, 103" in text_of(clare.follow(saved))


def test_a_form_that_leaves_unanswered_calls_alone_does_not_take_them_back(cast: Cast, clare: Browser) -> None:
    action = sales_path(cast, "ringing")
    form = {**fields_of(clare.get(action), action), "policy": "parallel", "ring_seconds": "10", **CANCEL}
    clare.post(action, {**form, "unanswered": "Bob Turner, 102"})
    page = text_of(clare.follow(clare.post(action, {**form, "policy": "serial"})))
    assert "In order" in page
    assert "Bob Turner, 102" in page


# --- members -----------------------------------------------------------------------------------------------------------------


def test_a_button_moves_somebody_and_undo_moves_back(cast: Cast, clare: Browser) -> None:
    page = clare.follow(press(clare, cast, move_up=id_of(cast.bob)))
    assert "Bob Turner is now at place 1 in Sales." in text_of(page)
    assert shown_order(page) == ["Bob Turner", "Alice Meier", "Carol Nguyen"]
    back, fields = undo_of(page)
    page = clare.follow(clare.post(back, fields))
    assert "The members of Sales are as they were." in text_of(page)
    assert stored_order(cast) == list(ALL)


def test_somebody_is_removed_and_undo_brings_them_back_to_their_place(cast: Cast, clare: Browser) -> None:
    page = clare.follow(press(clare, cast, remove=id_of(cast.bob)))
    assert "Bob Turner no longer rings in Sales." in text_of(page)
    assert stored_order(cast) == ["alice", "carol"]
    back, fields = undo_of(page)
    clare.post(back, fields)
    assert stored_order(cast) == list(ALL)


def test_undo_never_undoes_what_somebody_else_has_done(cast: Cast, clare: Browser, browse: Browse) -> None:
    page = clare.follow(press(clare, cast, remove=id_of(cast.bob)))
    press(browse(cast.clare), cast, order=("alice", "carol"), move_up=id_of(cast.carol))
    back, fields = undo_of(page)
    page = clare.follow(clare.post(back, fields))
    assert "Somebody has changed Sales in the meantime; nothing was undone." in text_of(page)
    assert stored_order(cast) == ["carol", "alice"]


def test_undo_does_not_bring_back_whoever_has_left(cast: Cast, clare: Browser) -> None:
    page = clare.follow(press(clare, cast, remove=id_of(cast.bob)))
    back, fields = undo_of(page)
    with db.unit_of_work(cast.clare.scope):
        operations.terminate(by=cast.clare.identity, line=queries.extension(id_of(cast.bob)))
    page = clare.follow(clare.post(back, fields))
    assert "no longer there; nothing was changed" in text_of(page)
    assert stored_order(cast) == ["alice", "carol"]


@pytest.mark.parametrize("fields", [{}, {"version": "x", "members": "\0 y"}, {"version": "1" * 30, "members": "0" * 16}])
def test_an_undo_that_nobody_offered_does_nothing(cast: Cast, clare: Browser, fields: dict[str, str]) -> None:
    page = clare.follow(clare.post(sales_path(cast, "members", "back"), fields))
    assert "nothing was undone" in text_of(page)
    assert stored_order(cast) == list(ALL)


def test_a_whole_order_is_saved_at_once(cast: Cast, clare: Browser) -> None:
    page = clare.follow(press(clare, cast, order=("carol", "bob", "alice")))
    assert "The members of Sales are saved." in text_of(page)
    assert shown_order(page) == ["Carol Nguyen", "Bob Turner", "Alice Meier"]


def test_two_new_orders_meet_and_the_second_chooses(cast: Cast, clare: Browser, browse: Browse) -> None:
    form = order_form(clare.get(sales_path(cast)), cast)
    press(browse(cast.clare), cast, order=("bob", "carol", "alice"))
    page = clare.post(sales_path(cast, "members"), {**form, "members": ids(cast, ["carol", "alice", "bob"])})
    assert page.status_code == 409
    assert "Bob Turner, Carol Nguyen, Alice Meier" in text_of(page)
    assert "Carol Nguyen, Alice Meier, Bob Turner" in text_of(page)
    choice = {**order_form(page, cast), "members": ids(cast, ["carol", "alice", "bob"])}
    clare.post(sales_path(cast, "members"), {**choice, "keep_members": "theirs"})
    assert stored_order(cast) == ["bob", "carol", "alice"]


def test_the_second_can_have_their_own_order_all_the_same(cast: Cast, clare: Browser, browse: Browse) -> None:
    form = order_form(clare.get(sales_path(cast)), cast)
    press(browse(cast.clare), cast, order=("bob", "carol", "alice"))
    mine = ids(cast, ["carol", "alice", "bob"])
    page = clare.post(sales_path(cast, "members"), {**form, "members": mine})
    choice = {**order_form(page, cast), "members": mine, "keep_members": "yours"}
    clare.post(sales_path(cast, "members"), choice)
    assert stored_order(cast) == ["carol", "alice", "bob"]


def test_a_new_order_stands_though_somebody_has_left_and_somebody_has_come(cast: Cast, clare: Browser) -> None:
    form = order_form(clare.get(sales_path(cast)), cast)
    with db.unit_of_work(cast.clare.scope):
        operations.terminate(by=cast.clare.identity, line=queries.extension(id_of(cast.bob)))
        sales = queries.group(cast.groups["sales"].public_id)
        operations.join(by=cast.clare.identity, group=sales, members=ids(cast, ["clare"]))
    answer = clare.post(sales_path(cast, "members"), {**form, "members": ids(cast, ["carol", "bob", "alice"])})
    assert shown_order(clare.follow(answer)) == ["Carol Nguyen", "Alice Meier", "Clare Fenn"]


@pytest.mark.parametrize("seen", ["", "null", json.dumps({"members": "x y"})])
def test_without_what_was_seen_nobody_is_lost_unasked(cast: Cast, clare: Browser, seen: str) -> None:
    form = {**order_form(clare.get(sales_path(cast)), cast), "seen": seen}
    press(clare, cast, order=("bob", "carol", "alice"))
    page = clare.post(sales_path(cast, "members"), {**form, "members": ids(cast, ["carol"])})
    assert page.status_code in {303, 409}
    assert {"alice", "bob"} <= set(stored_order(cast))


def test_people_are_chosen_from_those_who_are_not_in_it(cast: Cast, clare: Browser) -> None:
    press(clare, cast, remove=id_of(cast.bob))
    page = clare.get(sales_path(cast, "members", "add"))
    assert "Clare Fenn" in text_of(page)
    assert "Alice Meier" not in text_of(page)
    assert "Bob Turner" not in text_of(clare.get(sales_path(cast, "members", "add"), query_string={"q": "clare"}))
    people = ids(cast, ["bob", "clare"])
    page = clare.follow(clare.post(sales_path(cast, "members", "add"), {"person": people}))
    assert "Bob Turner and Clare Fenn now ring in Sales." in text_of(page)
    assert stored_order(cast) == ["alice", "carol", "bob", "clare"]
    back, fields = undo_of(page)
    clare.post(back, fields)
    assert stored_order(cast) == ["alice", "carol"]


@pytest.mark.parametrize(
    ("who", "sentence"), [((), "Tick the people first."), (("ike",), "no longer there"), (("alice",), "is in the list twice")]
)
def test_who_cannot_be_added_is_said(cast: Cast, clare: Browser, who: tuple[str, ...], sentence: str) -> None:
    page = clare.post(sales_path(cast, "members", "add"), {"person": ids(cast, who)})
    assert page.status_code == 422
    assert sentence in text_of(page)


def test_an_empty_group_says_so(cast: Cast, clare: Browser) -> None:
    with db.unit_of_work(cast.clare.scope):
        sales = queries.group(cast.groups["sales"].public_id)
        operations.set_members(by=cast.clare.identity, group=sales, version=sales.version, members=[])
    page = clare.get(sales_path(cast))
    assert "Nobody rings" in text_of(page)
    assert "Nobody yet" in text_of(clare.get("/groups"))
