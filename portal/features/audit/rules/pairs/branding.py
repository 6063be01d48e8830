"""The look of a provider: drafts, versions, private links to them."""

from collections.abc import Mapping

from portal.core.i18n import N_
from portal.features.audit.rules.pairs.pair import Pair

SENTENCES: Mapping[str, Pair] = {
    "theme-draft-begun": Pair(N_("You began a new draft of the brand"), N_("%(name)s began a new draft of the brand")),
    "theme-draft-changed": Pair(N_("You changed the draft of the brand"), N_("%(name)s changed the draft of the brand")),
    "theme-draft-discarded": Pair(N_("You threw the draft of the brand away"), N_("%(name)s threw the draft of the brand away")),
    "theme-published": Pair(
        N_("You published version %(label)s of the brand"), N_("%(name)s published version %(label)s of the brand")
    ),
    "theme-rolled-back": Pair(
        N_("You went back to an older version of the brand, now version %(label)s"),
        N_("%(name)s went back to an older version of the brand, now version %(label)s"),
    ),
    "theme-taken-off": Pair(
        N_("You went back to the look that came with the portal"), N_("%(name)s went back to the look that came with the portal")
    ),
    "theme-preview-added": Pair(
        N_("You made a link with which %(label)s sees the brand before others"),
        N_("%(name)s made a link with which %(label)s sees the brand before others"),
    ),
    "theme-preview-ended": Pair(
        N_("You ended the link with which %(label)s sees the brand before others"),
        N_("%(name)s ended the link with which %(label)s sees the brand before others"),
    ),
}
