"""Time zones, as people look for them."""

from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from portal.core import i18n
from portal.core.i18n import N_

REGIONS: Mapping[str, str] = {
    "Africa": N_("Africa"),
    "America": N_("America"),
    "Antarctica": N_("Antarctica"),
    "Arctic": N_("Arctic"),
    "Asia": N_("Asia"),
    "Atlantic": N_("Atlantic"),
    "Australia": N_("Australia"),
    "Europe": N_("Europe"),
    "Indian": N_("Indian Ocean"),
    "Pacific": N_("Pacific"),
}


@cache
def time_zones() -> Mapping[str, tuple[str, ...]]:
    """The zones of each region that people live by, for example {"Europe": ("Europe/Amsterdam", …)}."""
    names = sorted(available_timezones())
    return {region: tuple(name for name in names if name.startswith(f"{region}/")) for region in REGIONS}


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    return name in _known()


def place_of(time_zone: str) -> str:
    """A zone as people say it: “Buenos Aires”."""
    known = i18n.babel_locale(i18n.current()).time_zones.get(time_zone, {}).get("city")
    return known or time_zone.rpartition("/")[2].replace("_", " ")


def by_region() -> dict[str, dict[str, str]]:
    """What a select offers: the places of each region by zone, sorted, in the language of whoever reads."""
    return {i18n.gettext(REGIONS[region]): _by_place(names) for region, names in time_zones().items()}


def _by_place(names: tuple[str, ...]) -> dict[str, str]:
    return dict(sorted(((name, place_of(name)) for name in names), key=lambda pair: i18n.sort_key(pair[1])))
