"""Extensions: which ones may be used, which one comes next, and what happens when two people edit the same thing."""

from portal.features.pbx.rules.extensions import (
    FIRST_EXTENSION as FIRST_EXTENSION,
    LONGEST_EXTENSION as LONGEST_EXTENSION,
    Range as Range,
    WebPasswordWay as WebPasswordWay,
    default_usernames as default_usernames,
    next_free as next_free,
)
from portal.features.pbx.rules.number_ranges import MOST_IN_RANGE as MOST_IN_RANGE, Bounds as Bounds, bounds as bounds
from portal.features.pbx.rules.orders import (
    Change as Change,
    Settled as Settled,
    change as change,
    moved as moved,
    settle as settle,
)
from portal.features.pbx.rules.profiles import (
    FEATURE_WORDS as FEATURE_WORDS,
    LEVEL_WORDS as LEVEL_WORDS,
    losses as losses,
    titles as titles,
)
from portal.features.pbx.rules.ringing import (
    CANCEL_WORDS as CANCEL_WORDS,
    LONGEST_RING as LONGEST_RING,
    POLICY_WORDS as POLICY_WORDS,
    SHORTEST_RING as SHORTEST_RING,
    USUAL_RING as USUAL_RING,
    CancelMode as CancelMode,
    RingingPolicy as RingingPolicy,
    Steps as Steps,
    Words as Words,
    check_ring_seconds as check_ring_seconds,
    ring_plan as ring_plan,
)
from portal.features.pbx.rules.ticked import MOST_TICKED as MOST_TICKED, why as why
from portal.features.pbx.rules.unanswered import Unanswered as Unanswered, unanswered as unanswered
from portal.features.subscribers.rules import (
    LOCK_WORDS as LOCK_WORDS,
    LOCKS_OF_PILOT as LOCKS_OF_PILOT,
    LockWords as LockWords,
)
