"""The demo world: four branded hosts, a company of 60, three months of calls; made by the product's own operations."""

from portal.demo.filling import fill, forget
from portal.demo.greeting import welcome
from portal.demo.world import LANTERN, PASSWORD

COLLEAGUES = tuple(colleague.username for colleague in LANTERN)

__all__ = ["COLLEAGUES", "PASSWORD", "fill", "forget", "welcome"]
