"""The networks that calls leave to and come from."""

from collections.abc import Mapping
from typing import Any

from portal.core.i18n import N_
from portal.features.audit.rules.pairs.pair import Pair

SENTENCES: Mapping[str, Pair] = {
    "peering-group-added": Pair(N_("You added the peer %(label)s"), N_("%(name)s added the peer %(label)s")),
    "peering-group-changed": Pair(
        N_("You changed the peer %(label)s: %(changes)s"), N_("%(name)s changed the peer %(label)s: %(changes)s")
    ),
    "peering-group-removed": Pair(N_("You removed the peer %(label)s"), N_("%(name)s removed the peer %(label)s")),
    "peering-server-added": Pair(
        N_("You added the server %(server)s to the peer %(label)s"),
        N_("%(name)s added the server %(server)s to the peer %(label)s"),
    ),
    "peering-server-changed": Pair(
        N_("You changed the server %(server)s of the peer %(label)s"),
        N_("%(name)s changed the server %(server)s of the peer %(label)s"),
    ),
    "peering-server-removed": Pair(
        N_("You removed the server %(server)s of the peer %(label)s"),
        N_("%(name)s removed the server %(server)s of the peer %(label)s"),
    ),
}

LABELS: Mapping[str, str] = {
    "contract": N_("Contract"),
    "host": N_("Address or host name"),
    "port": N_("Port"),
    "priority": N_("Priority"),
    "server": N_("Server"),
    "servers": N_("Servers"),
    "transport": N_("Protocol"),
    "weight": N_("Weight"),
}
LISTS = frozenset({"servers"})


def server(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"server": details["server"]}


FACTS = {event: server for event in SENTENCES if event.startswith("peering-server-")}
