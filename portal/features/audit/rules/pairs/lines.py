"""Lines as a provider's staff look after them, trunks, numbers of customers, number blocks."""

from collections.abc import Mapping
from typing import Any

from portal.core import i18n, phone
from portal.core.i18n import N_
from portal.features.audit.rules.pairs.pair import Pair

SENTENCES: Mapping[str, Pair] = {
    "line-changed": Pair(N_("You changed %(label)s: %(changes)s"), N_("%(name)s changed %(label)s: %(changes)s")),
    "device-signed-off": Pair(
        N_("You signed a phone of %(label)s off: %(phone)s"), N_("%(name)s signed a phone of %(label)s off: %(phone)s")
    ),
    "trusted-source-added": Pair(
        N_("You let calls of %(label)s come from %(network)s"), N_("%(name)s let calls of %(label)s come from %(network)s")
    ),
    "trusted-source-changed": Pair(
        N_("You changed which calls of %(label)s may come from %(network)s"),
        N_("%(name)s changed which calls of %(label)s may come from %(network)s"),
    ),
    "trusted-source-removed": Pair(
        N_("You no longer let calls of %(label)s come from %(network)s"),
        N_("%(name)s no longer lets calls of %(label)s come from %(network)s"),
    ),
    "numbers-released": Pair(
        N_("You took these numbers back from %(label)s: %(numbers)s"),
        N_("%(name)s took these numbers back from %(label)s: %(numbers)s"),
    ),
    "block-added": Pair(N_("You made the number block %(block)s"), N_("%(name)s made the number block %(block)s")),
    "block-granted": Pair(
        N_("You granted the number block %(block)s to %(reseller)s"),
        N_("%(name)s granted the number block %(block)s to %(reseller)s"),
    ),
    "block-taken-back": Pair(N_("You took back the number block %(block)s"), N_("%(name)s took back the number block %(block)s")),
    "block-split": Pair(
        N_("You split the number block %(block)s into %(count)s"), N_("%(name)s split the number block %(block)s into %(count)s")
    ),
    "block-changed": Pair(N_("You changed the number block %(block)s"), N_("%(name)s changed the number block %(block)s")),
    "block-removed": Pair(N_("You removed the number block %(block)s"), N_("%(name)s removed the number block %(block)s")),
}


def phone_of(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"phone": details["device"] or i18n.gettext(N_("Unknown phone"))}


def source(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"network": details["network"]}


def block(details: Mapping[str, Any], home_cc: str) -> dict[str, object]:
    first, last = details["first"], details["last"]
    words = phone.spoken(first, home_cc) if first == last else f"{phone.spoken(first, home_cc)} – {phone.spoken(last, home_cc)}"
    return {"block": words, "reseller": details.get("reseller", ""), "count": details.get("count", "")}


def changed_source(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"network": details["trusted"]}


FACTS = {
    "trusted-source-changed": changed_source,
    "device-signed-off": phone_of,
    "trusted-source-added": source,
    "trusted-source-removed": source,
    **{event: block for event in SENTENCES if event.startswith("block-")},
}
