"""A customer goes into service, is locked and unlocked, and ends, with everything that belongs to it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, AccountSession, Status as AccountStatus
from portal.features.callhandling.models import Forward, TimeSet
from portal.features.contacts.models import Contact
from portal.features.customers import operations, queries
from portal.features.customers.models import Customer, Kind, Status
from portal.features.numbers.models import Number
from portal.features.pbx.models import Group, Member
from portal.features.phonebook.models import Entry
from portal.features.phonebook.queries import Book
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import Lock, LockSource, Status as LineStatus, Subscriber
from portal.features.subscribers.rules import LockLevel
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.features.customers.conftest import Make, events, stored
from tests.features.phonebook.conftest import enter

Browse = Callable[..., Browser]


def lock(cast: Cast, customer: Customer, reason: str = "Unpaid since March") -> None:
    with db.unit_of_work(cast.tom.scope):
        operations.lock_customer(by=cast.tom.identity, customer=customer, reason=reason)


def activate(cast: Cast, customer: Customer) -> None:
    with db.unit_of_work(cast.tom.scope):
        operations.activate(by=cast.tom.identity, customer=customer)


def terminate(cast: Cast, customer: Customer) -> None:
    with db.unit_of_work(cast.tom.scope):
        operations.terminate_customer(by=cast.tom.identity, customer=customer)


def line_of(person: Person) -> Subscriber:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.get_one(Subscriber, person.subscriber.id, populate_existing=True)
        session.expunge(found)
        return found


def account_status(person: Person) -> str:
    with db.unit_of_work(Scope.platform()) as session:
        return session.get_one(Account, person.account.id, populate_existing=True).status


def test_a_lock_closes_all_lines_and_the_portal(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    assert browser.get("/").status_code == 200
    lock(cast, cast.lantern)
    assert stored(cast.lantern).lock_reason == "Unpaid since March"
    for person in (cast.clare, cast.alice, cast.bob):
        assert (line_of(person).lock_level, line_of(person).status) == (LockLevel.GLOBAL, LineStatus.LOCKED)
        assert account_status(person) == AccountStatus.LOCKED
    assert browser.get("/", check=False).status_code == 302
    assert line_of(cast.ike).lock_level == LockLevel.NONE
    with db.unit_of_work(Scope.platform()) as session:
        assert (
            session.scalar(
                select(func.count()).select_from(AccountSession).where(AccountSession.account_id == cast.alice.account.id)
            )
            == 0
        )


def test_lifting_it_lifts_no_other_lock(cast: Cast) -> None:
    with db.unit_of_work(cast.clare.scope):
        line = subscriber_queries.line(cast.bob.subscriber.public_id)
        subscribers.lock(by=cast.clare.identity, line=line, level=LockLevel.OUTGOING, reason="On holiday")
        line = subscriber_queries.line(cast.carol.subscriber.public_id)
        subscribers.lock(by=cast.clare.identity, line=line, level=LockLevel.GLOBAL, reason="Has left")
    lock(cast, cast.lantern)
    assert line_of(cast.bob).lock_level == LockLevel.GLOBAL
    activate(cast, cast.lantern)
    assert [line_of(one).lock_level for one in (cast.alice, cast.bob, cast.carol)] == [
        LockLevel.NONE,
        LockLevel.OUTGOING,
        LockLevel.GLOBAL,
    ]
    assert [account_status(one) for one in (cast.alice, cast.bob, cast.carol)] == ["active", "active", "locked"]
    with db.unit_of_work(Scope.platform()) as session:
        assert set(session.scalars(select(Lock.source))) == {LockSource.PILOT}
    assert stored(cast.lantern).lock_reason is None
    assert events(cast.lantern.public_id)[-2:] == ["customer-locked", "customer-unlocked"]


def test_what_cannot_follow_is_refused_and_changes_nothing(cast: Cast, make: Make) -> None:
    pending = make(status=Status.PENDING)
    with pytest.raises(Refused, match="customer-not-started"):
        lock(cast, pending)
    activate(cast, pending)
    assert stored(pending).activated_at is not None
    with pytest.raises(Refused, match="customer-active"):
        activate(cast, pending)
    terminate(cast, pending)
    for act in (activate, terminate, lock):
        with pytest.raises(Refused, match="customer-final"):
            act(cast, pending)
    assert events(pending.public_id) == ["customer-created", "customer-started", "customer-terminated"]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_a_lock_says_why(cast: Cast, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        lock(cast, cast.lantern, reason)
    assert refused.value.field == "reason"
    assert stored(cast.lantern).status == Status.ACTIVE


@pytest.mark.parametrize("status", [Status.PENDING, Status.TERMINATED])
def test_nobody_is_signed_in_where_there_is_no_service(cast: Cast, browse: Browse, status: Status) -> None:
    browser = browse(cast.alice)
    assert browser.get("/").status_code == 200
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Customer, cast.lantern.id).status = status.value
    assert browser.get("/", check=False).status_code == 302
    answer = browse(host="lantern.localhost").post("/login", {"username": "alice", "password": "lantern-demo-2026"}, check=False)
    assert answer.status_code == 422


def test_everything_ends_with_a_customer(cast: Cast) -> None:
    enter(cast.alice, "Ruby of mine", "030 23125123", book=Book.MINE)
    enter(cast.clare, "Ruby of ours", "030 23125124", book=Book.COMPANY)
    with db.unit_of_work(Scope.platform()) as session:
        own = {"reseller_id": cast.telephone.id, "customer_id": cast.lantern.id}
        session.add(Forward(subscriber_id=cast.alice.subscriber.id, when="busy", position=0, **own))
        session.add(TimeSet(name="Office hours", name_sort="office hours", **own))
    with db.unit_of_work(cast.clare.scope):
        profile = subscribers.add_profile(by=cast.clare.identity, customer_id=cast.lantern.id, name="Ours", levels={})
        subscribers.make_default(by=cast.clare.identity, customer_id=cast.lantern.id, profile=profile)
    terminate(cast, cast.lantern)
    with db.unit_of_work(Scope.platform()) as session:
        of_lantern = Subscriber.customer_id == cast.lantern.id
        assert set(session.scalars(select(Subscriber.status).where(of_lantern))) == {LineStatus.TERMINATED}
        assert set(session.scalars(select(Subscriber.ha1_md5).where(of_lantern))) == {None}
        for table in (Forward, TimeSet, Entry, Group, Member, Lock, Number):
            assert session.scalar(select(func.count()).select_from(table).where(table.customer_id == cast.lantern.id)) == 0
        free = set(session.scalars(select(Number.digits).where(Number.customer_id.is_(None))))
        assert {"49305550000", "49305550700"} <= free
        assert session.scalar(select(Number.id).where(Number.digits == "49305550000101")) is None
        accounts = select(Account.status).where(Account.customer_id == cast.lantern.id)
        assert set(session.scalars(accounts)) == {AccountStatus.TERMINATED}
        assert session.get_one(Contact, cast.lantern.contact_id).status == "active"
    ended = stored(cast.lantern)
    assert (ended.status, ended.default_profile_id) == (Status.TERMINATED, None)
    assert ended.terminated_at is not None


def test_the_neighbours_notice_nothing(cast: Cast) -> None:
    terminate(cast, cast.lantern)
    assert line_of(cast.ike).status == LineStatus.ACTIVE
    assert account_status(cast.ike) == AccountStatus.ACTIVE
    with db.unit_of_work(cast.tom.scope):
        assert queries.above().belongings(cast.city_bank.id).lines == 1


def test_names_of_ended_lines_are_free_again(cast: Cast, make: Make) -> None:
    terminate(cast, cast.lantern)
    new = make("Lantern Again", Kind.CLOUDPBX)
    with db.unit_of_work(cast.tom.scope):
        domain = cast.domains["lantern"]
        base = next(iter(db.session().scalars(select(Number).where(Number.digits == "49305550000")))).parts
        facts: dict[str, Any] = {"username": "clare", "display_name": "Clare", "base": base}
        made = subscribers.create_pilot(by=cast.tom.identity, customer=new, domain=domain, **facts)
        assert made.subscriber.username == "clare"
