"""What an event is called: one sentence for whoever did it, one for everybody else."""

from collections.abc import Mapping

from portal.features.audit.rules.pairs import branding, customers, lines, naming, platform, staff, telephony, trust
from portal.features.audit.rules.pairs.pair import Pair as Pair
from portal.features.audit.rules.pairs.telephony import OWN_PHONEBOOK as OWN_PHONEBOOK

SENTENCES: Mapping[str, Pair] = {**trust.SENTENCES, **staff.SENTENCES, **telephony.SENTENCES, **customers.SENTENCES, **platform.SENTENCES, **lines.SENTENCES, **branding.SENTENCES, **naming.SENTENCES}
