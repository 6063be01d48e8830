"""Countries, by their codes of two letters (ISO 3166-1)."""

from collections.abc import Mapping
from functools import cache

from portal.core import i18n
from portal.core.errors import Refused, declare
from portal.core.i18n import N_

# What the CLDR lists beside countries: unions, oceans, what is not known.
_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})

declare("country-unknown", N_("There is no country with this code."))


@cache
def _codes() -> frozenset[str]:
    every = map(str, i18n.babel_locale(i18n.SOURCE_LANGUAGE).territories)
    return frozenset(code for code in every if len(code) == 2 and code.isalpha()) - _NO_COUNTRIES


@cache
def countries(language: str) -> Mapping[str, str]:
    """Their names in a language, in its order."""
    named = {code: name for code, name in i18n.babel_locale(language).territories.items() if code in _codes()}
    return dict(sorted(named.items(), key=lambda pair: i18n.sort_key(pair[1])))


def is_country(code: str) -> bool:
    return code in _codes()


def check_country(typed: str) -> str:
    code = typed.strip().upper()
    if not is_country(code):
        raise Refused("country-unknown", field="country")
    return code
