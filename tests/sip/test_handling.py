"""What a line lets in and out: block lists, do not disturb, speed dial, locks, and what others see of the caller."""

from typing import Any

import pytest

from portal.features.callhandling.rules import Blocking, Mode
from portal.features.subscribers.rules import LockLevel
from tests.features.callhandling.cases import ALICE, BOB, to
from tests.sip.phones import Phone
from tests.sip.world import DOMAIN, World

ELSEWHERE = "+491715550001"


@pytest.mark.parametrize(
    ("blocking", "code"),
    [
        (Blocking(patterns=("103",)), 603),
        (Blocking(patterns=("10?",)), 603),
        (Blocking(patterns=("104",)), 200),
        (Blocking(Mode.ALLOW, ("103",)), 200),
        (Blocking(Mode.ALLOW, ("104",)), 603),
    ],
)
def test_who_is_blocked_does_not_get_through(world: World, blocking: Blocking, code: int) -> None:
    company = world.company({BOB: {"incoming": blocking}}).sign_in("carol", bob=0.0)
    told = company.carol.call("102")
    assert (told.code, world.record(told.call_id).code, len(company.bob.rang)) == (code, str(code), int(code == 200))
    assert company.listed(told) == [("Inside", "Bob", "Carol", "Answered" if code == 200 else "Failed")]


def test_whoever_hides_the_number_can_be_turned_away(world: World) -> None:
    company = world.company({BOB: {"incoming": Blocking(hidden=True)}}).sign_in("carol", bob=0.0)
    told = [company.carol.call("102", more=("Privacy: id",)), company.carol.call("102")]
    assert [one.code for one in told] == [433, 200]
    assert [row.result for row in company.listed(*told)] == ["Failed", "Answered"]


@pytest.mark.parametrize(
    ("blocking", "code"),
    [
        (Blocking(patterns=("49171*",)), 403),
        (Blocking(patterns=("49172*",)), 200),
        (Blocking(Mode.ALLOW, ("49171*",)), 200),
        (Blocking(Mode.ALLOW, ("49172*",)), 403),
    ],
)
def test_what_may_not_be_called_is_not(world: World, blocking: Blocking, code: int) -> None:
    peer, _ = world.peer()
    company = world.company({ALICE: {"outgoing": blocking}}).sign_in("alice")
    told = company.alice.call(ELSEWHERE)
    assert (told.code, world.record(told.call_id).code, len(peer.invites)) == (code, str(code), int(code == 200))
    assert company.listed(told) == [("Outgoing", "0171 5550001", "Alice", "Answered" if code == 200 else "Failed")]


def test_do_not_disturb_is_busy(world: World) -> None:
    company = world.company({BOB: {"do_not_disturb": True}}).sign_in("alice", bob=0.0)
    told = company.alice.call("102")
    assert (told.code, world.record(told.call_id).code, company.bob.rang) == (486, "486", [])
    assert company.listed(told) == [("Inside", "Bob", "Alice", "Busy")]


def test_speed_dial_leads_to_a_colleague_or_outside(world: World) -> None:
    peer, server = world.peer()
    company = world.company({ALICE: {"speed_dials": {1: to("bob"), 2: to(ELSEWHERE[1:])}}}).sign_in("alice", bob=0.0)
    inside, outside, nowhere = (company.alice.call(dialled) for dialled in ("*1", "*2", "*3"))
    assert world.record(inside.call_id).answered_by == company.key("bob")
    assert (peer.invites[0].uri.partition("@")[0], world.record(outside.call_id).peer) == (f"sip:{ELSEWHERE}", server)
    assert nowhere.code in {404, 484}
    assert company.listed(inside, outside)[:2] == [
        ("Inside", "Bob", "Alice", "Answered"),
        ("Outgoing", "0171 5550001", "Alice", "Answered"),
    ]


@pytest.mark.parametrize(
    ("level", "codes"),
    [  # to a colleague, to somebody outside, and to 112
        (LockLevel.NONE, (200, 200, 200)),
        (LockLevel.FOREIGN, (200, 403, 200)),
        (LockLevel.OUTGOING, (403, 403, 200)),
        (LockLevel.IN_AND_OUT, (403, 403, 200)),
        (LockLevel.GLOBAL, (403, 403, 200)),
        (LockLevel.PORTED, (403, 403, 200)),
    ],
)
def test_a_lock_leaves_emergency_numbers(world: World, level: LockLevel, codes: tuple[int, ...]) -> None:
    peer, _ = world.peer()
    company = world.company({ALICE: {"lock": level}}).sign_in(bob=0.0)
    alice = company.phone("alice", signed_in=False)
    told = [alice.call(dialled) for dialled in ("102", ELSEWHERE, "112")]
    assert tuple(one.code for one in told) == codes
    assert peer.invites[-1].uri.startswith("sip:112@")
    asked = ("Bob" if codes[0] == 200 else "102"), "0171 5550001", "112"  # whoever may not call learns of nobody
    rows = [(row.who, row.result == "Answered") for row in company.listed(*told)]
    assert rows == [(who, code == 200) for who, code in zip(asked, codes, strict=True)]


