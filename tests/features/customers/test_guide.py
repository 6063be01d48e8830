"""What is left until a company telephones stands on its page, until nothing is left."""

import re
from collections.abc import Callable

from sqlalchemy import delete, update

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from tests.browser import Browser
from tests.cast import Cast
from tests.factories.customers import ContactFactory, CustomerFactory

Browse = Callable[..., Browser]
STEPS = ["Set up the pilot", "The pilot chooses a password", "Give further numbers", "Extensions are added"]


def ticked(page: str) -> list[str]:
    found = re.findall(r'<li class="guide-step([^"]*)">.*?guide-title"[^>]*>([^<]*)<', page, re.DOTALL)
    assert not found or [title for _look, title in found] == STEPS
    return [title for look, title in found if "guide-done" in look]


def url(customer: Customer) -> str:
    return f"/customers/{customer.public_id}"


def test_a_new_company_has_everything_before_it(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        contact = ContactFactory(reseller_id=cast.telephone.id)
        customer = CustomerFactory(reseller_id=cast.telephone.id, contact_id=contact.id, name="New Co")
        session.flush()
        session.expunge(customer)
    tom = browse(cast.tom)
    page = tom.get(url(customer)).text
    assert "Until the company telephones" in page
    assert ticked(page) == []
    goals = re.findall(r'guide-title" href="([^"]+)"', page)
    assert len(goals) == 4
    for goal in goals:
        assert tom.get(goal.replace("&amp;", "&"), check=False).status_code in {200, 303}, goal


def test_what_is_done_is_ticked(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == cast.clare.account.id).values(password_hash=None))
    assert ticked(tom.get(url(cast.lantern)).text) == ["Set up the pilot", "Give further numbers", "Extensions are added"]
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == cast.clare.account.id).values(password_hash="x"))
        session.execute(delete(Number).where(Number.customer_id == cast.lantern.id, Number.role == Role.ALIAS))
    assert ticked(tom.get(url(cast.lantern)).text) == ["Set up the pilot", "The pilot chooses a password", "Extensions are added"]


def test_nothing_is_shown_once_all_is_done(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == cast.clare.account.id).values(password_hash="x"))
    assert "Until the company telephones" not in browse(cast.tom).get(url(cast.lantern)).text


def test_it_is_for_companies_only(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        contact = ContactFactory(reseller_id=cast.telephone.id)
        customer = CustomerFactory(reseller_id=cast.telephone.id, contact_id=contact.id, name="One", kind="residential")
        session.flush()
        session.expunge(customer)
    assert "Until the company telephones" not in browse(cast.tom).get(url(customer)).text
