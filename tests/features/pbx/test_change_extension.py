"""Editing an extension, section by section."""

from dataclasses import replace

import pytest

from portal.core import clock, db
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound
from portal.core.identity import Viewer
from portal.features.accounts.queries import of_subscriber
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number
from portal.features.numbers.queries import aliases_of, known, primary_of
from portal.features.pbx import operations, queries
from portal.features.subscribers.models import OutgoingNumber, Subscriber
from portal.features.subscribers.queries import line as any_line
from tests.cast import Cast
from tests.features.pbx.conftest import Line, raises_refused, traces
from tests.features.pbx.reading import id_of


def person(cast: Cast, line: Subscriber, **facts: object) -> Subscriber:
    given: dict[str, object] = {
        "display_name": line.display_name,
        "email": queries.email_of(line),
        "web_username": line.username,
        "language": line.language,
    }
    given = {"by": cast.clare.identity, **given, **facts}
    return operations.change_person(line=line, version=line.version, **given)  # type: ignore[arg-type]


def numbers(cast: Cast, line: Subscriber, **facts: object) -> Subscriber:
    keep = [number.public_id for number in aliases_of(line.id)]
    given = {"extension": line.extension, "outgoing": OutgoingNumber(line.outgoing), "keep": keep, **facts}
    return operations.change_numbers(by=cast.clare.identity, line=line, version=line.version, **given)  # type: ignore[arg-type]


# --- person ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [{"email": "tom@telephone.example"}, {"web_username": "alice2"}])
def test_who_views_as_the_pilot_changes_no_address_and_no_sign_in_name(as_clare: Cast, line: Line, facts: dict[str, str]) -> None:
    """A link to a new password goes to the address."""
    tom = Viewer(as_clare.tom.account.id, as_clare.tom.account.public_id, "Tom Becker", clock.now(), "a call")
    viewing = replace(as_clare.clare.identity, viewer=tom)
    with raises_refused("viewing"):
        person(as_clare, line("alice"), by=viewing, **facts)
    assert person(as_clare, line("alice"), by=viewing, display_name="Alice M.").display_name == "Alice M."


def test_a_person_is_renamed_everywhere(as_clare: Cast, line: Line) -> None:
    alice = person(as_clare, line("alice"), display_name="Alice  Öhler", web_username="Alice.O", language="de")
    account = of_subscriber(alice.id)
    assert account is not None
    assert (alice.display_name, alice.name_sort, alice.language) == ("Alice Öhler", "alice ohler", "de")
    assert (account.name, account.username, account.language) == ("Alice Öhler", "alice.o", "de")
    assert [entry.details for entry in traces(alice.public_id)] == [
        {"display_name": ["Alice Meier", "Alice Öhler"], "web_username": ["alice", "alice.o"], "language": [None, "de"]},
    ]


def test_an_email_makes_the_contact_and_none_removes_it(as_clare: Cast, line: Line) -> None:
    alice = person(as_clare, line("alice"), email=" alice@lantern.example ")
    contact_id = alice.contact_id
    assert queries.email_of(alice) == "alice@lantern.example"
    person(as_clare, alice, email="a@lantern.example")
    assert alice.contact_id == contact_id
    person(as_clare, alice, email="")
    assert alice.contact_id is None
    assert db.session().get(Contact, contact_id) is None


def test_saving_what_stands_leaves_no_trace(as_clare: Cast, line: Line) -> None:
    alice = line("alice")
    version = alice.version
    person(as_clare, alice)
    numbers(as_clare, alice)
    assert alice.version == version
    assert traces(alice.public_id) == []


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"display_name": " "}, "name-empty", "display_name"),
        ({"display_name": "x" * 128}, "name-long", "display_name"),
        ({"email": "nowhere"}, "email-shape", "email"),
        ({"email": f"{'x' * 250}@y.example"}, "email-long", "email"),
        ({"web_username": "bob"}, "web-user-taken", "web_username"),
        ({"web_username": "al ice"}, "username-blanks", "web_username"),
        ({"web_username": "älice"}, "username-signs", "web_username"),
    ],
)
def test_bad_input_is_refused_where_it_was_typed(
    as_clare: Cast, line: Line, facts: dict[str, str], code: str, field: str
) -> None:
    with raises_refused(code, field):
        person(as_clare, line("alice"), **facts)


def test_whoever_saves_an_old_version_is_told(as_clare: Cast, line: Line) -> None:
    alice = line("alice")
    old = alice.version
    person(as_clare, alice, email="a@lantern.example")
    assert alice.version > old, "what stands beside the line counts too"
    with pytest.raises(Conflict) as conflict:
        operations.change_allowed(by=as_clare.clare.identity, line=alice, version=old, do_not_disturb=True, music_on_hold=True)
    assert conflict.value.version == alice.version


# --- numbers ---------------------------------------------------------------------------------------------------------


def test_a_new_extension_brings_its_number_along(as_clare: Cast, line: Line) -> None:
    alice = numbers(as_clare, line("alice"), extension="111")
    primary = primary_of(alice.id)
    assert primary is not None
    assert (alice.extension, primary.digits, alice.username) == ("111", "49305550000111", "alice")
    assert traces(alice.public_id)[0].details == {"extension": ["101", "111"]}
    assert queries.holder_of(as_clare.lantern.id, "101") is None


