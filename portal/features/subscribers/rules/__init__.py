"""Names and locks of a line, and what it can be called by default."""

from portal.features.subscribers.rules.lines import (
    LONGEST_NAME as LONGEST_NAME,
    LONGEST_REASON as LONGEST_REASON,
    STRICTNESS as STRICTNESS,
    LockLevel as LockLevel,
    check_name as check_name,
    check_reason as check_reason,
    check_username as check_username,
    effective as effective,
    username_from as username_from,
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
