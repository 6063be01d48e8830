"""A customer's calls, as the provider's staff see them: what the company sees itself, and nothing that is hidden from it."""

from collections.abc import Callable

import pytest
from sqlalchemy import text, update

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from tests.browser import Browser
from tests.cast import Cast
from tests.features.calls.conftest import Take
from tests.features.calls.files import ALICE, TRUNK, leg

Browse = Callable[..., Browser]
PERIOD = "?since=2026-11-20&until=2026-11-20"


@pytest.fixture
def here(cast: Cast, take: Take) -> str:
    take(
        leg(caller=ALICE, callee=f"4930123123@{TRUNK}"),
        leg(caller=f"4930777666@{TRUNK}", caller_hidden="1"),
        leg(caller=f"4930888999@{TRUNK}"),
    )
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(text("SET LOCAL ROLE portal_worker"))
        session.execute(
            text("UPDATE call_record SET customer_cost = 0.75, reseller_cost = 0.6171, currency = 'EUR' WHERE direction = 'out'")
        )
        session.execute(text("SET LOCAL ROLE portal_web"))
    return f"/customers/{cast.lantern.public_id}/calls"


@pytest.mark.parametrize("name", ["tom", "cora", "olga"])
def test_staff_see_what_the_company_sees(name: str, here: str, cast: Cast, browse: Browse) -> None:
    browser = browse(cast.people[name])
    page = browser.get(here + PERIOD).text
    for words in ("Lantern Co", "Alice Meier", "123123", "888999", "Hidden", "€0.75", "3 calls"):
        assert words in page.replace("030 ", ""), words
    for secret in ("777666", "0.6171", "Block", "Add to phonebook"):
        assert secret not in page
    sheet = browser.get(here + ".csv" + PERIOD).text
    assert "123123" in sheet.replace(" ", "")
    assert "777666" not in sheet
    assert "0.6171" not in sheet


def test_filters_stay_with_the_customer(here: str, cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    page = tom.get(here + PERIOD + "&q=alice").text
    assert "123123" in page
    assert f'action="{here}"' in page
    assert f'href="{here}.csv?' in page
    assert 'href="/calls' not in page
    assert "123123" not in tom.get(here + PERIOD + "&direction=in").text
    assert tom.get(here + "?since=x").status_code == 422
    assert ">Calls<" in page


def test_of_others_there_are_none(here: str, cast: Cast, browse: Browse) -> None:
    for name in ("rita", "clare", "alice", "ike", "charlie"):
        assert browse(cast.people[name]).get(here).status_code == 404
        assert browse(cast.people[name]).get(here + ".csv").status_code == 404


def test_what_is_withheld(here: str, cast: Cast, browse: Browse) -> None:
    for withheld, seen, cost in ((["calls"], False, False), (["billing"], True, False), ([], True, True)):
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(update(Account).where(Account.id == cast.tom.account.id).values(withheld=withheld))
        answer = browse(cast.tom).get(here + PERIOD)
        assert (answer.status_code == 200) == seen
        assert ("€0.75" in answer.text) == cost
