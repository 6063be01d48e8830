"""Name servers of one provider that never answer hold up nobody else."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.core.lookups import UNANSWERED, Outcome, Question, Record
from portal.features.resellers.models import SipDomain
from portal.features.resellers.operations import Watch
from portal.features.resellers.operations.looking import MOST_AT_ONCE, Turns
from portal.features.resellers.rules import Points
from portal.gateways.dns import MOST_QUESTIONS, Resolver
from tests.dnsserver import Mood, Zone, serving
from tests.waiting import until

SLOW, QUICK = 1, 2
LONG = 1.5


@pytest.fixture
def resolver() -> Iterator[Resolver]:
    zone = Zone({f"n{at}.slow.example.test": Mood.SILENT for at in range(MOST_QUESTIONS)})
    zone.names |= dict.fromkeys(("slow.example.test", "_sip._udp.slow.example.test", "_sip._tcp.slow.example.test"), Mood.SILENT)
    zone.names["quick.example.test"] = {"A": ["192.0.2.1"]}
    with serving(zone) as place:
        yield Resolver([place], longest=LONG)


def test_questions_that_nobody_answers_take_no_place_of_others(resolver: Resolver) -> None:
    silent = [Question(Record.A, f"n{at}.slow.example.test") for at in range(MOST_QUESTIONS)]
    with ThreadPoolExecutor(3) as pool:
        stuck = [pool.submit(resolver.ask, silent) for _one in range(3)]
        until(lambda: threading.active_count() > 10)
        good = Question(Record.A, "quick.example.test")
        before = time.monotonic()
        assert resolver.ask([good])[good].outcome is Outcome.FOUND
        assert time.monotonic() - before < LONG / 2
        assert {answer for one in stuck for answer in one.result().values()} == {UNANSWERED}


def test_one_provider_looks_at_few_names_at_the_same_moment(resolver: Resolver) -> None:
    watch = Watch(resolver)
    slow, quick = (
        SipDomain(reseller_id=owner, domain=name) for owner, name in ((SLOW, "slow.example.test"), (QUICK, "quick.example.test"))
    )
    with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        stuck = [pool.submit(watch.at_domain, slow) for _one in range(MOST_AT_ONCE)]
        until(lambda: watch.turns._taken[SLOW] == MOST_AT_ONCE)
        before = time.monotonic()
        assert watch.at_domain(slow).points is Points.SILENT
        assert watch.at_domain(quick).points is not Points.SILENT
        assert time.monotonic() - before < LONG / 2
        assert [one.result().points for one in stuck] == [Points.SILENT] * MOST_AT_ONCE
    assert watch.turns._taken[SLOW] == 0


def test_a_turn_is_given_back_after_a_failure_too() -> None:
    turns = Turns(most=1)
    with pytest.raises(ZeroDivisionError), turns.of(SLOW):
        raise ZeroDivisionError
    with turns.of(SLOW) as free:
        assert free
        with turns.of(SLOW) as again:
            assert not again
    with turns.of(SLOW) as free:
        assert free