@pytest.mark.parametrize(
    ("level", "code"),
    [
        (LockLevel.NONE, 200),
        (LockLevel.FOREIGN, 200),
        (LockLevel.OUTGOING, 200),
        (LockLevel.IN_AND_OUT, 480),
        (LockLevel.GLOBAL, 480),
        (LockLevel.PORTED, 410),
    ],
)
def test_a_lock_that_is_for_calls_that_come_in(world: World, level: LockLevel, code: int) -> None:
    company = world.company({BOB: {"lock": level}}).sign_in("alice")
    if level is not LockLevel.GLOBAL:
        company.phone("bob", 0.0)
    told = company.alice.call("102")
    assert (told.code, world.record(told.call_id).code) == (code, str(code))
    assert [(row.who, row.result == "Answered") for row in company.listed(told)] == [("Bob", code == 200)]


def seen(phone: Phone) -> str:
    return "\n".join(message.text for message in phone.heard)


@pytest.mark.parametrize("how", [{"hide_inside": True}, "Privacy: id", "anonymous"])
def test_a_colleague_sees_nothing_of_whoever_hides(world: World, how: Any) -> None:
    company = world.company({ALICE: how} if isinstance(how, dict) else {}).sign_in("alice", bob=0.0)
    more = (how,) if how == "Privacy: id" else ()
    sender = "<sip:anonymous@anonymous.invalid>" if how == "anonymous" else None
    told = company.alice.call("102", more=(*more, "Remote-Party-ID: <sip:alice@x>"), sender=sender)
    assert told.answered
    assert company.bob.invites[0]["from"].startswith('"Anonymous" <sip:anonymous@anonymous.invalid>')
    assert {message.method for message in company.bob.heard} == {"INVITE", "ACK", "BYE"}
    for secret in ("alice", "Alice", "101@", company.number("101")):
        assert secret not in seen(company.bob)
    assert company.listed(told) == [("Inside", "Bob", "Alice", "Answered")]  # a company knows its own


def test_whoever_hides_the_number_outside_is_known_to_the_peer_alone(world: World) -> None:
    peer, _ = world.peer(0.0)
    company = world.company({ALICE: {"hide_outside": True}}).sign_in("alice", bob=0.0)
    assert company.alice.call(ELSEWHERE).answered
    invite = peer.invites[0]
    assert invite["from"].startswith('"Anonymous" <sip:anonymous@anonymous.invalid>')
    assert (invite["privacy"], invite["p-asserted-identity"]) == ("id", f"<sip:+{company.number('101')}@{DOMAIN}>")
    assert company.usernames["alice"] not in seen(peer)
    company.alice.call("102")
    assert company.bob.invites[0].caller == "101"


def test_whoever_is_called_by_a_hidden_number_can_hang_up(world: World) -> None:
    company = world.company({ALICE: {"hide_inside": True}}).sign_in("alice", bob=0.0)
    calling = company.alice.starts_calling("102", talks=None, call_id="hidden@phone")
    world.until_talking(company.bob, "hidden@phone")
    assert company.bob.hang_up("hidden@phone") == 200
    assert calling.result(20).answered


def test_what_a_caller_says_of_itself_is_not_passed_on(world: World) -> None:
    peer, _ = world.peer(0.0)
    company = world.company().sign_in("alice")
    company.alice.call(ELSEWHERE, more=("P-Asserted-Identity: <sip:+1@x>", "P-Preferred-Identity: <sip:+1@x>"))
    assert list(peer.invites[0].all("p-asserted-identity")) == [f"<sip:+{company.number('101')}@{DOMAIN}>"]
    assert "p-preferred-identity" not in peer.invites[0].text.lower()


def test_a_name_with_quotes_is_shown_without_them(world: World) -> None:
    company = world.company().sign_in("alice", bob=0.0)
    world.sql("UPDATE subscriber SET display_name = :name WHERE id = :id", name='Ali"ce\\ Ö', id=int(company.key("alice")))
    assert company.alice.call("102").answered
    assert company.bob.invites[0]["from"].startswith('"Alice Ö" <sip:101@')
