"""The demo world: four branded hosts, a company of 60, three months of calls; made by the product's own operations."""

from portal.demo.filling import fill, forget
from portal.demo.greeting import welcome
from portal.demo.telephony import NoKamailio, carried, how_to_call, know_passwords, rpc_url
from portal.demo.world import LANTERN, PASSWORD

COLLEAGUES = tuple(colleague.username for colleague in LANTERN)

__all__ = [
    "COLLEAGUES",
    "PASSWORD",
    "NoKamailio",
    "carried",
    "fill",
    "forget",
    "how_to_call",
    "know_passwords",
    "rpc_url",
    "welcome",
]
