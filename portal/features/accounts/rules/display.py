"""Time zones, as people look for them."""

from portal.core.zones import REGIONS as REGIONS, place_of as place_of, time_zones as time_zones
