"""Forwarding on the page of a line, and its editor, as a browser without scripts sees them."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from urllib.parse import unquote

import pytest

from portal.core import clock, db
from portal.features.callhandling import operations
from portal.features.callhandling.rules import Destination, Plan, Weekly, When
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Status
from portal.features.subscribers.rules import Feature, Level
from tests.browser import Browser
from tests.cast import Cast
from tests.features.callhandling.handled import add, allow, id_of, path, rules
from tests.features.callhandling.reading import form_of
from tests.features.dashboard.statements import counted
from tests.features.pbx.reading import text_of, undo_of

Browse = Callable[..., Browser]
MOBILE = "491712044918"
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Berlin


def plan(*destinations: Destination, when: When = When.ALWAYS, **more: object) -> Plan:
    return Plan(when=when, destinations=destinations or (Destination(number=MOBILE),), **more)  # type: ignore[arg-type]


def typed(**more: str) -> dict[str, str]:
    return {"when": "always", "to_1": "0171 2044918", "seconds_1": "20", **more}


def test_the_four_cases_in_their_order(cast: Cast, browse: Browse) -> None:
    page = text_of(browse(cast.alice).get("/call-handling"))
    assert re.search("Always Off.*When busy Off.*Not answered after 20 seconds Off.*Not reachable Off", page)


def test_a_rule_is_set_up_by_whoever_has_the_line(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.alice), path(cast, "alice", "forwards", "new")
    form = form_of(browser.get(f"{action}?when=no-answer"), action)
    assert form["when"] == "no-answer"
    form |= {"to_1": "0171 / 204 49 18", "seconds_1": "25", "to_2": "Bob Turner, 102", "to_3": "600"}
    page = text_of(browser.follow(browser.post(action, form)))
    assert "Saved." in page
    assert re.search("Not answered after 20 seconds 0171 2044918 25 s then BT Bob Turner, 102 20 s then Sales, 600", page)
    assert "You set up forwarding for Alice Meier: when not answered to 0171 2044918, Bob Turner, 102, Sales, 600" in page


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"to_1": ""}, "Say where calls go."),
        ({"to_1": "Nobody At All"}, "Nobody here is called “Nobody At All”."),
        ({"to_1": "699"}, "Nobody here has the extension 699."),
        ({"to_1": "+" * 10}, "Nobody here is called “++++++++++”."),
        ({"to_1": "x" * 161}, "Use at most 160 characters."),
        ({"seconds_1": "0"}, "A destination rings for 1 to 3600 seconds."),
        ({"seconds_1": "3601"}, "A destination rings for 1 to 3600 seconds."),
        ({"seconds_1": "soon"}, "A destination rings for 1 to 3600 seconds."),
        ({"seconds_1": "٣"}, "A destination rings for 1 to 3600 seconds."),
        ({"when": "sometimes"}, "Please choose one of the offered values."),
        ({"when": ""}, "Please choose one of the offered values."),
        ({"times": "only-0000000000000000"}, "Please choose one of the offered values."),
        ({"callers": "x"}, "Please choose one of the offered values."),
        ({"called": "49305550000102"}, "Please choose one of the offered values."),
    ],
)
def test_what_cannot_be_is_said_at_its_place(cast: Cast, browse: Browse, more: dict[str, str], sentence: str) -> None:
    browser, action = browse(cast.alice), path(cast, "alice", "forwards", "new")
    page = browser.post(action, typed(**more))
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert rules(cast, "alice") == []


def test_everything_wrong_is_said_at_once(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.alice), path(cast, "alice", "forwards", "new")
    page = browser.post(action, typed(to_1="699", to_2="Sales", seconds_2="x", to_3="Nobody"))
    assert page.text.count("field-error") >= 3
    assert 'value="699"' in page.text
    assert 'value="Nobody"' in page.text


def test_whoever_has_left_is_said_and_has_to_be_replaced(cast: Cast, browse: Browse) -> None:
    forward = add(cast, "alice", plan(Destination(line=id_of(cast, "bob"))))
    with db.unit_of_work(cast.clare.scope):
        subscribers.line(id_of(cast, "bob")).status = Status.TERMINATED.value
    browser, action = browse(cast.alice), path(cast, "alice", "forwards", forward)
    assert "Bob Turner, 102 has left" in text_of(browser.get("/call-handling"))
    page = browser.post(action, form_of(browser.get(action), action))
    assert page.status_code == 422
    assert "Nobody here is called “Bob Turner, 102”." in text_of(page)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"ends_day": "2026-11-23", "ends_time": "10:00"}, "It has to end after it begins."),
        ({"starts_day": "2026-11-01", "ends_day": "2026-11-23", "ends_time": "10:00"}, "This time is over already."),
        ({"ends_day": ""}, "Please fill this in."),
        ({"ends_day": "2026-02-30"}, "This date does not exist."),
        ({"ends_day": "tomorrow"}, "This date does not exist."),
        ({"ends_time": "25:00"}, "is not a time of day"),
        ({"ends_time": ""}, "is not a time of day"),
    ],
)
def test_a_change_for_some_days_has_to_lie_ahead(cast: Cast, browse: Browse, more: dict[str, str], sentence: str) -> None:
    with clock.frozen(NOON):
        browser, action = browse(cast.alice), path(cast, "alice", "forwards", "new")
        form = form_of(browser.get(f"{action}?scheduled=1"), action)
        assert (form["starts_day"], form["starts_time"]) == ("2026-11-24", "12:00")
        form |= {"to_1": "102", "ends_day": "2026-12-02", "ends_time": "08:00", **more}
        page = browser.post(action, form)
    assert page.status_code == 422
    assert sentence in text_of(page)


def test_a_change_for_some_days_begins_and_ends_by_itself(cast: Cast, browse: Browse) -> None:
    with clock.frozen(NOON):
        browser, action = browse(cast.alice), path(cast, "alice", "forwards", "new")
        form = form_of(browser.get(f"{action}?scheduled=1"), action)
        form |= {"to_1": "102", "starts_day": "2026-12-24", "ends_day": "2027-01-02", "starts_time": "12:00", "ends_time": "8.30"}
        page = text_of(browser.follow(browser.post(action, form)))
    assert "Coming 24 December, 12:00 until 2 January 2027, 08:30" in page
    (rule,) = rules(cast, "alice")
    assert rule.starts_at == datetime(2026, 12, 24, 11, 0, tzinfo=UTC)  # Berlin's winter
    for at, state in ((datetime(2026, 12, 26, tzinfo=UTC), "Now"), (datetime(2027, 1, 3, tzinfo=UTC), "Over")):
        with clock.frozen(at):
            assert f"Always {state} " in text_of(browse(cast.alice).get("/call-handling"))


def test_destinations_are_arranged_without_saving(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.alice), path(cast, "alice", "forwards", "new")
    page = browser.post(action, typed(to_1="101", seconds_1="5", more="1"))
    assert page.status_code == 200
    form = form_of(page, action)
    assert (form["to_1"], form["to_2"]) == ("101", "")
    form = form_of(browser.post(action, {**form, "to_2": "102", "up": "2"}), action)
    assert [form[name] for name in ("to_1", "seconds_1", "to_2", "seconds_2")] == ["102", "20", "101", "5"]
    form = form_of(browser.post(action, {**form, "down": "1"}), action)
    assert [form["to_1"], form["to_2"]] == ["101", "102"]
    form = form_of(browser.post(action, {**form, "drop": "1"}), action)
    assert (form["to_1"], "to_2" in form) == ("102", False)
    for odd in ("0", "9", "x", "", "-1"):
        assert browser.post(action, {**form, "drop": odd}).status_code == 200
    assert rules(cast, "alice") == []


def test_enter_saves(cast: Cast, browse: Browse) -> None:
    """The first button of a form is what Enter presses; it must be none of those that only arrange."""
    action = path(cast, "alice", "forwards", "new")
    page = browse(cast.alice).get(action)
    form = page.text[page.text.index(f'action="{action}"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None
    assert 'type="submit"' in first[0]
    assert "name=" not in first[0]


def test_conditions_are_chosen_and_shown(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.clare.scope):
        spans = [Weekly(frozenset(range(5)), time(18), time(8)), Weekly(frozenset({5, 6}), time(0), time(0))]
        hours = operations.add_times(by=cast.clare.identity, line=None, name="After hours", spans=spans).public_id
    browser, action = browse(cast.alice), path(cast, "alice", "forwards", "new")
    assert f'<option value="only-{hours}">Only “After hours”</option>' in browser.get(action).text
    page = text_of(browser.follow(browser.post(action, typed(times=f"only-{hours}"))))
    assert "only After hours: Mon to Fri 18:00–08:00 and Sat, Sun" in page
    (rule,) = rules(cast, "alice")
    action = path(cast, "alice", "forwards", rule.public_id)
    form = form_of(browser.get(action), action)
    assert form["times"] == f"only-{hours}"
    page = text_of(browser.follow(browser.post(action, {**form, "times": f"except-{hours}"})))
    assert "except After hours" in page


def test_what_was_typed_comes_back_from_making_new_times(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.alice), path(cast, "alice", "forwards", "new")
    away = browser.post(action, typed(when="busy", to_1="Bob Turner, 102", make="times"))
    assert away.status_code == 303
    back = re.search(r"next=([^&]+)", away.headers["Location"])
    assert back is not None
    assert browser.get(away.headers["Location"]).status_code == 200
    form = form_of(browser.get(unquote(back[1])), action)
    assert (form["when"], form["to_1"]) == ("busy", "Bob Turner, 102")


def test_switched_moved_and_removed_with_one_press(cast: Cast, browse: Browse) -> None:
    first, second = (add(cast, "alice", plan(Destination(number=f"493012345{n}"))) for n in (1, 2))
    browser = browse(cast.alice)
    page = browser.follow(browser.post(path(cast, "alice", "forwards", first, "switch"), {"on": ""}))
    assert "Forwarding is off." in page.text
    browser.post(path(cast, "alice", "forwards", second, "move"), {"move": "up"})
    assert [(rule.public_id, rule.enabled) for rule in rules(cast, "alice")] == [(second, True), (first, False)]
    page = browser.follow(browser.post(path(cast, "alice", "forwards", first, "remove")))
    assert [rule.public_id for rule in rules(cast, "alice")] == [second]
    page = browser.follow(browser.post(*undo_of(page)))
    restored = rules(cast, "alice")[1]
    assert ([place.number for place in restored.places], restored.enabled) == (["4930123451"], False)


def test_a_removed_rule_comes_back_to_its_place_with_all_of_it(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.clare.scope):
        hours = operations.add_times(
            by=cast.clare.identity, line=None, name="Evenings", spans=[Weekly(frozenset({0}), time(18), time(20))]
        ).public_id
    soon = clock.now() + timedelta(days=2)
    whole = plan(
        Destination(line=id_of(cast, "sales"), ring_seconds=7),
        Destination(number="4930999999", ring_seconds=9),
        when=When.BUSY,
        times=hours,
        times_except=True,
        called="49305550000101",
        starts=soon.replace(second=0, microsecond=0),
        ends=(soon + timedelta(days=1)).replace(second=0, microsecond=0),
    )
    forward = add(cast, "alice", whole)
    (before,) = rules(cast, "alice")
    browser = browse(cast.clare)
    page = browser.follow(browser.post(path(cast, "alice", "forwards", forward, "remove")))
    browser.follow(browser.post(*undo_of(page)))
    (after,) = rules(cast, "alice")
    assert {**vars(after), "public_id": 0} == {**vars(before), "public_id": 0}


def test_two_people_change_one_rule(cast: Cast, browse: Browse) -> None:
    forward = add(cast, "alice", plan())
    action = path(cast, "alice", "forwards", forward)
    alice, clare = browse(cast.alice), browse(cast.clare)
    hers, his = form_of(alice.get(action), action), form_of(clare.get(action), action)
    clare.post(action, {**his, "to_1": "102"})
    page = alice.post(action, {**hers, "to_1": "103"})
    assert page.status_code == 409
    assert "Clare Fenn changed this while you were editing." in text_of(page)
    assert "Bob Turner, 102" in page.text
    again = form_of(page, action)
    page = alice.follow(alice.post(action, {**again, "keep_to_1": "yours"}))
    assert [place.target.name for rule in rules(cast, "alice") for place in rule.places if place.target] == ["Carol Nguyen"]


def test_changes_of_different_fields_go_together(cast: Cast, browse: Browse) -> None:
    forward = add(cast, "alice", plan())
    action = path(cast, "alice", "forwards", forward)
    alice, clare = browse(cast.alice), browse(cast.clare)
    hers, his = form_of(alice.get(action), action), form_of(clare.get(action), action)
    clare.post(action, {**his, "seconds_1": "33"})
    assert alice.post(action, {**hers, "when": "busy"}).status_code == 303
    (rule,) = rules(cast, "alice")
    assert (rule.when, rule.places[0].ring_seconds) == (When.BUSY, 33)


def test_a_rule_that_has_gone_meanwhile(cast: Cast, browse: Browse) -> None:
    forward = add(cast, "alice", plan())
    browser, action = browse(cast.alice), path(cast, "alice", "forwards", forward)
    form = form_of(browser.get(action), action)
    browse(cast.clare).post(f"{action}/remove")
    assert browser.post(action, form, check=False).status_code == 404


def test_somebody_elses_line_is_not_there(cast: Cast, browse: Browse) -> None:
    forward = add(cast, "bob", plan())
    for name in ("alice", "ike", "charlie"):
        browser = browse(cast.people[name])
        for where in ("", "/forwards/new", f"/forwards/{forward}"):
            assert browser.get(path(cast, "bob") + where, check=False).status_code == 404, (name, where)
        for where in ("/new", f"/{forward}", *(f"/{forward}/{act}" for act in ("switch", "move", "remove"))):
            assert browser.post(f"{path(cast, 'bob', 'forwards')}{where}", typed(), check=False).status_code == 404, (name, where)
    assert browse(cast.alice).get(path(cast, "alice", "forwards", forward), check=False).status_code == 404
    assert len(rules(cast, "bob")) == 1


@pytest.mark.parametrize(("level", "seen"), [(Level.OFF, False), (Level.USE, True), (Level.CHANGE, True)])
def test_as_far_as_the_profile_lets_its_person(cast: Cast, browse: Browse, level: Level, seen: bool) -> None:
    forward = add(cast, "alice", plan())
    allow(cast, "alice", Feature.FORWARDING, level=level)
    browser = browse(cast.alice)
    shown = browser.get("/call-handling").text
    assert ('id="forwarding"' in shown, "/forwards/" in shown) == (seen, level is Level.CHANGE)
    assert ("Only whoever runs your telephone system can change this." in shown) == (level is Level.USE)
    allowed = 200 if level is Level.CHANGE else 404
    assert browser.get(path(cast, "alice", "forwards", "new"), check=False).status_code == allowed
    assert browser.get(path(cast, "alice", "forwards", forward), check=False).status_code == allowed
    page = browser.post(path(cast, "alice", "forwards", "new"), typed())
    assert page.status_code == (303 if level is Level.CHANGE else 422)
    assert browser.post(path(cast, "alice", "forwards", forward, "switch"), {"on": ""}).status_code == page.status_code
    pilots = text_of(browse(cast.clare).get(path(cast, "alice")))
    assert ("Not in force" in pilots) == (level is Level.OFF)
    assert "Edit – Always" in pilots


def test_lines_without_a_telephone_system_have_it_too(cast: Cast, browse: Browse) -> None:
    browser, action = browse(cast.charlie), path(cast, "charlie", "forwards", "new")
    form = form_of(browser.get(action), action)
    page = text_of(browser.follow(browser.post(action, {**form, "to_1": "0171 2044918"})))
    assert "Always 0171 2044918 20 s" in page
    assert "Another line" not in page


@pytest.mark.parametrize("name", ["alice", "clare", "charlie", "sales"])
def test_at_most_six_statements(cast: Cast, browse: Browse, database: db.Database, name: str) -> None:
    browser = browse(cast.clare if name == "sales" else cast.people[name])
    browser.get("/")
    for n in range(3):
        add(cast, name, plan(Destination(number=f"493012345{n}")))
        pages = [
            path(cast, name),
            path(cast, name, "forwards", "new"),
            path(cast, name, "forwards", rules(cast, name)[0].public_id),
        ]
        for one in pages:
            with counted(database) as sent:
                assert browser.get(one).status_code == 200
            assert len(sent) <= 6, (one, sent)
