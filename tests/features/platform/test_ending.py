"""The end of a reseller: all that it had goes with it, what history needs stays, names and numbers are free."""

from typing import Any

import pytest
from sqlalchemy import func, select, text

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.core.errors import NotFound, Refused
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, AccountSession
from portal.features.callhandling.models import Forward
from portal.features.customers.models import Contract, Customer
from portal.features.numbers.models import Number, NumberBlock
from portal.features.pbx.models import Group
from portal.features.phonebook import operations as phonebook
from portal.features.phonebook.queries import Book
from portal.features.platform import operations, queries
from portal.features.platform.operations import ending
from portal.features.platform.operations.ending import KEPT
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from portal.features.resellers.queries import tenant_by_host
from portal.features.subscribers.models import Lock, Subscriber
from tests.cast import Cast, Person
from tests.features.platform.resellers import fresh, made, make
from tests.house.ids import _RUBY


def end(cast: Cast, reseller: Reseller | None = None, **otherwise: Any) -> None:
    with db.unit_of_work(Scope.platform()):
        one = fresh(reseller or cast.telephone)
        wish = {"typed": one.name, "with_customers": True, **otherwise}
        operations.terminate_reseller(by=cast.olga.identity, reseller=one, **wish)


def counted(model: Any, reseller_id: int, *more: Any) -> int:
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalar(select(func.count()).select_from(model).where(model.reseller_id == reseller_id, *more)) or 0


def test_everything_ends_and_nothing_of_others(cast: Cast) -> None:
    before = {model: counted(model, cast.cheapcall.id) for model in (Subscriber, Number, Account, WebHost, SipDomain, Customer)}
    end(cast)
    own = cast.telephone.id
    assert counted(Subscriber, own, Subscriber.status != "terminated") == 0
    assert counted(Subscriber, own, Subscriber.ha1_md5.is_not(None)) == 0
    assert counted(Account, own, Account.status != "terminated") == 0
    assert counted(Account, own, Account.password_hash.is_not(None)) == 0
    assert counted(Customer, own, Customer.status != "terminated") == 0
    for gone in (Number, WebHost, Group, Lock, Forward, AccountSession):
        assert counted(gone, own) == 0, gone
    assert counted(SipDomain, own, SipDomain.removed_at.is_(None)) == 0
    assert {model: counted(model, cast.cheapcall.id) for model in before} == before


def test_a_pilot_who_has_set_up_everything_ends_too(cast: Cast) -> None:
    """Rows that point to one another are removed in the right order."""
    with db.unit_of_work(cast.clare.scope) as session:
        phonebook.add(by=cast.clare.identity, book=Book.COMPANY, **_RUBY)
        own = {"reseller_id": cast.telephone.id, "customer_id": cast.lantern.id}
        session.add(Forward(subscriber_id=cast.alice.subscriber.id, when="busy", position=0, **own))
    end(cast)
    assert counted(Forward, cast.telephone.id) == 0


def test_every_table_of_a_reseller_is_swept_or_kept_for_a_reason(cast: Cast) -> None:
    swept = {table.name for table in ending.swept()}
    theirs = {
        table.name for table in db.Base.metadata.sorted_tables if "reseller_id" in table.columns or table.name == "reseller"
    }
    assert swept | KEPT == theirs
    assert not swept & KEPT
    end(cast)
    with db.unit_of_work(Scope.platform()) as session:
        for table in ending.swept():
            name = table.fullname
            assert session.scalar(text(f"SELECT count(*) FROM {name} WHERE reseller_id = {cast.telephone.id}")) == 0, name


def test_its_hosts_and_domains_answer_nobody_any_more(cast: Cast) -> None:
    assert tenant_by_host("lantern.localhost") is not None
    end(cast)
    for host in ("lantern.localhost", "telephone.localhost", "telephone.example", "lantern.telephone.example"):
        assert tenant_by_host(host) is None


