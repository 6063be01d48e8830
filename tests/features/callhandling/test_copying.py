"""One line's handling taken over by others."""

from collections.abc import Callable
from datetime import time

import pytest

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import NotFound
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.callhandling import operations, queries
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.rules import Copied, Destination, Dial, Direction, Entry, Mode, Plan, Weekly, When
from portal.features.pbx.models import RingingPolicy
from portal.features.pbx.operations import create_group
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Subscriber
from tests.browser import Browser
from tests.cast import Cast
from tests.features.callhandling.handled import add, id_of, path, rules
from tests.features.pbx.conftest import raises_refused, traces
from tests.features.pbx.reading import text_of

Browse = Callable[..., Browser]
Line = Callable[[str], Subscriber]
HOME = Home("49", "30")
MOBILE = "491712044918"
EVENINGS = [Weekly(frozenset({0}), time(18), time(20))]


@pytest.fixture
def line(as_clare: Cast) -> Line:
    return lambda name: subscribers.line(id_of(as_clare, name))


def sheet(line: Subscriber) -> Sheet:
    db.session().flush()
    return queries.sheet(line.public_id)


def furnish(cast: Cast, line: Line) -> Subscriber:
    """Alice, with something in every part."""
    alice, clare = line("alice"), cast.clare.identity
    family = operations.add_callers(by=cast.alice.identity, line=alice, name="Family", entries=[Entry(MOBILE)])
    shared = operations.add_times(by=clare, line=None, name="Evenings", spans=EVENINGS)
    mine = operations.add_times(by=cast.alice.identity, line=alice, name="Yoga", spans=EVENINGS)
    to = [Destination(number=MOBILE, ring_seconds=7)]
    for plan in (
        Plan(when=When.ALWAYS, destinations=to, times=shared.public_id, callers=family.public_id, callers_except=True),
        Plan(when=When.BUSY, destinations=to, times=mine.public_id, called="49305550000101", enabled=False),
        Plan(when=When.NO_ANSWER, destinations=[*to, Destination(line=line("carol").public_id)]),
    ):
        operations.add_forward(by=clare, line=alice, plan=plan)
    operations.change_ring_time(by=clare, line=alice, version=sheet(alice).handling.version, ring_seconds=33)
    operations.change_privacy(by=clare, line=alice, version=sheet(alice).handling.version, hide_outside=True, hide_inside=False)
    for direction in Direction:
        operations.change_blocking(
            by=clare,
            line=alice,
            version=sheet(alice).handling.version,
            direction=direction,
            mode=Mode.BLOCK,
            entries=[Entry("49900*", "Premium")],
            home=HOME,
            hidden=True,
        )
    dials = {0: Dial(Destination(number=MOBILE), "Jo"), 1: Dial(Destination(line=line("bob").public_id))}
    operations.change_speed_dials(by=clare, line=alice, version=sheet(alice).handling.version, dials=dials)
    return alice


def in_short(of: Sheet) -> object:
    return [
        (rule.when, rule.enabled, [(one.number, one.target and one.target.name, one.ring_seconds) for one in rule.places])
        for rule in of.rules
    ]


def test_everything_is_taken_over_in_place_of_what_was_there(as_clare: Cast, line: Line) -> None:
    alice, bob, clare = furnish(as_clare, line), line("bob"), as_clare.clare.identity
    operations.add_forward(by=clare, line=bob, plan=Plan(when=When.UNREACHABLE, destinations=[Destination(number="4930111222")]))
    before = sheet(bob).handling.version
    assert operations.copy_handling(by=clare, source=alice, to=[bob.public_id], parts=list(Copied)) == [bob]
    his, hers = sheet(bob), sheet(alice)
    assert in_short(his) == in_short(hers)
    assert his.blocked == hers.blocked
    assert {slot: (dial.number, dial.name) for slot, dial in his.speed_dials.items()} == {0: (MOBILE, "Jo")}  # not himself
    taken = ("ring_seconds", "hide_outside", "hide_inside", "incoming", "outgoing", "block_hidden")
    assert [getattr(his.handling, name) for name in taken] == [getattr(hers.handling, name) for name in taken]
    assert his.handling.version > before
    always, busy, _unanswered = his.rules
    assert always.times is not None
    assert always.callers is not None
    assert busy.times is not None
    assert (always.times.name, always.times.own) == ("Evenings", False)
    assert (always.callers.name, always.callers.own, always.callers_except) == ("Family (Alice Meier)", True, True)
    assert (busy.times.name, busy.called) == ("Yoga (Alice Meier)", "49305550000102")
    (trace,) = traces(bob.public_id, Event.HANDLING_COPIED)
    assert (trace.details["was"], trace.details["parts"]) == ("Alice Meier", [part.value for part in Copied])


def test_conditions_of_the_line_are_copied_once(as_clare: Cast, line: Line) -> None:
    alice, bob, clare = furnish(as_clare, line), line("bob"), as_clare.clare.identity
    for _ in range(2):
        operations.copy_handling(by=clare, source=alice, to=[bob.public_id], parts=[Copied.FORWARDING])
    own = [kept.row.name for kept in queries.time_sets(bob.customer_id, bob.id) if not kept.shared]
    assert own == ["Yoga (Alice Meier)"]
    copied = queries.time_sets(bob.customer_id, bob.id)[-1]
    assert copied.times.spans == tuple(EVENINGS)
    assert [kept.notes for kept in queries.caller_lists(bob.customer_id, bob.id)] == [{MOBILE: None}]


