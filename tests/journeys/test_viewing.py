"""Tom helps Clare: he finds her, looks at her pages as she sees them, changes something for her, and stops."""

import pytest

from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor

REASON = "Call 4711: who does not want to be disturbed?"


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)], ids=["wide-light", "phone-dark"])
def test_tom_views_as_clare(visit: Visits, phone: bool, dark: bool) -> None:
    tom = visit("telephone", phone=phone, dark=dark)
    look = "phone-dark" if phone else "wide-light"
    tom.sign_in("tom@telephone.example")
    tom.go("/accounts?q=clare")
    tom.shot(f"viewing-{look}-list")
    tom.press("Clare Fenn", role="link")
    tom.shot(f"viewing-{look}-person")
    tom.press("View as Clare Fenn", role="link")
    tom.page.get_by_label("Reason").fill(REASON)
    tom.shot(f"viewing-{look}-reason")
    tom.press("View as Clare Fenn")

    banner = tom.page.get_by_role("region", name="Viewing as somebody else")
    for path in ("/extensions", "/calls", "/account", "/"):
        tom.go(path)
        assert banner.is_visible()
        assert "You are viewing as Clare Fenn until" in banner.inner_text()
        tom.shot(f"viewing-{look}{path.replace('/', '-')}", full=False)
    tom.page.mouse.wheel(0, 2000)
    assert banner.is_visible()

    tom.go("/account")
    assert tom.page.get_by_role("link", name="Change – Password").count() == 0
    tom.go("/account/password", status=403)
    assert "Not while you view as somebody else" in tom.page.inner_text("h1")
    assert banner.is_visible()
    tom.shot(f"viewing-{look}-forbidden")

    alice = _quiet(tom)
    tom.press("Stop viewing as Clare Fenn")
    assert tom.page.get_by_role("heading", level=1).inner_text() == "Clare Fenn"
    assert banner.count() == 0
    history = tom.page.get_by_role("complementary", name="More about this").inner_text()
    assert "You began to view as Clare Fenn" in history
    assert REASON in history

    clare = visit("lantern", phone=phone, dark=dark)
    clare.sign_in("clare")
    clare.go(alice)
    history = clare.page.get_by_role("complementary", name="More about this").inner_text()
    assert "Tom Becker (as Clare Fenn) changed Alice Meier: do not disturb" in history


def _quiet(tom: Visitor) -> str:
    """Changes whether Alice may be disturbed; the address of her page."""
    tom.go("/extensions?q=alice")
    tom.press("Alice Meier", role="link")
    alice = tom.page.url.removeprefix(tom.base)
    tom.press("Edit – Calls", role="link")
    switch = tom.page.get_by_label("Do not disturb")
    switch.set_checked(not switch.is_checked())
    tom.press("Save")
    return alice
