"""Locks and the end of extensions."""

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import NotFound
from portal.core.phone import Parts
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, AccountSession
from portal.features.accounts.queries import of_subscriber
from portal.features.callhandling import operations as callhandling
from portal.features.customers.queries import hold
from portal.features.numbers.models import Number
from portal.features.numbers.operations import add_numbers
from portal.features.pbx import operations, queries
from portal.features.pbx.models import Group, Member
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import Lock, Status, Subscriber
from portal.features.subscribers.rules import LockLevel
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.conftest import Line, raises_refused, traces
from tests.features.pbx.reading import id_of


def sessions_of(account: Account | None) -> int:
    assert account is not None
    return (
        db.session().scalar(select(func.count()).select_from(AccountSession).where(AccountSession.account_id == account.id)) or 0
    )


# --- locks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [LockLevel.FOREIGN, LockLevel.OUTGOING, LockLevel.IN_AND_OUT])
def test_levels_one_to_three_leave_the_portal_open(as_clare: Cast, line: Line, level: LockLevel) -> None:
    alice = line("alice")
    subscribers.lock(by=as_clare.clare.identity, line=alice, level=level, reason="On leave")
    account = of_subscriber(alice.id)
    assert account is not None
    assert (alice.lock_level, alice.status, account.status) == (level, Status.ACTIVE, "active")
    assert traces(alice.public_id)[0].details == {"source": "pilot", "level": [0, level], "reason": [None, "On leave"]}


def test_level_four_closes_the_portal_and_ends_sessions(as_clare: Cast, line: Line, app: object) -> None:
    Browser(app, "lantern.localhost", as_clare.alice)  # type: ignore[arg-type]
    alice = line("alice")
    account = of_subscriber(alice.id)
    assert sessions_of(account) == 1
    subscribers.lock(by=as_clare.clare.identity, line=alice, level=LockLevel.GLOBAL, reason="Left the company")
    assert (alice.status, account.status, sessions_of(account)) == (Status.LOCKED, "locked", 0)  # type: ignore[union-attr]
    subscribers.unlock(by=as_clare.clare.identity, line=alice)
    assert (alice.lock_level, alice.status, account.status) == (0, Status.ACTIVE, "active")  # type: ignore[union-attr]


def test_a_pilot_cannot_lift_the_providers_lock(cast: Cast) -> None:
    alice_id = id_of(cast.alice)
    with db.unit_of_work(cast.tom.scope):
        subscribers.lock(
            by=cast.tom.identity, line=subscriber_queries.line(alice_id), level=LockLevel.IN_AND_OUT, reason="Invoice open"
        )
    with db.unit_of_work(cast.clare.scope):
        alice = queries.extension(alice_id)
        with raises_refused("lock-of-others") as sentence:
            subscribers.unlock(by=cast.clare.identity, line=alice)
        assert sentence == ["Your provider has locked this line; only your provider can lift that."]
        subscribers.lock(by=cast.clare.identity, line=alice, level=LockLevel.FOREIGN, reason="On leave")
        assert alice.lock_level == LockLevel.IN_AND_OUT
        subscribers.unlock(by=cast.clare.identity, line=alice)
        assert alice.lock_level == LockLevel.IN_AND_OUT
        assert [lock.reason for lock in subscriber_queries.locks_of(alice.id)] == ["Invoice open"]


def test_lifting_the_providers_lock_leaves_the_pilots(cast: Cast) -> None:
    alice_id = id_of(cast.alice)
    with db.unit_of_work(cast.clare.scope):
        subscribers.lock(by=cast.clare.identity, line=queries.extension(alice_id), level=LockLevel.OUTGOING, reason="On leave")
    with db.unit_of_work(cast.tom.scope):
        alice = subscriber_queries.line(alice_id)
        subscribers.lock(by=cast.tom.identity, line=alice, level=LockLevel.GLOBAL, reason="Invoice open")
        subscribers.unlock(by=cast.tom.identity, line=alice)
        assert (alice.lock_level, alice.status) == (LockLevel.OUTGOING, Status.ACTIVE)


def test_a_second_lock_of_the_same_source_takes_the_place_of_the_first(as_clare: Cast, line: Line) -> None:
    alice = line("alice")
    subscribers.lock(by=as_clare.clare.identity, line=alice, level=LockLevel.IN_AND_OUT, reason="On leave")
    subscribers.lock(by=as_clare.clare.identity, line=alice, level=LockLevel.FOREIGN, reason="Back soon")
    assert alice.lock_level == LockLevel.FOREIGN
    assert traces(alice.public_id)[1].details["level"] == [3, 1]


@pytest.mark.parametrize("level", [LockLevel.NONE, LockLevel.PORTED])
def test_a_pilot_has_four_levels(as_clare: Cast, line: Line, level: LockLevel) -> None:
    with raises_refused("lock-level", "level"):
        subscribers.lock(by=as_clare.clare.identity, line=line("alice"), level=level, reason="On leave")


