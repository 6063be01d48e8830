"""Whoever sees no billing reads of none in the log either: not on its page, and not in its file."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from portal.core import db
from portal.core.audit import Event, record
from portal.core.permissions import Role
from portal.features.accounts.models import Account
from tests.browser import Browser
from tests.cast import Cast
from tests.features.accounts.test_withheld import views, withhold
from tests.features.audit.conftest import note

Browse = Callable[..., Browser]
BILLED: dict[str, Any] = {
    "vat_rate": (Decimal("19.00"), Decimal("7.77")),
    "add_vat": (True, False),
    "send_invoice": (False, True),
}
TOLD = ("7.77", "19.00", "Rate of tax", "Tax is added", "Invoices are sent")


def both(browser: Browser) -> tuple[str, str]:
    return browser.get("/audit").text, browser.get("/audit.csv").text


@pytest.fixture
def billed(cast: Cast) -> None:
    """Lantern’s tax was changed, and with it how many lines it may have."""
    with db.unit_of_work(cast.tom.scope):
        record(
            Event.CUSTOMER_CHANGED,
            by=cast.tom.identity,
            label="Lantern Co",
            customer_id=cast.lantern.id,
            max_subscribers=(41, 43),
            **BILLED,
        )


def test_with_the_right_all_is_told(cast: Cast, billed: None, browse: Browse) -> None:
    for told in both(browse(cast.tom)):
        assert [word for word in (*TOLD, "43") if word not in told] == []


def test_without_it_only_the_rest(cast: Cast, billed: None, browse: Browse) -> None:
    withhold(cast.tom, "billing")
    for told in both(browse(cast.tom)):
        assert "Lantern Co" in told
        assert "43" in told
        assert [word for word in TOLD if word in told] == []


def test_nor_while_viewing_as_somebody_who_sees_it(cast: Cast, billed: None, browse: Browse) -> None:
    assert "7.77" in browse(cast.clare).get("/audit").text
    withhold(cast.tom, "billing")
    for told in both(views(browse(cast.tom), cast.clare)):
        assert "Lantern Co" in told
        assert [word for word in TOLD if word in told] == []


def test_contracts_are_for_those_who_make_them(cast: Cast, browse: Browse) -> None:
    note(cast.olga, "Wholesale with Cheap Call", event=Event.CONTRACT_STATE_CHANGED, state=("pending", "active"))
    olga = browse(cast.olga)
    for told in both(olga):
        assert "Wholesale with Cheap Call" in told
    withhold(cast.olga, "billing")
    for path in ("/audit", "/audit.csv", "/audit?q=Wholesale"):
        assert "Wholesale with Cheap Call" not in olga.get(path).text


def test_an_administrator_of_the_platforms_reseller_makes_none(cast: Cast, browse: Browse) -> None:
    note(cast.olga, "Wholesale with Cheap Call", event=Event.CONTRACT_ADDED)
    with db.unit_of_work(cast.olga.scope) as session:
        session.get_one(Account, cast.olga.account.id).role = Role.RESELLER.value
    for told in both(browse(cast.olga)):
        assert "Wholesale with Cheap Call" not in told