def test_an_extension_left_outside_a_narrowed_range_stays_but_cannot_be_changed_there(
    as_clare: Cast, line: Line, pool: list[Number]
) -> None:
    db.session().get_one(Customer, as_clare.lantern.id).extension_min = 102
    alice = numbers(as_clare, line("alice"), add=[pool[0].public_id])
    assert alice.extension == "101"
    with raises_refused("extension-range", "extension"):
        numbers(as_clare, alice, extension="100")


def test_a_released_number_makes_room_for_the_new_extension(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope) as session:
        session.add(Number(reseller_id=cast.telephone.id, cc="49", ac="30", sn="5550000111", digits="49305550000111"))
        session.flush()
        alice = queries.extension(id_of(cast.alice))
        operations.change_numbers(
            by=cast.tom.identity, line=alice, version=alice.version, extension="111", outgoing=OutgoingNumber.OWN
        )
        assert [number.subscriber_id for number in known(["49305550000111"])] == [alice.id]


def test_a_number_that_is_there_already_can_be_chosen_again(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    alice = numbers(as_clare, line("alice"), add=[pool[0].public_id])
    numbers(as_clare, alice, add=[pool[0].public_id])
    assert aliases_of(alice.id) == [pool[0]]


def test_a_group_has_no_web_password(as_clare: Cast) -> None:
    with pytest.raises(NotFound):
        operations.set_web_password(
            by=as_clare.clare.identity, line=any_line(as_clare.groups["sales"].public_id), password="correct horse battery staple"
        )


def test_two_cannot_have_the_same_extension(as_clare: Cast, line: Line) -> None:
    with raises_refused("extension-taken-by", "extension") as sentence:
        numbers(as_clare, line("alice"), extension="103")
    assert sentence == ["103 belongs to Carol Nguyen; 104 is free."]


def test_numbers_come_from_the_pool_and_return_to_it(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    first, second, *_ = pool
    alice = numbers(as_clare, line("alice"), add=[first.public_id, second.public_id])
    assert aliases_of(alice.id) == [first, second]
    numbers(as_clare, alice, keep=[second.public_id])
    assert aliases_of(alice.id) == [second]
    assert first.subscriber_id == as_clare.clare.subscriber.id
    assert [(entry.event, entry.details) for entry in traces(alice.public_id)] == [
        (Event.NUMBER_ASSIGNED, {"numbers": [first.digits, second.digits], "was": None}),
        (Event.NUMBER_RETURNED, {"numbers": [first.digits], "now": None}),
    ]


def test_a_number_given_away_meanwhile_is_not_taken_silently(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    numbers(as_clare, line("bob"), add=[pool[0].public_id])
    with raises_refused("number-not-free", "add") as sentence:
        numbers(as_clare, line("alice"), add=[pool[0].public_id])
    assert sentence == ["030 5550700 is with Bob Turner in the meantime."]


def test_called_people_see_the_own_the_base_or_a_further_number(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    alice = line("alice")
    sheet = queries.sheet(alice.public_id)
    assert sheet.shown == "49305550000101"
    numbers(as_clare, alice, outgoing=OutgoingNumber.BASE)
    assert queries.sheet(alice.public_id).shown == "49305550000"
    numbers(as_clare, alice, add=[pool[0].public_id], outgoing=OutgoingNumber.ALIAS, outgoing_alias=pool[0].public_id)
    assert queries.sheet(alice.public_id).shown == "49305550700"
    assert [entry.details["outgoing"] for entry in traces(alice.public_id, Event.EXTENSION_CHANGED)] == [
        ["own", "base"],
        ["base", "49305550700"],
    ]


def test_nobody_shows_a_number_that_somebody_else_has(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    with raises_refused("outgoing-number", "outgoing"):
        numbers(as_clare, line("alice"), outgoing=OutgoingNumber.ALIAS, outgoing_alias=pool[0].public_id)


def test_a_number_that_goes_takes_its_display_along(as_clare: Cast, line: Line, pool: list[Number]) -> None:
    alice = numbers(
        as_clare, line("alice"), add=[pool[0].public_id], outgoing=OutgoingNumber.ALIAS, outgoing_alias=pool[0].public_id
    )
    operations.assign_numbers(
        by=as_clare.clare.identity, customer_id=as_clare.lantern.id, numbers=[pool[0].public_id], to=line("bob")
    )
    assert (alice.outgoing, alice.outgoing_number_id) == ("own", None)


# --- calls -----------------------------------------------------------------------------------------------------------


def test_do_not_disturb_and_music(as_clare: Cast, line: Line) -> None:
    alice = line("alice")
    operations.change_allowed(
        by=as_clare.clare.identity, line=alice, version=alice.version, do_not_disturb=True, music_on_hold=False
    )
    assert (alice.do_not_disturb, alice.music_on_hold) == (True, False)
    assert traces(alice.public_id)[0].details == {"do_not_disturb": [False, True], "music_on_hold": [True, False]}