def test_a_lock_says_why(as_clare: Cast, line: Line) -> None:
    with raises_refused("lock-reason", "reason"):
        subscribers.lock(by=as_clare.clare.identity, line=line("alice"), level=LockLevel.FOREIGN, reason=" ")


# --- the end ---------------------------------------------------------------------------------------------------------


def test_everything_that_goes_with_an_extension_goes(as_clare: Cast, line: Line, pool: list[Number], app: object) -> None:
    Browser(app, "lantern.localhost", as_clare.bob)  # type: ignore[arg-type]
    bob = line("bob")
    account = of_subscriber(bob.id)
    operations.assign_numbers(by=as_clare.clare.identity, customer_id=as_clare.lantern.id, numbers=[pool[0].public_id], to=bob)
    operations.change_person(
        by=as_clare.clare.identity,
        line=bob,
        version=bob.version,
        display_name="Bob Turner",
        email="b@x.example",
        web_username="bob",
        language=None,
    )
    subscribers.lock(by=as_clare.clare.identity, line=bob, level=LockLevel.FOREIGN, reason="Leaves soon")
    operations.terminate(by=as_clare.clare.identity, line=bob)
    assert (bob.status, bob.ha1_md5, bob.ha1_sha256, bob.contact_id, bob.lock_level) == (Status.TERMINATED, None, None, None, 0)
    assert (account.status, account.password_hash, sessions_of(account)) == ("terminated", None, 0)  # type: ignore[union-attr]
    assert pool[0].subscriber_id == as_clare.clare.subscriber.id
    assert db.session().scalars(select(Number).where(Number.subscriber_id == bob.id)).all() == []
    assert db.session().scalars(select(Lock).where(Lock.subscriber_id == bob.id)).all() == []
    places = (
        db.session().scalars(select(Member).where(Member.group_id == as_clare.groups["sales"].id).order_by(Member.position)).all()
    )
    assert [place.position for place in places] == [0, 1], "the gap closes"
    assert bob.display_name == "Bob Turner", "past calls keep the name"
    assert traces(bob.public_id, Event.EXTENSION_TERMINATED)[0].details == {
        "extension": "102",
        "username": "bob",
        "numbers": ["49305550700"],
        "groups": ["Sales"],
    }
    with pytest.raises(NotFound):
        queries.extension(bob.public_id)


def test_names_and_extension_are_free_again(as_clare: Cast, line: Line) -> None:
    operations.terminate(by=as_clare.clare.identity, line=line("bob"))
    new = operations.create_extension(
        by=as_clare.clare.identity,
        customer_id=as_clare.lantern.id,
        display_name="Bob the Second",
        extension="102",
        username="bob",
        web_username="bob",
    )
    assert new.subscriber.username == "bob"


def test_nobody_can_be_ended_twice(as_clare: Cast, line: Line) -> None:
    bob = line("bob")
    operations.terminate(by=as_clare.clare.identity, line=bob)
    with pytest.raises(NotFound):
        operations.terminate(by=as_clare.clare.identity, line=bob)


def test_a_group_ends_with_its_places(as_clare: Cast) -> None:
    sales = subscriber_queries.line(as_clare.groups["sales"].public_id)
    operations.terminate(by=as_clare.clare.identity, line=sales)
    assert db.session().scalars(select(Member)).all() == []
    assert db.session().scalars(select(Group)).all() == []
    assert queries.holder_of(as_clare.lantern.id, "600") is None


def test_a_pilot_leaves_last_and_its_numbers_are_released(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope):
        clare = subscriber_queries.line(id_of(cast.clare))
        with raises_refused("pilot-stays"):
            callhandling.terminate_line(by=cast.tom.identity, line=clare)
        ike = subscriber_queries.line(id_of(cast.ike))
        callhandling.terminate_line(by=cast.tom.identity, line=ike)
        released = db.session().scalars(select(Number).where(Number.digits == "49305560000")).one()
        assert (released.customer_id, released.subscriber_id) == (None, None)
        with pytest.raises(NotFound):
            operations.terminate(by=cast.tom.identity, line=clare)


def test_a_released_number_is_taken_over(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()):
        db.session().add(Number(reseller_id=cast.telephone.id, cc="49", ac="30", sn="7777777", digits="49307777777"))
        db.session().add(Number(reseller_id=cast.telephone.id, cc="4", ac="9307", sn="777778", digits="49307777778"))
    with db.unit_of_work(cast.tom.scope):
        customer = hold(cast.city_bank.id)
        ike = cast.ike.subscriber
        assert ike is not None
        added = add_numbers(
            by=cast.tom.identity,
            customer=customer,
            holder_id=ike.id,
            parts=[Parts("49", "30", "7777777"), Parts("49", "30", "7777778")],
        )
        assert [(one.ac, one.sn, one.customer_id) for one in added] == [
            ("30", "7777777", customer.id),
            ("30", "7777778", customer.id),
        ]
        assert db.session().scalar(select(func.count()).select_from(Subscriber).where(Subscriber.id == ike.id)) == 1
