"""What the audit log says: in sentences, in words for every value, and whether its chain is whole."""

from portal.features.audit.rules.sentences import (
    LEVELS as LEVELS,
    SENTENCES as SENTENCES,
    Told as Told,
    doer as doer,
    sentence as sentence,
    told as told,
)