def test_name_hosts_domains_and_numbers_are_free_at_once(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        digits = session.scalars(select(Number.digits).where(Number.reseller_id == cast.telephone.id).limit(1)).one()
    end(cast)
    with db.unit_of_work(Scope.platform()) as session:
        again, _account = make(cast, name="TelephOne", host="telephone.localhost")
        session.add(SipDomain(reseller_id=again.id, domain="telephone.example", languages=["en"]))
        session.flush()
        assert session.scalar(select(func.count()).select_from(Number).where(Number.digits == digits)) == 0


def test_number_blocks_go_back_to_the_platform(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.add(NumberBlock(reseller_id=cast.telephone.id, cc="49", ac="30", sn_prefix="555", prefix="4930555", sn_length=7))
    end(cast)
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(NumberBlock.reseller_id)).all() == [None]


def test_its_contract_ends_and_the_log_stays(cast: Cast) -> None:
    reseller = made(cast)
    with db.unit_of_work(Scope.platform()) as session:
        before = session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.reseller_id == reseller.id)) or 0
    end(cast, reseller)
    with db.unit_of_work(Scope.platform()) as session:
        contract = session.scalars(select(Contract).where(Contract.reseller_id == reseller.id)).one()
        assert (contract.status, contract.terminated_at is not None) == ("terminated", True)
        entries = session.scalars(select(AuditEntry).where(AuditEntry.reseller_id == reseller.id).order_by(AuditEntry.id)).all()
        assert len(entries) == before + 1
        assert entries[-1].event == Event.RESELLER_TERMINATED


@pytest.mark.parametrize(
    ("otherwise", "code", "field"),
    [
        ({"typed": "Telephon"}, "reseller-typed", "typed"),
        ({"typed": ""}, "reseller-typed", "typed"),
        ({"with_customers": False}, "reseller-customers", "with_customers"),
    ],
)
def test_what_is_refused_leaves_everything(otherwise: dict[str, Any], code: str, field: str, cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        end(cast, **otherwise)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert counted(Subscriber, cast.telephone.id, Subscriber.status != "terminated") == 6
    assert tenant_by_host("lantern.localhost") is not None


def test_without_customers_nothing_has_to_be_ticked(cast: Cast) -> None:
    reseller = made(cast)
    end(cast, reseller, with_customers=False)
    with db.unit_of_work(Scope.platform()):
        assert fresh(reseller).status == "terminated"


def test_the_name_may_be_typed_in_small_letters(cast: Cast) -> None:
    end(cast, typed=" telephone ")
    with db.unit_of_work(Scope.platform()):
        assert fresh(cast.telephone).status == "terminated"


# --- the life as a table ------------------------------------------------------------------------------------------------------

LIFE = {
    ("active", "lock"): "locked",
    ("active", "unlock"): "is-active",
    ("active", "terminate"): "terminated",
    ("locked", "lock"): "is-locked",
    ("locked", "unlock"): "active",
    ("locked", "terminate"): "terminated",
    ("terminated", "lock"): None,
    ("terminated", "unlock"): None,
    ("terminated", "terminate"): None,
}


@pytest.mark.parametrize(("state", "step"), LIFE)
def test_what_may_follow_what(state: str, step: str, cast: Cast) -> None:
    """None: what has ended is not there for this any more."""
    reseller = made(cast)
    if state != "active":
        with db.unit_of_work(Scope.platform()):
            _step(cast, fresh(reseller), {"locked": "lock", "terminated": "terminate"}[state])
    assert _tried(cast, reseller, step) == LIFE[state, step]


def _tried(cast: Cast, reseller: Reseller, step: str) -> str | None:
    try:
        with db.unit_of_work(Scope.platform()):
            _step(cast, fresh(reseller), step)
    except Refused as refusal:
        return refusal.code
    except NotFound:
        return None
    with db.unit_of_work(Scope.platform()):
        return fresh(reseller).status


def _step(cast: Cast, reseller: Reseller, step: str, by: Person | None = None) -> None:
    who = (by or cast.olga).identity
    if step == "lock":
        operations.lock_reseller(by=who, reseller=reseller, reason="Late")
    elif step == "unlock":
        operations.unlock_reseller(by=who, reseller=reseller)
    else:
        operations.terminate_reseller(by=who, reseller=reseller, typed=reseller.name, with_customers=True)


@pytest.mark.parametrize("step", ["lock", "terminate"])
def test_the_platforms_own_reseller_goes_on(step: str, cast: Cast) -> None:
    with pytest.raises(Refused, match="reseller-own"), db.unit_of_work(Scope.platform()):
        _step(cast, fresh(cast.isar), step)


@pytest.mark.parametrize("step", ["lock", "terminate"])
def test_nobody_ends_the_reseller_they_are_signed_in_under(step: str, cast: Cast) -> None:
    with pytest.raises(Refused, match="reseller-signed-in"), db.unit_of_work(Scope.platform()):
        _step(cast, fresh(cast.telephone), step, by=cast.tom)


def test_it_is_shown_beforehand_what_ends(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()):
        has = queries.belongings(cast.telephone.id)
    assert (has.customers, has.lines, has.staff) == (2, 6, 2)
    assert has.numbers == 10
    assert sorted(has.hosts) == ["lantern.localhost", "telephone.localhost"]
    assert sorted(has.domains) == ["lantern.telephone.example", "telephone.example"]
