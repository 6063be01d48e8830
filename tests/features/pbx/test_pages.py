"""The pilot's pages, as a browser sees them."""

import re
from collections.abc import Callable

from tests.browser import Browser
from tests.cast import Cast

Browse = Callable[..., Browser]


def test_the_list_shows_people_with_their_numbers(cast: Cast, browse: Browse) -> None:
    page = browse(cast.clare).get("/extensions")
    assert page.status_code == 200
    for words in ("Alice Meier", "Bob Turner", "Carol Nguyen", "030 5550000101", "Sales", "Next free: 104"):
        assert words in page.text
