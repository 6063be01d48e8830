"""A reseller in one go: itself, its contract, its host, its first administrator."""

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, SignInRules
from portal.features.contacts.models import Contact
from portal.features.customers.models import Contract
from portal.features.resellers.models import Reseller, WebHost
from portal.features.resellers.queries import tenant_by_host
from tests.cast import Cast
from tests.features.platform.resellers import make
from tests.mailbox import mails


def test_all_of_it_is_there_at_once(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        reseller, account = make(cast, external_id="R-17", max_subscribers=200, blocks_only=True)
        contract = session.scalars(select(Contract).where(Contract.reseller_id == reseller.id)).one()
        contact = session.get_one(Contact, contract.contact_id)
        assert (contract.product, contract.name, contract.external_id, contract.status) == (
            "reseller",
            "Nordlicht",
            "R-17",
            "active",
        )
        assert (contact.reseller_id, contact.company, contact.email) == (None, "Nordlicht", "nora@nordlicht.example")
        assert (contact.first_name, contact.last_name) == ("Nora", "Lund")
        assert (reseller.max_subscribers, reseller.blocks_only, reseller.languages) == (200, True, ["en"])
        assert (account.role, account.username, account.password_hash) == ("reseller", "nora@nordlicht.example", None)
    tenant = tenant_by_host("nordlicht.isar.localhost")
    assert tenant is not None
    assert (tenant.reseller_name, tenant.operator, tenant.reseller_active) == ("Nordlicht", False, True)


def test_the_invitation_is_the_new_resellers_own(cast: Cast) -> None:
    cast.olga.account.name = "Olga Berger"
    with db.unit_of_work(Scope.platform()):
        make(cast)
    (mail,) = mails()
    assert mail.to == "nora@nordlicht.example"
    assert mail.link.startswith("http://nordlicht.isar.localhost/invitation/")
    assert "Nordlicht" in mail.html
    for other in ("Isar", "TelephOne", "Cheap Call"):
        assert other not in mail.subject + mail.text + mail.html


def test_a_whole_name_is_a_host_as_it_stands(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        reseller, _account = make(cast, host="Phones.Nordlicht.Example.")
        assert session.scalars(select(WebHost.host).where(WebHost.reseller_id == reseller.id)).all() == [
            "phones.nordlicht.example"
        ]


def test_a_contact_that_is_there_is_taken(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        first, _account = make(cast)
        known = session.scalars(
            select(Contact).join(Contract, Contract.contact_id == Contact.id).where(Contract.reseller_id == first.id)
        ).one()
        second, _account = make(cast, name="Südlicht", host="suedlicht", contact=known)
        assert session.scalars(select(Contract.contact_id).where(Contract.reseller_id == second.id)).one() == known.id


def test_what_the_platform_asks_of_those_who_sign_in_is_what_it_begins_with(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.add(SignInRules(reseller_id=cast.isar.id, password_days=90, factor_roles=["reseller"]))
        reseller, _account = make(cast)
        rules = session.get_one(SignInRules, reseller.id)
        assert (rules.password_days, rules.factor_roles) == (90, ["reseller"])


@pytest.mark.parametrize(
    ("otherwise", "code", "field"),
    [
        ({"name": " "}, "reseller-name", "name"),
        ({"name": "x" * 64}, "reseller-name", "name"),
        ({"languages": []}, "reseller-languages", "languages"),
        ({"admin_email": "nobody"}, "email-shape", "email"),
        ({"admin_name": "  "}, "admin-name", "admin"),
        ({"host": "north pole"}, "name-no-host", "host"),
        ({"host": "192.0.2.1"}, "name-is-address", "host"),
    ],
)
def test_what_cannot_be(otherwise: dict[str, object], code: str, field: str, cast: Cast) -> None:
    with pytest.raises(Refused) as refusal, db.unit_of_work(Scope.platform()):
        make(cast, **otherwise)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.count()).select_from(Reseller)) == 3


def test_of_what_is_refused_nothing_stays(cast: Cast) -> None:
    """A host that somebody else has is noticed last."""
    with pytest.raises(Exception, match="host"), db.unit_of_work(Scope.platform()):
        make(cast, host="telephone.localhost")
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.count()).select_from(Reseller)) == 3
        assert session.scalar(select(func.count()).select_from(Contract)) == 0
        assert session.scalar(select(Account.id).where(Account.username == "nora@nordlicht.example")) is None
    assert mails() == []


def test_it_stands_in_the_log_of_the_new_reseller(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        reseller, _account = make(cast)
        session.flush()
        events = set(session.scalars(select(AuditEntry.event).where(AuditEntry.reseller_id == reseller.id)))
        ours = set(session.scalars(select(AuditEntry.event).where(AuditEntry.reseller_id == cast.isar.id)))
    assert {Event.RESELLER_CREATED, Event.HOST_ADDED, Event.ACCOUNT_OPENED, Event.INVITED} <= events
    assert {Event.CONTRACT_ADDED, Event.CONTACT_CREATED} <= ours
