"""A reseller that is locked: nobody gets in, no line works; what others have locked stays locked afterwards."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, AccountSession
from portal.features.customers.models import Contract
from portal.features.platform import operations
from portal.features.resellers.models import Reseller
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import LockLevel
from tests.browser import Browser
from tests.cast import Cast
from tests.features.platform.resellers import fresh, lines, make, sources

Browse = Callable[..., Browser]
GLOBAL = (4, "locked")
FREE = (0, "active")


def lock(cast: Cast, reseller: Reseller | None = None, reason: str = "The bill of October") -> int:
    with db.unit_of_work(Scope.platform()):
        return operations.lock_reseller(by=cast.olga.identity, reseller=fresh(reseller or cast.telephone), reason=reason)


def unlock(cast: Cast) -> int:
    with db.unit_of_work(Scope.platform()):
        return operations.unlock_reseller(by=cast.olga.identity, reseller=fresh(cast.telephone))


def test_every_line_of_it_and_no_other_is_dead(cast: Cast) -> None:
    others = lines(cast.cheapcall.id)
    assert lock(cast) == len(lines(cast.telephone.id)) == 6
    assert set(lines(cast.telephone.id).values()) == {GLOBAL}
    assert lines(cast.cheapcall.id) == others
    assert sources(cast.telephone.id) == {"platform": 6}


def test_unlocked_it_is_as_before(cast: Cast) -> None:
    before = lines(cast.telephone.id)
    lock(cast)
    assert unlock(cast) == 6
    assert lines(cast.telephone.id) == before
    assert sources(cast.telephone.id) == {}


@pytest.mark.parametrize(
    "level", [LockLevel.FOREIGN, LockLevel.OUTGOING, LockLevel.IN_AND_OUT, LockLevel.GLOBAL, LockLevel.PORTED]
)
def test_a_lock_of_somebody_else_stays(level: LockLevel, cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        subscribers.lock(
            by=cast.tom.identity, line=session.get_one(Subscriber, cast.alice.subscriber.id), level=level, reason="Lost"
        )
    was = lines(cast.telephone.id)["alice"]
    lock(cast)
    assert lines(cast.telephone.id)["alice"] == GLOBAL
    unlock(cast)
    assert lines(cast.telephone.id)["alice"] == was
    assert lines(cast.telephone.id)["bob"] == FREE
    assert sources(cast.telephone.id) == {"reseller": 1}


def test_a_lock_that_is_lifted_meanwhile_does_not_open_the_line(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        line = session.get_one(Subscriber, cast.alice.subscriber.id)
        subscribers.lock(by=cast.tom.identity, line=line, level=LockLevel.GLOBAL, reason="Lost")
    lock(cast)
    with db.unit_of_work(Scope.platform()) as session:
        subscribers.unlock(by=cast.tom.identity, line=session.get_one(Subscriber, cast.alice.subscriber.id))
    assert lines(cast.telephone.id)["alice"] == GLOBAL
    unlock(cast)
    assert lines(cast.telephone.id)["alice"] == FREE
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get_one(Account, cast.alice.account.id).status == "active"


def test_everybody_is_signed_out_and_finds_a_page_that_says_whom_to_ask(cast: Cast, browse: Browse) -> None:
    alice, tom, rita = browse(cast.alice), browse(cast.tom), browse(cast.rita)
    assert alice.get("/").status_code == tom.get("/").status_code == 200
    lock(cast)
    alice.client.application.extensions["tenants"].forget()
    for browser in (alice, tom, browse(host="telephone.localhost"), browse(host="telephone.example")):
        for path in ("/", "/login", "/account", "/nothing-here"):
            answer = browser.get(path)
            assert answer.status_code == 403, path
            assert "Closed for the time being" in answer.text
            assert "The bill of October" not in answer.text
    assert "TelephOne" in answer.text
    assert "tel:" in answer.text
    assert (
        browse(host="telephone.localhost").post("/login", {"username": "tom@telephone.example"}, token=False).status_code == 403
    )
    assert rita.get("/").status_code == 200
    with db.unit_of_work(Scope.platform()) as session:
        own = AccountSession.reseller_id == cast.telephone.id
        assert session.scalar(select(func.count()).select_from(AccountSession).where(own)) == 0


def test_afterwards_people_sign_in_again(cast: Cast, browse: Browse) -> None:
    lock(cast)
    unlock(cast)
    browser = browse(cast.alice)
    browser.client.application.extensions["tenants"].forget()
    assert browser.get("/").status_code == 200
    assert browse(cast.tom).get("/").status_code == 200


def test_nothing_is_added_to_it_meanwhile(cast: Cast) -> None:
    lock(cast)
    with pytest.raises(Refused, match="reseller-closed"), db.unit_of_work(Scope.platform()):
        subscribers.hold_with_room(cast.lantern.id)


def test_its_contract_follows(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        reseller, _account = make(cast)
        operations.lock_reseller(by=cast.olga.identity, reseller=reseller, reason="Late")
        contract = session.scalars(select(Contract).where(Contract.reseller_id == reseller.id)).one()
        assert contract.status == "locked"
        operations.unlock_reseller(by=cast.olga.identity, reseller=reseller)
        assert contract.status == "active"


def test_the_reason_is_kept_and_told(cast: Cast) -> None:
    lock(cast, reason="  The bill  of October ")
    with db.unit_of_work(Scope.platform()) as session:
        assert fresh(cast.telephone).lock_reason == "The bill of October"
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.RESELLER_LOCKED)).one()
        assert (entry.reseller_id, entry.details["reason"], entry.details["all_lines"]) == (
            cast.telephone.id,
            [None, "The bill of October"],
            6,
        )
    unlock(cast)
    with db.unit_of_work(Scope.platform()):
        assert fresh(cast.telephone).lock_reason is None