def test_copied_again_they_are_what_they_are_now(as_clare: Cast, line: Line) -> None:
    """Also where the other one has made something of the same name."""
    alice, bob, clare = furnish(as_clare, line), line("bob"), as_clare.clare.identity
    operations.add_callers(by=as_clare.bob.identity, line=bob, name="family (ALICE Meier)", entries=[Entry("4930*")], hidden=True)
    for entry in (Entry("43*"), Entry("4940*", "Home")):
        (family,) = [kept for kept in queries.caller_lists(alice.customer_id, alice.id) if not kept.shared]
        operations.change_callers(
            by=as_clare.alice.identity, callers=family.row, version=family.row.version, name="Family", entries=[entry]
        )
        operations.copy_handling(by=clare, source=alice, to=[bob.public_id], parts=[Copied.FORWARDING])
        (copied,) = queries.caller_lists(bob.customer_id, bob.id)
        assert (copied.notes, copied.row.hidden) == ({entry.pattern: entry.note}, False)
    assert copied.row.version == 3


@pytest.mark.parametrize("part", list(Copied))
def test_only_what_was_chosen(as_clare: Cast, line: Line, part: Copied) -> None:
    alice, bob = furnish(as_clare, line), line("bob")
    operations.copy_handling(by=as_clare.clare.identity, source=alice, to=[bob.public_id], parts=[part])
    his = sheet(bob)
    has = {
        Copied.FORWARDING: bool(his.rules) or his.handling.ring_seconds == 33,
        Copied.BLOCKING: bool(his.blocked["in"]) or his.handling.block_hidden,
        Copied.PRIVACY: his.handling.hide_outside,
        Copied.SPEED_DIAL: bool(his.speed_dials),
    }
    assert [one for one, there in has.items() if there] == [part]


def test_all_or_nothing(as_clare: Cast, line: Line) -> None:
    """Carol is one of the destinations; she cannot forward to herself."""
    alice, bob, carol = furnish(as_clare, line), line("bob"), line("carol")
    with raises_refused("copy-own", "to") as sentence:
        operations.copy_handling(
            by=as_clare.clare.identity, source=alice, to=[bob.public_id, carol.public_id], parts=[Copied.FORWARDING]
        )
    assert sentence == ["Carol Nguyen would forward calls to the own line. Take that person out."]
    assert sheet(bob).rules == ()


def test_no_circle_comes_of_it(as_clare: Cast, line: Line) -> None:
    alice, bob, carol, clare = line("alice"), line("bob"), line("carol"), as_clare.clare.identity
    operations.add_forward(by=clare, line=alice, plan=Plan(when=When.ALWAYS, destinations=[Destination(line=bob.public_id)]))
    operations.add_forward(by=clare, line=bob, plan=Plan(when=When.ALWAYS, destinations=[Destination(line=carol.public_id)]))
    with raises_refused("copy-circle", "to"):
        operations.copy_handling(by=clare, source=alice, to=[carol.public_id], parts=[Copied.FORWARDING])
    assert sheet(carol).rules == ()


@pytest.mark.parametrize(
    ("to", "parts", "code", "field"),
    [
        ((), (Copied.PRIVACY,), "copy-nobody", "to"),
        (("bob",), (), "copy-nothing", "parts"),
        (("alice",), (Copied.PRIVACY,), "copy-line", "to"),
        (("bob", "sales"), (Copied.PRIVACY,), "copy-line", "to"),
        (("ike",), (Copied.PRIVACY,), "copy-line", "to"),
        (("charlie",), (Copied.PRIVACY,), "copy-line", "to"),
    ],
)
def test_what_is_refused(
    as_clare: Cast, line: Line, to: tuple[str, ...], parts: tuple[Copied, ...], code: str, field: str
) -> None:
    keys = [id_of(as_clare, name) for name in to]
    with raises_refused(code, field):
        operations.copy_handling(by=as_clare.clare.identity, source=line("alice"), to=keys, parts=parts)


def test_a_group_takes_over_what_groups_have(as_clare: Cast, line: Line) -> None:
    sales, clare = line("sales"), as_clare.clare.identity
    other = create_group(
        by=clare, customer_id=sales.customer_id, display_name="Support", extension="601", policy=RingingPolicy.PARALLEL
    )
    operations.add_forward(by=clare, line=sales, plan=Plan(when=When.NO_ANSWER, destinations=[Destination(number=MOBILE)]))
    with raises_refused("copy-nothing", "parts"):
        operations.copy_handling(by=clare, source=sales, to=[other.public_id], parts=[Copied.SPEED_DIAL, Copied.PRIVACY])
    operations.copy_handling(by=clare, source=sales, to=[other.public_id], parts=list(Copied))
    assert in_short(sheet(other)) == in_short(sheet(sales))


