"""The servers of a peer."""

from dataclasses import asdict, dataclass

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.features.peering import queries, rules
from portal.features.peering.models import PeeringGroup, PeeringServer
from portal.features.peering.operations.groups import record
from portal.features.peering.rules import HEAVIEST, MOST_SERVERS

HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Facts:
    """What is said of a server; `checked` is how it is stored."""

    name: str
    host: str
    port: int = 5060
    transport: str = "udp"
    weight: int = 10
    enabled: bool = True

    def checked(self) -> "Facts":
        """Raises Refused."""
        return Facts(
            rules.check_name(self.name),
            rules.host(self.host),
            rules.check_number(self.port, HIGHEST_PORT, field="port"),
            rules.check_transport(self.transport),
            rules.check_number(self.weight, HEAVIEST, field="weight"),
            self.enabled,
        )


def add_server(*, by: Identity, group: PeeringGroup, facts: Facts) -> PeeringServer:
    """Raises Refused."""
    group, facts = queries.hold_group(group), facts.checked()
    if len(queries.servers_of(group.id)) >= MOST_SERVERS:
        raise Refused("peer-servers-full", most=MOST_SERVERS)
    server = PeeringServer(group_id=group.id, **asdict(facts))
    db.session().add(server)
    db.session().flush()
    record(Event.PEERING_SERVER_ADDED, by, group, server=server.name, host=server.host)
    return server


def change_server(*, by: Identity, group: PeeringGroup, server: PeeringServer, version: int, facts: Facts) -> PeeringServer:
    """Raises Refused, and Conflict."""
    server, facts = queries.hold_server(server), facts.checked()
    if server.version != version:
        raise Conflict(server.version)
    changed = {what: (getattr(server, what), now) for what, now in asdict(facts).items() if getattr(server, what) != now}
    if changed:
        called = server.name
        for what, now in asdict(facts).items():
            setattr(server, what, now)
        db.session().flush()
        record(Event.PEERING_SERVER_CHANGED, by, group, server=called, **changed)
    return server


def remove_server(*, by: Identity, group: PeeringGroup, server: PeeringServer) -> None:
    server = queries.hold_server(server)
    record(Event.PEERING_SERVER_REMOVED, by, group, server=server.name, host=server.host)
    db.session().delete(server)
    db.session().flush()
