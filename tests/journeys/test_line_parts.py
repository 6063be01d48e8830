"""What a line does besides forwarding, and the times that it depends on: without scripts, and on a phone."""

from playwright.sync_api import expect

from tests.journeys.conftest import Visits


def test_times_are_put_together_without_scripts(visit: Visits) -> None:
    clare = visit("lantern", script=False)
    clare.sign_in("clare")
    clare.go("/call-handling/times")
    clare.press("Office hours", role="link")
    clare.page.get_by_label("Name", exact=True).fill("Stock-taking")
    clare.press("Remove Public holidays")
    clare.press("Days of the year")
    first = clare.page.locator("#part-1")
    first.get_by_label("From").fill("2030-01-02")
    first.get_by_label("Until").fill("2030-01-04")
    clare.press("Save")
    expect(clare.page.locator(".messages")).to_contain_text("“Stock-taking” is added: Mon to Fri 09:00–18:00 and 2–4 Jan 2030.")

    clare.press("Stock-taking", role="link")
    clare.page.locator("#part-0").get_by_label("From").fill("")
    clare.press("Save")
    expect(clare.page.get_by_role("alert")).to_contain_text("Type both times, or none for the whole day.")
    clare.shot("times-refused")
    clare.page.locator("#part-0").get_by_label("Until").fill("")
    clare.page.get_by_label("Name", exact=True).press("Enter")
    expect(clare.page.locator(".messages")).to_contain_text("“Stock-taking” is saved: Mon to Fri and 2–4 Jan 2030.")
    clare.press("Stock-taking", role="link")
    clare.press("Remove", role="link")
    clare.press("Remove Stock-taking")
    expect(clare.page.locator(".messages")).to_contain_text("“Stock-taking” is removed.")


def test_a_person_looks_after_the_own_line_on_a_phone(visit: Visits) -> None:
    bob = visit("lantern", phone=True, dark=True)
    bob.sign_in("bob")
    bob.go("/call-handling")
    bob.press("Do not disturb", role="switch")
    expect(bob.page.get_by_role("switch", name="Do not disturb")).to_be_checked()
    bob.press("Undo")
    expect(bob.page.get_by_role("switch", name="Do not disturb")).not_to_be_checked()
    bob.press("Edit – Blocked callers", role="link")
    bob.page.get_by_label("Numbers", exact=True).fill("0171*\nSomebody")
    bob.press("Save blocked callers")
    expect(bob.page.get_by_role("alert")).to_contain_text("Line 2, “Somebody”, is not a number.")
    bob.shot("blocking-refused-phone-dark")
    bob.page.get_by_label("Numbers", exact=True).fill("0171*  Mobiles\n+44*")
    bob.press("Save blocked callers")
    expect(bob.page.locator("#blocking-incoming")).to_contain_text("everything that starts with \u20660171\u2069")


def test_keys_and_the_own_number_on_a_desk(visit: Visits) -> None:
    bob = visit("lantern")
    bob.sign_in("bob")
    bob.go("/call-handling")
    bob.press("Edit – Speed dial", role="link")
    bob.page.get_by_label("*3 calls").fill("Reception, 602")
    bob.page.get_by_label("Name of *3").fill("Front desk")
    bob.press("Save speed dial")
    expect(bob.page.locator("#speed-dial")).to_contain_text("Front desk, Reception, 602")
    bob.press("Edit – Own number", role="link")
    bob.page.get_by_label("Hide it from people outside").check()
    bob.press("Save")
    expect(bob.page.locator("#privacy")).to_contain_text("Hidden")


def test_a_caller_is_blocked_from_the_list_of_calls(visit: Visits) -> None:
    carol = visit("lantern")
    carol.sign_in("carol")
    carol.go("/calls?direction=in")
    row = carol.page.get_by_role("row").filter(has=carol.page.locator("form[action='/call-handling/block-caller']")).first
    row.get_by_role("button").first.click()
    carol.press("Block this caller")
    expect(carol.page.locator(".messages")).to_contain_text("no longer get through to you")
    assert "/calls?direction=in" in carol.page.url
    carol.press("Undo")
    expect(carol.page.locator(".messages")).to_contain_text("get through again")
