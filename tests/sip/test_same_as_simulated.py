"""What real phones do is what the portal's simulation says: the cases of call handling, all at once."""

import pytest

from tests.features.callhandling.cases import CASES
from tests.sip.phones import Phone
from tests.sip.played import Played, all_of, playable
from tests.sip.world import World

PLAYED = tuple(filter(playable, CASES))


SLACK = 0.3  # Kamailio’s clock ticks sixteen times a second


@pytest.fixture(scope="module")
def played(whole_world: World) -> dict[str, Played]:
    world = whole_world
    prepared = [Played.prepared(world, case) for case in PLAYED]
    world.loop.run(all_of(prepared))
    return {one.case.name: one for one in prepared}


@pytest.fixture(scope="module")
def outside(whole_world: World) -> Phone:
    return whole_world.peer("ring")[0]


@pytest.mark.parametrize("name", [case.name for case in PLAYED])
def test_real_phones_ring_as_the_simulation_says(outside: Phone, played: dict[str, Played], name: str) -> None:
    one = played[name]
    planned, happened = one.planned(), one.happened([outside])
    assert [who for _, who in happened] == [who for _, who in planned]
    assert [at for (at, _), (begins, _) in zip(happened, planned, strict=True) if at < begins - SLACK] == []
    assert one.told is not None
    assert one.code_is_right, one.told.codes
