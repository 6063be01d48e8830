"""Which parts of a customer were changed, in words."""

from collections.abc import Mapping
from typing import Any

from portal.core import i18n
from portal.core.i18n import N_

_PARTS: Mapping[str, str] = {
    "name": N_("name"),
    "external_id": N_("external #"),
    "contact": N_("contact"),
    "max_subscribers": N_("lines at most"),
    "max_calls": N_("calls at the same time"),
    "extension_min": N_("extension range"),
    "extension_max": N_("extension range"),
    "add_vat": N_("tax"),
    "vat_rate": N_("tax"),
    "send_invoice": N_("invoices"),
    "domain": N_("SIP domain of new lines"),
    "service_class": N_("service class"),
    "language": N_("language"),
    "lock_level": N_("call restriction"),
    "ring_seconds": N_("seconds of ringing"),
    "hide_number": N_("own number shown or hidden"),
    "profile": N_("profile"),
}


def parts_of_customer(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    named = dict.fromkeys(i18n.gettext(word) for name, word in _PARTS.items() if name in details)
    return {"what": i18n.listed(named)}
