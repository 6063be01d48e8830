"""What the operator of the platform does."""

from collections.abc import Mapping

from portal.core.i18n import N_
from portal.features.audit.rules.pairs.pair import Pair

SENTENCES: Mapping[str, Pair] = {
    "reseller-changed": Pair(
        N_("You changed the reseller %(label)s: %(changes)s"), N_("%(name)s changed the reseller %(label)s: %(changes)s")
    ),
    "reseller-locked": Pair(
        N_("You locked the reseller %(label)s. Reason: %(reason)s"),
        N_("%(name)s locked the reseller %(label)s. Reason: %(reason)s"),
    ),
    "reseller-unlocked": Pair(N_("You unlocked the reseller %(label)s"), N_("%(name)s unlocked the reseller %(label)s")),
    "reseller-terminated": Pair(
        N_("You terminated the reseller %(label)s"), N_("%(name)s terminated the reseller %(label)s")
    ),
    "contract-added": Pair(N_("You added the contract %(label)s"), N_("%(name)s added the contract %(label)s")),
    "contract-changed": Pair(
        N_("You changed the contract %(label)s: %(changes)s"), N_("%(name)s changed the contract %(label)s: %(changes)s")
    ),
    "contract-state-changed": Pair(
        N_("You set the contract %(label)s to “%(now)s”"), N_("%(name)s set the contract %(label)s to “%(now)s”")
    ),
    "jobs-hastened": Pair(
        N_("You had waiting work tried again: %(label)s"), N_("%(name)s had waiting work tried again: %(label)s")
    ),
}
