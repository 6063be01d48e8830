"""The portal’s own list of calls, as the pilot of a company sees it."""

from typing import NamedTuple
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask

from portal.core import db
from portal.core.permissions import Role
from portal.features.calls import operations
from portal.features.customers.models import Customer
from portal.features.subscribers.models import Subscriber
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.factories.accounts import AccountFactory
from tests.factories.subscribers import SubscriberFactory
from tests.features.calls.switch import as_worker

TABLE = "table table-hover cards"


class Listed(NamedTuple):
    """A row: which way the call went, the other side, who of the company, and how it ended."""

    way: str
    who: str
    own: str
    result: str


def make_pilot(customer: Customer, domain_id: int, cast: Cast) -> Person:
    owned = {"reseller_id": customer.reseller_id, "customer_id": customer.id, "domain_id": domain_id}
    line: Subscriber = SubscriberFactory(**owned, kind="pilot", username=f"pilot-{customer.public_id[:8]}")
    account = AccountFactory(**owned, subscriber_id=line.id, role=Role.PILOT.value, username=line.username)
    return Person(account=account, host=cast.clare.host, line=line, domain=cast.clare.domain)


def take(database: db.Database) -> None:
    """As the worker does."""
    with as_worker(database):
        while operations.take_ended():
            pass


def listed(app: Flask, pilot: Person) -> list[Listed]:
    """What the page has, the first call first."""
    page = Browser(app, pilot.host, pilot).get("/calls?order=oldest")
    assert page.status_code == 200, page.text
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    rows = tree.iterfind(f".//table[@class='{TABLE}']/tbody/tr")
    return [_row(row) for row in rows if row.get("class") != "day"]


def _row(row: Element) -> Listed:
    _time, way, who, own, result, *_ = row
    return Listed(_words(way), _name(who), _name(own), _words(result))


def _name(cell: Element) -> str:
    """Without what stands beside it."""
    return _words(cell if (name := cell.find(".//bdi")) is None else name)


def _words(element: Element) -> str:
    """What is written once for a table and once for a card is written once."""
    texts = (" ".join(text.split()) for text in element.itertext())
    return " ".join(dict.fromkeys(filter(None, texts)))
