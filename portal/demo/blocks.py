"""Number blocks of the demo world, and a company whose telephone system comes over a trunk."""

from portal.core import clock, db
from portal.core.identity import Identity
from portal.core.phone import Home, Parts
from portal.core.tenancy import Scope
from portal.demo.story import moment
from portal.features.contacts import operations as contacts
from portal.features.customers import operations as customers
from portal.features.customers.models import Kind as CustomerKind
from portal.features.numbers import operations as numbers
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import Kind
from portal.features.subscribers.operations import Draft

# First number, how many, whose (by name). What nobody has waits for the next reseller.
BLOCKS = (
    ("+49 30 5550000", 1000, "TelephOne"),
    ("+49 30 5560000", 1000, "TelephOne"),
    ("+49 30 5570000", 1000, "TelephOne"),
    ("+49 89 99998000", 1000, "Isar Telecom"),
    ("+49 69 90009000", 1000, "Cheap Call"),
    ("+33 1 99000000", 1000, "Cheap Call in France"),
    ("+49 221 4710000", 1000, None),
)


def make_blocks(by: Identity) -> None:
    """By the operator, who granted them before anybody sold a line."""
    with db.unit_of_work(Scope.platform()) as session:
        known = {one.name: one for one in session.query(Reseller)}
        for first, size, whose in BLOCKS:
            numbers.add_block(by=by, first=first, size=size, home=Home("49", "89"), reseller=known[whose] if whose else None)


def make_trunk(by: Identity, reseller_id: int, domain_id: int) -> None:
    """A hotel with a telephone system of its own."""
    with clock.frozen(moment(60, "10:40")), db.unit_of_work(Scope.reseller(reseller_id)) as session:
        contact = contacts.create_contact(
            by=by,
            reseller_id=reseller_id,
            email="haustechnik@spreeufer.example",
            company="Hotel Spreeufer",
            city="Berlin",
            country="DE",
        )
        hotel = customers.create_customer(
            by=by,
            contact=contact,
            name="Hotel Spreeufer",
            kind=CustomerKind.TRUNK,
            external_id="0010",
            max_subscribers=2,
            max_calls=30,
        )
        draft = Draft(
            kind=Kind.TRUNK,
            username="spreeufer",
            display_name="Hotel Spreeufer",
            max_calls=30,
            next_hop="sip:pbx.spreeufer.example:5060",
            portal=False,
        )
        new = subscribers.create_trunk(
            by=by,
            customer=hotel,
            domain=session.get_one(SipDomain, domain_id),
            draft=draft,
            number=Parts("49", "30", "5570000"),
            sources=[("203.0.113.24", "any"), ("198.51.100.32/29", "tls")],
        )
        further = [Parts("49", "30", f"55700{n:02}") for n in range(1, 10)]
        numbers.add_numbers(by=by, customer=hotel, holder_id=new.subscriber.id, parts=further)
