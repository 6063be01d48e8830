"""Groups, call handling, profiles, phonebook, imports."""

from collections.abc import Mapping

from portal.core.i18n import N_
from portal.features.audit.rules.pairs.pair import Pair

SENTENCES: Mapping[str, Pair] = {
    "group-changed": Pair(
        N_("You changed the group %(label)s: %(changes)s"),
        N_("%(name)s changed the group %(label)s: %(changes)s"),
    ),
    "group-members-changed": Pair(
        N_("You changed who rings in %(label)s: %(members)s"),
        N_("%(name)s changed who rings in %(label)s: %(members)s"),
    ),
    "forward-added": Pair(
        N_("You set up forwarding for %(label)s: %(forward)s"),
        N_("%(name)s set up forwarding for %(label)s: %(forward)s"),
    ),
    "forward-changed": Pair(
        N_("You changed forwarding for %(label)s: %(forward)s"),
        N_("%(name)s changed forwarding for %(label)s: %(forward)s"),
    ),
    "forward-removed": Pair(
        N_("You removed forwarding for %(label)s: %(forward)s"),
        N_("%(name)s removed forwarding for %(label)s: %(forward)s"),
    ),
    "handling-changed": Pair(
        N_("You changed call handling for %(label)s: %(changes)s"),
        N_("%(name)s changed call handling for %(label)s: %(changes)s"),
    ),
    "blocking-changed": Pair(
        N_("You changed who is blocked for %(label)s"),
        N_("%(name)s changed who is blocked for %(label)s"),
    ),
    "speed-dial-changed": Pair(
        N_("You changed the speed dial of %(label)s"),
        N_("%(name)s changed the speed dial of %(label)s"),
    ),
    "handling-copied": Pair(
        N_("You copied call handling from %(was)s to %(label)s"),
        N_("%(name)s copied call handling from %(was)s to %(label)s"),
    ),
    "time-set-added": Pair(
        N_("You added the times “%(label)s”"),
        N_("%(name)s added the times “%(label)s”"),
    ),
    "time-set-changed": Pair(
        N_("You changed the times “%(label)s”"),
        N_("%(name)s changed the times “%(label)s”"),
    ),
    "time-set-removed": Pair(
        N_("You removed the times “%(label)s”"),
        N_("%(name)s removed the times “%(label)s”"),
    ),
    "caller-list-added": Pair(
        N_("You added the callers “%(label)s”"),
        N_("%(name)s added the callers “%(label)s”"),
    ),
    "caller-list-changed": Pair(
        N_("You changed the callers “%(label)s”"),
        N_("%(name)s changed the callers “%(label)s”"),
    ),
    "caller-list-removed": Pair(
        N_("You removed the callers “%(label)s”"),
        N_("%(name)s removed the callers “%(label)s”"),
    ),
    "profile-added": Pair(
        N_("You added the profile “%(label)s”"),
        N_("%(name)s added the profile “%(label)s”"),
    ),
    "profile-changed": Pair(
        N_("You changed the profile “%(label)s”"),
        N_("%(name)s changed the profile “%(label)s”"),
    ),
    "profile-removed": Pair(
        N_("You removed the profile “%(label)s”"),
        N_("%(name)s removed the profile “%(label)s”"),
    ),
    "profile-given": Pair(
        N_("You gave %(label)s the profile “%(now)s”; before: “%(was)s”"),
        N_("%(name)s gave %(label)s the profile “%(now)s”; before: “%(was)s”"),
    ),
    "default-profile-changed": Pair(
        N_("You made “%(now)s” the profile of everybody without another; before: “%(was)s”"),
        N_("%(name)s made “%(now)s” the profile of everybody without another; before: “%(was)s”"),
    ),
    "phonebook-entry-added": Pair(
        N_("You added %(label)s to the phonebook"),
        N_("%(name)s added %(label)s to the phonebook"),
    ),
    "phonebook-entry-changed": Pair(
        N_("You changed %(label)s in the phonebook"),
        N_("%(name)s changed %(label)s in the phonebook"),
    ),
    "phonebook-entry-removed": Pair(
        N_("You removed %(label)s from the phonebook"),
        N_("%(name)s removed %(label)s from the phonebook"),
    ),
    "phonebook-imported": Pair(
        N_("You imported entries into the phonebook"),
        N_("%(name)s imported entries into the phonebook"),
    ),
    "phonebook-import-undone": Pair(
        N_("You undid an import into the phonebook"),
        N_("%(name)s undid an import into the phonebook"),
    ),
    "import-written": Pair(
        N_("You imported %(label)s: %(summary)s"),
        N_("%(name)s imported %(label)s: %(summary)s"),
    ),
    "import-undone": Pair(
        N_("You undid the import %(label)s"),
        N_("%(name)s undid the import %(label)s"),
    ),
    "import-passwords-taken": Pair(
        N_("You downloaded the SIP passwords of the import %(label)s"),
        N_("%(name)s downloaded the SIP passwords of the import %(label)s"),
    ),
}

# Of somebody’s own phonebook: whom they know is nobody else’s business.
OWN_PHONEBOOK: Mapping[str, Pair] = {
    "phonebook-entry-added": Pair(
        N_("You added an entry to your own phonebook"),
        N_("%(name)s added an entry to their own phonebook"),
    ),
    "phonebook-entry-changed": Pair(
        N_("You changed an entry of your own phonebook"),
        N_("%(name)s changed an entry of their own phonebook"),
    ),
    "phonebook-entry-removed": Pair(
        N_("You removed an entry from your own phonebook"),
        N_("%(name)s removed an entry from their own phonebook"),
    ),
    "phonebook-imported": Pair(
        N_("You imported entries into your own phonebook"),
        N_("%(name)s imported entries into their own phonebook"),
    ),
    "phonebook-import-undone": Pair(
        N_("You undid an import into your own phonebook"),
        N_("%(name)s undid an import into their own phonebook"),
    ),
}
