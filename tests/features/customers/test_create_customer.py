"""New customers of a reseller."""

import pytest
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import AuditEntry, Event
from portal.core.errors import Refused
from portal.features.contacts.models import Contact
from portal.features.contacts.operations import create_contact
from portal.features.customers import operations
from portal.features.customers.models import Customer, Kind, Status
from tests.cast import Cast
from tests.factories.resellers import SipDomainFactory


def contact(cast: Cast, **facts: str) -> Contact:
    return create_contact(by=cast.tom.identity, reseller_id=cast.telephone.id, **{"email": "ike@citybank.example", **facts})


def create(cast: Cast, **facts: object) -> Customer:
    given = {"contact": contact(cast), "name": "Morning Times", "kind": Kind.CLOUDPBX, **facts}
    return operations.create_customer(by=cast.tom.identity, **given)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _at_toms_desk(cast: Cast) -> object:
    with db.unit_of_work(cast.tom.scope):
        yield


def test_a_customer_belongs_to_the_reseller_of_its_contact(cast: Cast) -> None:
    customer = create(cast, external_id="0008", max_subscribers=20, extension_min=10, extension_max=99)
    assert (customer.reseller_id, customer.status, customer.external_id) == (cast.telephone.id, Status.ACTIVE, "0008")
    entry = db.session().scalars(select(AuditEntry).where(AuditEntry.subject == customer.public_id)).one()
    assert (entry.event, entry.customer_id, entry.actor) == (Event.CUSTOMER_CREATED, customer.id, cast.tom.account.public_id)


def test_several_customers_can_share_a_contact(cast: Cast) -> None:
    shared = contact(cast)
    first, second = create(cast, contact=shared, external_id="0007"), create(cast, contact=shared, external_id="0008")
    assert first.contact_id == second.contact_id


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": " "}, "customer-name"),
        ({"name": "x" * 128}, "customer-name"),
        ({"extension_min": 5, "extension_max": 4}, "extension-range-order"),
    ],
)
def test_nonsense_is_refused(cast: Cast, facts: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        create(cast, **facts)
    assert refused.value.code == code
    assert refused.value.sentence()


@pytest.mark.parametrize("domain", ["gone", "cheapcall"])
def test_its_lines_begin_in_a_domain_that_the_provider_has(cast: Cast, domain: str) -> None:
    """By operations, too: not only forms leave the others out."""
    gone = SipDomainFactory(reseller_id=cast.telephone.id, removed_at=clock.now())
    wanted = cast.domains.get(domain, gone)
    with pytest.raises(Refused, match="domain-gone") as refused:
        create(cast, domain=wanted)
    assert refused.value.field == "domain"
    assert create(cast, domain=cast.domains["telephone"]).domain_id == cast.domains["telephone"].id


@pytest.mark.parametrize("email", ["", "x", "a b@c.example", "a@b", "@b.example", "a@.example"])
def test_a_contact_needs_an_address(cast: Cast, email: str) -> None:
    with pytest.raises(Refused) as refused:
        contact(cast, email=email)
    assert (refused.value.code, refused.value.field) == ("email-shape", "email")
