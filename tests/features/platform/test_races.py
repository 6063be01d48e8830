"""What several people do to a reseller at once comes out as if they had done it one after the other."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.core import db
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number
from portal.features.pbx import operations as pbx
from portal.features.platform import operations
from portal.features.resellers.models import Reseller
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast
from tests.factories.subscribers import NumberFactory, SubscriberFactory
from tests.features.platform.resellers import fresh, lines, make, sources

Act = Callable[[], object]


def outcome(act: Act) -> str:
    try:
        act()
    except Refused as refusal:
        return refusal.code
    except (NotFound, Conflict, IntegrityError) as error:
        return type(error).__name__
    return "done"


def together(*acts: Act) -> list[str]:
    """All of them at once, each in a thread of its own."""
    barrier = threading.Barrier(len(acts))

    def run(act: Act) -> str:
        barrier.wait()
        return outcome(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def lock(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()):
        operations.lock_reseller(by=cast.olga.identity, reseller=fresh(cast.telephone), reason="Late")


def unlock(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()):
        operations.unlock_reseller(by=cast.olga.identity, reseller=fresh(cast.telephone))


def end(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()):
        operations.terminate_reseller(
            by=cast.olga.identity, reseller=fresh(cast.telephone), typed="TelephOne", with_customers=True
        )


def test_locked_twice_at_once_it_is_locked_once(own_cast: Cast) -> None:
    assert sorted(together(*[lambda: lock(own_cast)] * 4)) == ["done", *["is-locked"] * 3]
    assert sources(own_cast.telephone.id) == {"platform": 6}


def test_locked_and_terminated_at_once_it_has_ended(own_cast: Cast) -> None:
    found = together(lambda: lock(own_cast), lambda: end(own_cast), lambda: lock(own_cast))
    assert found[1] == "done"
    assert set(found) <= {"done", "is-locked", "NotFound"}
    with db.unit_of_work(Scope.platform()):
        assert fresh(own_cast.telephone).status == "terminated"
    assert {status for _level, status in lines(own_cast.telephone.id).values()} == {"terminated"}
    assert sources(own_cast.telephone.id) == {}


def test_terminated_twice_at_once_it_ends_once(own_cast: Cast) -> None:
    assert sorted(together(*[lambda: end(own_cast)] * 3)) == ["NotFound", "NotFound", "done"]


def test_whoever_adds_an_extension_meanwhile_leaves_no_line_behind_that_works(own_cast: Cast) -> None:
    """Either it was there in time and is locked with the others, or it is not made."""
    for turn in range(3):
        number = str(200 + turn)

        def add(number: str = number) -> None:
            with db.unit_of_work(own_cast.clare.scope):
                pbx.create_extension(
                    by=own_cast.clare.identity,
                    customer_id=own_cast.lantern.id,
                    display_name="New",
                    extension=number,
                    username=f"new{number}",
                )

        found = together(add, lambda: lock(own_cast))
        assert found[1] == "done"
        assert found[0] in {"done", "reseller-closed"}
        assert {level for level, _status in lines(own_cast.telephone.id).values()} == {4}
        unlock(own_cast)


def test_one_name_makes_one_reseller(own_cast: Cast) -> None:
    def create(host: str) -> Act:
        def act() -> None:
            with db.unit_of_work(Scope.platform()):
                make(own_cast, host=host)

        return act

    found = together(create("north"), create("south"), create("east"))
    assert sorted(found) == ["IntegrityError", "IntegrityError", "done"]
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.count()).select_from(Reseller).where(Reseller.name == "Nordlicht")) == 1


def test_two_who_set_limits_do_not_overwrite_each_other(own_cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()):
        version = fresh(own_cast.telephone).version

    def limit(number: int) -> Act:
        def act() -> None:
            with db.unit_of_work(Scope.platform()):
                operations.change_limits(
                    by=own_cast.olga.identity,
                    reseller=fresh(own_cast.telephone),
                    version=version,
                    max_subscribers=number,
                    blocks_only=False,
                )

        return act

    assert sorted(together(limit(50), limit(60))) == ["Conflict", "done"]


MANY, SECONDS = 5000, 20.0


def test_five_thousand_lines_go_in_one_breath(own_cast: Cast) -> None:
    own = {"reseller_id": own_cast.telephone.id, "customer_id": own_cast.lantern.id}
    with db.unit_of_work(Scope.platform()) as session:
        domain_id = own_cast.domains["lantern"].id
        SubscriberFactory(domain_id=domain_id, kind="extension", username="first", extension="9000", **own)
        NumberFactory(subscriber_id=own_cast.clare.subscriber.id, sn="7000000", **own)
        session.flush()
        for statement in (_MORE_LINES, _MORE_NUMBERS):
            session.execute(text(statement), {"reseller": own["reseller_id"], "many": MANY})
    begun = time.monotonic()
    lock(own_cast)
    unlock(own_cast)
    end(own_cast)
    assert time.monotonic() - begun < SECONDS
    with db.unit_of_work(Scope.platform()) as session:
        living = Subscriber.reseller_id == own_cast.telephone.id, Subscriber.status != "terminated"
        assert session.scalar(select(func.count()).select_from(Subscriber).where(*living)) == 0
        assert session.scalar(select(func.count()).select_from(Number).where(Number.reseller_id == own_cast.telephone.id)) == 0
        assert session.scalar(select(func.count()).select_from(Customer).where(Customer.status != "terminated")) == 1


_MORE_LINES = """
    INSERT INTO subscriber (public_id, reseller_id, customer_id, domain_id, kind, username, display_name, name_sort, extension,
                            status, lock_level, outgoing, do_not_disturb, music_on_hold, new_device_mail, created_at, version)
    SELECT 'm' || lpad(n::text, 15, '0'), reseller_id, customer_id, domain_id, kind, 'more' || n, 'More', 'more',
           (10000 + n)::text,
           status, lock_level, outgoing, do_not_disturb, music_on_hold, new_device_mail, created_at, version
    FROM subscriber, generate_series(1, :many) n WHERE username = 'first' AND reseller_id = :reseller
"""
_MORE_NUMBERS = """
    INSERT INTO number (public_id, reseller_id, customer_id, subscriber_id, cc, ac, sn, digits, role, version)
    SELECT 'n' || lpad(n::text, 15, '0'), reseller_id, customer_id, subscriber_id, cc, ac, (7000000 + n)::text,
           cc || ac || (7000000 + n)::text, role, version
    FROM number, generate_series(1, :many) n WHERE sn = '7000000' AND reseller_id = :reseller
"""
