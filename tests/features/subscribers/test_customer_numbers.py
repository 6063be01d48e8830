"""Numbers of a customer: given several at once, taken back, shown with who has them; and only those that may be given."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.phone import Home, Parts
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer
from portal.features.numbers import operations as numbers, rules
from portal.features.numbers.models import Number, NumberBlock
from portal.features.resellers.models import Reseller
from portal.features.subscribers import operations
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.conftest import statements
from tests.features.pbx.reading import text_of
from tests.features.pbx.test_races import together, together_as

Browse = Callable[..., Browser]


def url(cast: Cast, *more: str) -> str:
    return "/".join([f"/customers/{cast.lantern.public_id}/numbers", *more])


def test_who_has_what(cast: Cast, browse: Browse, database: db.Database) -> None:
    tom = browse(cast.tom)
    tom.get(url(cast))
    with statements(database) as seen:
        page = text_of(tom.get(url(cast)))
    assert len(seen) <= 6, seen
    assert "5 numbers" in page
    assert "Base number" in page
    assert page.count("Free") >= 4
    assert "030 5550700" in text_of(tom.get(url(cast) + "?q=5550700"))
    assert browse(cast.rita).get(url(cast)).status_code == 404


def test_ranges_and_placeholders_are_given_at_once(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    typed = "030 5550800 – 09\n030 55509xx; +49 30 5551234"
    page = tom.follow(tom.post(url(cast, "give"), {"numbers": typed, "to": ""}))
    assert "111 numbers are given to Lantern Co." in text_of(page)


def test_the_first_ten_in_use_are_named_and_nobody_elses_name(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    tom.post(url(cast, "give"), {"numbers": "030 5550800 – 19", "to": ""})
    page = tom.post(url(cast, "give"), {"numbers": "030 55508xx\n030 6660000", "to": ""})
    text = text_of(page)
    assert "Already in use: " + ", ".join(f"030 55508{n:02}" for n in range(10)) + " …." in text
    assert not [name for name in ("Cheap", "Charlie") if name in page.text]
    assert "030 55508xx" in page.text, "nothing typed is lost"


def test_numbers_are_taken_back_after_a_question(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    ids = re.findall(r'name="number" value="([^"]+)"', tom.get(url(cast)).text)
    asked = tom.post(url(cast, "take-back"), {"number": ids[:2]})
    assert "Calls to these 2 numbers no longer arrive." in text_of(asked)
    done = tom.follow(tom.post(url(cast, "take-back"), {"number": ids[:2], "go": "1"}))
    assert "2 numbers are taken back." in text_of(done)
    none = tom.follow(tom.post(url(cast, "take-back"), {}))
    assert "Tick the numbers first." in text_of(none)
    assert browse(cast.rita).post(url(cast, "take-back"), {"number": ids[2:], "go": "1"}).status_code == 404


def test_released_numbers_are_anybodys(cast: Cast) -> None:
    with db.unit_of_work(cast.tom.scope) as session:
        mine = session.scalars(select(Number).where(Number.digits == "49305550700")).one()
        lantern = session.get_one(Customer, cast.lantern.id)
        operations.take_numbers_back(by=cast.tom.identity, customer=lantern, public_ids=[mine.public_id])
    with db.unit_of_work(cast.rita.scope) as session:
        theirs = session.get_one(Customer, cast.charlie.subscriber.customer_id)
        operations.give_numbers(by=cast.rita.identity, customer=theirs, parts=[Parts("49", "30", "5550700")])
    with db.unit_of_work(Scope.platform()) as session:
        owners = session.scalars(select(Number.customer_id).where(Number.digits == "49305550700")).all()
        assert owners == [cast.charlie.subscriber.customer_id]


def blocks(cast: Cast, *, only: bool) -> None:
    """030 55508xx is TelephOne's, 030 7770xxx Cheap Call's."""
    with db.unit_of_work(Scope.platform()) as session:
        tom_s, rita_s = (session.get_one(Reseller, one.id) for one in (cast.telephone, cast.cheapcall))
        for first, size, whose in (("030 5550800", 100, tom_s), ("030 7770000", 1000, rita_s), ("030 5550000", 1, None)):
            if whose is not None:
                numbers.add_block(by=cast.olga.identity, first=first, size=size, home=Home("49", "30"), reseller=whose)
        tom_s.blocks_only = only


@pytest.mark.parametrize(
    ("typed", "only", "sentence"),
    [
        ("030 5550801", True, ""),
        ("030 5551801", True, "Not in a number block that you may give numbers of: 030 5551801."),
        ("030 5551801", False, ""),
        ("030 7770005", False, "These numbers are not yours to give: 030 7770005."),
        ("030 7770005", True, "These numbers are not yours to give: 030 7770005."),
    ],
)
def test_numbers_come_from_own_blocks(cast: Cast, browse: Browse, typed: str, only: bool, sentence: str) -> None:
    blocks(cast, only=only)
    answer = browse(cast.tom).post(url(cast, "give"), {"numbers": typed, "to": ""})
    assert answer.status_code == (422 if sentence else 303)
    assert sentence in text_of(answer)


def test_an_extension_whose_number_lies_outside_is_refused_too(cast: Cast, browse: Browse) -> None:
    blocks(cast, only=True)
    facts = {"display_name": "Nils", "extension": "104", "email": "", "username": "", "outgoing": "own"}
    page = browse(cast.tom).post(f"/customers/{cast.lantern.public_id}/lines/new-extension", facts)
    assert "Not in a number block that you may give numbers of: 030 5550000104." in text_of(page)


# --- races ------------------------------------------------------------------------------------------------------------------


def test_a_number_goes_to_one_whoever_asks(own_cast: Cast) -> None:
    people = [own_cast.tom, own_cast.rita] * 3

    def act(place: int) -> None:
        who = people[place]
        customer = db.session().get_one(
            Customer, own_cast.lantern.id if place % 2 == 0 else own_cast.charlie.subscriber.customer_id
        )
        operations.give_numbers(by=who.identity, customer=customer, parts=[Parts("49", "30", "4440000")])

    outcomes = together_as(people, act)
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "numbers-taken", "uq_number_digits"}


def test_a_block_is_not_taken_back_while_a_number_of_it_is_given(own_cast: Cast) -> None:
    blocks(own_cast, only=True)
    with db.unit_of_work(Scope.platform()) as session:
        block = session.scalars(select(NumberBlock)).first()
        assert block is not None
        session.expunge_all()
    people = [own_cast.tom, own_cast.olga] * 3

    def act(place: int) -> None:
        if place % 2:
            numbers.take_block_back(by=own_cast.olga.identity, block=block)
        else:
            lantern = db.session().get_one(Customer, own_cast.lantern.id)
            parts = [Parts("49", "30", f"55508{place:02}")]
            operations.give_numbers(by=own_cast.tom.identity, customer=lantern, parts=parts)

    outcomes = together_as(people, act)
    with db.unit_of_work(Scope.platform()) as session:
        granted = session.scalars(select(NumberBlock.reseller_id)).all()
        given = session.scalars(select(Number.digits).where(Number.digits.startswith("493055508"))).all()
    assert (own_cast.telephone.id in granted) == bool(given), outcomes


def test_blocks_never_overlap(own_cast: Cast) -> None:
    asked = (("030 7770000", 1000), ("030 7770000", 100), ("030 7770100", 100))

    def act(place: int) -> None:
        first, size = asked[place % 3]
        numbers.add_block(by=own_cast.olga.identity, first=first, size=size, home=Home("49", "30"))

    outcomes = together(own_cast.olga, act)
    assert set(outcomes) <= {"done", "block-overlaps"}
    with db.unit_of_work(Scope.platform()) as session:
        prefixes = session.scalars(select(NumberBlock.prefix)).all()
    assert not [one for one in prefixes for other in prefixes if one != other and one.startswith(other)]


def test_a_wrong_range_says_what_is_wrong() -> None:
    assert len(rules.numbers("030 5550000 – 99", Home("49", "30"))) == 100
