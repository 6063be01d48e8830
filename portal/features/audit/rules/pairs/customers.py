"""Contacts, customers, classes of service."""

from collections.abc import Mapping

from portal.core.i18n import N_
from portal.features.audit.rules.pairs.pair import Pair

SENTENCES: Mapping[str, Pair] = {
    "contact-changed": Pair(N_("You changed the contact %(label)s"), N_("%(name)s changed the contact %(label)s")),
    "contact-removed": Pair(N_("You removed the contact %(label)s"), N_("%(name)s removed the contact %(label)s")),
    "customer-changed": Pair(
        N_("You changed the customer %(label)s: %(what)s"), N_("%(name)s changed the customer %(label)s: %(what)s")
    ),
    "customer-started": Pair(
        N_("You put the customer %(label)s in service"), N_("%(name)s put the customer %(label)s in service")
    ),
    "customer-locked": Pair(
        N_("You locked the customer %(label)s. Reason: %(reason)s"),
        N_("%(name)s locked the customer %(label)s. Reason: %(reason)s"),
    ),
    "customer-unlocked": Pair(N_("You unlocked the customer %(label)s"), N_("%(name)s unlocked the customer %(label)s")),
    "customer-terminated": Pair(
        N_("You ended the contract of %(label)s, with everything that belonged to it"),
        N_("%(name)s ended the contract of %(label)s, with everything that belonged to it"),
    ),
    "service-class-added": Pair(
        N_("You added the service class “%(label)s”"), N_("%(name)s added the service class “%(label)s”")
    ),
    "service-class-changed": Pair(
        N_("You changed the service class “%(label)s”"), N_("%(name)s changed the service class “%(label)s”")
    ),
    "service-class-removed": Pair(
        N_("You removed the service class “%(label)s”"), N_("%(name)s removed the service class “%(label)s”")
    ),
}
