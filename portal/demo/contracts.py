"""What the operator agreed on: with its resellers, and with those who carry calls to everybody else."""

from portal.core import clock, db
from portal.core.identity import Identity
from portal.core.tenancy import Scope
from portal.demo.story import GROWN_OVER, moment
from portal.features.contacts import operations as contacts
from portal.features.contacts.models import Contact
from portal.features.customers.models import ContractProduct
from portal.features.platform import operations
from portal.features.platform.rules import State
from portal.features.resellers.models import Reseller

# Who is written to: company, first and last name, e-mail, city, country; each has the contracts below.
PEOPLE = (
    ("TelephOne", "Tom", "Becker", "contracts@telephone.example", "Berlin", "DE"),
    ("Cheap Call", "Rita", "Sander", "office@cheapcall.example", "Frankfurt am Main", "DE"),
    ("Rheinweg Carrier", "Maja", "Lorenz", "noc@rheinweg.example", "Köln", "DE"),
    ("Atlantic Exchange", "Owen", "Price", "peering@atlantic-exchange.example", "London", "GB"),
)
# Name, external #, and of whom.
RESELLERS = (
    ("TelephOne", "R-101", "TelephOne"),
    ("Cheap Call", "R-102", "Cheap Call"),
    ("Cheap Call in France", "R-103", "Cheap Call"),
)
PARTNERS = (
    ("Rheinweg Carrier", "P-201", ContractProduct.PSTN_PEERING, State.ACTIVE),
    ("Atlantic Exchange", "P-202", ContractProduct.SIP_PEERING, State.LOCKED),
)


def sign(by: Identity) -> None:
    """When the resellers began; with one partner nothing runs for the time being."""
    with clock.frozen(moment(GROWN_OVER + 19, "11:00")), db.unit_of_work(Scope.platform()) as session:
        known = {one.name: one for one in session.query(Reseller)}
        people = {company: _contact(by, company, *facts) for company, *facts in PEOPLE}
        for name, number, whose in RESELLERS:
            operations.add_contract(
                by=by,
                name=name,
                contact=people[whose],
                product=ContractProduct.RESELLER,
                external_id=number,
                reseller=known[name],
            )
        for name, number, product, state in PARTNERS:
            contract = operations.add_contract(by=by, name=name, contact=people[name], product=product, external_id=number)
            if contract.status != state.value:
                operations.set_state(by=by, contract=contract, state=state)


def _contact(by: Identity, company: str, *facts: str) -> Contact:
    first_name, last_name, email, city, country = facts
    return contacts.create_contact(
        by=by,
        reseller_id=None,
        email=email,
        company=company,
        first_name=first_name,
        last_name=last_name,
        city=city,
        country=country,
    )
