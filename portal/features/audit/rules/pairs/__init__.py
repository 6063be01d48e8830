"""What an event is called: one sentence for whoever did it, one for everybody else."""

from collections.abc import Mapping

from portal.features.audit.rules.pairs import branding, customers, lines, naming, peers, platform, staff, telephony, trust
from portal.features.audit.rules.pairs.pair import Pair as Pair
from portal.features.audit.rules.pairs.telephony import OWN_PHONEBOOK as OWN_PHONEBOOK

_KINDS = (trust, staff, telephony, customers, platform, lines, branding, naming, peers)
SENTENCES: Mapping[str, Pair] = {event: pair for kind in _KINDS for event, pair in kind.SENTENCES.items()}
