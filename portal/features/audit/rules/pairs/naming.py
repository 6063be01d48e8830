"""SIP domains, web hosts and languages of a provider."""

from collections.abc import Mapping
from typing import Any

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.audit.rules.pairs.pair import Pair

SENTENCES: Mapping[str, Pair] = {
    "domain-changed": Pair(N_("You changed the SIP domain %(label)s"), N_("%(name)s changed the SIP domain %(label)s")),
    "domain-removed": Pair(N_("You removed the SIP domain %(label)s"), N_("%(name)s removed the SIP domain %(label)s")),
    "host-changed": Pair(N_("You changed the web address %(label)s"), N_("%(name)s changed the web address %(label)s")),
    "host-proved": Pair(
        N_("You checked the record of %(label)s: it answers from now on"),
        N_("The record of %(label)s was seen: it answers from now on"),
    ),
    "host-removed": Pair(N_("You removed the web address %(label)s"), N_("%(name)s removed the web address %(label)s")),
    "languages-changed": Pair(
        N_("You changed the languages to %(languages)s"), N_("%(name)s changed the languages to %(languages)s")
    ),
}

LABELS: Mapping[str, str] = {
    "ac": N_("Area code"),
    "cc": N_("Country code"),
    "domains": N_("SIP domains that offer less"),
    "languages": N_("Languages"),
    "tied_domain": N_("SIP domain"),
    "title": N_("Whose telephone system"),
}
LISTS = frozenset({"domains"})


def languages(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"languages": i18n.listed(i18n.language_name(code) for code in details["languages"][1])}
