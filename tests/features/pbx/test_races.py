"""Two at once: limits, extensions, numbers and versions hold for real transactions that really commit."""

import threading
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import db
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.pbx import operations, queries
from portal.features.pbx.models import Member
from portal.features.resellers.models import Reseller
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import OutgoingNumber, Status, Subscriber
from portal.features.subscribers.rules import LockLevel
from tests.cast import Cast, Person
from tests.features.pbx.reading import id_of

AT_ONCE = 6
Act = Callable[[int], object]


def together(who: Person, act: Act, times: int = AT_ONCE) -> list[str]:
    """Runs `act` in so many threads, each in a unit of work of its own; says how each ended."""
    return together_as([who] * times, act)


def together_as(people: list[Person], act: Act) -> list[str]:
    ready, outcomes = threading.Barrier(len(people)), [""] * len(people)

    def run(place: int) -> None:
        ready.wait()
        try:
            with db.unit_of_work(people[place].scope):
                act(place)
            outcomes[place] = "done"
        except Refused as refusal:
            outcomes[place] = refusal.code
        except NotFound:
            outcomes[place] = "not found"
        except Conflict:
            outcomes[place] = "conflict"
        except IntegrityError as error:
            outcomes[place] = str(error.orig.diag.constraint_name)  # type: ignore[union-attr]

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return outcomes


def create(cast: Cast, extension: int) -> None:
    operations.create_extension(
        by=cast.clare.identity, customer_id=cast.lantern.id, display_name=f"Line {extension}", extension=str(extension)
    )


def count(cast: Cast) -> int:
    with db.unit_of_work(cast.clare.scope) as session:
        return session.scalar(select(func.count()).select_from(Subscriber).where(Subscriber.status != Status.TERMINATED)) or 0


def alice_of(cast: Cast) -> Subscriber:
    return queries.extension(id_of(cast.alice))


def test_one_extension_goes_to_one(own_cast: Cast) -> None:
    outcomes = together(own_cast.clare, lambda _place: create(own_cast, 104))
    assert sorted(outcomes) == ["done", *["extension-taken-by"] * (AT_ONCE - 1)]


def test_different_extensions_do_not_disturb_each_other(own_cast: Cast) -> None:
    assert together(own_cast.clare, lambda place: create(own_cast, 110 + place)) == ["done"] * AT_ONCE
    assert count(own_cast) == 5 + AT_ONCE


def test_the_customers_limit_holds(own_cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Customer, own_cast.lantern.id).max_subscribers = 7
    outcomes = together(own_cast.clare, lambda place: create(own_cast, 110 + place))
    assert sorted(outcomes) == [*["customer-full"] * 4, "done", "done"]
    assert count(own_cast) == 7


def test_the_resellers_limit_holds_over_its_customers(own_cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Reseller, own_cast.telephone.id).max_subscribers = 7  # five of Lantern Co, ike, and one to come

    both = threading.Barrier(2)

    def act(place: int) -> None:
        who, customer = (own_cast.clare, own_cast.lantern) if place % 2 else (own_cast.ike, own_cast.city_bank)
        operations.create_extension(
            by=who.identity, customer_id=customer.id, display_name=f"Line {place}", extension=str(110 + place)
        )
        with suppress(threading.BrokenBarrierError):
            both.wait(0.3)  # two meet here only if neither waits for the other, and both have counted too few

    outcomes = together_as([own_cast.ike, own_cast.clare] * 3, act)
    assert sorted(outcomes) == ["done", *["reseller-full"] * 5]


def test_a_free_number_goes_to_one(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope) as session:
        number = session.scalars(select(Number).where(Number.role == Role.ALIAS).limit(1)).one().public_id

    def act(place: int) -> None:
        line = queries.extension(id_of(own_cast.people[("alice", "bob", "carol")[place]]))
        operations.change_numbers(
            by=own_cast.clare.identity,
            line=line,
            version=line.version,
            extension=str(line.extension),
            outgoing=OutgoingNumber.OWN,
            add=[number],
        )

    outcomes = together(own_cast.clare, act, 3)
    assert sorted(outcomes) == ["done", "number-not-free", "number-not-free"]


def test_moves_crosswise_do_not_lock_each_other_up(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope) as session:
        numbers = [number.public_id for number in session.scalars(select(Number).where(Number.role == Role.ALIAS))]

    def act(place: int) -> None:
        to = queries.extension(id_of(own_cast.people[("alice", "bob")[place % 2]]))
        operations.assign_numbers(by=own_cast.clare.identity, customer_id=own_cast.lantern.id, numbers=numbers, to=to)

    assert together(own_cast.clare, act) == ["done"] * AT_ONCE
    with db.unit_of_work(own_cast.clare.scope) as session:
        assert len({number.subscriber_id for number in session.scalars(select(Number).where(Number.role == Role.ALIAS))}) == 1


def test_of_two_who_save_the_same_version_one_is_told(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope):
        version = alice_of(own_cast).version

    def act(place: int) -> None:
        operations.change_person(
            by=own_cast.clare.identity,
            line=alice_of(own_cast),
            version=version,
            display_name=f"Alice {place}",
            email=None,
            web_username="alice",
            language=None,
        )

    assert sorted(together(own_cast.clare, act)) == [*["conflict"] * (AT_ONCE - 1), "done"]


def test_somebody_who_signs_in_meanwhile_breaks_nothing(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope):
        sheet = queries.sheet(id_of(own_cast.alice))
        with db.unit_of_work(own_cast.clare.scope) as other:
            other.get_one(Account, own_cast.alice.account.id).scheme = "dark"
        operations.change_person(
            by=own_cast.clare.identity,
            line=sheet.line,
            version=sheet.line.version,
            display_name="Alice",
            email=None,
            web_username="alice",
            language=None,
        )
        operations.set_web_password(by=own_cast.clare.identity, line=sheet.line, password="correct horse battery staple")
    with db.unit_of_work(own_cast.clare.scope) as session:
        account = session.get_one(Account, own_cast.alice.account.id)
        assert (account.name, account.scheme, account.must_change_password) == ("Alice", "dark", True)


def test_locking_and_ending_at_once_leaves_no_half_ended_line(own_cast: Cast) -> None:
    def act(place: int) -> None:
        if place:
            subscribers.lock(by=own_cast.clare.identity, line=alice_of(own_cast), level=LockLevel.GLOBAL, reason="On leave")
        else:
            operations.terminate(by=own_cast.clare.identity, line=alice_of(own_cast))

    outcomes = together(own_cast.clare, act, 2)
    assert outcomes[0] == "done"
    assert outcomes[1] in {"done", "not found"}
    with db.unit_of_work(own_cast.clare.scope) as session:
        alice = session.get_one(Subscriber, own_cast.alice.subscriber.id)
        assert (alice.status, alice.lock_level) == (Status.TERMINATED, 0)


def test_two_leavers_of_one_group_leave_no_gap(own_cast: Cast) -> None:
    def act(place: int) -> None:
        line = queries.extension(id_of(own_cast.people[("alice", "bob")[place]]))
        operations.terminate(by=own_cast.clare.identity, line=line)

    assert together(own_cast.clare, act, 2) == ["done", "done"]
    with db.unit_of_work(own_cast.clare.scope) as session:
        assert [place.position for place in session.scalars(select(Member).order_by(Member.position))] == [0]