def test_only_whoever_runs_the_company_copies(as_clare: Cast, line: Line) -> None:
    with pytest.raises(NotFound):
        operations.copy_handling(
            by=as_clare.alice.identity, source=line("alice"), to=[line("bob").public_id], parts=[Copied.PRIVACY]
        )


# --- the pages ---------------------------------------------------------------------------------------------------------------


def test_what_is_replaced_is_said_before(cast: Cast, browse: Browse) -> None:
    forward = Plan(when=When.ALWAYS, destinations=[Destination(number=MOBILE)])
    add(cast, "alice", forward)
    add(cast, "bob", Plan(when=When.BUSY, destinations=[Destination(number="4930111222")]))
    browser, action = browse(cast.clare), path(cast, "alice", "copy")
    assert "Bob Turner 102 1 rule of forwarding" in text_of(browser.get(action))
    choice = {"parts": "forwarding", "to": [id_of(cast, "bob"), id_of(cast, "carol")]}
    page = text_of(browser.post(action, choice))
    assert "2 lines take over from Alice Meier: Forwarding and ring time" in page
    assert "Bob Turner , 102: 1 rule of forwarding" in page
    assert "Carol Nguyen" not in page.split("cannot be brought back")[1].split("Copy")[0]
    assert [rule.when for rule in rules(cast, "bob")] == [When.BUSY]
    page = text_of(browser.follow(browser.post(action, {**choice, "sure": "1"})))
    assert "Call handling is copied to 2 lines." in page
    assert [[rule.when for rule in rules(cast, name)] for name in ("bob", "carol")] == [[When.ALWAYS], [When.ALWAYS]]
    assert "copied call handling from Alice Meier to Bob Turner" in text_of(browser.get(path(cast, "bob")))


def test_rules_about_a_further_number_are_left_out_and_that_is_said(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()):
        from_pool = queries.numbers_of(cast.clare.subscriber.id) - {"49305550000"}
    number = min(from_pool)
    add(cast, "clare", Plan(when=When.ALWAYS, destinations=[Destination(number=MOBILE)], called=number))
    browser, action = browse(cast.clare), path(cast, "clare", "copy")
    choice = {"parts": "forwarding", "to": id_of(cast, "bob")}
    assert "One rule is left out: it is about a further number of Clare Fenn." in text_of(browser.post(action, choice))
    browser.post(action, {**choice, "sure": "1"})
    assert rules(cast, "bob") == []


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ({}, "Tick who is to take it over."),
        ({"parts": "forwarding"}, "Tick who is to take it over."),
        ({"parts": "forwarding", "to": "\0"}, "Tick who is to take it over."),
        ({"parts": "forwarding", "to": "0" * 16, "sure": "1"}, "Only lines of this company can take it over"),
    ],
)
def test_what_cannot_be_copied_is_said(cast: Cast, browse: Browse, choice: dict[str, str], sentence: str) -> None:
    page = browse(cast.clare).post(path(cast, "alice", "copy"), choice)
    assert page.status_code == 422
    assert sentence in text_of(page)


def test_nothing_chosen_is_said(cast: Cast, browse: Browse) -> None:
    page = browse(cast.clare).post(path(cast, "alice", "copy"), {"parts": "everything", "to": id_of(cast, "bob")})
    assert page.status_code == 422
    assert "Tick what is to be copied." in text_of(page)


@pytest.mark.parametrize("name", ["alice", "ike", "charlie"])
def test_nobody_else_copies(cast: Cast, browse: Browse, name: str) -> None:
    browser = browse(cast.people[name])
    choice = {"parts": "forwarding", "to": id_of(cast, "bob"), "sure": "1"}
    assert browser.get(path(cast, "alice", "copy"), check=False).status_code == 404
    assert browser.post(path(cast, "alice", "copy"), choice, check=False).status_code == 404


# --- all lines ---------------------------------------------------------------------------------------------------------------


def test_all_lines_with_where_their_calls_go(cast: Cast, browse: Browse) -> None:
    add(cast, "alice", Plan(when=When.ALWAYS, destinations=[Destination(line=id_of(cast, "bob")), Destination(number=MOBILE)]))
    add(cast, "sales", Plan(when=When.NO_ANSWER, destinations=[Destination(number=MOBILE)], enabled=False))
    browser = browse(cast.clare)
    page = text_of(browser.get("/call-handling/lines"))
    assert "Alice Meier 101 030 5550000 101 Always: Bob Turner, 102 and 1 more" in page
    assert "Sales" in page
    page = text_of(browser.get("/call-handling/lines?forwarded=1"))
    assert "Alice Meier" in page
    assert "Carol Nguyen" not in page
    assert "Sales" not in page
    page = text_of(browser.get("/call-handling/lines?q=600"))
    assert "Sales" in page
    assert "Alice Meier" not in page
    assert "Nobody here fits" in text_of(browser.get("/call-handling/lines?q=zzz"))
    assert browser.get("/call-handling/lines?page=999&rows=25&sort=-name").status_code == 200
    for name in ("alice", "charlie", "tom"):
        assert browse(cast.people[name]).get("/call-handling/lines", check=False).status_code == 404
