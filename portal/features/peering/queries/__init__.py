"""What is read about peers."""

from portal.features.peering.queries.peers import (
    Sheet as Sheet,
    contract as contract,
    contracts_offered as contracts_offered,
    count as count,
    hold_group as hold_group,
    hold_server as hold_server,
    peer as peer,
    peers as peers,
    server as server,
    servers_of as servers_of,
)
