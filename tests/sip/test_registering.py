"""Who may sign in a phone, and what the portal sees of it."""

import pytest

from portal.core import db
from portal.core.ids import PublicId
from portal.core.tenancy import Scope
from portal.features.subscribers import operations, queries
from portal.features.subscribers.rules import LockLevel
from tests.factories.resellers import SipDomainFactory
from tests.features.callhandling.cases import ALICE
from tests.sip.world import DOMAIN, PASSWORD, World


def contacts(world: World, username: str) -> list[str]:
    rows = world.sql("SELECT contact FROM kamailio.location WHERE username = :name ORDER BY id", name=username)
    return [row.contact for row in rows]


def test_a_phone_signs_in_and_out(world: World) -> None:
    company = world.company()
    phone = company.phone("alice", signed_in=False)
    assert phone.register() == 200
    rows = world.sql("SELECT * FROM kamailio.location WHERE username = :name", name=phone.username)
    assert [(row.domain, row.subscriber_id, row.user_agent) for row in rows] == [
        (DOMAIN, int(company.key("alice")), "Test phone")
    ]
    assert phone.register(expires=0) == 200
    assert contacts(world, phone.username) == []


def test_several_phones_sign_in_side_by_side(world: World) -> None:
    company = world.company()
    one, other = company.phone("alice"), company.phone("alice")
    assert contacts(world, one.username) == [one.contact, other.contact]


def test_a_wrong_password_does_not(world: World) -> None:
    phone = world.company().phone("alice", signed_in=False)
    assert phone.register(password="wrong") == 401
    assert contacts(world, phone.username) == []


def test_nor_does_somebody_unknown(world: World) -> None:
    assert world.phone("nobody-at-all").register() == 401


def test_nor_does_a_password_sign_in_somebody_else(world: World) -> None:
    company = world.company()
    phone = company.phone("alice", signed_in=False)
    assert phone.register(to=company.usernames["bob"]) == 403
    assert contacts(world, company.usernames["bob"]) == []


@pytest.mark.parametrize("domain", ["elsewhere.example", "cheapcall.example"])
def test_nor_does_anybody_in_a_domain_that_is_not_theirs(world: World, domain: str) -> None:
    phone = world.company().phone("alice", signed_in=False)
    assert phone.register(domain=domain) in {401, 403}
    assert contacts(world, phone.username) == []


def test_nor_does_a_locked_line_with_the_right_password(world: World) -> None:
    phone = world.company({ALICE: {"lock": LockLevel.GLOBAL}}).phone("alice", signed_in=False)
    assert phone.register() == 403
    assert phone.register(password="wrong") == 401


def test_nor_does_a_line_of_a_customer_who_is_out_of_service(world: World) -> None:
    company = world.company()
    world.sql("UPDATE customer SET status = 'locked' WHERE id = :id", id=company.customer_id)
    assert company.phone("alice", signed_in=False).register() == 403


def test_a_new_password_in_the_portal_ends_the_old_one_at_once(world: World) -> None:
    company = world.company()
    phone = company.phone("alice")
    olga = world.cast.olga
    with db.unit_of_work(olga.scope):
        name = world.sql("SELECT public_id FROM subscriber WHERE id = :id", id=int(company.key("alice")))[0].public_id
        line = queries.line(PublicId(name))
        new = operations.renew_sip_password(by=olga.identity, line=line)
    assert contacts(world, phone.username) == []
    assert phone.register(password=PASSWORD) == 401
    assert phone.register(password=new) == 200


def test_a_domain_is_known_as_soon_as_it_is_read_again(world: World) -> None:
    with db.unit_of_work(Scope.platform()):
        SipDomainFactory(reseller_id=world.cast.telephone.id, domain="new.example")
    world.kamailio.rpc("domain.reload")
    assert world.phone("nobody").register(domain="new.example") == 401  # asked for a password, not sent away
