"""Extensions: which ones may be used, which one comes next, and what happens when two people edit the same thing."""

from portal.features.pbx.rules.extensions import (
    FIRST_EXTENSION as FIRST_EXTENSION,
    LOCK_WORDS as LOCK_WORDS,
    LOCKS_OF_PILOT as LOCKS_OF_PILOT,
    LONGEST_EXTENSION as LONGEST_EXTENSION,
    Effect as Effect,
    LockWords as LockWords,
    Range as Range,
    WebPasswordWay as WebPasswordWay,
    default_usernames as default_usernames,
    effect as effect,
    next_free as next_free,
)
