"""What a lock of a line is called, and what it means."""

from collections.abc import Mapping
from typing import NamedTuple

from portal.core.i18n import N_
from portal.features.subscribers.rules.lines import LockLevel


class LockWords(NamedTuple):
    """What a lock is called in a list, and what it means."""

    title: str
    hint: str


LOCK_WORDS: Mapping[LockLevel, LockWords] = {
    LockLevel.FOREIGN: LockWords(N_("Calls inside only"), N_("Only colleagues can be called. Calls from outside come in.")),
    LockLevel.OUTGOING: LockWords(N_("No outgoing calls"), N_("Only emergency numbers can be called. All calls come in.")),
    LockLevel.IN_AND_OUT: LockWords(N_("No calls"), N_("No calls go out or come in. Emergency numbers work.")),
    LockLevel.GLOBAL: LockWords(N_("No calls, no sign-in"), N_("No calls, and the person is signed out of this portal.")),
    LockLevel.PORTED: LockWords(N_("Number moved away"), N_("Calls only go where they are forwarded.")),
}
LOCKS_OF_PILOT = (LockLevel.FOREIGN, LockLevel.OUTGOING, LockLevel.IN_AND_OUT, LockLevel.GLOBAL)
LOCKS_OF_STAFF = (*LOCKS_OF_PILOT, LockLevel.PORTED)
SOURCE_WORDS: Mapping[str, str] = {
    "pilot": N_("Locked by the company"),
    "reseller": N_("Locked by the provider"),
    "customer": N_("Locked with the customer"),
    "credit": N_("Locked by the credit limit"),
    "platform": N_("Locked with the reseller"),
}
