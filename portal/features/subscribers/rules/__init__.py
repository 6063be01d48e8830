"""Names and locks of a line, and what it can be called by default."""

from portal.features.subscribers.rules.devices import (
    Telephone as Telephone,
    Whereabouts as Whereabouts,
    telephone as telephone,
    whereabouts as whereabouts,
)
from portal.features.subscribers.rules.lines import (
    LINE_WORDS as LINE_WORDS,
    LONGEST_EXTERNAL as LONGEST_EXTERNAL,
    LONGEST_NAME as LONGEST_NAME,
    LONGEST_REASON as LONGEST_REASON,
    MOST_CALLS as MOST_CALLS,
    STRICTNESS as STRICTNESS,
    LockLevel as LockLevel,
    check_external_id as check_external_id,
    check_max_calls as check_max_calls,
    check_name as check_name,
    check_reason as check_reason,
    check_username as check_username,
    effective as effective,
    username_from as username_from,
)
from portal.features.subscribers.rules.locks import (
    LOCK_WORDS as LOCK_WORDS,
    LOCKS_OF_PILOT as LOCKS_OF_PILOT,
    LOCKS_OF_STAFF as LOCKS_OF_STAFF,
    SOURCE_WORDS as SOURCE_WORDS,
    LockWords as LockWords,
)
from portal.features.subscribers.rules.profiles import (
    LONGEST_PROFILE_NAME as LONGEST_PROFILE_NAME,
    MOST_PROFILES as MOST_PROFILES,
    STORED as STORED,
    Allowance as Allowance,
    Feature as Feature,
    Level as Level,
    check_profile_name as check_profile_name,
)
from portal.features.subscribers.rules.trunks import (
    LONGEST_HOP as LONGEST_HOP,
    MOST_SOURCES as MOST_SOURCES,
    PROTOCOLS as PROTOCOLS,
    callers as callers,
    next_hop as next_hop,
    protocol as protocol,
    source as source,
)
