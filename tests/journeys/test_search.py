"""Everything is found from everywhere: with the key /, while typing, with arrow keys, and without JavaScript."""

import pytest

from tests.journeys.conftest import Visits


def test_tom_finds_lantern_by_keyboard(visit: Visits) -> None:
    tom = visit("telephone")
    tom.sign_in("tom@telephone.example")
    tom.go("/account")
    tom.page.keyboard.press("/")
    tom.page.keyboard.type("lanter")
    found = tom.page.locator("[data-found]")
    found.get_by_role("link", name="Lantern Co").first.wait_for()
    tom.look()
    tom.shot("search-suggestions", full=False)
    assert "found" in tom.page.locator("[data-heard]").inner_text()
    tom.page.keyboard.press("Escape")
    assert not found.is_visible()
    tom.page.keyboard.type("n")
    found.get_by_role("link", name="Lantern Co").first.wait_for()
    tom.page.keyboard.press("ArrowDown")
    assert "Lantern Co" in tom.page.evaluate("document.activeElement.textContent")
    tom.page.keyboard.press("ArrowUp")
    assert tom.page.evaluate("document.activeElement.id") == "find"
    tom.page.keyboard.press("ArrowDown")
    with tom.page.expect_navigation():
        tom.page.keyboard.press("Enter")
    assert "/customers/" in tom.page.url
    tom.look()


def test_the_key_is_a_sign_in_fields(visit: Visits) -> None:
    clare = visit("lantern")
    clare.sign_in("clare")
    clare.go("/extensions")
    field = clare.page.locator("[data-search]")
    field.press("/")
    assert field.input_value() == "/"


@pytest.mark.parametrize(
    ("phone", "dark", "script"), [(False, False, False), (True, True, True)], ids=["no-script", "phone-dark"]
)
def test_clare_searches_with_enter(visit: Visits, phone: bool, dark: bool, script: bool) -> None:
    clare = visit("lantern", phone=phone, dark=dark, script=script)
    clare.sign_in("clare")
    if phone:
        clare.page.get_by_role("button", name="Menu").click()
    clare.page.locator("#find").fill("030 5550000 101")
    with clare.page.expect_navigation():
        clare.page.locator("#find").press("Enter")
    clare.look()
    assert "Numbers" in clare.page.inner_text("main")
    assert "Alice Meier" in clare.page.inner_text("main")
    clare.shot(f"search-{'phone' if phone else 'plain'}")
