"""People of Lantern Co sign in with a fingerprint; the authenticator is Chromium’s own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor

BUTTON = "Sign in with a passkey"


@dataclass
class Authenticator:
    """Built into the visitor's device; asks nobody."""

    session: CDPSession
    id: str

    @property
    def credentials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"]
        return found

    def let(self, *, verify: bool) -> None:
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": verify})

    def answer(self, *, at_once: bool) -> None:
        """Otherwise it waits for a finger that does not come."""
        self.session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self.id, "enabled": at_once})


def authenticator(visitor: Visitor) -> Authenticator:
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return Authenticator(session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"])


@contextmanager
def leads_to(visitor: Visitor, path: str) -> Iterator[None]:
    """What a script does in between ends on another page."""
    yield
    visitor.page.wait_for_url(f"{visitor.base}{path}")
    visitor.look()


def press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name, exact=True).click()


def make_passkey(visitor: Visitor) -> None:
    visitor.go("/account")
    visitor.press("Add a passkey", role="link")
    visitor.shot("passkey-add")
    with leads_to(visitor, "/account/recovery-codes"):
        press(visitor, "Make a passkey")


def sign_out(visitor: Visitor) -> None:
    visitor.page.context.clear_cookies()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
def test_a_passkey_in_place_of_the_password(visit: Visits, phone: bool) -> None:
    who = "135" if phone else "134"
    bob = visit("lantern", phone=phone)
    device = authenticator(bob)
    bob.sign_in(who)
    bob.go("/account")
    bob.shot(f"passkeys-none-{who}")
    make_passkey(bob)
    (credential,) = device.credentials
    assert credential["rpId"] == "lantern.localhost"
    assert credential["isResidentCredential"]

    bob.go("/account")
    section = bob.page.locator("#passkeys")
    expect(section).to_contain_text("Chrome on Linux")
    expect(section).to_contain_text("not used yet")
    bob.shot(f"passkeys-one-{who}")
    rename(bob, "Chrome on Linux", "The thin laptop")

    sign_out(bob)
    device.answer(at_once=False)
    bob.go("/login")
    bob.shot(f"passkey-sign-in-{who}")
    device.answer(at_once=True)
    with leads_to(bob, "/"):
        press(bob, BUTTON)
    bob.go("/account")
    expect(bob.page.locator("#passkeys")).to_contain_text("last used Today")

    remove(bob)
    sign_out(bob)
    bob.sign_in(who)
    expect(bob.page.get_by_role("heading", level=1)).not_to_have_text("Second step")


def rename(bob: Visitor, before: str, name: str) -> None:
    bob.press(f"Rename – {before}", role="link")
    bob.page.get_by_label("Name of the passkey").fill(name)
    bob.shot("passkey-rename")
    bob.press("Save name")
    expect(bob.page.locator("#passkeys")).to_contain_text(name)


def remove(bob: Visitor) -> None:
    bob.press("Remove – The thin laptop", role="link")
    expect(bob.page.locator("#passkeys")).to_contain_text("your password alone will open the door")
    bob.shot("passkey-remove")
    bob.press("Remove passkey")
    expect(bob.page.locator("#passkeys")).not_to_contain_text("The thin laptop")
    bob.shot("passkey-removed")


def test_a_passkey_from_the_list_under_the_user_name(visit: Visits) -> None:
    bob = visit("lantern")
    authenticator(bob)
    bob.sign_in("130")
    make_passkey(bob)
    sign_out(bob)
    with leads_to(bob, "/"):
        bob.page.goto(f"{bob.base}/login")  # the browser is asked at once, and this authenticator waits for nobody
    expect(bob.page.get_by_role("heading", level=1)).not_to_have_text("Sign in")


def test_a_passkey_after_the_password(visit: Visits) -> None:
    bob = visit("lantern")
    device = authenticator(bob)
    bob.sign_in("131")
    make_passkey(bob)
    sign_out(bob)
    device.answer(at_once=False)
    bob.sign_in("131", PASSWORD)
    expect(bob.page.get_by_role("heading", level=1)).to_have_text("Second step")
    bob.shot("passkey-second")
    device.answer(at_once=True)
    with leads_to(bob, "/"):
        press(bob, "Show your passkey")
    bob.go("/confirm?next=/calls")
    bob.shot("passkey-confirm")
    with leads_to(bob, "/calls"):
        press(bob, "Confirm with your passkey")


def test_a_device_that_cannot_make_sure_of_the_person_says_so(visit: Visits) -> None:
    bob = visit("lantern")
    device = authenticator(bob)
    device.let(verify=False)
    bob.sign_in("132")
    bob.go("/account/passkeys/add")
    press(bob, "Make a passkey")
    expect(bob.page.get_by_role("alert")).to_contain_text("No passkey was made")
    bob.look()
    bob.shot("passkey-not-made")
    device.let(verify=True)
    with leads_to(bob, "/account/recovery-codes"):
        press(bob, "Make a passkey")
    bob.go("/account/passkeys/add")
    press(bob, "Make a passkey")
    expect(bob.page.get_by_role("alert")).to_contain_text("There is a passkey of yours on this device already.")


def test_without_a_script_the_page_says_what_is_missing(visit: Visits) -> None:
    bob = visit("lantern", script=False)
    bob.page.goto(f"{bob.base}/login")
    expect(bob.page.get_by_role("button", name=BUTTON)).to_be_hidden()
    bob.page.locator("[name=username]").fill("133")
    bob.page.locator("[name=password]").fill(PASSWORD)
    bob.page.locator("main button[type=submit]").first.click()
    bob.page.goto(f"{bob.base}/account/passkeys/add")
    expect(bob.page.locator("#passkeys")).to_contain_text("they need JavaScript and a recent browser")
    expect(bob.page.get_by_role("button", name="Make a passkey")).to_be_hidden()
