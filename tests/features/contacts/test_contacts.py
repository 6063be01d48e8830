"""Contacts of a provider: on their pages, and in the operations behind them."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.audit import AuditEntry
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.leaves import Beside
from portal.core.tenancy import Scope
from portal.features.contacts import operations, queries
from portal.features.contacts.models import Contact
from portal.features.contacts.operations import Removal
from portal.features.contacts.queries import Filters
from portal.features.customers.models import Customer
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.factories.customers import ContactFactory
from tests.features.customers.conftest import fill

Browse = Callable[..., Browser]


def create(cast: Cast, by: Person | None = None, **facts: Any) -> Contact:
    who = by or cast.tom
    with db.unit_of_work(who.scope) as session:
        given = {"reseller_id": who.account.reseller_id, "email": "new@somewhere.example", **facts}
        made = operations.create_contact(by=who.identity, **given)
        session.expunge(made)
        return made


def of(customer: Customer) -> Contact:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.get_one(Contact, customer.contact_id)
        session.expunge(found)
        return found


def remove(cast: Cast, contact: Contact) -> Removal:
    with db.unit_of_work(cast.tom.scope):
        return operations.remove_contact(by=cast.tom.identity, contact=queries.contact(contact.public_id))


def names(page: str, *wanted: str) -> list[str]:
    return [name for name in wanted if name in page]


# --- the list ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ("lantern", True),
        ("LANT", True),
        ("clare@", True),
        ("Clare@Lantern.example", True),
        ("antern", False),
        ("c_are", False),
        ("%", False),
    ],
)
def test_a_name_or_an_address_is_found_by_its_beginning(cast: Cast, browse: Browse, words: str, fits: bool) -> None:
    page = browse(cast.tom).get(f"/contacts?q={words.replace('%', '%25')}").text
    assert ("Lantern Co" in page) is fits
    assert "City Bank" not in page


def test_umlauts_are_found_without_them(cast: Cast, browse: Browse) -> None:
    create(cast, company="Bäckerei Süß")
    for words in ("backerei", "BÄCK", "bäckerei suss"):
        assert "Bäckerei Süß" in browse(cast.tom).get(f"/contacts?q={words}").text


def test_the_list_says_how_many_customers_share_one(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Customer, cast.city_bank.id).contact_id = cast.lantern.contact_id
    page = browse(cast.tom).get("/contacts?q=lantern").text
    assert "2 customers" in page
    assert "City Bank" in browse(cast.tom).get("/contacts?unused=1").text


def test_contacts_of_single_lines_stand_apart(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        own = ContactFactory(reseller_id=cast.telephone.id, email="alice@lantern.example")
        session.flush()
        line = session.get_one(type(cast.alice.subscriber), cast.alice.subscriber.id)
        line.contact_id = own.id
    assert "alice@lantern.example" not in browse(cast.tom).get("/contacts").text
    assert "alice@lantern.example" in browse(cast.tom).get("/contacts?lines=1").text


def test_leafing_there_and_back(cast: Cast) -> None:
    for number in range(7):
        create(cast, company=f"Company {number}")
    with db.unit_of_work(cast.tom.scope):
        seen, place = [], None
        while True:
            page = queries.contacts(cast.telephone.id, Filters("company"), size=3, place=place)
            seen += [row.name for row in page.rows]
            if not page.further:
                break
            place = Beside(page.rows[-1].public_id)
        assert seen == [f"Company {number}" for number in range(7)]
        back = queries.contacts(cast.telephone.id, Filters("company"), size=3, place=Beside(page.rows[0].public_id, back=True))
        assert [row.name for row in back.rows] == seen[3:6]
        assert queries.count(cast.telephone.id, Filters("company")) == (7, False)


def test_an_empty_search_says_so(cast: Cast, browse: Browse) -> None:
    assert "No contact fits" in browse(cast.tom).get("/contacts?q=nobody").text


def test_others_contacts_are_not_there(cast: Cast, browse: Browse) -> None:
    contact = of(cast.lantern)
    assert "Lantern Co" not in browse(cast.rita).get("/contacts").text
    for path in ("", "/person", "/remove"):
        assert browse(cast.rita).get(f"/contacts/{contact.public_id}{path}").status_code == 404


@pytest.mark.parametrize("name", ["clare", "alice", "charlie"])
def test_customers_have_no_such_pages(cast: Cast, browse: Browse, name: str) -> None:
    assert browse(cast.people[name]).get("/contacts").status_code == 404


def test_the_operator_chooses_whose(cast: Cast, browse: Browse) -> None:
    assert "Lantern Co" not in browse(cast.olga).get("/contacts").text
    assert "Lantern Co" in browse(cast.olga).get(f"/contacts?provider={cast.telephone.public_id}").text


# --- a new one ---------------------------------------------------------------------------------------------


def test_only_the_address_is_required(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.tom).post("/contacts/new", {"email": " Office@Times.example "})
    assert answer.status_code == 303
    page = browse(cast.tom).get(answer.location).text
    assert "Office@Times.example" in page


def test_a_refused_form_loses_nothing(cast: Cast, browse: Browse) -> None:
    typed = {"email": "a@b.example", "company": "Morning Times", "iban": "DE89370400440532013001", "notes": "one\ntwo"}
    answer = browse(cast.tom).post("/contacts/new", typed)
    assert answer.status_code == 422
    assert "check digits do not fit" in answer.text
    assert names(answer.text, "a@b.example", "Morning Times", "DE89370400440532013001", "one\ntwo") == [
        "a@b.example",
        "Morning Times",
        "DE89370400440532013001",
        "one\ntwo",
    ]
    assert '<details class="more" open>' in answer.text


def test_all_that_may_be_known(cast: Cast, browse: Browse) -> None:
    typed = {
        "email": "a@b.example",
        "company": "Morning Times",
        "first_name": "Rylic",
        "last_name": "Dorn",
        "phone_number": "030 5550 0101",
        "mobile_number": "0171 2044918",
        "fax_number": "030 5550 0199",
        "street": "Turmweg 5",
        "postcode": "10115",
        "city": "Berlin",
        "country": "DE",
        "time_zone": "Europe/Berlin",
        "vat_number": "DE 123 456 789",
        "register_number": "HRB 12345",
        "iban": "DE89 3704 0044 0532 0130 00",
        "bic": "cobadeffxxx",
        "bank_name": "Commerzbank",
        "notes": "Open from nine\nRings twice",
    }
    page = browse(cast.tom).get(browse(cast.tom).post("/contacts/new", typed).location).text
    shown = (
        "Rylic Dorn",
        "Turmweg 5",
        "10115 Berlin",
        "Germany",
        "DE123456789",
        "DE89 3704 0044 0532 0130 00",
        "COBADEFFXXX",
        "Rings twice",
    )
    assert names(page, *shown) == list(shown)


# --- changing ---------------------------------------------------------------------------------------------


def test_a_section_saves_on_its_own(cast: Cast, browse: Browse) -> None:
    contact = create(cast, company="Morning Times", city="Berlin")
    browser = browse(cast.tom)
    sent = fill(browser, f"/contacts/{contact.public_id}/address", {"postcode": "80331", "city": "München", "country": "DE"})
    assert sent.status_code == 303
    page = browser.get(f"/contacts/{contact.public_id}").text
    assert names(page, "80331 München", "You changed the contact Morning Times") == [
        "80331 München",
        "You changed the contact Morning Times",
    ]


def test_the_log_does_not_say_an_iban(cast: Cast) -> None:
    contact = create(cast)
    with db.unit_of_work(cast.tom.scope) as session:
        facts: dict[str, Any] = {"iban": "DE89370400440532013000", "city": "Berlin"}
        operations.change_contact(by=cast.tom.identity, contact=queries.contact(contact.public_id), version=1, **facts)
        details = session.scalars(select(AuditEntry.details).where(AuditEntry.event == "contact-changed")).one()
    assert details == {"iban": "changed", "city": [None, "Berlin"]}


def test_the_second_of_two_is_told(cast: Cast) -> None:
    contact = create(cast)
    with db.unit_of_work(cast.tom.scope):
        own = queries.contact(contact.public_id)
        operations.change_contact(by=cast.tom.identity, contact=own, version=1, city="Berlin")
        db.session().flush()
        with pytest.raises(Conflict):
            operations.change_contact(by=cast.tom.identity, contact=own, version=1, city="Bonn")


def test_the_vat_number_has_to_fit_the_country_that_is_known(cast: Cast) -> None:
    contact = create(cast, country="AT")
    with db.unit_of_work(cast.tom.scope), pytest.raises(Refused, match="vat-number-country"):
        operations.change_contact(
            by=cast.tom.identity, contact=queries.contact(contact.public_id), version=1, vat_number="12345678"
        )


# --- the end ---------------------------------------------------------------------------------------------


def test_one_that_nobody_uses_is_removed(cast: Cast) -> None:
    contact = create(cast)
    assert remove(cast, contact) is Removal.REMOVED
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get(Contact, contact.id) is None


def test_one_in_use_stays_and_it_is_said_by_whom(cast: Cast, browse: Browse) -> None:
    contact = of(cast.lantern)
    with pytest.raises(Refused, match="contact-in-use"):
        remove(cast, contact)
    page = browse(cast.tom).get(f"/contacts/{contact.public_id}/remove").text
    assert f"/customers/{cast.lantern.public_id}" in page
    answer = browse(cast.tom).post(f"/contacts/{contact.public_id}/remove", {})
    assert answer.status_code == 422
    assert "in use" in answer.text


def test_one_of_those_who_ended_is_in_no_list_any_more(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Customer, cast.city_bank.id).status = "terminated"
    contact = of(cast.city_bank)
    assert remove(cast, contact) is Removal.TERMINATED
    assert "City Bank" not in browse(cast.tom).get("/contacts").text
    assert browse(cast.tom).get(f"/contacts/{contact.public_id}").status_code == 404
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get_one(Contact, contact.id).status == "terminated"


# --- system contacts ---------------------------------------------------------------------------------------------


def test_system_contacts_are_the_operators(cast: Cast) -> None:
    contact = create(cast, by=cast.olga, reseller_id=None, company="Carrier AG")
    with db.unit_of_work(cast.olga.scope):
        assert queries.contact(contact.public_id, system=True).company == "Carrier AG"
        with pytest.raises(NotFound):
            queries.contact(contact.public_id)
        assert [row.name for row in queries.contacts(None, Filters(), size=10).rows] == ["Carrier AG"]
    with db.unit_of_work(cast.tom.scope), pytest.raises(NotFound):
        queries.contact(contact.public_id, system=True)
