"""Where names lead in the DNS, and where they should."""

import pytest

from portal.core.lookups import UNANSWERED, Answer, Answers, Outcome, Question
from portal.features.resellers import rules
from portal.features.resellers.rules import Points, Targets

NOTHING = Answer(Outcome.NOTHING)
PLATFORM = Targets(["sip.isar.test", "192.0.2.20"])


def found(*values: str, alias: str | None = None) -> Answer:
    return Answer(Outcome.FOUND, tuple(values), alias)


def answers(said: dict[str, Answer], asked: list[Question]) -> Answers:
    """“A sip.example.test” and the like; there is nothing else."""
    return {question: said.get(f"{question.record} {question.name}", NOTHING) for question in asked}


def domain_points(said: dict[str, Answer], targets: Targets = PLATFORM, domain: str = "voice.example.test") -> Points:
    known = {"A sip.isar.test": found("192.0.2.10"), **said}
    first = answers(known, rules.domain_questions(domain, targets))
    more = answers(known, rules.further_questions(domain, first, targets))
    return rules.domain_sight(domain, {**first, **more}, targets).points


@pytest.mark.parametrize(
    ("said", "points"),
    [
        ({}, Points.NOTHING),
        ({"A voice.example.test": found("192.0.2.10")}, Points.HERE),
        ({"A voice.example.test": found("192.0.2.10", "192.0.2.20")}, Points.HERE),
        ({"A voice.example.test": found("203.0.113.1")}, Points.ELSEWHERE),
        ({"A voice.example.test": found("192.0.2.10", "203.0.113.1")}, Points.PARTLY),
        ({"A voice.example.test": found("198.51.100.1", alias="sip.isar.test")}, Points.HERE),
        ({"A voice.example.test": found("192.0.2.10"), "AAAA voice.example.test": found("2001:db8::1")}, Points.PARTLY),
        ({"SRV _sip._udp.voice.example.test": found("10 10 5060 sip.isar.test")}, Points.HERE),
        (
            {
                "SRV _sip._udp.voice.example.test": found("10 10 5060 sip.isar.test"),
                "A voice.example.test": found("203.0.113.1"),  # phones that find SRV records do not ask for it
            },
            Points.HERE,
        ),
        ({"SRV _sip._tcp.voice.example.test": found("10 10 5060 other.example.test")}, Points.ELSEWHERE),
        (
            {
                "SRV _sip._tcp.voice.example.test": found("10 10 5060 other.example.test"),
                "A other.example.test": found("192.0.2.20"),
            },
            Points.HERE,
        ),
        (
            {"SRV _sips._tcp.voice.example.test": found("10 10 5061 sip.isar.test", "20 10 5061 other.example.test")},
            Points.PARTLY,
        ),
        (
            {
                "SRV _sip._udp.voice.example.test": found("10 10 5060 sip.isar.test"),
                "SRV _sip._tcp.voice.example.test": found("10 10 5060 other.example.test"),
            },
            Points.PARTLY,
        ),
        ({"A voice.example.test": UNANSWERED, "AAAA voice.example.test": UNANSWERED}, Points.SILENT),
        ({"A voice.example.test": found("192.0.2.10"), "AAAA voice.example.test": UNANSWERED}, Points.HERE),
    ],
)
def test_where_a_sip_domain_leads(said: dict[str, Answer], points: Points) -> None:
    assert domain_points(said) is points


def test_nobody_has_said_where_it_should_lead() -> None:
    assert domain_points({"A voice.example.test": found("192.0.2.10")}, Targets()) is Points.SEEN
    assert domain_points({"SRV _sip._udp.voice.example.test": found("10 10 5060 x.example.test")}, Targets()) is Points.SEEN
    assert domain_points({}, Targets()) is Points.NOTHING


@pytest.mark.parametrize("name", ["voice.example", "lantern.localhost", "no.invalid"])
def test_some_names_are_never_in_the_dns(name: str) -> None:
    assert domain_points({}, domain=name) is Points.RESERVED
    assert domain_points({f"A {name}": UNANSWERED, f"AAAA {name}": UNANSWERED}, domain=name) is Points.RESERVED
    assert domain_points({f"A {name}": found("192.0.2.10")}, domain=name) is Points.HERE


@pytest.mark.parametrize(
    ("domain", "targets", "points"),
    [("192.0.2.20", PLATFORM, Points.HERE), ("192.0.2.99", PLATFORM, Points.ELSEWHERE), ("192.0.2.20", Targets(), Points.SEEN)],
)
def test_an_address_leads_where_it_is(domain: str, targets: Targets, points: Points) -> None:
    assert rules.domain_sight(domain, {}, targets).points is points


def test_what_is_expected_is_said_record_by_record() -> None:
    domain = "voice.example.test"
    first = answers({"A sip.isar.test": found("192.0.2.10")}, rules.domain_questions(domain, PLATFORM))
    rows = {f"{row.record} {row.name}": row for row in rules.domain_sight(domain, first, PLATFORM).rows}
    assert rows["SRV _sips._tcp.voice.example.test"].expected == ("10 10 5061 sip.isar.test",)
    assert rows["A voice.example.test"].expected == ("192.0.2.10", "192.0.2.20")
    assert rows["NAPTR voice.example.test"].expected[0] == '10 10 "s" "SIPS+D2T" "" _sips._tcp.voice.example.test'
    assert rows["AAAA voice.example.test"].optional
    assert not rows["A voice.example.test"].optional


def test_many_hosts_behind_a_domain_are_not_all_followed() -> None:
    domain, many = "voice.example.test", [f"10 10 5060 h{number}.example.test" for number in range(20)]
    first = answers({"SRV _sip._udp.voice.example.test": found(*many)}, rules.domain_questions(domain, PLATFORM))
    assert len(rules.further_questions(domain, first, PLATFORM)) == 16


PROOF = "5f0c2d6b9a7e4b1c8d3f6a2e"


@pytest.mark.parametrize(
    ("told", "proof", "points"),
    [
        (found(PROOF), True, Points.HERE),
        (found("v=spf1", f" {PROOF} "), True, Points.HERE),
        (found("something else"), False, Points.ELSEWHERE),
        (found(PROOF.upper()), False, Points.ELSEWHERE),
        (found(f"{PROOF}0"), False, Points.ELSEWHERE),
        (NOTHING, False, Points.NOTHING),
        (UNANSWERED, None, Points.SILENT),
        (Answer(Outcome.BROKEN), None, Points.SILENT),
    ],
)
def test_what_proves_a_host(told: Answer, proof: bool | None, points: Points) -> None:
    said = {"TXT _portal-proof.phone.example.test": told, "A phone.example.test": found("192.0.2.20")}
    targets = Targets(["192.0.2.20"])
    sight = rules.host_sight(
        "phone.example.test", PROOF, answers(said, rules.host_questions("phone.example.test", targets)), targets
    )
    assert (sight.proof, sight.rows[0].points, sight.points) == (proof, points, Points.HERE)
    assert sight.rows[0].expected == (PROOF,)


def test_looks_become_rarer() -> None:
    waits = [rules.next_look(turn, days=0, settled=False) for turn in range(8)]
    assert waits == [15, 30, 60, 120, 240, 300, 300, 300]
    assert rules.next_look(99, days=2, settled=False) == 3600
    assert rules.next_look(3, days=0, settled=True) == rules.next_look(99, days=40, settled=False) == 86400
