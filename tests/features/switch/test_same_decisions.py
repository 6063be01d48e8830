"""What the switch does is what the portal says: the functions it asks, and the evaluation that the pages show."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from portal.core import db
from portal.core.ids import PublicId
from portal.features.callhandling.rules import Call, Exchange, Line, Phones, Ringing, evaluate
from portal.features.callhandling.rules.calendars import days_of
from portal.features.peering.models import PeeringGroup, PeeringServer
from portal.features.subscribers.rules import LockLevel
from tests.cast import Cast
from tests.features.callhandling.cases import CASES, Case, told
from tests.features.switch.driving import Played, Player, as_switch, signed_in, written
from tests.unit.test_evaluation import CALLS, PEOPLE, PHONES, exchanges


@pytest.fixture
def peer(everything: None) -> None:
    group = PeeringGroup(name="Transit", name_sort="transit")
    db.session().add(group)
    db.session().flush()
    db.session().add(PeeringServer(group_id=group.id, name="One", host="192.0.2.1"))


@pytest.mark.usefixtures("peer")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_switch_does_what_the_simulation_says(cast: Cast, case: Case) -> None:
    played = play(cast, case.exchange, case.call, case.phones)
    assert sorted(played.steps, key=str) == sorted(case.steps, key=str)
    assert (played.why, played.at) == (case.end, case.seconds)


@pytest.mark.usefixtures("peer")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(CALLS, exchanges(), PHONES)
def test_whatever_the_company_and_the_call(cast: Cast, call: Call, exchange: Exchange, phones: Mapping[PublicId, Phones]) -> None:
    exchange, call = possible(exchange, call)
    assume(exchange.at(call.called))
    outcome = evaluate(call, exchange, phones)
    with db.session().begin_nested() as example:
        played = play(cast, exchange, call, phones)
        example.rollback()
    assert sorted(played.steps, key=str) == sorted(map(told, outcome.steps), key=str)
    assert (played.why, played.at) == (outcome.end, outcome.seconds)


def play(cast: Cast, exchange: Exchange, call: Call, phones: Mapping[PublicId, Phones]) -> Played:
    keys = written(cast, exchange)
    for day in days_of("DE", None, call.at.year):
        as_switch("INSERT INTO kamailio.holiday (country, day) VALUES ('DE', :day) ON CONFLICT DO NOTHING", day=day)
    registered = [key for name, key in keys.items() if name in exchange.lines and has_phone(exchange.lines[name], phones)]
    signed_in(registered)
    return Player(exchange, keys, phones).call(call, call.at)


def has_phone(line: Line, phones: Mapping[PublicId, Phones]) -> bool:
    return phones.get(line.public_id, Phones.OFF if line.reachable is False else Phones.FREE) is not Phones.OFF


def possible(exchange: Exchange, call: Call) -> tuple[Exchange, Call]:
    """Groups have people in them, each once; a colleague may call, and is known by name."""
    lines = {key: replace(line, ringing=_possible(line.ringing)) for key, line in exchange.lines.items()}
    if call.colleague is not None:
        lines[call.colleague] = replace(lines[call.colleague], lock=LockLevel.NONE)
        call = replace(call, caller=None)
    return replace(exchange, lines=lines), call


def _possible(ringing: Ringing | None) -> Ringing | None:
    if ringing is None or not ringing.steps:
        return ringing
    people = tuple(dict.fromkeys(one for step in ringing.steps for one in step if one in PEOPLE))
    together = len(ringing.steps[0]) > 1 and len(people) > 1
    return replace(ringing, steps=(people,) if together else tuple((one,) for one in people))
