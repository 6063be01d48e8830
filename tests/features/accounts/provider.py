"""What tests of single sign-on share: a provider that a reseller has set up, and a visit to it."""

from typing import Any

from werkzeug.test import TestResponse

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, Provider
from portal.features.resellers.models import Reseller
from tests.browser import Browser
from tests.cast import Person
from tests.oidc.running import CLIENT_ID, CLIENT_SECRET, RunningProvider


def set_up(reseller: Reseller, issuer: str, **more: Any) -> Provider:
    """As the reseller's administrator does it on the page of sign-in rules."""
    values: dict[str, Any] = {"name": "Cheap Work", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, **more}
    with db.unit_of_work(Scope.platform()) as session:
        provider = Provider(reseller_id=reseller.id, issuer=issuer, **values)
        session.add(provider)
        session.flush()
        session.expunge_all()
        return provider


def change(person: Person, **values: Any) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        account = session.get_one(Account, person.account.id)
        for name, value in values.items():
            setattr(account, name, value)


def begin(browser: Browser, query: str = "") -> str:
    """Presses the button; where the browser is sent to."""
    answer = browser.get(f"/login/provider{query}")
    assert answer.status_code == 302, answer.status
    return answer.headers["Location"]


def path_of(url: str) -> str:
    """Without scheme and host."""
    return "/" + url.split("/", 3)[3]


def sign_in(browser: Browser, provider: RunningProvider, account: str, query: str = "") -> TestResponse:
    """There and back, as somebody."""
    return browser.get(path_of(provider.sign_in(begin(browser, query), account)))


def said(browser: Browser, answer: TestResponse) -> str:
    """What the page says to which an answer leads."""
    return browser.follow(answer).text


def who(browser: Browser) -> str | None:
    """Where /account leads whoever this browser is signed in as; None for nobody."""
    page = browser.get("/account")
    return None if page.status_code == 302 else page.text
