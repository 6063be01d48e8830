"""Groups: who rings, in which order, and who is written down."""

import pytest

from portal.core.ids import PublicId
from portal.features.callhandling.rules import Ringing, When
from tests.features.callhandling.cases import ALICE, BOB, DORA, EMIL, MOBILE, RECEPTION, SALES, forward, to
from tests.sip.messages import token
from tests.sip.world import Company, World


def one_second(world: World, policy: str) -> Company:
    """Reception, whose phones ring for a second each."""
    company = world.company({RECEPTION: {"ringing": Ringing(((DORA,), (EMIL,)), 1)}})
    world.sql("UPDATE pbx_group SET policy = :policy WHERE subscriber_id = :id", policy=policy, id=int(company.key("reception")))
    return company.sign_in("alice", "dora", "emil")


def order(company: Company, call_id: str) -> list[str]:
    rang = [(at, phone.name) for phone in company.phones.values() for at, invite in phone.rang if invite["call-id"] == call_id]
    return [name for _, name in sorted(rang)]


def test_all_of_them_at_once(world: World) -> None:
    company = world.company().sign_in("dora", "alice", "bob", carol=0.4)
    told = company.dora.call("600")
    record = world.record(told.call_id)
    assert (record.code, record.answered_by, record.answered_in) == ("200", company.key("carol"), record.call)
    assert {phone.name: phone.cancelled for phone in company.phones.values()} == {"dora": 0, "alice": 1, "bob": 1, "carol": 0}
    assert company.listed(told) == [("Inside", "Carol", "Dora", "Answered")]


def test_phones_can_be_told_by_a_bye_that_somebody_else_answered(world: World) -> None:
    """Alice’s rings in a call of its own within this one, as she has rules."""
    company = world.company({ALICE: {"forwards": (forward(When.NO_ANSWER, to("emil")),), "hide_inside": False}})
    world.sql("UPDATE pbx_group SET cancel_mode = 'bye' WHERE subscriber_id = :id", id=int(company.key("sales")))
    company.sign_in("dora", "alice", "bob", carol=0.4)
    told = company.dora.call("600", more=("Privacy: id",))
    assert told.answered
    assert {phone.name: (phone.ended, phone.cancelled) for phone in company.phones.values()} == {
        "dora": (0, 0),
        "alice": (1, 0),
        "bob": (1, 0),
        "carol": (0, 0),
    }
    byes = [one for phone in (company.alice, company.bob) for one in phone.heard if one.method == "BYE"]
    assert [bye.uri for bye in byes] == [company.alice.contact, company.bob.contact]
    assert {bye["from"].partition(";")[0] for bye in byes} == {"<sip:anonymous@anonymous.invalid>"}
    assert world.record(told.call_id).answered_by == company.key("carol")


@pytest.mark.parametrize("sign", ['"', "\\\\", "^"])
def test_what_could_ask_kamailio_for_something_else_is_told_by_a_cancel(world: World, sign: str) -> None:
    company = world.company()
    world.sql("UPDATE pbx_group SET cancel_mode = 'bye' WHERE subscriber_id = :id", id=int(company.key("sales")))
    company.sign_in("dora", "alice", "bob", carol=0.4)
    started = world.kamailio.rpc("core.uptime")["up_since"]
    forged = f"{token()}{sign}],{sign}method{sign}:{sign}core.kill{sign},{sign}params{sign}:[{sign}"
    told = company.dora.call("600", call_id=forged)
    assert told.answered
    assert [(phone.ended, phone.cancelled) for phone in (company.alice, company.bob)] == [(0, 1), (0, 1)]
    assert world.kamailio.rpc("core.uptime")["up_since"] == started


def test_one_after_the_other(world: World) -> None:
    company = one_second(world, "serial")
    told = company.alice.call("602")
    assert (order(company, told.call_id), told.code) == (["dora", "emil"], 408)
    assert world.record(told.call_id).code == "408"
    assert company.listed(told) == [("Inside", "Reception", "Alice", "No answer")]


def test_the_second_answers(world: World) -> None:
    company = one_second(world, "serial")
    company.emil.does = 0.0
    told = company.alice.call("602")
    assert (order(company, told.call_id), told.code) == (["dora", "emil"], 200)
    assert world.record(told.call_id).answered_by == company.key("emil")
    assert company.listed(told) == [("Inside", "Emil", "Alice", "Answered")]


