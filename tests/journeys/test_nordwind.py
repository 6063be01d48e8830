"""A reseller goes live: olga makes Nordwind, its administrator the brand, a host, a domain and a customer; the pilot signs in."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.dnsserver import Zone
from tests.journeys.conftest import Visits
from tests.journeys.post import Letter, PostOffice
from tests.journeys.visitor import Visitor
from tests.journeys.wire import Wire, strangers, tapped

SIGNE, FREYA = "signe@nordwind.example", "freya@bruun.example"
PASSWORD = "four quiet lamps by the river"
FIRST_HOST, BRANDED = "nordwind", "telefon.nordwind"
TEXTS = {
    "en": {"welcome": "A fresh wind.", "sign_in_lead": "All your calls in one place.", "help": "We answer on weekdays."},
    "fr": {"welcome": "Le vent du nord.", "sign_in_lead": "Tous vos appels.", "help": "Nous répondons en semaine."},
}


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").first.fill(value)


def accept(visitor: Visitor, link: str) -> None:
    visitor.go(urlsplit(link).path)
    fill(visitor.page, password=PASSWORD, repeat=PASSWORD)
    with visitor.page.expect_navigation():
        visitor.page.locator("main button[type=submit]").click()
    visitor.look()


def test_a_reseller_goes_live(visit: Visits, post_office: PostOffice, zone: Zone, port: int) -> None:
    olga_makes_the_reseller(visit("isar"))
    with tapped(port) as hers, tapped(port) as customers:
        signe = hers.tap(visit(FIRST_HOST))
        signe_comes_in(signe, post_office)
        signe_chooses_languages(signe)
        signe_makes_the_brand(signe)
        signe_adds_domain_and_host(signe, zone)
        signe_sets_up_the_customer(signe)
        freya = customers.tap(visit(BRANDED, language="fr"))
        freya_signs_in(freya, post_office)
    check_came(hers, f"{FIRST_HOST}.localhost", ("/branding/look", "/branding/publish", "/domains/new", "/hosts/new"))
    check_came(customers, f"{BRANDED}.localhost", ("/login", "/", "/extensions", "/nothing-here"))
    invited_by = {"Olga Brunner"}  # whom Signe knows: her mail says who has opened her account
    check_nobody_else(hers, [name for name in strangers() if name not in invited_by], post_office.letters_to(SIGNE))
    check_nobody_else(customers, strangers(), post_office.letters_to(FREYA))


def check_came(wire: Wire, host: str, paths: tuple[str, ...]) -> None:
    """The wire has seen these pages, and what came is readable."""
    assert {(host, path) for path in paths} <= wire.asked
    assert next(wire.slips(["Atelier Bruun"]))


def check_nobody_else(wire: Wire, names: Sequence[str], letters: Sequence[Letter]) -> None:
    assert letters
    slips = list(wire.slips(names, letters))
    assert not slips, "\n".join(slips[:20])


def olga_makes_the_reseller(olga: Visitor) -> None:
    olga.sign_in("olga@isar.example")
    olga.go("/resellers")
    olga.press("Add reseller", role="link")
    fill(olga.page, name="Nordwind", host=f"{FIRST_HOST}.localhost", admin="Signe Lund", email=SIGNE)
    olga.shot("nordwind-new")
    olga.press("Add reseller")
    expect(olga.page.get_by_role("heading", level=1)).to_have_text("Nordwind")
    olga.shot("nordwind-made")


def signe_comes_in(signe: Visitor, post_office: PostOffice) -> None:
    letter = post_office.letter_to(SIGNE)
    assert "Nordwind" in letter.sender
    assert urlsplit(letter.link).hostname == f"{FIRST_HOST}.localhost"
    accept(signe, letter.link)
    signe.shot("nordwind-guide")


def signe_chooses_languages(signe: Visitor) -> None:
    signe.go("/domains/languages")
    signe.page.locator("main [name=add]").select_option("sv")
    signe.press("Save languages")
    expect(signe.page.locator(".summary")).to_contain_text("Swedish is not available yet")
    signe.shot("nordwind-swedish")
    signe.page.locator("main [name=add]").select_option("fr")
    signe.press("Save languages")
    expect(signe.page.locator("main")).to_contain_text("French")


def signe_makes_the_brand(signe: Visitor) -> None:
    signe.go("/branding/look")
    fill(signe.page, accent="northern lights")
    signe.press("Save look")
    expect(signe.page.locator(".summary")).to_contain_text("is not a colour")
    expect(signe.page.locator("main [name=accent]")).to_have_value("northern lights")
    fill(signe.page, accent="#ffe14d")
    signe.page.locator("main [name=on_accent]").select_option("light")
    signe.press("Save look")
    signe.go("/branding/publish")
    expect(signe.page.locator(".alert")).to_contain_text("Light words on #ffe14d cannot be read")
    signe.shot("nordwind-unreadable")
    signe.go("/branding/look")
    fill(signe.page, accent="#176b87")
    signe.page.locator("main [name=frame][value=branded]").check(force=True)
    signe.press("Save look")
    signe.go("/branding/names")
    fill(
        signe.page,
        brand="Nordwind",
        strong="Nord",
        light="wind",
        support_mail="help@nordwind.example",
        imprint="https://nordwind.example/imprint",
        privacy="https://nordwind.example/privacy",
    )
    signe.press("Save names and links")
    for language, texts in TEXTS.items():
        signe.go(f"/branding/texts?language={language}")
        fill(signe.page, **texts)
        signe.press("Save texts")
    signe.go("/branding/publish")
    signe.press("Publish")
    expect(signe.page.locator(".message")).to_contain_text("is live")
    expect(signe.page.locator("html")).to_have_attribute("data-frame", "branded")
    signe.shot("nordwind-published")


def signe_adds_domain_and_host(signe: Visitor, zone: Zone) -> None:
    signe.go("/domains/new")
    fill(signe.page, domain="sip.nordwind.example", cc="33", ac="")
    signe.page.locator("main [name=languages][value=en]").uncheck()
    signe.page.locator("main [name=languages][value=fr]").check()
    signe.page.locator("main [name=default_language]").select_option("fr")
    signe.press("Add SIP domain")
    expect(signe.page.get_by_role("heading", level=1)).to_have_text("sip.nordwind.example")
    signe.shot("nordwind-domain")
    signe.go("/hosts/new")
    fill(signe.page, host=f"{BRANDED}.localhost")
    signe.page.locator("main [name=domain]").select_option(label="sip.nordwind.example")
    signe.press("Add web address")
    expect(signe.page.get_by_role("heading", level=1)).to_have_text(f"{BRANDED}.localhost")
    signe.shot("nordwind-host")
    proof = re.search(r"\b[0-9a-f]{20,40}\b", signe.page.locator("main").inner_text())
    assert proof is not None
    zone.names[f"_portal-proof.{BRANDED}.localhost"] = {"TXT": [f'"{proof[0]}"']}
    signe.press("Check now")
    expect(signe.page.locator(".message")).to_contain_text("It answers from now on")
    signe.shot("nordwind-proved")


def signe_sets_up_the_customer(signe: Visitor) -> None:
    signe.go("/customers/new/cloudpbx")
    fill(signe.page, name="Atelier Bruun", who=FREYA)
    signe.press("Go on")
    signe.page.locator("main [name=domain]").select_option(label="sip.nordwind.example")
    signe.press("Go on")
    fill(signe.page, display_name="Freya Bruun", pilot_email=FREYA, username="freya")
    signe.press("Go on")
    fill(signe.page, number="+33 1 99 00 71 00", numbers="+33 1 99 00 71 01")
    signe.press("Go on")
    fill(signe.page, extension_min="200", extension_max="299")
    signe.press("Go on")
    signe.shot("nordwind-wizard")
    signe.press("Set up the company")
    expect(signe.page.get_by_role("heading", level=1)).to_have_text("Atelier Bruun is set up")
    signe.shot("nordwind-company")


def freya_signs_in(freya: Visitor, post_office: PostOffice) -> None:
    letter = post_office.letter_to(FREYA)
    assert "Nordwind" in letter.sender
    assert urlsplit(letter.link).hostname == f"{BRANDED}.localhost"
    accept(freya, letter.link)
    with freya.page.expect_navigation():
        freya.page.locator("form[action='/logout'] button").click()
    freya.go("/login")
    expect(freya.page.locator("html")).to_have_attribute("lang", "fr")
    expect(freya.page.locator(".door-head .brand")).to_have_text("Nordwind")
    expect(freya.page.locator(".door-welcome")).to_have_text("Le vent du nord.")
    freya.shot("nordwind-login")
    freya.sign_in("freya", PASSWORD)
    expect(freya.page.locator("html")).to_have_attribute("lang", "fr")
    expect(freya.page.get_by_role("heading", level=1)).to_have_text("Tableau de bord")
    freya.shot("nordwind-home")
    freya.go("/extensions")
    freya.go("/nothing-here", status=404)
    freya.shot("nordwind-nothing")
