from collections.abc import Callable

from tests.browser import Browser
from tests.cast import PASSWORD, Cast


def test_clare_signs_in(cast: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse(host="lantern.localhost")
    page = browser.post("/login", {"username": "clare", "password": PASSWORD})
    assert page.status_code == 303
    assert browser.follow(page).status_code == 200
