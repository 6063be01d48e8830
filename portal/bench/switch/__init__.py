"""How many phones sign in and call each second, by the portal's views and by Kamailio's native tables, one after the other."""

from portal.bench.switch.measured import telephony

__all__ = ["telephony"]
