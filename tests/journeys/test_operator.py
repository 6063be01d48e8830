"""Olga brings a reseller to life: one short form, its administrator accepts; she locks it, unlocks it, and in the end it goes."""

import pytest

from tests.cast import PASSWORD
from tests.journeys.conftest import Visits
from tests.journeys.post import PostOffice
from tests.journeys.visitor import Visitor

OTHERS = ("Isar Telecom", "TelephOne", "Cheap Call", "Lantern")


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)], ids=["wide-light", "phone-dark"])
def test_a_reseller_from_its_beginning_to_its_end(visit: Visits, post_office: PostOffice, phone: bool, dark: bool) -> None:
    word = "sued" if phone else "west"
    name, address = f"{word.title()}wind", f"nora@{word}wind.example"
    look = f"operator-{'phone-dark' if phone else 'wide-light'}"
    olga = visit("isar", phone=phone, dark=dark)
    olga.sign_in("olga@isar.example")
    _create(olga, name, word, address, look)

    nora = visit(f"{word}.isar", phone=phone, dark=dark)
    _accept(nora, post_office, name, address, look)

    _lock(olga, name, look)
    nora.go("/", status=403)
    assert "Closed for the time being" in nora.page.content()
    assert "The bill of October" not in nora.page.content()
    nora.shot(f"{look}-closed")

    olga.press("Unlock")
    assert "is not locked any more" in olga.page.content()
    nora.sign_in(address)
    assert nora.page.get_by_role("heading", level=1).inner_text() == "Dashboard"

    _end(olga, name, look)
    assert nora.page.goto(nora.base + "/") is not None
    assert "Nobody answers at this address" in nora.page.content()


def _create(olga: Visitor, name: str, word: str, address: str, look: str) -> None:
    olga.go("/resellers")
    olga.shot(f"{look}-list")
    olga.press("Add reseller", role="link")
    olga.shot(f"{look}-new")
    olga.press("Add reseller")
    assert olga.page.locator(".summary li").count() >= 3, "what is missing is said on top"
    olga.page.get_by_label("Name", exact=True).fill(name)
    olga.page.get_by_label("Web host where it begins").fill(word)
    olga.page.get_by_label("First administrator’s name").fill("Nora Lund")
    olga.page.get_by_label("First administrator’s e-mail").fill(address)
    olga.press("Add reseller")
    assert olga.page.get_by_role("heading", level=1).inner_text() == name
    olga.shot(f"{look}-reseller")


def _accept(nora: Visitor, post_office: PostOffice, name: str, address: str, look: str) -> None:
    letter = post_office.letter_to(address)
    assert name in letter.sender
    path = "/" + letter.link.partition("://")[2].partition("/")[2]
    nora.go(path)
    nora.shot(f"{look}-invitation")
    for field in ("password", "repeat"):
        nora.page.locator(f"[name={field}]").fill(PASSWORD)
    with nora.page.expect_navigation():
        nora.page.locator("main button[type=submit]").first.click()
    nora.look()
    assert "Until you go live" in nora.page.content()
    nora.shot(f"{look}-guide")
    for text in (letter.sender, letter.subject, letter.text, nora.page.content()):
        for other in OTHERS:
            assert other not in text
    nora.press("Put away")
    assert "Until you go live" not in nora.page.content()
    nora.press("Open the set-up guide")
    assert "Until you go live" in nora.page.content()


def _lock(olga: Visitor, name: str, look: str) -> None:
    olga.page.get_by_role("button", name="More", exact=True).click()
    olga.press("Lock", role="link")
    olga.page.get_by_label("Why").fill("The bill of October")
    olga.shot(f"{look}-lock")
    olga.press(f"Lock {name}")
    assert "The bill of October" in olga.page.content()
    olga.shot(f"{look}-locked")


def _end(olga: Visitor, name: str, look: str) -> None:
    olga.page.get_by_role("button", name="More", exact=True).click()
    olga.press("Terminate", role="link")
    olga.shot(f"{look}-terminate")
    olga.press(f"Terminate {name}")
    assert "Please fill this in." in olga.page.content()
    olga.page.get_by_label("Name of the reseller").fill(name)
    olga.press(f"Terminate {name}")
    assert f"{name} has ended." in olga.page.content()
    olga.go("/resellers")
    assert name not in olga.page.locator("main").inner_text()


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)], ids=["wide-light", "phone-dark"])
def test_contracts_and_health(visit: Visits, phone: bool, dark: bool) -> None:
    look = f"operator-{'phone-dark' if phone else 'wide-light'}"
    partner = "Carrier South" if phone else "Carrier West"
    olga = visit("isar", phone=phone, dark=dark)
    olga.sign_in("olga@isar.example")
    olga.shot(f"{look}-dashboard")
    olga.go("/system-contacts/new")
    olga.page.get_by_label("Company").fill(partner)
    olga.page.get_by_label("E-mail").fill(f"noc@{partner.partition(' ')[2].lower()}.example")
    olga.shot(f"{look}-contact-new")
    olga.press("Add system contact")
    olga.shot(f"{look}-contacts")
    olga.go("/contracts/new")
    olga.page.get_by_label("Name of the partner").fill(partner)
    olga.page.get_by_label("System contact").select_option(label=f"{partner}, noc@{partner.partition(' ')[2].lower()}.example")
    olga.shot(f"{look}-contract-new")
    olga.press("Add contract")
    olga.shot(f"{look}-contract")
    olga.press("Edit – Contract", role="link")
    olga.shot(f"{look}-contract-edit")
    olga.go("/contracts")
    olga.shot(f"{look}-contracts")
    olga.go("/health")
    assert olga.page.get_by_role("heading", name="Workers").is_visible()
    olga.shot(f"{look}-health")
