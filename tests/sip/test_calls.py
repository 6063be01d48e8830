"""Calls inside a company, and from one to another."""

import pytest

from portal.features.callhandling.rules import When
from tests.features.callhandling.cases import ALICE, forward, to
from tests.sip.world import DOMAIN, World


@pytest.mark.parametrize("spelled", ["102", "+{number}", "00{number}", "0{without_cc}", "{username}"])
def test_a_colleague_is_called_by_extension_number_or_name(world: World, spelled: str) -> None:
    company = world.company().sign_in("alice", bob=0.0)
    number = company.number("102")
    told = company.alice.call(spelled.format(number=number, without_cc=number[2:], username=company.usernames["bob"]))
    assert (told.codes[-2:], len(company.bob.rang)) == ([180, 200], 1)
    record = world.record(told.call_id)
    assert (record.code, record.answered_by, record.answered_in, record.peer) == ("200", company.key("bob"), record.call, "")
    assert float(record.setup_at) <= float(record.ring_at) <= float(record.answer_at)
    assert [(step["step"], step["line"]) for step in world.trace(record.call)] == [("rings", int(company.key("bob")))]
    assert company.listed(told) == [("Inside", "Bob", "Alice", "Answered")]


def test_the_name_and_extension_of_a_colleague_are_shown(world: World) -> None:
    company = world.company().sign_in("alice", bob=0.0)
    company.alice.call("102")
    assert company.bob.invites[0]["from"].startswith(f'"Alice" <sip:101@{DOMAIN}>')


def test_another_company_sees_the_number(world: World) -> None:
    here, there = world.company().sign_in("alice"), world.company().sign_in(bob=0.0)
    told = here.alice.call("+" + there.number("102"))
    assert told.answered
    assert there.bob.invites[0]["from"].startswith(f"<sip:+{here.number('101')}@{DOMAIN}>")
    assert world.record(told.call_id).answered_by == there.key("bob")
    assert here.listed(told) == [("Outgoing", there.shown("102"), "Alice", "Answered")]
    assert there.listed() == [("Incoming", here.shown("101"), "Bob", "Answered")]


def test_extensions_are_those_of_the_own_company(world: World) -> None:
    here, there = world.company().sign_in("alice"), world.company().sign_in("bob")
    assert here.alice.call("102").code == 480
    assert there.bob.rang == []


def test_all_phones_of_a_line_ring_together(world: World) -> None:
    company = world.company().sign_in("alice")
    slow, quick, absent = company.phone("bob"), company.phone("bob", 0.3), company.phone("bob", "busy")
    told = company.alice.call("102")
    assert told.answered
    assert (len(slow.rang), slow.cancelled, len(quick.rang), len(absent.invites)) == (1, 1, 1, 1)
    assert world.record(told.call_id).answered_by == company.key("bob")


def test_a_phone_that_declines_is_heard(world: World) -> None:
    company = world.company().sign_in("alice", bob="decline", carol="busy", dora="404 Not Found")
    told = [company.alice.call(extension) for extension in ("102", "103", "104")]
    assert [one.code for one in told] == [603, 486, 404]
    records = world.records([one.call_id for one in told])
    assert [records[one.call_id].code for one in told] == ["603", "486", "404"]
    assert {record.answer_at for record in records.values()} == {""}
    rows = [(row.who, row.result) for row in company.listed(*told)]
    assert rows == [("Bob", "Busy"), ("Carol", "Busy"), ("Dora", "Not reachable")]


def test_a_phone_that_redirects_or_wants_a_password_leads_nobody_elsewhere(world: World) -> None:
    company = world.company().sign_in("alice", bob="302 Moved Temporarily", carol="407 Proxy Authentication Required")
    assert [company.alice.call(extension).code for extension in ("102", "103")] == [480, 480]


def test_a_caller_who_gives_up_ends_the_ringing(world: World) -> None:
    company = world.company().sign_in("alice", "bob")
    told = company.alice.call("102", cancel_after=0.1)
    assert (told.code, company.bob.cancelled) == (487, 1)
    record = world.record(told.call_id)
    assert (record.code, record.answered_by, record.answer_at, record.ring_at != "") == ("487", "", "", True)
    assert company.listed(told) == [("Inside", "Bob", "Alice", "Hung up")]


def test_nobody_is_there(world: World) -> None:
    company = world.company().sign_in("alice")
    told = company.alice.call("102")
    assert told.code == 480
    record = world.record(told.call_id)
    assert (record.code, record.ring_at) == ("480", "")
    assert company.listed(told) == [("Inside", "Bob", "Alice", "Not reachable")]


def test_a_phone_that_says_nothing_cannot_be_reached(world: World) -> None:
    company = world.company(
        {ALICE: {"forwards": (forward(When.UNREACHABLE, to("bob", 5)), forward(When.NO_ANSWER, to("carol", 5)))}}
    )
    company.sign_in("dora", "carol", alice="dead", bob=0.0)
    told = company.dora.call("101")
    assert world.record(told.call_id).answered_by == company.key("bob")
    assert company.carol.rang == []


def test_whoever_was_called_hangs_up(world: World) -> None:
    company = world.company().sign_in("alice", bob=0.0)
    calling = company.alice.starts_calling("102", talks=None, call_id="hung-up@phone")
    world.until_talking(company.bob, "hung-up@phone")
    assert company.bob.hang_up("hung-up@phone") == 200
    assert calling.result(20).answered
    assert world.record("hung-up@phone").code == "200"


def test_a_number_that_nobody_has_leads_nowhere_without_a_peer(world: World) -> None:
    company = world.company().sign_in("alice")
    told = company.alice.call("+491715550001")
    assert (told.code, world.record(told.call_id).code) == (503, "503")
    assert company.listed(told) == [("Outgoing", "0171 5550001", "Alice", "Failed")]


def test_the_path_of_a_call_survives_a_phone_that_moves_within_it(world: World) -> None:
    """What is behind an address translation is answered where it came from."""
    company = world.company().sign_in("alice", bob=0.0)
    told = company.alice.call("102")
    assert f"alias=127.0.0.1~{company.bob.port}~1" in told.answers[-1]["contact"]
