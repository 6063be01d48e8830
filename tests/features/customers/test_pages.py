"""Customers as staff see them: the list, new ones of every kind, the page and its sections, life and end."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer, Status
from portal.features.customers.rules import FORMS, KIND_DEFAULTS
from tests.browser import Browser
from tests.cast import Cast
from tests.features.customers.conftest import Make, add_class, contact_of, fill, stored

Browse = Callable[..., Browser]
TAXES = 'id="billing"'


def by_name(name: str) -> Customer:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalars(select(Customer).where(Customer.name == name)).one()
        session.expunge(found)
        return found


def withhold(cast: Cast, name: str, *what: str) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Account, cast.people[name].account.id).withheld = list(what)


# --- the list --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("q=lantern", True),
        ("q=LAN", True),
        ("q=clare@lantern", True),
        ("q=antern", False),
        ("kind=cloudpbx", True),
        ("kind=trunk", False),
        ("status=locked", False),
        ("status=nonsense", True),
        ("sort=-name", True),
        ("sort=external", True),
        ("sort=newest", True),
    ],
)
def test_customers_are_found(cast: Cast, browse: Browse, asked: str, fits: bool) -> None:
    page = browse(cast.tom).get(f"/customers?{asked}").text
    assert (f"/customers/{cast.lantern.public_id}" in page) is fits


def test_the_list_says_how_much_of_a_limit_is_used(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Customer, cast.lantern.id).max_subscribers = 20
    assert "5 of 20" in browse(cast.tom).get("/customers?q=lantern").text


def test_customers_that_ended_are_asked_for(cast: Cast, browse: Browse, make: Make) -> None:
    make("Gone Ltd")
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Customer, by_name("Gone Ltd").id).status = "terminated"
    assert "Gone Ltd" not in browse(cast.tom).get("/customers").text
    assert "Gone Ltd" in browse(cast.tom).get("/customers?status=terminated").text


def test_each_provider_sees_its_own(cast: Cast, browse: Browse) -> None:
    assert "Lantern Co" not in browse(cast.rita).get("/customers").text
    for path in ("", "/basics", "/limits", "/lock", "/terminate", "/history", "/billing", "/service", "/defaults"):
        assert browse(cast.rita).get(f"/customers/{cast.lantern.public_id}{path}").status_code == 404
    assert "Lantern Co" in browse(cast.olga).get(f"/customers?provider={cast.telephone.public_id}").text


@pytest.mark.parametrize("name", ["clare", "alice", "charlie"])
def test_customers_have_no_such_pages(cast: Cast, browse: Browse, name: str) -> None:
    for path in ("/customers", "/customers/new", f"/customers/{cast.lantern.public_id}", "/service-classes"):
        assert browse(cast.people[name]).get(path).status_code == 404


# --- new ones ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", FORMS)
def test_each_kind_starts_with_what_is_usual(cast: Cast, browse: Browse, slug: str) -> None:
    kind, path = FORMS[slug], f"/customers/new/{slug}"
    add_class(cast, "Ours", (kind,))
    assert f'href="{path}"' in browse(cast.tom).get("/customers/new").text
    answer = fill(browse(cast.tom), path, {"name": "Morning Times", "who": "office@times.example"})
    assert answer.status_code == 303
    made, usual = by_name("Morning Times"), KIND_DEFAULTS[kind]
    assert (made.kind, made.status, made.max_subscribers, made.max_calls) == (kind, Status.ACTIVE, usual.lines, usual.calls)
    assert (made.add_vat, made.vat_rate, made.send_invoice) == (usual.add_vat, Decimal(19), usual.send_invoice)
    assert made.service_class_id is not None
    assert contact_of(made).email == "office@times.example"


def test_no_kind_that_is_not_sold(cast: Cast, browse: Browse) -> None:
    assert browse(cast.tom).get("/customers/new/fax").status_code == 404


def test_a_contact_is_shared(cast: Cast, browse: Browse) -> None:
    answer = fill(
        browse(cast.tom), "/customers/new/soho", {"name": "Lantern Shop", "who": "CLARE@lantern.example", "external_id": "0009"}
    )
    assert answer.status_code == 303
    assert by_name("Lantern Shop").contact_id == cast.lantern.contact_id


def test_several_that_are_meant_are_asked_for_and_nothing_is_lost(cast: Cast, browse: Browse, make: Make) -> None:
    first, second = make("First", email="one@times.example"), make("Second", email="two@times.example")
    with db.unit_of_work(Scope.platform()) as session:
        for customer in (first, second):
            session.get_one(Contact, customer.contact_id).company = "Times"
    typed = {"name": "Third", "external_id": "A-3", "who": "times", "max_subscribers": "7"}
    answer = fill(browse(cast.tom), "/customers/new/soho", typed)
    assert answer.status_code == 422
    assert "Choose which one is meant" in answer.text
    for kept in ("Third", "A-3", 'value="times"', 'value="7"', "one@times.example", "two@times.example"):
        assert kept in answer.text
    chosen = {**typed, "contact": contact_of(second).public_id}
    assert fill(browse(cast.tom), "/customers/new/soho", chosen).status_code == 303
    assert by_name("Third").contact_id == second.contact_id


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": "", "who": "a@b.example"}, "Please fill this in"),
        ({"name": "X", "who": ""}, "Type the name or e-mail of a contact"),
        ({"name": "X", "who": "nobody like that"}, "No contact begins like that"),
        ({"name": "X", "who": "a@b.example", "max_calls": "0"}, "Type a number from 1"),
        ({"name": "X", "who": "a@b.example", "vat_rate": "much"}, "Type a rate from 0 to 100"),
        ({"name": "X", "who": "a@b.example", "vat_rate": "101"}, "Type a rate from 0 to 100"),
    ],
)
def test_nonsense_is_refused_at_its_place(cast: Cast, browse: Browse, typed: dict[str, str], says: str) -> None:
    answer = fill(browse(cast.tom), "/customers/new/residential", typed)
    assert answer.status_code == 422
    assert says in answer.text
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(Contact).where(Contact.email == "a@b.example")).all() == []


def test_another_providers_contact_is_none(cast: Cast, browse: Browse) -> None:
    answer = fill(browse(cast.rita), "/customers/new/soho", {"name": "X", "who": "clare@lantern.example"})
    assert answer.status_code == 303
    assert by_name("X").contact_id != cast.lantern.contact_id
    lanterns = {"name": "Y", "who": "clare", "contact": contact_of(cast.lantern).public_id}
    assert fill(browse(cast.rita), "/customers/new/soho", lanterns).status_code in {404, 422}


# --- the sections ------------------------------------------------------------------------------------------------------


def edit(cast: Cast, browse: Browse, section: str, typed: dict[str, Any]) -> int:
    return fill(browse(cast.tom), f"/customers/{cast.lantern.public_id}/{section}", typed).status_code


def test_sections_save_on_their_own(cast: Cast, browse: Browse) -> None:
    add_class(cast, "Basic")
    assert edit(cast, browse, "basics", {"name": "Lantern GmbH", "external_id": "L-1"}) == 303
    assert edit(cast, browse, "limits", {"max_subscribers": "5", "max_calls": "12"}) == 303
    assert edit(cast, browse, "extension-range", {"extension_min": "100", "extension_max": ""}) == 303
    assert edit(cast, browse, "billing", {"add_vat": "y", "vat_rate": "8.1"}) == 303
    values = {"language": "de", "lock_level": "1", "ring_seconds": "30", "hide_number": "hidden"}
    assert edit(cast, browse, "defaults", values) == 303
    now = stored(cast.lantern)
    assert (now.name, now.name_sort, now.external_id) == ("Lantern GmbH", "lantern gmbh", "L-1")
    assert (now.max_subscribers, now.max_calls, now.extension_min, now.extension_max) == (5, 12, 100, None)
    assert (now.add_vat, now.vat_rate, now.send_invoice) == (True, Decimal("8.10"), True)
    assert (now.language, now.lock_level, now.ring_seconds, now.hide_number) == ("de", 1, 30, True)
    page = browse(cast.tom).get(f"/customers/{now.public_id}").text
    assert "You changed the customer Lantern GmbH: name, external #" in page


def test_a_limit_below_what_is_used_is_refused_with_the_number(cast: Cast, browse: Browse) -> None:
    path = f"/customers/{cast.lantern.public_id}/limits"
    answer = fill(browse(cast.tom), path, {"max_subscribers": "4"})
    assert answer.status_code == 422
    assert "5 lines are in use" in answer.text
    assert stored(cast.lantern).max_subscribers is None


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [("102", "699", "like 101"), ("100", "200", "like 600"), ("9", "8", "must not be higher"), ("x", "", "at most ten digits")],
)
def test_a_range_holds_all_that_there_are(cast: Cast, browse: Browse, low: str, high: str, says: str) -> None:
    path = f"/customers/{cast.lantern.public_id}/extension-range"
    answer = fill(browse(cast.tom), path, {"extension_min": low, "extension_max": high})
    assert answer.status_code == 422
    assert says in answer.text
    assert stored(cast.lantern).extension_min == 100


def test_the_second_of_two_chooses(cast: Cast, browse: Browse) -> None:
    path = f"/customers/{cast.lantern.public_id}/basics"
    browser = browse(cast.tom)
    with db.unit_of_work(Scope.platform()) as session:
        before = session.get_one(Customer, cast.lantern.id)
        seen = {"name": before.name, "external_id": "", "contact": contact_of(before).public_id}
        first = {"version": str(before.version), "seen": json.dumps(seen), **seen}
        before.name = "Lantern AG"
    answer = browser.post(path, {**first, "name": "Lantern KG"})
    assert answer.status_code == 409
    assert "Somebody else saved first" in answer.text
    assert "Lantern AG" in answer.text
    assert "Lantern KG" in answer.text


def test_taxes_are_for_those_who_may_see_them(cast: Cast, browse: Browse) -> None:
    path = f"/customers/{cast.lantern.public_id}"
    assert TAXES in browse(cast.tom).get(path).text
    assert TAXES not in browse(cast.cora).get(path).text
    assert browse(cast.cora).get(f"{path}/billing").status_code == 404
    withhold(cast, "tom", "billing")
    assert TAXES not in browse(cast.tom).get(path).text
    assert "vat_rate" not in browse(cast.tom).get("/customers/new/soho").text


def test_who_only_looks_is_offered_nothing(cast: Cast, browse: Browse) -> None:
    withhold(cast, "tom", "changes")
    path = f"/customers/{cast.lantern.public_id}"
    page = browse(cast.tom).get(path).text
    assert "section-edit" not in page
    assert browse(cast.tom).get(f"{path}/basics").status_code == 404
    assert browse(cast.tom).get("/customers/new").status_code == 404


# --- its life ------------------------------------------------------------------------------------------------------------


def test_a_lock_offers_its_undo(cast: Cast, browse: Browse) -> None:
    browser, path = browse(cast.tom), f"/customers/{cast.lantern.public_id}"
    answer = browser.follow(browser.post(f"{path}/lock", {"reason": "Unpaid"}))
    assert "Lantern Co is locked" in answer.text
    assert f'action="{path}/activate"' in answer.text
    assert "“Unpaid”" in answer.text
    assert "Lantern Co is unlocked" in browser.follow(browser.post(f"{path}/activate")).text
    assert stored(cast.lantern).status == Status.ACTIVE


def test_a_status_that_cannot_follow_is_refused_with_a_sentence(cast: Cast, browse: Browse, make: Make) -> None:
    path = f"/customers/{make(status=Status.PENDING).public_id}"
    browser = browse(cast.tom)
    assert browser.get(f"{path}/lock").status_code == 404
    answer = browser.post(f"{path}/lock", {"reason": "Unpaid"})
    assert answer.status_code == 422
    assert "not in service yet" in answer.text
    assert "is in service now" in browser.follow(browser.post(f"{path}/activate")).text
    assert "in service already" in browser.follow(browser.post(f"{path}/activate")).text


def test_the_end_is_told_and_asked_for_once(cast: Cast, browse: Browse) -> None:
    browser, path = browse(cast.tom), f"/customers/{cast.lantern.public_id}"
    page = browser.get(f"{path}/terminate").text
    for told in ("5 lines", "1 group among them", "9 numbers", "4 accounts"):
        assert told in page
    assert browser.post(f"{path}/terminate").status_code == 422
    assert stored(cast.lantern).status == Status.ACTIVE
    answer = browser.follow(browser.post(f"{path}/terminate", {"sure": "y"}))
    assert "The contract has ended" in answer.text
    assert "section-edit" not in answer.text
    for section in ("basics", "lock", "terminate"):
        assert browser.get(f"{path}/{section}").status_code == 404


def test_accounts_of_one_customer(cast: Cast, browse: Browse) -> None:
    page = browse(cast.tom).get(f"/accounts?customer={cast.lantern.public_id}").text
    assert "Alice" in page
    assert "Ike" not in page
    assert "Lantern Co" in page
