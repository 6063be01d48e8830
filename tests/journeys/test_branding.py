"""Mara's provider gets a look of its own: tried, shown to one person, published, and taken back."""

import re

import pytest
from playwright.sync_api import expect

from portal.core import db
from portal.core.permissions import Role
from portal.core.tenancy import Scope
from tests.factories.accounts import AccountFactory
from tests.factories.resellers import ResellerFactory, SipDomainFactory, WebHostFactory
from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor

HOST = "birkenau"
MARA = "mara@birkenau.example"
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40"><circle cx="20" cy="20" r="18" fill="#1d6b4f"/>'
    b'<path d="M48 12h100v16H48z" fill="#1d6b4f"/></svg>'
)


@pytest.fixture(scope="module")
def provider(world: str) -> None:
    """A provider of this journey's own, so that nobody else's look changes."""
    before = db.database() if db.is_installed() else None
    db.install(db.Database(world))
    with db.unit_of_work(Scope.platform()):
        own = ResellerFactory(name="Birkenau Telefon", theme="fjell")
        SipDomainFactory(reseller_id=own.id, domain="birkenau.example")
        WebHostFactory(reseller_id=own.id, host=f"{HOST}.localhost")
        AccountFactory(reseller_id=own.id, username=MARA, email=MARA, name="Mara Holm", role=Role.RESELLER.value)
    db.database().dispose()
    if before is not None:
        db.install(before)


@pytest.mark.usefixtures("provider")
def test_a_look_of_their_own(visit: Visits) -> None:
    mara = visit(HOST)
    mara.sign_in(MARA)
    mara.go("/branding")
    mara.shot("branding-overview-empty")
    begins_with_a_look(mara)
    types_a_bad_colour_first(mara)
    sees_it_before_it_is_saved(mara)
    says_who_they_are(mara)
    brings_a_logo(mara)
    writes_texts(mara)
    shows_it_to_one_person(visit, mara)
    publishes(visit, mara)
    goes_back(visit, mara)


def begins_with_a_look(mara: Visitor) -> None:
    mara.press("Begin with Pomelo")
    expect(mara.page.get_by_label("Accent", exact=True)).to_have_value("#ff7466")
    mara.shot("branding-look-begun")


def types_a_bad_colour_first(mara: Visitor) -> None:
    page = mara.page
    page.get_by_label("Accent", exact=True).fill("sunny yellow")
    mara.press("Save look")
    expect(page.get_by_role("alert")).to_contain_text("“sunny yellow” is not a colour")
    mara.shot("branding-look-refused")
    page.get_by_label("Accent", exact=True).fill("#ffee00")
    notes = page.locator('[data-piece="accent"]')
    expect(notes).to_contain_text("can be read by nobody")
    expect(notes).to_contain_text("Main buttons get #e0cf00")
    mara.look()


def sees_it_before_it_is_saved(mara: Visitor) -> None:
    page = mara.page
    frame = page.frame_locator('iframe[data-page="login"][data-scheme="light"]')
    button = frame.locator(".button-main")
    page.get_by_label("Accent", exact=True).fill("#1d6b4f")
    expect(button).to_have_css("background-color", "rgb(29, 107, 79)")
    page.get_by_text("Branded", exact=True).click()
    expect(frame.locator("html")).to_have_attribute("data-frame", "branded")
    page.locator("#radius").fill("2")
    expect(page.locator('output[for="radius"]')).to_have_text("2 px")
    expect(button).to_have_css("border-radius", "2px")
    mara.shot("branding-look-typed")
    page.get_by_role("radio", name="Phone").check()
    mara.shot("branding-look-phones")
    mara.press("Save look")
    expect(page.get_by_role("status").first).to_be_attached()
    expect(page.get_by_label("Accent", exact=True)).to_have_value("#1d6b4f")


def says_who_they_are(mara: Visitor) -> None:
    mara.go("/branding/names")
    page = mara.page
    page.get_by_label("Brand name").fill("Birkenau")
    page.get_by_label("Wordmark, strong part").fill("Birken")
    page.get_by_label("Wordmark, light part").fill("au")
    expect(page.frame_locator('iframe[data-page="error"][data-scheme="light"]').locator(".wordmark")).to_have_text("Birkenau")
    page.get_by_label("Support by mail").fill("hilfe@birkenau.example")
    page.get_by_label("Imprint").fill("birkenau.example/impressum")
    mara.press("Save names and links")
    expect(page.get_by_role("alert")).to_contain_text("is not an address that begins with https://")
    page.get_by_label("Imprint").fill("https://birkenau.example/impressum")
    mara.press("Save names and links")
    expect(page.get_by_role("alert")).to_have_count(0)


