"""Tom sets up a company by the wizard, with a domain of its own; its pilot accepts the mailed invitation and signs in."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Visits
from tests.journeys.post import PostOffice
from tests.journeys.test_mailed_links import NEW, choose
from tests.journeys.visitor import Visitor


def fill(visitor: Visitor, **facts: str) -> None:
    for name, value in facts.items():
        visitor.page.locator(f"main [name={name}]").fill(value)


def test_a_company_is_set_up(visit: Visits, post_office: PostOffice) -> None:
    tom = visit("telephone")
    tom.sign_in("tom@telephone.example")
    tom.go("/customers/new/cloudpbx")
    tom.shot("wizard-1")
    fill(tom, name="Kontor Nord", external_id="W-77", who="post@kontor.example")
    tom.press("Go on")
    tom.shot("wizard-2")
    fill(tom, new_domain="telephone.example")
    tom.press("Go on")
    expect(tom.page.locator("main")).to_contain_text("You have this SIP domain already")
    fill(tom, new_domain="kontor.telephone.example")
    tom.press("Go on")
    fill(tom, display_name="Kari Nordby", pilot_email="kari@kontor.example")
    tom.press("Go on")
    tom.shot("wizard-4")
    tom.page.reload()
    tom.page.get_by_label("Another one, typed below").check()
    fill(tom, number="030 5550000")
    tom.press("Go on")
    expect(tom.page.locator("main")).to_contain_text("Already in use")
    fill(tom, number="030 5580000", numbers="030 5580700 – 09")
    tom.press("Go on")
    tom.press("Go on")
    tom.shot("wizard-summary")
    expect(tom.page.locator("main")).to_contain_text("10 further numbers")
    tom.press("Set up the company")
    tom.shot("wizard-made")
    expect(tom.page.get_by_role("heading", level=1)).to_have_text("Kontor Nord is set up")
    expect(tom.page.locator(".secret-code")).to_have_count(1)
    letter = post_office.letter_to("kari@kontor.example")
    assert "TelephOne" in letter.sender
    assert not re.search("Cheap|Isar|Lantern", letter.text)
    kari = visit("telephone", phone=True)
    kari.go(letter.link.removeprefix(kari.base))
    expect(kari.page.get_by_role("heading", level=1)).to_have_text("Welcome, Kari Nordby")
    choose(kari, "Save and sign in", NEW)
    expect(kari.page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    kari.go("/numbers")
    kari.shot("wizard-pilot-numbers")


def test_a_trunk_without_a_script(visit: Visits) -> None:
    tom = visit("telephone", phone=True, dark=True, script=False)
    tom.sign_in("tom@telephone.example")
    tom.go("/customers?q=Hotel+Spreeufer")
    tom.press("Hotel Spreeufer", role="link")
    tom.press("Lines", role="link")
    tom.shot("trunk-lines")
    tom.page.locator("main a.who").first.click()
    tom.look()
    tom.shot("trunk-line")
    expect(tom.page.locator("main")).to_contain_text("198.51.100.32/29")
    tom.page.goto(tom.page.url + "/sources")
    fill(tom, network="10.0.0.7")
    tom.press("Add address")
    expect(tom.page.locator("main")).to_contain_text("is not a public address")
    tom.shot("trunk-refused")
