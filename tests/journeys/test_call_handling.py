"""People decide what happens with their calls, and see what callers will experience."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from portal.core import clock
from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor

ZONE = ZoneInfo("Europe/Berlin")


def effect(visitor: Visitor) -> str:
    return (visitor.page.locator(".effect-text").text_content() or "").replace("\u2066", "").replace("\u2069", "")


def ask(visitor: Visitor, day: str, time: str, caller: str = "") -> str:
    visitor.page.locator("#caller").fill(caller)
    visitor.page.locator("#day").fill(day)
    visitor.page.locator("#time").fill(time)
    visitor.press("What happens?")
    return visitor.page.locator("[data-live]").text_content() or ""


def next_weekday(number: int) -> str:
    today = clock.today(ZONE)
    return (today + timedelta(days=(number - today.weekday()) % 7 or 7)).isoformat()


def test_forwarding_that_depends_on_the_time(visit: Visits) -> None:
    sina = visit("lantern")
    sina.sign_in("143")
    sina.press("Call handling", role="link")
    assert "ring you" in effect(sina)
    sina.press("Set up – Always", role="link")
    sina.page.get_by_label("Calls go to").fill("Reception, 602")
    sina.page.get_by_text("Only at some times, or for some callers").click()
    sina.page.get_by_label("At these times").select_option(label="Only “After hours”")
    sina.shot("call-handling-editor")
    sina.press("Save forwarding")
    sina.page.get_by_text("Saved.").wait_for()
    sina.page.get_by_text("After hours: ").wait_for()
    told = ask(sina, next_weekday(1), "18:05", "030 23125142")
    assert "calls go straight to Reception, 602" in told.replace("\u2066", "").replace("\u2069", "")
    assert "It is “After hours”." in told
    sina.shot("call-handling-tried")
    assert "Sina Roth rings." in ask(sina, next_weekday(1), "11:00")
    # what is typed is answered at once, and the address holds the question
    with sina.page.expect_response(lambda answer: "time=19" in answer.url):
        sina.page.locator("#time").fill("19:30")
    expect(sina.page.locator("[data-live]")).to_contain_text("19:30: Somebody outside calls Sina Roth")
    assert "time=19" in sina.page.url
    sina.look()


def test_a_change_for_some_days(visit: Visits) -> None:
    felix = visit("lantern")
    felix.sign_in("155")
    felix.go("/call-handling")
    felix.press("Change for some days", role="link")
    tomorrow = (clock.today(ZONE) + timedelta(days=1)).isoformat()
    yesterday, before = ((clock.today(ZONE) - timedelta(days=back)).isoformat() for back in (1, 2))
    felix.page.get_by_label("Calls go to").fill("Greta Thiel, 156")
    felix.page.get_by_label("From", exact=True).fill(yesterday)
    felix.page.get_by_label("Until", exact=True).fill(before)
    felix.press("Save forwarding")
    felix.page.get_by_text("It has to end after it begins.").first.wait_for()
    felix.page.get_by_label("Until", exact=True).fill(tomorrow)
    felix.press("Save forwarding")
    assert "go straight to Greta Thiel, 156" in effect(felix)
    felix.shot("call-handling-days")
    felix.page.locator(".forward").first.get_by_role("switch").click()
    felix.page.get_by_text("Forwarding is off.").wait_for()
    felix.look()
    assert "ring you" in effect(felix)
    felix.page.locator(".forward").first.get_by_role("button", name="More for").click()
    felix.press("Remove")
    felix.page.get_by_text("Forwarding is removed.").wait_for()
    felix.press("Undo")
    assert felix.page.locator(".forward").first.get_by_text("Greta Thiel, 156", exact=True).is_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_without_scripts_on_a_phone(visit: Visits, dark: bool) -> None:
    person = visit("lantern", phone=True, dark=dark, script=False)
    person.sign_in("146" if dark else "147")
    person.go("/call-handling")
    person.press("Set up – Not reachable", role="link")
    person.page.get_by_label("Calls go to").fill("0171 3920055")
    person.press("Another destination")
    person.page.get_by_label("Then to").fill("602")
    person.press("Move destination 2 up")
    assert person.page.get_by_label("Calls go to").input_value() == "602"
    person.shot(f"call-handling-phone-editor-{'dark' if dark else 'light'}")
    person.page.get_by_label("Then to").press("Enter")
    person.page.wait_for_load_state()
    person.look()
    shown = person.page.locator(".forward").last.text_content() or ""
    assert shown.index("Reception") < shown.index("3920055")
    person.shot(f"call-handling-phone-{'dark' if dark else 'light'}")


def test_a_pilot_looks_after_all_lines(visit: Visits) -> None:
    clare = visit("lantern")
    clare.sign_in("clare")
    clare.go("/call-handling")
    clare.press("Another line", role="link")
    with clare.page.expect_response(lambda answer: "q=Ines" in answer.url):
        clare.page.get_by_label("Name, extension or number").fill("Ines")
    expect(clare.page.locator("[data-live] tbody tr")).to_have_count(1)
    clare.press("Ines Ramos", role="link")
    clare.press("Set up – When busy", role="link")
    clare.page.get_by_label("Calls go to").fill("Nobody At All")
    clare.press("Save forwarding")
    clare.page.get_by_text("Nobody here is called “Nobody At All”.").first.wait_for()
    clare.page.get_by_label("Calls go to").fill("Kofi Mensah, 160")
    clare.press("Save forwarding")
    clare.page.locator("#line").fill("600")
    told = ask(clare, next_weekday(2), "11:00", "+49 30 23125142")
    assert "calls Sales, 600" in told.replace("\u2066", "").replace("\u2069", "")
    clare.press("Copy to colleagues", role="link")
    for name in ("Boris Ivanov", "David Cohen"):
        clare.page.get_by_label(f"Tick {name}").check()
    clare.press("Go on")
    clare.page.get_by_text("2 lines take over from Ines Ramos").wait_for()
    clare.shot("call-handling-copy")
    clare.press("Copy")
    clare.page.get_by_text("Call handling is copied to 2 lines.").wait_for()
    clare.go("/call-handling/lines?q=Boris")
    assert "Kofi Mensah" in (clare.page.locator("[data-live]").text_content() or "")
