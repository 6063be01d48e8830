"""Peers with their servers. There are never many of them: each list is short, and read whole."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.customers.models import Contract, ContractProduct, Status
from portal.features.peering.models import PeeringGroup, PeeringServer
from portal.features.peering.rules import MOST_GROUPS, MOST_SERVERS, Way

MOST_OFFERED = 200
_OURS = Contract.product != ContractProduct.RESELLER.value, Contract.status != Status.TERMINATED.value


@dataclass(frozen=True)
class Sheet:
    """`servers`: the heaviest first."""

    group: PeeringGroup
    contract: Contract | None
    servers: Sequence[PeeringServer]

    @property
    def way(self) -> Way:
        return Way(self.group.name, self.group.priority, any(one.enabled for one in self.servers))


def peers() -> list[Sheet]:
    """In the order in which they are tried. Two statements."""
    wanted = select(PeeringGroup, Contract).outerjoin(Contract, Contract.id == PeeringGroup.contract_id)
    order = PeeringGroup.priority, PeeringGroup.name_sort, PeeringGroup.id
    rows = db.session().execute(wanted.order_by(*order).limit(MOST_GROUPS)).all()
    servers: dict[int, list[PeeringServer]] = defaultdict(list)
    for one in db.session().scalars(_servers().limit(MOST_GROUPS * MOST_SERVERS)):
        servers[one.group_id].append(one)
    return [Sheet(group, contract, servers[group.id]) for group, contract in rows]


def peer(public_id: PublicId) -> Sheet:
    """Two statements. Raises NotFound."""
    wanted = select(PeeringGroup, Contract).outerjoin(Contract, Contract.id == PeeringGroup.contract_id)
    row = (
        db.session().execute(wanted.where(PeeringGroup.public_id == public_id).execution_options(populate_existing=True)).first()
    )
    if row is None:
        raise NotFound
    return Sheet(row[0], row[1], servers_of(row[0].id))


def servers_of(group_id: int) -> Sequence[PeeringServer]:
    return db.session().scalars(_servers().where(PeeringServer.group_id == group_id)).all()


def _servers() -> Select[PeeringServer]:
    return select(PeeringServer).order_by(PeeringServer.weight.desc(), func.lower(PeeringServer.name), PeeringServer.id)


def server(group_id: PublicId, public_id: PublicId) -> tuple[PeeringGroup, PeeringServer]:
    """One statement. Raises NotFound."""
    wanted = select(PeeringGroup, PeeringServer).join(PeeringServer, PeeringServer.group_id == PeeringGroup.id)
    own = PeeringGroup.public_id == group_id, PeeringServer.public_id == public_id
    row = db.session().execute(wanted.where(*own).execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound
    return row[0], row[1]


def count() -> int:
    return db.session().scalar(select(func.count()).select_from(PeeringGroup)) or 0


def contracts_offered() -> Sequence[Contract]:
    """Those with peering partners, by name."""
    return (
        db.session().scalars(select(Contract).where(*_OURS).order_by(Contract.name_sort, Contract.id).limit(MOST_OFFERED)).all()
    )


def contract(public_id: PublicId) -> Contract | None:
    """Kept from ending meanwhile."""
    wanted = select(Contract).where(*_OURS, Contract.public_id == public_id).with_for_update(read=True, key_share=True)
    return db.session().scalars(wanted).first()


def hold_group(group: PeeringGroup) -> PeeringGroup:
    """As it is stored now, until the end of the transaction. Raises NotFound when it is gone."""
    wanted = select(PeeringGroup).where(PeeringGroup.id == group.id).with_for_update()
    held = db.session().scalars(wanted, execution_options={"populate_existing": True}).first()
    if held is None:
        raise NotFound
    return held


def hold_server(server: PeeringServer) -> PeeringServer:
    """The same."""
    wanted = select(PeeringServer).where(PeeringServer.id == server.id).with_for_update()
    held = db.session().scalars(wanted, execution_options={"populate_existing": True}).first()
    if held is None:
        raise NotFound
    return held
