"""Two at once: of those who look after the staff, one always stays. Real transactions that really commit."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.errors import Refused
from portal.core.permissions import Role
from portal.core.tenancy import Scope
from portal.features.accounts import operations, queries
from portal.features.accounts.models import Account, Status
from tests.cast import Cast, Person
from tests.factories.accounts import AccountFactory
from tests.features.pbx.test_races import together_as

RIGHTS = ["changes", "calls", "billing", "passwords"]
Act = Callable[[Person, Person], object]


def hire(cast: Cast, name: str) -> Person:
    with db.unit_of_work(Scope.platform()) as session:
        own = {"reseller_id": cast.telephone.id, "role": Role.RESELLER.value, "username": f"{name}@telephone.example"}
        account = AccountFactory(**own, email=own["username"])
        session.flush()
        session.expunge_all()
    return Person(account, "telephone.localhost")


def fresh(person: Person) -> Account:
    return queries.staff_member(person.account.reseller_id, person.account.public_id).account


def end(by: Person, whom: Person) -> None:
    operations.terminate_staff(by=by.identity, account=fresh(whom))


def lock(by: Person, whom: Person) -> None:
    operations.lock_staff(by=by.identity, account=fresh(whom))


def reduce(by: Person, whom: Person) -> None:
    account = fresh(whom)
    operations.change_staff(by=by.identity, account=account, version=account.version, role=Role.CARE, rights=RIGHTS)


def restrict(by: Person, whom: Person) -> None:
    account = fresh(whom)
    operations.change_staff(by=by.identity, account=account, version=account.version, role=Role.RESELLER, rights=["calls"])


def left(cast: Cast) -> int:
    with db.unit_of_work(Scope.platform()) as session:
        able = Account.reseller_id == cast.telephone.id, Account.role == Role.RESELLER, Account.status == Status.ACTIVE
        return sum("changes" not in one.withheld for one in session.scalars(select(Account).where(*able)))


@pytest.mark.parametrize("act", [end, lock, reduce, restrict])
def test_two_administrators_who_remove_each_other_leave_one(act: Act, own_cast: Cast) -> None:
    pair = (own_cast.tom, hire(own_cast, "ada"))
    outcomes = together_as(list(pair), lambda place: act(pair[place], pair[1 - place]))
    assert sorted(outcomes) in (["done", "last-administrator"], ["done", "not found"], ["conflict", "done"])
    assert left(own_cast) == 1


def test_three_in_a_circle_leave_somebody(own_cast: Cast) -> None:
    circle = (own_cast.tom, hire(own_cast, "ada"), hire(own_cast, "eve"))
    outcomes = together_as(list(circle), lambda place: end(circle[place], circle[(place + 1) % 3]))
    assert "done" in outcomes
    assert left(own_cast) == 3 - outcomes.count("done")
    assert left(own_cast) >= 1


def test_many_who_end_one_end_them_once(own_cast: Cast) -> None:
    eve = hire(own_cast, "eve")
    outcomes = together_as([own_cast.tom] * 4, lambda _place: end(own_cast.tom, eve))
    assert sorted(outcomes) == ["done", "not found", "not found", "not found"]


@pytest.mark.parametrize("act", [end, lock, reduce, restrict])
def test_an_operator_does_not_take_the_last_one_either(act: Act, own_cast: Cast) -> None:
    """From elsewhere: the last one cannot do it to themselves."""
    with db.unit_of_work(Scope.platform()):
        with pytest.raises(Refused) as refused:
            act(own_cast.olga, own_cast.tom)
        assert refused.value.code == "last-administrator"
    assert left(own_cast) == 1
