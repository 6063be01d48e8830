"""Calls to other networks and from them."""

import pytest

from tests.sip.world import PEERS, World

ELSEWHERE = "+491715550001"


def test_a_call_comes_in(world: World) -> None:
    peer, _ = world.peer()
    company = world.company().sign_in(bob=0.0)
    told = peer.call("+" + company.number("102"), sender="<sip:+49401234567@peer.example>", host="127.0.0.1")
    assert company.bob.invites[0].caller == "+49401234567"
    assert world.record(told.call_id).answered_by == company.key("bob")
    assert company.listed(told) == [("Incoming", "040 1234567", "Bob", "Answered")]


def test_who_calls_is_what_the_peer_says(world: World) -> None:
    peer, _ = world.peer()
    company = world.company().sign_in(bob=0.0)
    identity = "P-Asserted-Identity: <sip:+49401234567@peer.example>"
    said = ("<sip:nonsense@peer.example>", (identity,)), ("<sip:anonymous@anonymous.invalid>", (identity, "Privacy: id"))
    told = [peer.call("+" + company.number("102"), sender=sender, more=more) for sender, more in said]
    assert [invite.caller for invite in company.bob.invites] == ["+49401234567", "anonymous"]
    assert "49401234567" not in company.bob.invites[1].text
    assert [row.who for row in company.listed(*told)] == ["040 1234567", "Hidden caller"]


def test_a_number_that_nobody_has_is_not_carried_on(world: World) -> None:
    peer, _ = world.peer()
    told = peer.call(ELSEWHERE, sender="<sip:+49401234567@peer.example>")
    assert (told.code, world.record(told.call_id).code, peer.invites) == (404, "404", [])


def test_a_peer_that_is_turned_off_is_a_stranger(world: World) -> None:
    peer, _ = world.peer()
    company = world.company().sign_in("alice", bob=0.0)
    world.sql("UPDATE peering_server SET enabled = false")
    world.kamailio.rpc("permissions.addressReload")
    assert peer.call("+" + company.number("102"), sender="<sip:+49401234567@peer.example>", host="127.0.0.1").code == 403
    assert company.alice.call(ELSEWHERE).code == 503


@pytest.mark.parametrize("does", ["503 Service Unavailable", "500 Server Internal Error", "408 Request Timeout", "dead"])
def test_when_a_peer_fails_the_next_is_tried(world: World, does: str) -> None:
    first, _ = world.peer(does, priority=1)
    second, server = world.peer(0.0, priority=2)
    company = world.company().sign_in("alice")
    told = company.alice.call(ELSEWHERE)
    assert (len(first.invites), len(second.invites)) == (1, 1)
    record = world.record(told.call_id)
    assert (record.code, record.peer, record.answered_in) == ("200", server, record.call)
    assert company.listed(told) == [("Outgoing", "0171 5550001", "Alice", "Answered")]


@pytest.mark.parametrize("does", ["404 Not Found", "busy", "decline"])
def test_what_a_peer_says_of_the_number_is_said_to_the_caller(world: World, does: str) -> None:
    first, server = world.peer(does, priority=1)
    second, _ = world.peer(0.0, priority=2)
    told = world.company().sign_in("alice").alice.call(ELSEWHERE)
    record = world.record(told.call_id)
    assert (told.code in {404, 486, 603}, len(first.invites), second.invites) == (True, 1, [])
    assert (record.code, record.peer, record.answer_at) == (str(told.code), server, "")


def test_when_all_fail_the_call_does(world: World) -> None:
    world.peer("503 Service Unavailable", priority=1)
    world.peer("503 Service Unavailable", priority=2)
    company = world.company().sign_in("alice")
    told = company.alice.call(ELSEWHERE)
    assert (told.code, world.record(told.call_id).code) == (480, "480")
    assert company.listed(told) == [("Outgoing", "0171 5550001", "Alice", "Not reachable")]


def test_a_caller_who_gives_up_is_not_led_to_the_next_peer(world: World) -> None:
    first, _ = world.peer("ring", priority=1)
    second, _ = world.peer(0.0, priority=2)
    told = world.company().sign_in("alice").alice.call(ELSEWHERE, cancel_after=0.1)
    assert (told.code, first.cancelled, second.invites) == (487, 1, [])


def test_a_peer_answers_from_its_own_address_only(world: World) -> None:
    world.peer()
    company = world.company().sign_in(bob=0.0)
    other = world.phone("peer", password="", host="127.0.0.4")
    assert other.host != PEERS
    assert other.call("+" + company.number("102"), sender="<sip:+49401234567@peer.example>", host="127.0.0.1").code == 403
