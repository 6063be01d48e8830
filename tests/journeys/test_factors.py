"""Alice protects her account with an app on her phone, signs in with it, and one day without it."""

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.accounts.models import Authenticator, RecoveryCode, SignInRules
from portal.features.accounts.rules import STEP
from portal.features.resellers.models import Reseller
from tests.cast import PASSWORD
from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor


@pytest.fixture(autouse=True)
def world_as_before(world: str) -> Iterator[db.Database]:
    """Others sign in as the same people, with their password alone."""
    database = db.Database(world)
    yield database
    with database.session(Scope.platform()) as session:
        for table in (Authenticator, RecoveryCode, SignInRules):
            session.execute(delete(table))
        session.commit()
    database.dispose()


@pytest.fixture
def required(world_as_before: db.Database) -> None:
    """Cheap Call asks its subscribers for a second factor."""
    with world_as_before.session(Scope.platform()) as session:
        cheapcall = session.scalars(select(Reseller.id).where(Reseller.name == "Cheap Call")).one()
        session.add(SignInRules(reseller_id=cheapcall, factor_roles=["subscriber"]))
        session.commit()


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def sets_up(person: Visitor, look: str) -> tuple[str, list[str]]:
    """From the account page on; the key as it is read from the page, and the recovery codes."""
    person.go("/account")
    person.shot(f"factors-{look}-account-before")
    person.press("Set up an app", role="link")
    person.shot(f"factors-{look}-authenticator")
    person.press("Set up an app")
    expect(person.page.locator(".secret svg").first).to_be_visible()
    person.shot(f"factors-{look}-authenticator-new")
    key = person.page.locator(".secret-code").inner_text().replace(" ", "")
    person.page.get_by_label("Code", exact=True).fill("12 34")
    person.press("Set up the app")
    expect(person.page.get_by_role("main")).to_contain_text("Type the 6 digits that the app shows now.")
    person.shot(f"factors-{look}-authenticator-refused")
    person.page.get_by_label("Code", exact=True).fill(in_two(pyotp.TOTP(key).now()))
    person.press("Set up the app")
    assert heading(person.page) == "Recovery codes"
    person.shot(f"factors-{look}-recovery-codes")
    codes = person.page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    return key, codes


def in_two(code: str) -> str:
    """As apps show it."""
    return f"{code[:3]} {code[3:]}"


def next_code(key: str) -> str:
    """One that has not been used yet: within the step of drift that is allowed."""
    return pyotp.TOTP(key).at(clock.now().timestamp() + STEP)


def keeps(person: Visitor, codes: list[str], folder: Path) -> None:
    with person.page.expect_download() as started:
        person.page.get_by_role("link", name="Keep as a file").click()
    kept = folder / "codes.txt"
    started.value.save_as(kept)
    assert started.value.suggested_filename == "recovery codes TelephOne.txt"
    assert kept.read_text().split() == codes


def test_an_app_on_the_phone(visit: Visits, tmp_path: Path) -> None:
    alice = visit("lantern")
    alice.sign_in("alice")
    key, codes = sets_up(alice, "wide")
    keeps(alice, codes, tmp_path)
    alice.press("I have kept them", role="link")
    expect(alice.page.locator("#factors")).to_contain_text("10 left")
    alice.shot("factors-wide-account")
    alice.press("Sign out")

    alice.sign_in("alice")
    assert heading(alice.page) == "Second step"
    alice.shot("factors-wide-second-step")
    alice.go("/calls")
    assert heading(alice.page) == "Sign in", "half a sign-in opens nothing"
    alice.go("/second-factor")
    alice.page.get_by_label("Code", exact=True).fill("000000")
    alice.press("Sign in")
    alice.shot("factors-wide-second-step-refused")
    alice.page.get_by_label("Code", exact=True).fill(next_code(key))
    alice.press("Sign in")
    assert heading(alice.page) == "Dashboard"
    alice.press("Sign out")

    alice.sign_in("alice")
    alice.press("Use a recovery code instead", role="link")
    alice.shot("factors-wide-recovery")
    alice.page.get_by_label("Recovery code").fill(codes[0].upper())
    alice.press("Sign in")
    expect(alice.page.locator(".messages")).to_contain_text("You used a recovery code; 9 are left.")
    alice.go("/account/authenticator/remove")
    alice.shot("factors-wide-authenticator-remove")
    alice.press("Remove the app")
    expect(alice.page.locator("#factors")).to_contain_text("not set up")
    alice.press("Sign out")
    alice.sign_in("alice")
    assert heading(alice.page) == "Dashboard"


def test_on_a_phone_in_the_dark(visit: Visits) -> None:
    bob = visit("lantern", phone=True, dark=True)
    bob.sign_in("bob")
    key, codes = sets_up(bob, "phone")
    bob.go("/confirm?next=/account/recovery-codes")
    bob.shot("factors-phone-confirm")
    bob.page.locator("[name=current]").fill(PASSWORD)
    bob.press("Confirm")
    assert heading(bob.page) == "Recovery codes"
    bob.shot("factors-phone-recovery-codes-left")
    bob.press("Make ten new codes")
    assert not set(bob.page.locator(".codes code").all_inner_texts()) & set(codes)

    again = visit("lantern", phone=True, script=False)
    again.page.goto(again.base + "/login")
    again.page.locator("[name=username]").fill("bob")
    again.page.locator("[name=password]").fill(PASSWORD)
    again.page.locator("main button[type=submit]").click()
    again.shot("factors-phone-second-step")
    again.page.get_by_label("Code", exact=True).fill(next_code(key))
    again.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(again.page.get_by_role("heading", level=1)).to_have_text("Dashboard")


@pytest.mark.usefixtures("required")
def test_a_provider_that_asks_for_one(visit: Visits) -> None:
    charlie = visit("cheapcall", language="en")
    charlie.sign_in("charlie")
    assert heading(charlie.page) == "Set up a second factor"
    charlie.shot("factors-wide-enrol")
    charlie.go("/calls")
    assert heading(charlie.page) == "Set up a second factor"
    charlie.press("Set up an app")
    assert heading(charlie.page) == "Set up an authenticator app"
    charlie.shot("factors-wide-enrol-authenticator")
    phone = visit("cheapcall", phone=True, language="en")
    phone.sign_in("charlie")
    phone.shot("factors-phone-enrol")
    phone.press("Set up an app")
    phone.shot("factors-phone-enrol-authenticator")
    key = phone.page.locator(".secret-code").inner_text().replace(" ", "")
    phone.page.get_by_label("Code", exact=True).fill(pyotp.TOTP(key).now())
    phone.press("Set up the app")
    phone.go("/calls")
    assert heading(phone.page) == "Calls"


def test_clare_helps_whoever_lost_the_phone(visit: Visits) -> None:
    carol = visit("lantern")
    carol.sign_in("carol")
    sets_up(carol, "carol")
    clare = visit("lantern")
    clare.sign_in("clare")
    clare.go("/extensions?q=Carol")
    clare.press("Carol Nguyen", role="link")
    clare.shot("factors-wide-extension")
    clare.press("Phone lost?", role="link", exact=False)
    clare.shot("factors-wide-extension-clearing")
    clare.press("Remove second factors")
    expect(clare.page.locator(".messages")).to_contain_text("signs in with the password alone")
    carol.go("/account")
    assert heading(carol.page) == "Sign in"
    carol.sign_in("carol")
    assert heading(carol.page) == "Dashboard"
