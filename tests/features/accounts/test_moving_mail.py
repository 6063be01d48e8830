"""Whoever does not help with passwords does not decide either where a link to a new one goes."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.errors import Refused
from portal.core.ids import PublicId
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.contacts import operations
from portal.features.contacts.models import Contact
from portal.features.contacts.queries import contact as contact_of
from portal.features.customers.models import Customer
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.factories.customers import ContactFactory
from tests.features.accounts.test_withheld import withhold
from tests.features.customers.conftest import fill

Browse = Callable[..., Browser]
MINE = "mallory@elsewhere.example"
SENTENCE = "Links to new passwords go to this address."


def goes_to(person: Person) -> str | None:
    """Where a reset of this account is mailed to."""
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        return session.scalar(select(func.mail_address(Account.id)).where(Account.id == person.account.id))


def company_contact(customer: Customer) -> PublicId:
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        return session.scalars(select(Contact.public_id).where(Contact.id == customer.contact_id)).one()


@pytest.mark.parametrize("who", ["cora", "tom"])
def test_the_address_of_a_contact_in_use_stays(cast: Cast, browse: Browse, who: str) -> None:
    person = cast.people[who]
    withhold(person, "passwords")
    assert goes_to(cast.clare) == "clare@lantern.example"
    browser, path = browse(person), f"/contacts/{company_contact(cast.lantern)}"
    answer = fill(browser, f"{path}/person", {"email": MINE})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert SENTENCE in answer.text
    assert MINE in answer.text, "what was typed is kept"
    assert goes_to(cast.clare) == "clare@lantern.example"
    assert fill(browser, f"{path}/person", {"last_name": "Fennimore"}).status_code == 303
    assert fill(browser, f"{path}/address", {"city": "Berlin"}).status_code == 303


def test_with_the_right_it_moves(cast: Cast, browse: Browse) -> None:
    assert fill(browse(cast.cora), f"/contacts/{company_contact(cast.lantern)}/person", {"email": MINE}).status_code == 303
    assert goes_to(cast.clare) == MINE


def test_a_contact_that_nobody_has_is_corrected_by_anybody(cast: Cast, browse: Browse) -> None:
    withhold(cast.cora, "passwords")
    with db.unit_of_work(cast.tom.scope):
        made = ContactFactory(reseller_id=cast.telephone.id, email="typo@lantern.exmaple")
        path = f"/contacts/{made.public_id}/person"
    assert fill(browse(cast.cora), path, {"email": "typo@lantern.example"}).status_code == 303


def test_a_customer_gets_no_other_contact(cast: Cast, browse: Browse) -> None:
    withhold(cast.tom, "passwords")
    with db.unit_of_work(cast.tom.scope):
        mine = ContactFactory(reseller_id=cast.telephone.id, email=MINE).public_id
    path = f"/customers/{cast.lantern.public_id}/basics"
    answer = fill(browse(cast.tom), path, {"who": MINE, "contact": mine})
    assert answer.status_code == 422
    assert 'id="who-error"' in answer.text
    assert SENTENCE in answer.text
    assert goes_to(cast.clare) == "clare@lantern.example"
    assert fill(browse(cast.tom), path, {"name": "Lantern Ltd"}).status_code == 303


@pytest.mark.parametrize("typed", [MINE, ""])
def test_a_line_with_an_account_keeps_its_address(cast: Cast, browse: Browse, typed: str) -> None:
    path = f"/lines/{cast.alice.subscriber.public_id}/details"
    assert fill(browse(cast.tom), path, {"email": "alice@lantern.example"}).status_code == 303
    assert goes_to(cast.alice) == "alice@lantern.example"
    withhold(cast.tom, "passwords")
    answer = fill(browse(cast.tom), path, {"email": typed})
    assert answer.status_code == 422
    assert SENTENCE in answer.text
    assert goes_to(cast.alice) == "alice@lantern.example"
    assert fill(browse(cast.tom), path, {"display_name": "Alice M."}).status_code == 303


def test_the_platforms_own_contacts_are_nobodys_way_in(cast: Cast) -> None:
    withhold(cast.olga, "passwords")
    with db.unit_of_work(Scope.platform()):
        made = operations.create_contact(by=cast.olga.identity, reseller_id=None, email="system@isar.example")
        changed = operations.change_contact(by=cast.olga.identity, contact=made, version=made.version, email="new@isar.example")
        assert changed.email == "new@isar.example"


def test_the_operation_itself_refuses(cast: Cast) -> None:
    withhold(cast.cora, "passwords")
    with db.unit_of_work(cast.tom.scope) as session:
        by = session.get_one(Account, cast.cora.account.id)
        cast.cora.account.withheld = list(by.withheld)
        own = contact_of(company_contact(cast.lantern))
        with pytest.raises(Refused, match="mail-not-moved"):
            operations.change_contact(by=cast.cora.identity, contact=own, version=own.version, email=MINE)
