"""Rita lets the people of Cheap Call sign in with the company's own identity provider."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor
from tests.oidc.running import CLIENT_ID, CLIENT_SECRET, RunningProvider, new_key

pytestmark = pytest.mark.oidc
RITA = "rita@cheapcall.example"


@pytest.fixture
def provider(port: int) -> Iterator[RunningProvider]:
    running = RunningProvider(new_key("journey"), hosts=(f"http://cheapcall.localhost:{port}",)).start()
    yield running
    running.stop()


def test_the_companys_own_sign_in(visit: Visits, provider: RunningProvider) -> None:
    rita = visit("cheapcall")
    rita.sign_in(RITA)
    sets_it_up(rita, provider)
    rita.press("Sign out")
    expect(rita.page).to_have_url(f"{rita.base}/login")
    rita.shot("sso-sign-in")

    signs_in_there(rita, provider, "Sign in with Cheap Work")
    expect(rita.page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    confirms_there(rita, provider)

    rita.press("Sign out")
    expect(rita.page.get_by_role("heading", level=1)).to_have_text("Signed out")
    rita.shot("sso-signed-out")
    expect(rita.page.get_by_role("link", name="Sign out at Cheap Work")).to_have_attribute(
        "href", re.compile(re.escape(f"{provider.issuer}/session/end?client_id={CLIENT_ID}"))
    )

    elsewhere_there_is_none(visit)
    a_stranger_reads_what_to_do(visit, provider)
    nobody_is_locked_out(visit, provider)


def sets_it_up(rita: Visitor, provider: RunningProvider) -> None:
    rita.press("Sign-in rules", role="link")
    rita.shot("sign-in-rules-empty")
    rita.page.locator("#provider .section-edit").click()
    page = rita.page
    page.get_by_label("Name").fill("Cheap Work")
    page.get_by_label("Issuer").fill(f"http://localhost:{provider.port}")
    page.get_by_label("Client ID").fill(CLIENT_ID)
    page.get_by_label("Client secret").fill(CLIENT_SECRET)
    rita.press("Save single sign-on")
    expect(page.get_by_role("alert")).to_contain_text(f"The provider calls itself “{provider.issuer}”")
    rita.shot("sign-in-rules-refused")
    page.get_by_label("Issuer").fill(provider.issuer)
    page.get_by_label("Client secret").fill(CLIENT_SECRET)
    rita.press("Save single sign-on")
    expect(page.locator("#provider")).to_contain_text("In use")
    rita.press("Check")
    expect(page.locator("#provider")).to_contain_text(f"It answers as {provider.issuer}.")
    rita.shot("sign-in-rules")


def signs_in_there(visitor: Visitor, provider: RunningProvider, button: str, account: str = "rita") -> None:
    """Through the provider's own pages; their fonts come from elsewhere, and are not fetched."""
    page = visitor.page
    page.route(re.compile(r"^https?://fonts\."), lambda route: route.abort())
    visitor.trouble.clear()
    page.get_by_role("link", name=button).click()
    page.wait_for_url(f"{provider.issuer}/**")
    if page.locator("[name=login]").count():
        page.locator("[name=login]").fill(account)
        page.locator("[name=password]").fill("any")
        page.locator("[type=submit]").click()
        page.wait_for_load_state()
    if page.url.startswith(provider.issuer):
        page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{visitor.base}/**")
    visitor.trouble.clear()  # what the provider's pages complain of
    visitor.look()


def confirms_there(rita: Visitor, provider: RunningProvider) -> None:
    """The page of confirming offers the provider to whoever is linked with it."""
    rita.go("/confirm?next=/sign-in-rules")
    rita.shot("sso-confirm")
    signs_in_there(rita, provider, "Confirm with Cheap Work")
    expect(rita.page.get_by_role("heading", level=1)).to_have_text("Sign-in rules")


def elsewhere_there_is_none(visit: Visits) -> None:
    for host in ("telephone", "lantern", "isar"):
        page = visit(host)
        page.go("/login")
        expect(page.page.locator("main")).not_to_contain_text("Sign in with Cheap")
        page.go("/login/provider", status=404)


def a_stranger_reads_what_to_do(visit: Visits, provider: RunningProvider) -> None:
    stranger = visit("cheapcall", phone=True, dark=True)
    stranger.go("/login")
    stranger.shot("sso-sign-in-phone")
    signs_in_there(stranger, provider, "Sign in with Cheap Work", "stranger")
    expect(stranger.page.locator("main")).to_contain_text("Ask your provider to enter the e-mail address")
    stranger.shot("sso-unknown-phone")


def nobody_is_locked_out(visit: Visits, provider: RunningProvider) -> None:
    provider.stop()
    rita = visit("cheapcall")
    rita.sign_in(RITA)
    expect(rita.page.get_by_role("heading", level=1)).to_have_text("Dashboard")
    rita.go("/sign-in-rules")
    rita.press("Check")
    expect(rita.page.get_by_role("alert")).to_contain_text("Nothing answers at this address.")
    trouble_is_said_above_the_form(visit)
    turns_it_off(rita)


def trouble_is_said_above_the_form(visit: Visits) -> None:
    somebody = visit("cheapcall")
    somebody.go("/login/provider/back?state=old&code=old")
    expect(somebody.page.locator("main .alert").first).to_contain_text("begun elsewhere, or too long ago")
    somebody.shot("sso-trouble")


def turns_it_off(rita: Visitor) -> None:
    """As it was found, for the other journeys."""
    rita.go("/sign-in-rules/provider")
    rita.page.get_by_role("switch", name="In use").uncheck()
    rita.press("Save single sign-on")
    rita.go("/sign-in-rules")
    expect(rita.page.locator("#provider")).to_contain_text("Not in use")
