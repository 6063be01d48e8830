"""Asking the DNS, of a name server on this machine."""

import time
from collections.abc import Iterator

import pytest

from portal.core.lookups import Answer, Outcome, Question, Record
from portal.gateways import dns
from portal.gateways.dns import Resolver
from tests.dnsserver import Mood, Zone, serving


@pytest.fixture
def zone() -> Zone:
    return Zone(
        {
            "phone.example.test": {
                "A": ["192.0.2.2", "192.0.2.1"],
                "AAAA": ["2001:db8::1"],
                "TXT": ['"first " "second"', '"Münze"'],
                "NAPTR": ['10 10 "s" "SIP+D2U" "" _sip._udp.Phone.example.test.'],
            },
            "_sip._udp.phone.example.test": {"SRV": ["10 20 5060 Sip.Example.test."]},
            "www.example.test": {"CNAME": ["web.example.test."]},
            "web.example.test": {"CNAME": ["phone.example.test."]},
            "lost.example.test": {"CNAME": ["nowhere.example.test."]},
            "broken.example.test": Mood.BROKEN,
            "silent.example.test": Mood.SILENT,
            "long.example.test": Mood.CUT,
        }
    )


@pytest.fixture
def resolver(zone: Zone) -> Iterator[Resolver]:
    with serving(zone) as place:
        yield Resolver([place])


def asked(resolver: Resolver, record: Record, name: str) -> Answer:
    return resolver.ask([Question(record, name)])[Question(record, name)]


@pytest.mark.parametrize(
    ("record", "name", "answer"),
    [
        (Record.A, "phone.example.test", Answer(Outcome.FOUND, ("192.0.2.1", "192.0.2.2"))),
        (Record.AAAA, "phone.example.test", Answer(Outcome.FOUND, ("2001:db8::1",))),
        (Record.TXT, "phone.example.test", Answer(Outcome.FOUND, ("Münze", "first second"))),
        (Record.SRV, "_sip._udp.phone.example.test", Answer(Outcome.FOUND, ("10 20 5060 sip.example.test",))),
        (
            Record.NAPTR,
            "phone.example.test",
            Answer(Outcome.FOUND, ('10 10 "s" "SIP+D2U" "" _sip._udp.phone.example.test',)),
        ),
        (Record.A, "www.example.test", Answer(Outcome.FOUND, ("192.0.2.1", "192.0.2.2"), alias="phone.example.test")),
        (Record.SRV, "phone.example.test", Answer(Outcome.NOTHING)),
        (Record.A, "nobody.example.test", Answer(Outcome.NOTHING)),
        (Record.A, "lost.example.test", Answer(Outcome.NOTHING)),
        (Record.A, "broken.example.test", Answer(Outcome.BROKEN)),
        (Record.A, "a" * 64 + ".example.test", Answer(Outcome.BROKEN)),
    ],
)
def test_what_is_asked_is_answered(resolver: Resolver, record: Record, name: str, answer: Answer) -> None:
    assert asked(resolver, record, name) == answer


def test_what_is_too_long_comes_over_tcp(resolver: Resolver, zone: Zone) -> None:
    assert len(asked(resolver, Record.TXT, "long.example.test").values) == 1
    assert [over for _name, _kind, over in zone.asked] == ["udp", "tcp"]


def test_silence_ends_and_takes_nobody_else_with_it(zone: Zone) -> None:
    with serving(zone) as place:
        began = time.monotonic()
        answers = Resolver([place], longest=0.5).ask(
            [*(Question(Record.A, "silent.example.test"), Question(Record.A, "phone.example.test"))]
        )
    assert time.monotonic() - began < 2
    assert answers[Question(Record.A, "silent.example.test")] == Answer(Outcome.SILENT)
    assert answers[Question(Record.A, "phone.example.test")].outcome is Outcome.FOUND


def test_many_silent_names_take_no_longer_than_one(zone: Zone) -> None:
    names = [f"silent{number}.example.test" for number in range(dns.MOST_QUESTIONS)]
    zone.names.update(dict.fromkeys(names, Mood.SILENT))
    with serving(zone) as place:
        began = time.monotonic()
        answers = Resolver([place], longest=0.4).ask([Question(Record.A, name) for name in names])
    assert time.monotonic() - began < 2
    assert set(answers.values()) == {Answer(Outcome.SILENT)}


def test_no_more_than_so_many_at_once() -> None:
    with pytest.raises(ValueError, match="61 questions"):
        Resolver([("127.0.0.1", 9)]).ask([Question(Record.A, f"n{number}.example.test") for number in range(61)])


def test_nobody_listens_there() -> None:
    assert asked(Resolver([("127.0.0.1", 9)], longest=0.5), Record.A, "phone.example.test").outcome in {
        Outcome.SILENT,
        Outcome.BROKEN,
    }


def test_endless_values_are_cut(zone: Zone) -> None:
    zone.names["many.example.test"] = {"A": [f"192.0.2.{number}" for number in range(60)]}
    with serving(zone) as place:
        assert len(asked(Resolver([place]), Record.A, "many.example.test").values) == dns.MOST_VALUES
