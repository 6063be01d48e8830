"""Public holidays, by country and region."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import HolidayBase
from holidays.utils import country_holidays, list_supported_countries

from portal.core import i18n

_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Place:
    """A country, or a part of one, and what it is called."""

    code: str
    name: str


@dataclass(frozen=True)
class Holiday:
    day: date
    name: str


def countries() -> list[Place]:
    """All whose holidays are known, in the language and order of the reader."""
    names = i18n.babel_locale(i18n.current()).territories
    return _sorted(Place(code, str(names[code])) for code in _supported() if code in names)


def regions(country: str) -> list[Place]:
    """The parts of a country with holidays of their own, as they are called there."""
    names = _region_names(country)
    return _sorted(Place(code, names.get(code, code)) for code in _supported().get(country, ()))


def country_name(country: str) -> str:
    return str(i18n.babel_locale(i18n.current()).territories.get(country, country))


def region_name(country: str, region: str) -> str:
    return _region_names(country).get(region, region)


def known(country: str, region: str | None = None) -> bool:
    return country in _supported() and (region is None or region in _supported()[country])


def holidays_from(country: str, region: str | None, first: date) -> list[Holiday]:
    """Those of the year that begins with a day, by name, in the language of the reader where they are known in it."""
    spoken = _spoken(country, i18n.current())
    found = {day: name for year in (first.year, first.year + 1) for day, name in _named(country, region, year, spoken).items()}
    return [Holiday(day, found[day]) for day in sorted(found) if first <= day < first + _YEAR]


@lru_cache(maxsize=1024)
def days_of(country: str, region: str | None, year: int) -> frozenset[date]:
    """None at all for a place that the calendar does not know."""
    return frozenset(_named(country, region, year, None)) if known(country, region) else frozenset()


@lru_cache(maxsize=256)
def _named(country: str, region: str | None, year: int, spoken: str | None) -> Mapping[date, str]:
    if not known(country, region):
        return {}
    found = country_holidays(country, subdiv=region, years=year, language=spoken, expand=False)
    return {day: name for day, name in found.items() if day.year == year}


def _sorted(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: i18n.sort_key(place.name))


@lru_cache(maxsize=1)
def _supported() -> Mapping[str, tuple[str, ...]]:
    """The regions by country, both as in ISO 3166."""
    every = list_supported_countries(include_aliases=False)
    return {country: tuple(parts) for country, parts in every.items() if len(country) == 2}


@lru_cache(maxsize=512)
def _calendar(country: str) -> type[HolidayBase]:
    return type(country_holidays(country))


@lru_cache(maxsize=512)
def _region_names(country: str) -> Mapping[str, str]:
    """The longest of the names that a region is known by; the others are its abbreviations."""
    aliases = (_calendar(country).subdivisions_aliases if country in _supported() else None) or {}
    return {code: name for name, code in sorted(aliases.items(), key=lambda one: len(one[0]))}


@lru_cache(maxsize=1024)
def _spoken(country: str, language: str) -> str | None:
    """The name that the library has for a language; English when it does not have it; None for the country's own."""
    if country not in _supported():
        return None
    offered = _calendar(country).supported_languages
    wanted = [one for one in offered if one.partition("_")[0] == language]
    return next(iter([*wanted, *(one for one in offered if one.startswith("en"))]), None)
