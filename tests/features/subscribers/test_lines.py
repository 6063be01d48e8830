"""Pilots and regular subscribers, and what others read of them."""

from collections.abc import Iterator

import pytest

from portal.core import db, secrets
from portal.core.errors import NotFound, Refused
from portal.core.phone import Home, Parts
from portal.features.contacts.operations import create_contact
from portal.features.customers.models import Customer, Kind as CustomerKind
from portal.features.customers.operations import create_customer
from portal.features.numbers.queries import primary_of
from portal.features.subscribers import operations, queries
from portal.features.subscribers.models import Kind
from portal.features.subscribers.queries import CompanyCard
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _at_toms_desk(cast: Cast) -> Iterator[None]:
    with db.unit_of_work(cast.tom.scope):
        yield


def customer(cast: Cast, kind: CustomerKind = CustomerKind.CLOUDPBX) -> Customer:
    contact = create_contact(
        by=cast.tom.identity, reseller_id=cast.telephone.id, email="mira@times.example", company="Morning Times"
    )
    return create_customer(by=cast.tom.identity, contact=contact, name="Morning Times", kind=kind, external_id="0008")


def pilot(cast: Cast, whose: Customer, **facts: object) -> operations.NewLine:
    given = {
        "domain": cast.domains["telephone"],
        "username": "mira",
        "display_name": "Mira Wolf",
        "base": Parts("49", "30", "4440000"),
        **facts,
    }
    return operations.create_pilot(by=cast.tom.identity, customer=whose, **given)  # type: ignore[arg-type]


def check_refused(code: str, cast: Cast, whose: Customer, **facts: object) -> None:
    with pytest.raises(Refused) as refused, db.session().begin_nested():
        pilot(cast, whose, **facts)
    assert refused.value.code == code


def test_a_pilot_has_the_base_number_and_an_account(cast: Cast) -> None:
    new = pilot(cast, customer(cast), web_password="correct horse battery staple")
    assert new.account is not None
    assert (new.subscriber.kind, new.account.role, new.account.username) == (Kind.PILOT, "pilot", "mira")
    assert primary_of(new.subscriber.id).digits == "49304440000"  # type: ignore[union-attr]
    assert new.sip_password is not None
    assert new.subscriber.ha1_md5 == secrets.ha1("mira", "telephone.example", new.sip_password)[0]
    company = queries.company(new.subscriber.customer_id)
    assert (company.base.digits, company.home) == ("49304440000", Home("49", "30"))


def test_a_company_has_one_pilot(cast: Cast) -> None:
    whose = customer(cast)
    pilot(cast, whose)
    check_refused("second-pilot", cast, whose, username="mia", base=Parts("49", "30", "4441000"))


def test_product_domain_and_number_are_checked(cast: Cast) -> None:
    whose = customer(cast)
    check_refused("wrong-product", cast, customer(cast, CustomerKind.RESIDENTIAL))
    check_refused("domain-foreign", cast, whose, domain=cast.domains["cheapcall"])
    check_refused("numbers-taken", cast, whose, base=Parts("49", "30", "5550000"))
    check_refused("username-taken", cast, whose, username="ike")


def test_a_regular_subscriber_has_a_number_of_its_own(cast: Cast) -> None:
    whose = customer(cast, CustomerKind.RESIDENTIAL)
    new = operations.create_regular(
        by=cast.tom.identity,
        customer=whose,
        domain=cast.domains["telephone"],
        username="rylic",
        display_name="Rylic",
        number=Parts("49", "30", "4442000"),
    )
    assert (new.subscriber.kind, primary_of(new.subscriber.id).digits) == (Kind.REGULAR, "49304442000")  # type: ignore[union-attr]


def test_the_card_is_the_company_and_its_base_number(cast: Cast) -> None:
    def card(name: str) -> CompanyCard | None:
        with db.unit_of_work(cast.people[name].scope):
            return queries.card(cast.people[name].identity)

    assert card("clare") == CompanyCard("Lantern Co", "49305550000")
    assert card("alice") == CompanyCard("Lantern Co", "49305550000")
    assert card("ike") == CompanyCard("City Bank", "49305560000")
    assert card("charlie") == CompanyCard("Charlie", "49306660000")
    assert card("tom") is None


def test_counting_a_resellers_lines_goes_over_all_customers_and_no_other_reseller(cast: Cast) -> None:
    for person in (cast.clare, cast.tom, cast.olga):
        with db.unit_of_work(person.scope):
            assert queries.reseller_lines_in_use(cast.telephone.id) == 6
    with db.unit_of_work(cast.clare.scope):
        assert queries.reseller_lines_in_use(cast.cheapcall.id) == 0, "what belongs to other resellers is not even counted"
        assert queries.username_taken(cast.domains["telephone"].id, "ike")
        assert not queries.username_taken(cast.domains["cheapcall"].id, "charlie")
        assert db.session().query(Customer).count() == 1, "the belt is as tight as before"


def test_lines_of_others_are_not_there(cast: Cast) -> None:
    charlie = cast.charlie.subscriber
    assert charlie is not None
    with pytest.raises(NotFound):
        queries.line(charlie.public_id)
