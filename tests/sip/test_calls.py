"""Calls inside a company, from it, and to it."""

from tests.sip.world import World


def test_an_extension_calls_another(world: World) -> None:
    company = world.company().sign_in("alice", bob=0.1)
    told = company.alice.call("102")
    assert told.codes[-2:] == [180, 200], told.codes
    record = world.record(told.call_id)
    assert (record.code, record.answered_by, record.answered_in) == ("200", company.key("bob"), record.call)
    assert float(record.setup_at) <= float(record.ring_at) <= float(record.answer_at)
    assert company.bob.invites[0].caller == "101"


def test_nobody(world: World) -> None:
    company = world.company().sign_in("alice")
    told = company.alice.call("102")
    assert told.code == 480
    record = world.record(told.call_id)
    assert (record.code, record.answered_by) == ("480", "")


def test_group(world: World) -> None:
    company = world.company().sign_in("dora", "alice", "bob", carol=0.3)
    told = company.dora.call("600")
    assert told.answered
    assert world.record(told.call_id).answered_by == company.key("carol")
    assert company.alice.cancelled == 1


def test_out(world: World) -> None:
    peer, name = world.peer(0.1)
    company = world.company().sign_in("alice")
    told = company.alice.call("+491715550001")
    assert told.answered
    record = world.record(told.call_id)
    assert (record.code, record.answered_by, record.peer) == ("200", "", name)
