"""Back in a minute: a forgotten password, and a new colleague who is invited; the mails come from a real mail server."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Visits
from tests.journeys.post import PostOffice
from tests.journeys.test_clare import extension_page, sign_in
from tests.journeys.visitor import Visitor

NEW = "four quiet lamps by the river"


def choose(visitor: Visitor, button: str, password: str = NEW) -> None:
    visitor.page.locator("[name=password]").fill(password)
    visitor.page.locator("[name=repeat]").fill(password)
    visitor.press(button)


def follow(visitor: Visitor, link: str) -> None:
    assert link.startswith(visitor.base)
    visitor.go(link.removeprefix(visitor.base))


def test_a_forgotten_password(visit: Visits, post_office: PostOffice) -> None:
    ulrich = visit("lantern", language="de", phone=True)
    ulrich.go("/login")
    ulrich.page.locator("main a[href='/forgot-password']").click()
    ulrich.look()
    ulrich.shot("forgotten")
    ulrich.page.locator("[name=username]").fill("120")
    ulrich.page.locator("main button[type=submit]").click()
    ulrich.page.wait_for_load_state()
    ulrich.look()
    ulrich.shot("forgotten-sent")
    letter = post_office.letter_to("ulrich.behrens@lantern.example", about="/reset-password/")
    assert "TelephOne" in letter.sender
    follow(ulrich, letter.link)
    ulrich.shot("new-password")
    ulrich.page.locator("[name=password]").fill(NEW)
    ulrich.page.locator("[name=repeat]").fill(NEW)
    with ulrich.page.expect_navigation():
        ulrich.page.locator("main button[type=submit]").click()
    ulrich.look()
    ulrich.sign_in("120", NEW)
    expect(ulrich.page.get_by_role("heading", level=1)).to_have_text("Übersicht")
    ulrich.go(letter.link.removeprefix(ulrich.base), status=404)
    ulrich.shot("dead-link")
    post_office.letter_to("ulrich.behrens@lantern.example", about="Your password was changed")


def test_a_new_colleague_is_invited(visit: Visits, post_office: PostOffice) -> None:
    clare = sign_in(visit)
    clare.go("/extensions/new")
    clare.page.get_by_label("Name", exact=True).fill("Ida Sommerfeld")
    clare.page.get_by_label("Extension").fill("698")  # the next free one is somebody else's story
    clare.page.get_by_label("E-mail").fill("ida@lantern.example")
    clare.press("Add extension")
    expect(clare.page.locator("main")).to_contain_text("Invited to choose one")
    expect(clare.page.locator(".secret-code")).to_have_count(1)
    clare.shot("invited")
    letter = post_office.letter_to("ida@lantern.example")
    assert "Clare Fenn" in letter.text
    ida = visit("lantern")
    follow(ida, letter.link)
    expect(ida.page.get_by_role("heading", level=1)).to_have_text("Welcome, Ida Sommerfeld")
    ida.shot("invitation")
    choose(ida, "Save and sign in")
    expect(ida.page.get_by_role("heading", level=1)).to_have_text("Dashboard")


def test_the_pilot_helps_somebody_back_in(visit: Visits, post_office: PostOffice) -> None:
    clare = sign_in(visit)
    georg = extension_page(clare, "Georg Brandt")
    clare.go(f"{georg}/web-password")
    clare.shot("web-password")
    clare.page.get_by_label(re.compile("Send a link by mail")).check()
    clare.press("Go on")
    expect(clare.page.locator(".messages")).to_contain_text("georg.brandt@lantern.example")
    letter = post_office.letter_to("georg.brandt@lantern.example", about="Clare Fenn")
    somebody = visit("lantern")
    follow(somebody, letter.link)
    choose(somebody, "Save the new password")
    somebody.sign_in("106", NEW)
    expect(somebody.page.get_by_role("heading", level=1)).to_have_text("Dashboard")
