"""Tom sells: a service class, a customer with a contact made in the same form, a lock and its undo, an end."""

import re

from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor


def sign_in(visit: Visits, **how: bool) -> Visitor:
    visitor = visit("telephone", **how)  # type: ignore[arg-type]
    visitor.sign_in("tom@telephone.example", PASSWORD)
    return visitor


def add_class(tom: Visitor) -> None:
    tom.go("/service-classes/new")
    tom.page.get_by_label("Name", exact=True).fill("Kiosk")
    tom.page.get_by_role("radio", name="Forwarding Not part of it").check()
    tom.press("Add service class")
    expect(tom.page.get_by_role("heading", level=1)).to_have_text("Kiosk")


def add_customer(tom: Visitor, name: str, address: str) -> None:
    """The address is mistyped at first: nothing is lost."""
    tom.go("/customers")
    tom.press("Add customer", role="link")
    tom.press("Small office", role="link")
    tom.page.get_by_label("Name", exact=True).fill(name)
    tom.page.get_by_label("External #").fill("K-77")
    tom.page.get_by_label("Contact", exact=True).fill("kiosk without an address")
    tom.press("Add customer")
    expect(tom.page.locator(".summary")).to_contain_text("No contact begins like that")
    expect(tom.page.get_by_label("Name", exact=True)).to_have_value(name)
    tom.shot("customer-refused")
    tom.page.get_by_label("Contact", exact=True).fill(address)
    tom.press("Add customer")
    expect(tom.page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_customer_from_its_first_form_to_its_end(visit: Visits) -> None:
    tom = sign_in(visit)
    add_class(tom)
    add_customer(tom, "Kiosk am Kanal", "kiosk@kanal.example")
    page = tom.page.url.removeprefix(tom.base)

    tom.press("Edit – Service", role="link")
    tom.page.get_by_label("Service class").select_option(label="Kiosk")
    tom.press("Save")
    expect(tom.page.locator("#service")).to_contain_text("Kiosk")

    tom.press("Lock – State", role="link")
    tom.page.get_by_label("Reason").fill("Unpaid since March")
    tom.shot("customer-lock")
    tom.press("Lock the customer")
    expect(tom.page.locator("main")).to_contain_text("“Unpaid since March”")
    tom.press("Undo")
    expect(tom.page.locator(".head-meta")).to_contain_text("In service")

    tom.go(f"{page}/terminate")
    tom.press("End the contract")
    expect(tom.page.locator(".summary")).to_contain_text("Read what ends")
    tom.page.get_by_label("I have read what ends, and that it is final").check()
    tom.press("End the contract")
    expect(tom.page.locator("main")).to_contain_text("The contract has ended")
    tom.shot("customer-ended")


def test_a_contact_that_two_customers_share(visit: Visits) -> None:
    """On a telephone: told apart by the external #, and not removed while they have it."""
    tom = sign_in(visit, phone=True)
    for name, number in (("Nordlicht Bremen", "N-1"), ("Nordlicht Kiel", "N-2")):
        tom.go("/customers/new/residential")
        tom.page.get_by_label("Name", exact=True).fill(name)
        tom.page.get_by_label("External #").fill(number)
        tom.page.get_by_label("Contact", exact=True).fill("office@nordlicht.example")
        tom.press("Add customer")
    tom.page.locator("#basics").get_by_role("link", name="Nordlicht", exact=False).first.click()
    expect(tom.page).to_have_url(re.compile(r"/contacts/\w+$"))
    tom.look()
    for number in ("N-1", "N-2"):
        expect(tom.page.locator("#customers")).to_contain_text(number)
    tom.shot("contact-shared")
    tom.go(tom.page.url.removeprefix(tom.base) + "/remove")
    expect(tom.page.locator("main")).to_contain_text("in use by 2 customers")


def test_a_list_is_searched_while_one_types(visit: Visits) -> None:
    tom = sign_in(visit)
    tom.go("/customers")
    tom.page.locator("#search-q").fill("lan")
    expect(tom.page.locator("tbody tr")).to_have_count(1)
    expect(tom.page.locator("tbody")).to_contain_text("Lantern Co")
    tom.page.locator("#search-q").fill("nobody at all")
    expect(tom.page.locator("main")).to_contain_text("No customer fits")