def test_in_a_circle(world: World) -> None:
    company = one_second(world, "circular")
    told = [company.alice.call("602") for _ in range(2)]
    assert sorted(order(company, one.call_id) for one in told) == [["dora", "emil"], ["emil", "dora"]]
    assert company.listed(*told) == [("Inside", "Reception", "Alice", "No answer")] * 2


def test_at_random(world: World) -> None:
    company = one_second(world, "random")
    told = company.alice.call("602")
    assert sorted(order(company, told.call_id)) == ["dora", "emil"]
    assert company.listed(told) == [("Inside", "Reception", "Alice", "No answer")]


@pytest.mark.parametrize("does", ["decline", "busy", "600 Busy Everywhere"])
def test_one_who_declines_does_not_end_it_for_the_others(world: World, does: str) -> None:
    company = world.company().sign_in("dora", alice=does, bob="busy", carol=0.4)
    told = company.dora.call("600")
    assert world.record(told.call_id).answered_by == company.key("carol")


def test_when_all_are_busy_the_group_is(world: World) -> None:
    company = world.company().sign_in("dora", alice="decline", bob="busy", carol="busy")
    told = company.dora.call("600")
    assert told.code == 486
    assert company.listed(told) == [("Inside", "Sales", "Dora", "Busy")]


def test_the_rules_of_a_member_run_while_the_others_ring(world: World) -> None:
    """Alice's second phone is her mobile: the peer that answered, and the call within the call, are written down."""
    peer, server = world.peer(0.2)
    rules = {ALICE: {"ring_seconds": 1, "forwards": (forward(When.NO_ANSWER, to(MOBILE)),)}}
    company = world.company(rules).sign_in("dora", "alice", "bob", "carol")
    told = company.dora.call("600")
    assert (told.answered, [len(phone.rang) for phone in (company.alice, company.bob, company.carol, peer)]) == (
        True,
        [1, 1, 1, 1],
    )
    assert (company.bob.cancelled, company.carol.cancelled) == (1, 1)
    record = world.record(told.call_id)
    assert (record.answered_by, record.peer, record.answered_in != record.call) == ("", server, True)
    assert [step["step"] for step in world.trace(record.answered_in)] == ["rings", "forwarded", "leaves"]
    assert "x-answered" not in told.answers[-1].text.lower()
    assert company.listed(told) == [
        ("Inside", "Alice", "Dora", "Answered"),
        ("Forwarded", "Dora", "Alice", "Forwarded to 0171 5550001"),
    ]


def test_a_member_who_always_forwards_to_a_colleague(world: World) -> None:
    company = world.company({BOB: {"forwards": (forward(When.ALWAYS, to("emil")),)}}).sign_in(
        "dora", "alice", "bob", "carol", emil=0.4
    )
    told = company.dora.call("600")
    record = world.record(told.call_id)
    assert (record.answered_by, record.answered_in != record.call) == (company.key("emil"), True)
    assert ([len(company.bob.rang), len(company.alice.rang)], record.ring_at != "") == ([0, 1], True)


def test_a_caller_who_gives_up_ends_the_calls_within_the_call(world: World) -> None:
    company = world.company({ALICE: {"forwards": (forward(When.NO_ANSWER, to("emil")),)}}).sign_in(
        "dora", "alice", "bob", "carol"
    )
    told = company.dora.call("600", cancel_after=0.3)
    assert (told.code, [company.alice.cancelled, company.bob.cancelled, company.carol.cancelled]) == (487, [1, 1, 1])
    assert world.record(told.call_id).code == "487"


def test_a_group_within_a_group(world: World) -> None:
    changes = {RECEPTION: {"ringing": Ringing(((DORA,), (SALES,)), 1)}}
    company = world.company(changes).sign_in("emil", "dora", "alice", "bob", carol=0.3)
    told = company.emil.call("602")
    assert (order(company, told.call_id)[0], world.record(told.call_id).answered_by) == ("dora", company.key("carol"))


def test_more_phones_than_a_call_has_branches(world: World) -> None:
    """One after the other, with three phones each: whoever comes last is reached as well."""
    members = (ALICE, BOB, PublicId("carol"), DORA)
    company = world.company({RECEPTION: {"ringing": Ringing(tuple((one,) for one in members), 1)}})
    for name in ("alice", "bob", "carol"):
        for _ in range(10):
            company.phone(name, "busy")
    company.sign_in("emil", dora=0.0)
    told = company.emil.call("602")
    assert world.record(told.call_id).answered_by == company.key("dora")
