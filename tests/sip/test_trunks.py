"""Trunks: telephone systems that sign in or are known by their address."""

from tests.sip.phones import Phone
from tests.sip.world import DOMAIN, TRUNKS, World

ELSEWHERE = "+491715550001"
OWN, SECOND = "49309990001", "49309990002"


def pbx(world: World, username: str = "pbx", does: str | float = "ring", **facts: str) -> Phone:
    return world.phone(username, does, host=TRUNKS, **facts)


def test_a_trunk_signs_in_and_shows_any_of_its_numbers(world: World) -> None:
    peer, server = world.peer(0.0)
    line = world.trunk(OWN)
    told = pbx(world, line.username).call(ELSEWHERE, sender=f"<sip:+{OWN}@{DOMAIN}>")
    assert (world.record(told.call_id).code, world.record(told.call_id).peer) == ("200", server)
    assert peer.invites[0].caller == f"+{OWN}"
    forged = pbx(world, line.username).call(ELSEWHERE, sender=f"<sip:+4930666@{DOMAIN}>")
    assert peer.invites[1].caller == f"+{OWN}"  # not what is somebody else’s
    rows = world.listed(world.cast.clare, told, forged)
    assert rows[-2:] == [("Outgoing", "0171 5550001", line.display_name, "Answered")] * 2


def test_a_trunk_with_a_wrong_password_is_not_let_in(world: World) -> None:
    line = world.trunk()
    assert pbx(world, line.username, password="wrong").call(ELSEWHERE, sender=f"<sip:{line.username}@{DOMAIN}>").code == 407


def test_a_trunk_is_known_by_its_address(world: World) -> None:
    peer, server = world.peer(0.0)
    line = world.trunk("49309991001", network=f"{TRUNKS}/32", pattern="4930999*")
    told = pbx(world, password="").call(ELSEWHERE, sender="<sip:+49309991001@pbx.example>", host="127.0.0.1")
    record = world.record(told.call_id)
    assert (record.code, record.peer, peer.invites[0].caller) == ("200", server, "+49309991001")
    facts = world.sql("SELECT facts FROM kamailio.call WHERE id = :id", id=record.call)[0].facts
    assert (facts["kind"], facts["caller"]) == ("trunk", line.id)
    other = pbx(world, password="").call(ELSEWHERE, sender="<sip:+4940123@pbx.example>", host="127.0.0.1")
    assert other.code == 403  # the pattern of callers does not fit
    here = world.phone("pbx", password="").call(ELSEWHERE, sender="<sip:+49309991001@pbx.example>", host="127.0.0.1")
    assert here.code == 403  # another address
    world.sql("UPDATE trusted_source SET protocol = 'tcp'")
    assert pbx(world, password="").call(ELSEWHERE, sender="<sip:+49309991001@pbx.example>", host="127.0.0.1").code == 403


def test_a_locked_trunk_calls_nobody(world: World) -> None:
    peer, _ = world.peer(0.0)
    line = world.trunk(network=f"{TRUNKS}/32")
    world.sql("UPDATE subscriber SET lock_level = 2 WHERE id = :id", id=line.id)
    told = [
        pbx(world, password="").call(dialled, sender="<sip:1@pbx.example>", host="127.0.0.1") for dialled in (ELSEWHERE, "112")
    ]
    assert [one.code for one in told] == [403, 200]
    assert len(peer.invites) == 1


def test_calls_to_a_trunk_go_to_its_address(world: World) -> None:
    there = pbx(world, does=0.0)
    line = world.trunk(SECOND, next_hop=f"sip:{TRUNKS}:{there.port}")
    company = world.company().sign_in("alice")
    told = company.alice.call(f"+{SECOND}")
    assert there.invites[0].uri == f"sip:+{SECOND}@{TRUNKS}:{there.port}"
    assert (there.invites[0].caller, world.record(told.call_id).answered_by) == ("+" + company.number("101"), str(line.id))
    assert company.listed(told) == [("Outgoing", "030 9990002", "Alice", "Answered")]
    assert world.listed(world.cast.clare)[-1] == ("Incoming", company.shown("101"), line.display_name, "Answered")


def test_or_to_where_it_signed_in(world: World) -> None:
    line = world.trunk("49309990003")
    there = pbx(world, line.username, 0.0)
    assert there.register() == 200
    company = world.company().sign_in("alice")
    told = company.alice.call("+49309990003")
    assert there.invites[0].uri == f"sip:+49309990003@{TRUNKS}:{there.port}"
    assert world.record(told.call_id).answered_by == str(line.id)
    assert company.listed(told) == [("Outgoing", "030 9990003", "Alice", "Answered")]


def test_a_trunk_without_either_cannot_be_reached(world: World) -> None:
    world.trunk("49309990004")
    company = world.company().sign_in("alice")
    told = company.alice.call("+49309990004")
    assert (told.code, world.record(told.call_id).code) == (480, "480")
    assert company.listed(told) == [("Outgoing", "030 9990004", "Alice", "Not reachable")]
