"""The demo world: four branded hosts, a company of 60, three months of calls; made by the product's own operations."""

from portal.demo.filling import fill, forget
from portal.demo.greeting import welcome

__all__ = ["fill", "forget", "welcome"]
