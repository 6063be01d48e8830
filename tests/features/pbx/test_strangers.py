"""Others find nothing and change nothing."""

from collections.abc import Callable

import pytest

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.numbers.models import Number
from portal.features.pbx import operations
from portal.features.subscribers.models import Subscriber
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.reading import id_of, path, pool

Browse = Callable[..., Browser]


@pytest.mark.parametrize("stranger", ["ike", "charlie", "rita", "tom", "alice"])
def test_others_find_nothing_and_change_nothing(cast: Cast, browse: Browse, stranger: str) -> None:
    browser, number = browse(cast.people[stranger]), pool(cast)[0]
    for more in (
        (),
        ("person",),
        ("numbers",),
        ("allowed",),
        ("lock",),
        ("remove",),
        ("history",),
        ("sip-password",),
        ("web-password",),
    ):
        assert browser.get(path(cast, "alice", *more)).status_code == 404
    for door in ("person", "numbers", "allowed", "lock", "unlock", "relock", "remove", "sip-password", "web-password"):
        assert browser.post(path(cast, "alice", door), {"level": "3", "reason": "x", "display_name": "x"}).status_code == 404
    assert browser.get(f"/numbers/{number.public_id}").status_code == 404
    to = id_of(cast.alice)
    assert browser.post("/numbers", {"number": number.public_id, "to": to}).status_code in {404, 422}
    assert browser.post(
        "/extensions/new", {"display_name": "x", "extension": "104", "like": to, "outgoing": "own"}
    ).status_code in {404, 422}
    with db.unit_of_work(Scope.platform()) as session:
        alice = session.get_one(Subscriber, cast.alice.subscriber.id)
        assert (alice.display_name, alice.lock_level, alice.status) == ("Alice Meier", 0, "active")
        assert session.get_one(Number, number.id).subscriber_id == cast.clare.subscriber.id


def test_another_companys_numbers_cannot_be_given_to_own_people(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.ike.scope):
        line = operations.create_extension(
            by=cast.ike.identity, customer_id=cast.city_bank.id, display_name="Una", extension="101"
        ).subscriber.public_id
    number = pool(cast)[0]
    assert browse(cast.ike).post("/numbers", {"number": number.public_id, "to": line}).status_code == 404
