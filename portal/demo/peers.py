"""Where calls to other networks would go: to servers of manuals. They are switched off, so nobody waits for them."""

from sqlalchemy import select

from portal.core import clock, db
from portal.core.identity import Identity
from portal.core.tenancy import Scope
from portal.demo.story import GROWN_OVER, moment
from portal.features.customers.models import Contract
from portal.features.peering import operations
from portal.features.peering.operations import Facts

NAME, PARTNER = "Transit", "Rheinweg Carrier"
SERVERS = (Facts("Transit Köln", "192.0.2.10", weight=20, enabled=False), Facts("Transit Frankfurt", "192.0.2.11", enabled=False))


def connect(by: Identity) -> None:
    with clock.frozen(moment(GROWN_OVER + 19, "12:00")), db.unit_of_work(Scope.platform()) as session:
        contract = session.scalars(select(Contract.public_id).where(Contract.name == PARTNER)).first()
        group = operations.add_group(by=by, name=NAME, priority=1, contract=contract)
        for facts in SERVERS:
            operations.add_server(by=by, group=group, facts=facts)
