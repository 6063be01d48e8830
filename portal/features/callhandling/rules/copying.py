"""What can be taken over from one line by others."""

from enum import StrEnum

from portal.core.errors import declare
from portal.core.i18n import N_
from portal.features.subscribers.rules import Feature

declare("copy-nobody", N_("Tick who is to take it over."))
declare("copy-nothing", N_("Tick what is to be copied."))
declare("copy-line", N_("Only lines of this company can take it over, people from people and groups from groups."))
declare("copy-own", N_("%(name)s would forward calls to the own line. Take that person out."))
declare("copy-circle", N_("%(name)s cannot take it over: calls would go round in a circle and reach nobody."))


class Copied(StrEnum):
    FORWARDING = "forwarding"  # with the ring time
    BLOCKING = "blocking"
    PRIVACY = "privacy"
    SPEED_DIAL = "speed-dial"


FEATURES: dict[Copied, tuple[Feature, ...]] = {
    Copied.FORWARDING: (Feature.FORWARDING,),
    Copied.BLOCKING: (Feature.BLOCK_INCOMING, Feature.BLOCK_OUTGOING),
    Copied.PRIVACY: (Feature.PRIVACY,),
    Copied.SPEED_DIAL: (Feature.SPEED_DIAL,),
}
FOR_GROUPS = (Copied.FORWARDING, Copied.BLOCKING)  # groups have no phones of their own
