"""Clare decides what her people may change, and does one thing for many of them at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor


def sign_in(visit: Visits, username: str = "clare", **how: bool) -> Visitor:
    visitor = visit("lantern", **how)  # type: ignore[arg-type]
    visitor.sign_in(username, PASSWORD)
    return visitor


def page_of(visitor: Visitor, name: str) -> str:
    """Somebody's own page, by way of the list; returns its path."""
    visitor.go(f"/extensions?q={name}")
    visitor.press(name, role="link")
    return visitor.page.url.removeprefix(visitor.base).partition("#")[0]


def test_somebody_is_forbidden_a_feature(visit: Visits) -> None:
    """Elif forwards her calls; Clare takes that away, and gives it back."""
    person = sign_in(visit, "154")
    person.go("/call-handling")
    expect(person.page.locator("#forwarding")).to_be_visible()
    person.press("Set up – Always", role="link", exact=False)
    kept = person.page.url.removeprefix(person.base)
    person.page.locator("[name=to_1]").fill("0171 3920017")
    person.press("Save", exact=False)
    expect(person.page.locator(".effect")).to_contain_text("0171 3920017")

    clare = sign_in(visit)
    takes_it_away(clare)

    person.go("/call-handling")
    expect(person.page.locator("#forwarding")).to_have_count(0)
    expect(person.page.locator(".effect")).not_to_contain_text("0171 3920017")
    expect(person.page.locator("#speed-dial")).to_be_visible()
    person.shot("profile-without-forwarding")
    refuses_what_is_sent_all_the_same(person.page, kept)
    person.go(kept, status=404)

    gives_it_back(clare)
    person.go("/call-handling")
    expect(person.page.locator(".effect")).to_contain_text("0171 3920017")


def takes_it_away(clare: Visitor) -> None:
    clare.go("/extensions")
    clare.page.get_by_role("button", name="More", exact=True).first.click()
    clare.press("Profiles", role="link")
    clare.press("Add profile", role="link")
    clare.page.get_by_label("Name", exact=True).fill("Front desk")
    clare.page.get_by_role("radio", name="Forwarding Not there").check()
    clare.press("Add profile")
    expect(clare.page.get_by_role("heading", level=1)).to_have_text("Front desk")

    person = page_of(clare, "Elif Arslan")
    clare.go(f"{person}/profile")
    clare.page.get_by_label("Profile").select_option(label="Front desk")
    clare.press("Save profile")
    expect(clare.page.get_by_role("alert")).to_contain_text("Calls to Elif Arslan are no longer forwarded.")
    clare.shot("profile-takes-away")
    clare.press("Save all the same")
    expect(clare.page.locator("#may-use")).to_contain_text("Not there")


def refuses_what_is_sent_all_the_same(page: Page, address: str) -> None:
    """As the form would have sent it."""
    sent = """async ([address, token]) => {
      const body = new URLSearchParams({ csrf_token: token, when: "always", to_1: "0171 3920018", seconds_1: "20" });
      const answer = await fetch(address, { method: "POST", body, redirect: "manual" });
      return [answer.status, await answer.text()];
    }"""
    token = page.locator("[name=csrf_token]").first.input_value()
    status, text = page.evaluate(sent, [address, token])
    assert status == 422
    assert "This is not part of your line." in text


def gives_it_back(clare: Visitor) -> None:
    clare.go(f"{page_of(clare, 'Elif Arslan')}/profile")
    clare.page.get_by_label("Profile").select_option(index=0)
    clare.press("Save profile")
    expect(clare.page.locator("#may-use")).to_contain_text("Everything on the own line")
    clare.go("/profiles")
    clare.press("Front desk", role="link")
    clare.page.get_by_role("button", name="More", exact=True).first.click()
    clare.press("Remove", role="link")
    clare.press("Remove “Front desk”")
    expect(clare.page.locator("main")).not_to_contain_text("Front desk")


@pytest.mark.parametrize(("phone", "script"), [(False, True), (True, True), (False, False)], ids=["wide", "phone", "no-script"])
def test_many_at_once(visit: Visits, phone: bool, script: bool) -> None:
    clare = visit("lantern", phone=phone, script=script)
    clare.page.goto(clare.base + "/login")
    clare.page.locator("[name=username]").fill("clare")
    clare.page.locator("[name=password]").fill(PASSWORD)
    clare.page.locator("main button[type=submit]").click()
    clare.page.goto(clare.base + "/extensions?q=14&rows=25")
    page = clare.page
    expect(page.locator(".bulk")).not_to_be_visible()
    for name in ("Otto Lorenz", "Petra Simon", "Timo Wagner"):
        page.get_by_role("checkbox", name=f"Tick {name}", exact=True).check()
    expect(page.locator(".bulk")).to_be_visible()
    page.locator(".bulk").get_by_role("button", name="Lock", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lock 3 people")
    page.get_by_label("Reason").fill("Office closed")
    page.get_by_role("button", name="Lock", exact=True).last.click()
    expect(page).to_have_url(re.compile(r"/extensions\?(q=14&rows=25|rows=25&q=14)$"))
    expect(page.locator(".messages")).to_contain_text("3 people are locked: No outgoing calls.")
    expect(page.get_by_role("row").filter(has_text="Timo Wagner")).to_contain_text("No outgoing calls")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messages")).to_contain_text("Everything is as it was before.")
    expect(page.get_by_role("row").filter(has_text="Timo Wagner")).not_to_contain_text("No outgoing calls")


def test_the_pages_that_ask_before(visit: Visits) -> None:
    """Wide and dark, each of them without anything being done."""
    clare = sign_in(visit, dark=True)
    for button in ("Add to group", "Invite", "Remove"):
        clare.go("/extensions?q=14")
        for name in ("Otto Lorenz", "Rafael Silva"):
            clare.page.get_by_role("checkbox", name=f"Tick {name}", exact=True).check()
        clare.press(button)
        expect(clare.page.locator("main")).to_contain_text("Rafael Silva")
        clare.shot(f"ticked-{button.lower().replace(' ', '-')}")
    for button in ("Take out of group", "Language", "Profile"):
        clare.go("/extensions?q=14")
        clare.page.get_by_role("checkbox", name="Tick Otto Lorenz", exact=True).check()
        clare.page.locator(".bulk").get_by_role("button", name="More", exact=True).click()
        with clare.page.expect_navigation():
            clare.page.locator("#bulk-more").get_by_role("button", name=button, exact=True).click()
        clare.look()
        expect(clare.page.locator("main")).to_contain_text("Otto Lorenz")
