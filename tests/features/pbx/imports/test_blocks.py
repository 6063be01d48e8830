"""A provider that gives numbers of its own blocks only brings in no others by a file or a range either."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.numbers import operations as numbers
from portal.features.numbers.models import Number
from portal.features.resellers.models import Reseller
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.imports.conftest import Importing
from tests.features.pbx.imports.walking import HEAD, Walk
from tests.features.pbx.reading import text_of

Browse = Callable[..., Browser]
OUTSIDE = "Not in a number block that you may give numbers of: 030 5550000105."


@pytest.fixture
def walk(own_cast: Cast, browse: Browse, importing: Importing) -> Walk:
    return Walk(browse(own_cast.clare), importing)


@pytest.fixture
def blocks(own_cast: Cast) -> None:
    """Only 030 5550000 104 is TelephOne's to give."""
    with db.unit_of_work(Scope.platform()) as session:
        reseller = session.get_one(Reseller, own_cast.telephone.id)
        numbers.add_block(by=own_cast.olga.identity, first="030 5550000104", size=1, home=Home("49", "30"), reseller=reseller)
        reseller.blocks_only = True


def has(digits: str) -> bool:
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        return session.scalar(select(Number.id).where(Number.digits == digits)) is not None


@pytest.mark.usefixtures("blocks")
def test_a_number_outside_is_refused_at_its_row(walk: Walk) -> None:
    address = walk.checked(HEAD, "104,Dora Klein,", "105,Emil Frey,", "106,Zoe Young,")
    page = text_of(walk.browser.get(address))
    assert OUTSIDE in page
    assert OUTSIDE.replace("105", "106") in page
    assert "030 5550000104." not in page
    rows = walk.browser.get(f"{address}/rows.csv").text
    assert [OUTSIDE[:-1] in line for line in rows.splitlines() if "Emil" in line] == [True]
    assert [OUTSIDE[:40] in line for line in rows.splitlines() if "Dora" in line] == [False]


@pytest.mark.usefixtures("blocks")
def test_what_is_inside_is_written(walk: Walk) -> None:
    walk.written(HEAD, "104,Dora Klein,")
    assert has("49305550000104")


def test_blocks_that_are_closed_between_check_and_write_count(walk: Walk, own_cast: Cast) -> None:
    address = walk.checked(HEAD, "105,Emil Frey,")
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Reseller, own_cast.telephone.id).blocks_only = True
    walk.write(address)
    walk.importing.work()
    assert OUTSIDE[:-1] in text_of(walk.browser.get(address))
    assert not has("49305550000105")


@pytest.mark.usefixtures("blocks")
def test_nor_by_a_range(walk: Walk) -> None:
    answer = walk.browser.post("/extensions/range", {"first": "104", "count": "2", "pattern": "Desk {n}", "outgoing": "own"})
    walk.importing.work()
    page = text_of(walk.browser.get(answer.headers["Location"]))
    assert OUTSIDE in page
    assert "030 5550000104." not in page


@pytest.mark.usefixtures("blocks")
def test_a_group_outside_is_refused_at_its_row(walk: Walk) -> None:
    address = walk.checked("Extension,Name", "105,Dispatch", kind="groups")
    assert OUTSIDE in text_of(walk.browser.get(address))


def test_numbers_of_somebody_elses_block_are_not_theirs(walk: Walk, own_cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        reseller = session.get_one(Reseller, own_cast.cheapcall.id)
        numbers.add_block(by=own_cast.olga.identity, first="030 5550000105", size=1, home=Home("49", "30"), reseller=reseller)
    page = text_of(walk.browser.get(walk.checked(HEAD, "104,Dora Klein,", "105,Emil Frey,")))
    assert "These numbers are not yours to give: 030 5550000105." in page
    assert "Cheap Call" not in page
