"""What the switch does is what the portal says: the functions it asks, and the evaluation that the pages show."""

import pytest

from portal.core import db
from portal.features.callhandling.rules import Phones
from portal.features.peering.models import PeeringGroup, PeeringServer
from tests.cast import Cast
from tests.features.callhandling.cases import CASES, Case
from tests.features.switch.driving import Player, signed_in, written


@pytest.fixture
def peer(everything: None) -> None:
    group = PeeringGroup(name="Transit", name_sort="transit")
    db.session().add(group)
    db.session().flush()
    db.session().add(PeeringServer(group_id=group.id, name="One", host="192.0.2.1"))


@pytest.mark.usefixtures("peer")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_switch_does_what_the_simulation_says(cast: Cast, case: Case) -> None:
    exchange = case.exchange
    keys = written(cast, exchange)
    off = {name for name, line in exchange.lines.items() if case.phones.get(name) is Phones.OFF or line.reachable is False}
    signed_in([key for name, key in keys.items() if name not in off])
    played = Player(exchange, keys, case.phones).call(case.call, case.at)
    assert sorted(played.steps, key=str) == sorted(case.steps, key=str)
    assert (played.why, played.at) == (case.end, case.seconds)

