"""Number blocks on pages: the operator makes, grants, splits and takes back; a reseller sees its own, and how full they are."""

import re
from collections.abc import Callable

from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.reading import text_of

Browse = Callable[..., Browser]
NEW = {"first": "030 777 0000", "size": "1000", "reseller": "", "allocable": "y", "authoritative": "y"}


def made(browser: Browser, **facts: str) -> str:
    """The address of a new block."""
    answer = browser.post("/number-blocks/new", {**NEW, **facts})
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["Location"])


def test_the_operator_makes_a_block_and_grants_it(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    assert "There is no number block yet" in text_of(olga.get("/number-blocks"))
    here = made(olga)
    page = text_of(olga.get(here))
    assert "1,000 numbers" in page
    assert "Granted to nobody" in page
    granted = olga.follow(olga.post(f"{here}/grant", {"reseller": cast.telephone.public_id}))
    assert "The block is granted to TelephOne." in text_of(granted)
    assert "TelephOne" in text_of(olga.get("/number-blocks"))


def test_a_reseller_sees_its_own_blocks_only_and_changes_nothing(cast: Cast, browse: Browse) -> None:
    olga, tom, rita = browse(cast.olga), browse(cast.tom), browse(cast.rita)
    assert "No number block is granted to you" in text_of(tom.get("/number-blocks"))
    mine = made(olga, reseller=cast.telephone.public_id)
    made(olga, first="+49 30 888 0000", reseller=cast.cheapcall.public_id)
    page = text_of(tom.get("/number-blocks"))
    assert "030 7770000" in page
    assert "888" not in page
    assert tom.get(mine).status_code == 200
    assert rita.get(mine).status_code == 404
    assert tom.get("/number-blocks/new").status_code == 404
    assert tom.post(f"{mine}/take-back").status_code == 404
    assert "Cheap" not in tom.get(mine).text


def test_a_block_shows_who_has_which_number(cast: Cast, browse: Browse) -> None:
    olga, tom = browse(cast.olga), browse(cast.tom)
    here = made(olga, first="030 5550000", size="10000", reseller=cast.telephone.public_id)
    page = tom.get(here)
    parts = re.findall(r'class="numbermap-cell numbermap-(\w+)" href="([^"]+)"', page.text)
    assert len(parts) == 100
    used = [url for state, url in parts if state == "own"]
    assert used, "some pieces are partly in use"
    numbers = tom.get(next(url for url in used if "4930555070" in url or "493055507" in url).replace("&amp;", "&"))
    assert "Clare Fenn" in numbers.text
    assert re.search(r'<span class="numbermap-cell numbermap-free"', numbers.text)


def test_a_block_is_split_and_the_pieces_granted_apart(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    here = made(olga)
    split = olga.follow(olga.post(f"{here}/split", {"count": "10"}))
    assert "The block is now 10 smaller blocks." in text_of(split)
    assert len(re.findall(r'<a class="who" href="/number-blocks/', split.text)) == 10
    assert olga.get(here).status_code == 404


def test_what_is_wrong_is_said_where_it_was_typed(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    made(olga)
    for facts, sentence in (
        ({"first": "hello"}, "Type the first number of the block, with its area code."),
        ({"first": "030 777 0005"}, "A block of 1000 numbers begins with a number that ends in 000."),
        ({"first": "030 777 0100", "size": "100"}, "These numbers, or some of them, lie in a block already."),
        ({"first": "030 770 0000", "size": "1000000"}, "A block of 1000000 numbers begins with a number that ends in 000000."),
    ):
        answer = olga.post("/number-blocks/new", {**NEW, **facts})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
        assert f'value="{facts["first"]}"' in answer.text, "nothing typed is lost"


def test_a_block_in_use_stays_with_its_reseller(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    here = made(olga, first="030 5550700", size="100", reseller=cast.telephone.public_id)
    answer = olga.post(f"{here}/take-back")
    assert answer.status_code == 422
    assert "Numbers of this block are in use: 4." in text_of(answer)
    free = made(olga, first="030 5551000", size="100", reseller=cast.telephone.public_id)
    assert "The block is nobody’s again." in text_of(olga.follow(olga.post(f"{free}/take-back")))
    assert "The block is removed." in text_of(olga.follow(olga.post(f"{free}/remove")))


def test_a_block_whose_numbers_others_use_is_not_granted(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    answer = olga.post("/number-blocks/new", {**NEW, "first": "030 5550700", "size": "100", "reseller": cast.cheapcall.public_id})
    assert "Customers of another reseller use numbers of this block: 4." in text_of(answer)


def test_of_two_who_change_a_block_the_second_is_told(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    here = made(olga)
    assert olga.get(f"{here}/use").status_code == 200
    assert olga.post(f"{here}/use", {"version": "1", "authoritative": "y"}).status_code == 303
    second = olga.post(f"{here}/use", {"version": "1", "allocable": "y"})
    assert second.status_code == 422
    assert "Somebody else changed this block meanwhile." in text_of(second)
    assert "Not given out" in text_of(olga.get(here))
