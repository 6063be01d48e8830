"""Clare reads what happened in her company, and opens what she wants to know all about."""

import csv

import pytest
from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Visits

NADIA = "Nadia+Benali"  # among all that other stories leave in the log, what happened to her is found by her name
VALUES = "Called people see the own number the base number"


@pytest.mark.parametrize("phone", [False, True], ids=["wide-light", "phone-dark"])
def test_clare_looks_into_the_log(visit: Visits, phone: bool) -> None:
    clare = visit("lantern", phone=phone, dark=phone)
    look = f"audit-{'phone' if phone else 'wide'}"
    clare.sign_in("clare")
    clare.go(f"/audit?q={NADIA}")
    clare.page.locator("summary", has_text="called people see the base number").first.focus()
    clare.page.keyboard.press("Enter")
    expect(clare.page.get_by_role("row", name=VALUES)).to_be_visible()
    clare.look()
    clare.shot(f"{look}-opened", full=False)

    clare.go("/audit")
    clare.page.get_by_role("button", name="Kind").click()
    clare.shot(f"{look}-kinds", full=False)
    with clare.page.expect_navigation():
        clare.page.locator("#chip-kind").get_by_role("link", name="Numbers").click()
    clare.look()
    assert clare.page.locator("summary", has_text="signed in").count() == 0
    assert clare.page.locator("summary", has_text="gave").count() > 0
    clare.shot(f"{look}-numbers")

    shown = clare.page.locator("summary").count()
    with clare.page.expect_download() as expected:
        clare.page.get_by_role("link", name=f"Download these {shown}").click()
    with expected.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == shown + 1


def test_the_log_needs_no_scripts(visit: Visits) -> None:
    clare = visit("lantern", script=False)
    clare.page.goto(clare.base + "/login")
    clare.page.locator("[name=username]").fill("clare")
    clare.page.locator("[name=password]").fill(PASSWORD)
    clare.page.locator("main button[type=submit]").click()
    clare.page.goto(clare.base + f"/audit?period=year&q={NADIA}")
    clare.page.locator("summary", has_text="called people see the base number").first.click()
    expect(clare.page.get_by_role("row", name=VALUES)).to_be_visible()
    clare.page.goto(clare.base + "/audit?period=year")
    clare.page.get_by_role("button", name="Who did it").click()
    clare.page.get_by_label("Name of who did it, or as whom").fill("carol")
    clare.page.locator("#chip-who").get_by_role("button", name="Show").click()
    expect(clare.page.locator(".log-what b").first).to_have_text("Carol Nguyen")
