"""Whoever signs in with the account of a trunk finds a portal that works, and in it only what is theirs."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select, update

from portal.core import db
from portal.core.permissions import Role
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.customers.models import Kind as CustomerKind
from portal.features.subscribers.models import Subscriber
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.features.pbx.reading import text_of
from tests.features.subscribers.test_staff_lines import a_customer
from tests.features.subscribers.test_staff_trunks import BY_ADDRESS, added

Browse = Callable[..., Browser]
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)[^"]*"')
DOWNLOADS = (".csv", ".zip", "/switch-language")
OTHERS = ("Clare", "Alice", "Bob Turner", "Carol", "Ike", "Charlie", "Lantern", "City Bank", "030 5550000", "0300 5550000")


def signed_in(cast: Cast, browse: Browse, **facts: str) -> Browser:
    times = a_customer(cast, CustomerKind.TRUNK)
    added(cast, browse(cast.tom), times, email="mira@times.example", **facts)
    with db.unit_of_work(Scope.platform()) as session:
        line = session.scalars(select(Subscriber).where(Subscriber.customer_id == times.id)).one()
        account = session.scalars(select(Account).where(Account.subscriber_id == line.id)).one()
        assert account.role == Role.SUBSCRIBER
        session.execute(update(Account).where(Account.id == account.id).values(password_hash=cast.alice.account.password_hash))
        session.expunge_all()
    return browse(Person(account, "telephone.localhost", line, "telephone.example"))


@pytest.fixture(params=[{}, BY_ADDRESS], ids=["registers", "by address"])
def mira(request: pytest.FixtureRequest, cast: Cast, browse: Browse) -> Browser:
    return signed_in(cast, browse, **request.param)


def links(page: str) -> list[str]:
    return [unescape(path) for path in LINK.findall(page) if not path.startswith(("/assets/", "//"))]


def test_every_page_that_is_offered_is_there_and_shows_only_what_is_theirs(mira: Browser) -> None:
    waiting, seen = ["/", "/account", "/calls", "/phonebook"], set[str]()
    while waiting and len(seen) < 120:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = mira.get(path, check=not path.endswith(DOWNLOADS))
        assert answer.status_code in {200, 302, 303}, (path, answer.status_code)
        if answer.mimetype != "text/html" or answer.status_code != 200:
            continue
        shown = text_of(answer)
        assert [word for word in OTHERS if word in shown] == [], path
        waiting += [link for link in links(answer.text) if link not in seen]
    assert {"/", "/account", "/calls"} <= seen
    assert len(seen) > 8, seen


def test_the_dashboard_is_a_lines(mira: Browser) -> None:
    page = mira.get("/")
    assert page.status_code == 200
    assert "Mira Wolf" in text_of(page)
    assert "030 4440000" in text_of(page)


@pytest.mark.parametrize(
    "path", ["/extensions", "/groups", "/numbers", "/audit", "/customers", "/accounts", "/profiles", "/imports"]
)
def test_what_belongs_to_companies_and_staff_is_not_there(mira: Browser, path: str) -> None:
    assert mira.get(path).status_code == 404


def test_lines_of_others_are_not_there(cast: Cast, mira: Browser) -> None:
    for name in ("alice", "clare", "charlie"):
        for path in (f"/extensions/{cast.people[name].subscriber.public_id}", f"/lines/{cast.people[name].subscriber.public_id}"):
            assert mira.get(path).status_code == 404
