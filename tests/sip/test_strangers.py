"""Whoever forges a sender, comes from nowhere, or tries to get a statement of their own to the database."""

import pytest

from tests.sip import phones
from tests.sip.messages import token, uncounted
from tests.sip.world import DOMAIN, World

NASTY = (
    "102'%20OR%20'1'='1",
    "x'||pg_sleep(9)||'",
    "102;DROP%20TABLE%20call",
    "%27%3bselect",
    "102%5C",
    "102%22",
    "ö",
    "1" * 65,
)


@pytest.mark.parametrize("forged", ["<sip:{bob}@{domain}>", "<sip:+49301234567@{domain}>", "<sip:{alice}@cheapcall.example>"])
def test_nobody_calls_under_another_name(world: World, forged: str) -> None:
    company = world.company().sign_in("alice", "bob")
    sender = forged.format(alice=company.usernames["alice"], bob=company.usernames["bob"], domain=DOMAIN)
    told = company.alice.call("102", sender=sender)
    assert told.code in {403, 407}
    assert company.bob.rang == []
    assert world.sql("SELECT FROM kamailio.acc_cdrs WHERE sip_call_id = :id", id=told.call_id) == []


def test_nobody_calls_without_a_password(world: World) -> None:
    company = world.company().sign_in("bob")
    number = "+" + company.number("102")
    assert (
        world.phone("stranger", password="").call(number, sender="<sip:someone@elsewhere.example>", host="127.0.0.1").code == 403
    )
    assert world.phone("stranger", password="").call(number).code == 407
    assert world.phone(company.usernames["alice"], password="wrong").call(number).code == 407
    assert company.bob.rang == []


def test_what_was_overheard_proves_nothing_a_second_time(world: World) -> None:
    """Not even for the same address, and least of all for another number."""
    peer, _ = world.peer()
    company = world.company().sign_in("alice")
    assert company.alice.call("+491715550001").answered
    signed = [text for text in company.alice.sent if "Authorization: Digest" in text]
    assert [text.split()[0] for text in signed] == ["REGISTER", "INVITE"]
    registered, invited = signed
    thief = world.phone("thief", password="", host="127.0.0.5")
    assert world.loop.run(thief.repeating(registered)) == 401
    elsewhere = invited.replace("INVITE sip:+491715550001@", "INVITE sip:+491715559999@")
    assert [world.loop.run(thief.repeating(text)) for text in (invited, elsewhere)] == [407, 407]
    assert len(peer.invites) == 1


def test_nor_from_elsewhere_by_phones_that_do_not_count(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phones, "credentials", uncounted)
    company = world.company().sign_in("alice", bob=0.0)
    assert company.alice.call("102").answered
    thief = world.phone("thief", password="", host="127.0.0.5")
    signed = [text for text in company.alice.sent if "Authorization: Digest" in text]
    assert [world.loop.run(thief.repeating(text)) for text in signed] == [401, 407]
    assert len(company.bob.invites) == 1


def test_nobody_is_relayed_elsewhere(world: World) -> None:
    company = world.company().sign_in("alice")
    assert company.alice.call("sip:somebody@elsewhere.example").code == 403


@pytest.mark.parametrize("user", NASTY)
def test_what_is_dialled_is_a_number_or_a_name(world: World, user: str) -> None:
    company = world.company().sign_in("alice", "bob")
    assert company.alice.call(user).code in {400, 404, 484}
    assert company.bob.rang == []


@pytest.mark.parametrize("user", ["'||(SELECT current_user)||'", "''", "x'%20OR%20true--"])
def test_a_name_with_quotes_is_a_name_without_rights(world: World, user: str) -> None:
    company = world.company().sign_in("bob")
    told = world.phone("stranger", password="").call("102", sender=f"<sip:{user}@{DOMAIN}>")
    assert told.code in {400, 403, 407}
    peer, _ = world.peer()
    told = peer.call("+" + company.number("102"), sender=f"<sip:{user}@{DOMAIN}>", cancel_after=0.0)
    assert told.code in {400, 487}


def test_a_call_id_with_quotes_is_a_call_id(world: World) -> None:
    company = world.company().sign_in("alice", bob=0.0)
    call_id = f"{token()}'||'; code=603"
    told = company.alice.call("102", call_id=call_id)
    assert told.answered
    kept = call_id.replace(";", "_").replace("=", "_").replace("|", "_").replace(" ", "_")
    assert world.record(kept).code == "200"


def test_a_call_within_a_call_is_begun_by_kamailio_only(world: World) -> None:
    company = world.company().sign_in("alice", "bob")
    made = world.sql(
        "INSERT INTO kamailio.call (facts, state) VALUES ('{}', '{}') RETURNING id",
    )[0].id
    child = world.sql(
        "INSERT INTO kamailio.call (parent_id, facts, state) VALUES (:parent, '{}', '{}') RETURNING id", parent=made
    )[0].id
    assert company.alice.call(child).code == 404
    assert world.phone("stranger", password="").call(child, host="127.0.0.1").code in {403, 407}
    assert [row.trace for row in world.sql("SELECT trace FROM kamailio.call WHERE id = :id", id=child)] == [[]]


def test_nothing_but_calls_and_registrations_is_taken(world: World) -> None:
    phone = world.company().sign_in("alice").alice
    assert [world.loop.run(phone.asking(method)) for method in ("SUBSCRIBE", "PUBLISH", "MESSAGE", "OPTIONS")] == [
        405,
        405,
        405,
        200,
    ]