def brings_a_logo(mara: Visitor) -> None:
    mara.go("/branding/pictures")
    page = mara.page
    page.locator("#file-logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": b"no picture"})
    mara.press("Upload")
    expect(page.locator("#file-logo-error")).to_contain_text("This is no picture that can be shown here.")
    page.locator("#file-logo").set_input_files({"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO})
    mara.press("Upload")
    expect(page.get_by_alt_text("Logo, as it is now")).to_be_visible()
    mara.shot("branding-pictures")


def writes_texts(mara: Visitor) -> None:
    page = mara.page
    for language, welcome in (("en", "Roots and reach."), ("de", "Verwurzelt. Verbunden.")):
        mara.go(f"/branding/texts?language={language}")
        page.get_by_label("Welcome").fill(welcome)
        expect(page.frame_locator('iframe[data-page="login"][data-scheme="dark"]').locator(".door-welcome")).to_have_text(welcome)
        page.get_by_label("Below it").fill("Birkenau")
        page.get_by_label("Help in a sentence").fill("Birkenau")
        page.get_by_label("Help page").fill("## We help\n\n**Call** us.")
        expect(page.locator("#read-support strong")).to_have_text("Call")
        mara.press("Save texts")
    mara.shot("branding-texts")


def welcome(visit: Visits, *, on_phone: bool = False) -> str:
    """What a stranger reads at the sign-in, at this moment."""
    stranger = visit(HOST, phone=on_phone, dark=on_phone)
    stranger.go("/login")
    return stranger.page.locator(".door-welcome").inner_text()


def shows_it_to_one_person(visit: Visits, mara: Visitor) -> None:
    mara.go("/branding/previews")
    mara.page.get_by_label("For whom").fill("Anna Braun")
    mara.press("Make a link")
    link = mara.page.locator(".secret-code").inner_text()
    mara.shot("branding-link")
    anna = visit(HOST)
    anna.go(link.removeprefix(anna.base))
    anna.go("/login")
    expect(anna.page.locator(".door-welcome")).to_have_text("Roots and reach.")
    anna.shot("branding-seen-by-link")
    assert welcome(visit) != "Roots and reach."
    mara.go("/branding/previews")
    mara.press("End the link of Anna Braun")
    anna.go("/login")
    expect(anna.page.locator(".door-welcome")).not_to_have_text("Roots and reach.")


def publishes(visit: Visits, mara: Visitor) -> None:
    mara.go("/branding")
    mara.shot("branding-overview-draft")
    mara.press("Review and publish", role="link")
    expect(mara.page.get_by_role("table", name="What differs")).to_contain_text("#1d6b4f")
    mara.page.get_by_label("Note").fill("Our own at last")
    mara.shot("branding-publish")
    mara.press("Publish")
    expect(mara.page.locator("#versions")).to_contain_text("Our own at last")
    mara.shot("branding-published")
    assert welcome(visit) == "Roots and reach."
    assert welcome(visit, on_phone=True) == "Roots and reach."
    stranger = visit(HOST)
    stranger.go("/login")
    expect(stranger.page).to_have_title(re.compile("Birkenau"))
    expect(stranger.page.locator(".brand-logo").first).to_be_visible()
    stranger.shot("branding-live")


def goes_back(visit: Visits, mara: Visitor) -> None:
    page = mara.page
    mara.go("/branding/texts?language=en")
    page.get_by_label("Welcome").fill("A mistake.")
    mara.press("Save texts")
    mara.go("/branding/publish")
    mara.press("Publish")
    assert welcome(visit) == "A mistake."
    mara.go("/branding/versions/1?with=2")
    expect(page.get_by_role("table", name="What differs")).to_contain_text("A mistake.")
    mara.shot("branding-version")
    mara.press("Go back to it")
    assert welcome(visit) == "Roots and reach."
    mara.shot("branding-back")


@pytest.mark.usefixtures("provider")
def test_without_a_script(visit: Visits) -> None:
    mara = visit(HOST, script=False)
    mara.sign_in(MARA)
    mara.go("/branding/look")
    mara.page.locator("#accent").fill("#7a2fd0")
    mara.press("Show")
    frame = mara.page.frame_locator('iframe[data-page="login"][data-scheme="light"]')
    expect(frame.locator(".button-main")).to_have_css("background-color", "rgb(122, 47, 208)")
    mara.shot("branding-look-unscripted")


@pytest.mark.usefixtures("provider")
@pytest.mark.parametrize(("phone", "dark"), [(True, True), (False, True), (True, False)])
def test_every_page_of_the_editor(visit: Visits, phone: bool, dark: bool) -> None:
    mara = visit(HOST, phone=phone, dark=dark)
    mara.sign_in(MARA)
    for path in ("", "/look", "/names", "/pictures", "/texts", "/previews", "/begin/fjell"):
        mara.go(f"/branding{path}")
        mara.shot(f"branding{path.replace('/', '-')}-{'phone' if phone else 'wide'}-{'dark' if dark else 'light'}")
