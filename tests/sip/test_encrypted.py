"""Phones over TLS and TCP call those over UDP, and are called by them over the connection that they opened."""

import pytest

from tests.sip.messages import address_in
from tests.sip.streams import StreamPhone
from tests.sip.world import DOMAIN, PASSWORD, Company, World


def phone(world: World, company: Company, name: str, *, encrypts: bool, does: str | float = 0.0) -> StreamPhone:
    host, port = world.kamailio.address
    made = StreamPhone(
        world.loop,
        (host, world.kamailio.tls_port if encrypts else port),
        company.usernames[name],
        DOMAIN,
        PASSWORD,
        does,
        name=name,
        ca=world.kamailio.folder / "ca.pem" if encrypts else None,
    ).open()
    world.phones.append(made)
    assert made.register() == 200
    return made


@pytest.mark.parametrize("encrypts", [True, False], ids=["tls", "tcp"])
def test_both_ways(world: World, encrypts: bool) -> None:
    company = world.company().sign_in(bob=0.0)
    alice = phone(world, company, "alice", encrypts=encrypts)
    out, back = alice.call("102"), company.bob.call("101")
    assert (out.code, back.code, len(alice.rang)) == (200, 200, 1)
    assert {one.method for one in alice.heard} == {"INVITE", "ACK", "BYE"}
    assert f"transport={alice.way.lower()}" in address_in(back.answers[-1]["contact"])
    assert company.listed(out, back) == [("Inside", "Bob", "Alice", "Answered"), ("Inside", "Alice", "Bob", "Answered")]


def test_the_portal_sees_which_phone_encrypts(world: World) -> None:
    company = world.company()
    alice = phone(world, company, "alice", encrypts=True)
    rows = world.sql("SELECT socket, received FROM kamailio.location WHERE username = :name", name=alice.username)
    assert [row.socket.partition(":")[0] for row in rows] == ["tls"]
