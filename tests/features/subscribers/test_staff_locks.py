"""Locks set by a provider's staff: with a reason, one per source, and only the own one is lifted."""

from collections.abc import Callable

from portal.core import db
from portal.features.pbx import queries as pbx
from portal.features.subscribers import operations
from portal.features.subscribers.rules import LockLevel
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.reading import text_of, undo_of

Browse = Callable[..., Browser]


def line_of(cast: Cast, name: str) -> str:
    return f"/lines/{cast.people[name].subscriber.public_id}"


def test_a_lock_has_a_level_and_a_reason(cast: Cast, browse: Browse) -> None:
    cora, here = browse(cast.cora), line_of(cast, "bob")
    bare = cora.post(f"{here}/lock", {"level": "2", "reason": ""})
    assert bare.status_code == 422
    assert "Say why, in a few words." in text_of(bare)
    page = cora.follow(cora.post(f"{here}/lock", {"level": "5", "reason": "Ported away"}))
    text = text_of(page)
    assert "Bob Turner is locked: Number moved away." in text
    assert "Locked by the provider" in text
    assert "Ported away" in text
    way, fields = undo_of(page)
    assert "Bob Turner is unlocked." in text_of(cora.follow(cora.post(way, fields)))


def test_only_the_own_lock_is_lifted(cast: Cast, browse: Browse) -> None:
    cora, here = browse(cast.cora), line_of(cast, "bob")
    with db.unit_of_work(cast.clare.scope):
        bob = pbx.extension(cast.bob.subscriber.public_id)
        operations.lock(by=cast.clare.identity, line=bob, level=LockLevel.FOREIGN, reason="Left his desk")
    page = text_of(cora.get(here))
    assert "Locked by the company" in page
    assert "Clare Fenn: “Left his desk”" in page
    assert "You cannot lift this lock" in page
    refused = cora.post(f"{here}/unlock")
    assert refused.status_code == 422
    cora.post(f"{here}/lock", {"level": "3", "reason": "Unpaid"})
    both = text_of(cora.get(here))
    assert "Unpaid" in both
    assert "Left his desk" in both
    lifted = text_of(cora.follow(cora.post(f"{here}/lock", {"level": "0", "reason": ""})))
    assert "Your lock of Bob Turner is lifted; locks of others stay." in lifted
    assert "Calls inside only" in lifted


def test_only_level_four_closes_the_portal(cast: Cast, browse: Browse) -> None:
    tom, bob, here = browse(cast.tom), browse(cast.bob), line_of(cast, "bob")
    tom.post(f"{here}/lock", {"level": "3", "reason": "Unpaid"})
    assert bob.get("/").status_code == 200
    tom.post(f"{here}/lock", {"level": "4", "reason": "Unpaid"})
    assert bob.get("/").status_code in {302, 303}
