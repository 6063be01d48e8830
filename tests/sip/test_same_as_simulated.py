"""What real phones do is what the portal's simulation says: the cases of call handling, all at once."""

import pytest

from tests.features.callhandling.cases import CASES
from tests.sip.played import Played, all_of, playable
from tests.sip.world import World

PLAYED = tuple(filter(playable, CASES))


@pytest.fixture(scope="module")
def played(whole_world: World) -> dict[str, tuple[Played, list[set[str]]]]:
    world = whole_world
    peer, _ = world.peer("ring")
    prepared = [Played.prepared(world, case) for case in PLAYED]
    world.loop.run(all_of(prepared))
    return {one.case.name: (one, one.happened([peer])) for one in prepared}


@pytest.mark.parametrize("name", [case.name for case in PLAYED])
def test_real_phones_ring_as_the_simulation_says(played: dict[str, tuple[Played, list[set[str]]]], name: str) -> None:
    one, happened = played[name]
    assert one.told is not None
    assert (happened, one.code_is_right, one.told.codes[-1:]) == (one.planned(), True, one.told.codes[-1:])
