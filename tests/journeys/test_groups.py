"""A group from creation to a changed order, with no mouse; and the pages of groups in every look."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor

MOST_TABS = 150
NAME_OF_FOCUS = """() => {
  const here = document.activeElement;
  const label = here.getAttribute("aria-label") ?? here.labels?.[0]?.innerText ?? here.innerText ?? "";
  return [label.replace(/\\s+/g, " ").trim(), here.matches(":focus-visible")];
}"""


def reach(page: Page, name: str) -> None:
    """Goes on by Tab until the focus, which is always to be seen, is on what is called so."""
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        here, visible = page.evaluate(NAME_OF_FOCUS)
        if re.fullmatch(name, here):
            assert visible, f"the focus on “{here}” cannot be seen"
            return
        passed.append(here)
    raise AssertionError(f"“{name}” is not reached by Tab; passed: {passed}")


def enter(visitor: Visitor, name: str, key: str = "Enter") -> None:
    """Presses what is called so, which leads to another page."""
    reach(visitor.page, name)
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press(key)
    visitor.look()


def fill(page: Page, name: str, text: str) -> None:
    reach(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def members(page: Page) -> list[str]:
    return page.locator("#members [data-title]").all_inner_texts()


def test_a_group_by_keyboard_only(visit: Visits) -> None:
    clare = visit("lantern")
    page = clare.page
    clare.go("/login")
    page.locator("[name=username]").focus()
    page.keyboard.type("clare")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    clare.look()

    enter(clare, "Groups")
    enter(clare, "Add group")
    fill(page, "Name", "Night watch")
    reach(page, "Together All ring at once")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for name in ("Alice Meier, 101", "Bob Turner, 102", "Carol Nguyen, 103"):
        reach(page, name)
        page.keyboard.press("Space")
    fill(page, "Ring for", "15")
    enter(clare, "Add group")
    expect(page.get_by_role("heading", level=1)).to_have_text("Night watch")
    expect(page.locator("#ringing")).to_contain_text("In turn")
    assert members(page) == ["Alice Meier", "Bob Turner", "Carol Nguyen"]

    reach(page, "Move Carol Nguyen up")
    page.keyboard.press("Enter")
    assert page.evaluate(NAME_OF_FOCUS) == ["Move Carol Nguyen up", True], "the focus goes with whoever moves"
    page.keyboard.press("Enter")
    assert members(page) == ["Carol Nguyen", "Alice Meier", "Bob Turner"]
    expect(page.locator("body > p.sr[role=status]")).to_have_text("Carol Nguyen is now at place 1")
    enter(clare, "Save order")
    expect(page.locator(".message")).to_contain_text("Carol Nguyen is now at place 1 in Night watch.")
    page.reload()
    assert members(page) == ["Carol Nguyen", "Alice Meier", "Bob Turner"]

    changes_who_rings(clare)
    ends(clare)


def changes_who_rings(clare: Visitor) -> None:
    page = clare.page
    enter(clare, "Remove Bob Turner")
    expect(page.locator(".message")).to_contain_text("Bob Turner no longer rings in Night watch.")
    clare.shot("group-undo")
    enter(clare, "Undo")
    assert members(page) == ["Carol Nguyen", "Alice Meier", "Bob Turner"]
    enter(clare, "Add people")
    reach(page, "Tick Emil Sommer")
    page.keyboard.press("Space")
    enter(clare, "Add to Night watch")
    assert members(page)[-1] == "Emil Sommer"
    enter(clare, "Edit – Ringing")
    fill(page, r"If nobody answers, calls go to.*", "Reception, 602")
    enter(clare, "Save ringing")
    expect(page.locator(".effect")).to_contain_text("Reception")
    expect(page.locator(".ringtime")).to_contain_text("Nobody answers: Reception")
    clare.shot("group")


def ends(clare: Visitor) -> None:
    page = clare.page
    reach(page, "More")
    page.keyboard.press("ArrowDown")
    enter(clare, "Remove")
    enter(clare, "Remove Night watch")
    expect(page.locator(".message")).to_contain_text("Night watch is removed.")
    expect(page.locator("table")).not_to_contain_text("Night watch")


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)], ids=["wide-light", "phone-dark"])
def test_pages_of_a_group(visit: Visits, phone: bool, dark: bool) -> None:
    clare = visit("lantern", phone=phone, dark=dark)
    clare.sign_in("clare")
    clare.go("/groups?q=support")
    clare.press("Support", role="link")
    support = clare.page.url.removeprefix(clare.base)
    look = f"{'phone' if phone else 'wide'}-{'dark' if dark else 'light'}"
    for more in ("", "/ringing", "/numbers", "/members/add", "/history", "/remove", "?day=2031-11-28&time=18:05"):
        clare.go(support + more)
        clare.shot(f"group-{look}{re.sub('[^a-z]+', '-', more)}")
    clare.page.goto(f"{clare.base}{support}")
    clare.page.evaluate("document.documentElement.dir = 'rtl'")
    clare.look()
    clare.shot(f"group-{look}-rtl")


def test_without_scripts_a_button_saves_at_once(visit: Visits) -> None:
    clare = visit("lantern", script=False)
    page = clare.page
    page.goto(f"{clare.base}/login")
    page.locator("[name=username]").fill("clare")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.goto(f"{clare.base}/groups?q=reception")
    page.get_by_role("link", name="Reception", exact=True).click()
    first, second, *rest = members(page)
    page.get_by_role("button", name=f"Move {second} up").click()
    expect(page.locator(".message")).to_contain_text(f"{second} is now at place 1 in Reception.")
    assert members(page) == [second, first, *rest]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".message")).to_contain_text("The members of Reception are as they were.")
    assert members(page) == [first, second, *rest]
