"""How a day is told, and what is left to do before a provider goes live."""

from portal.features.dashboard.rules.day import (
    LOCKS as LOCKS,
    NO_CALLS as NO_CALLS,
    OFFICE_HOURS as OFFICE_HOURS,
    SENTENCES as SENTENCES,
    TOO_FEW as TOO_FEW,
    WEEKS as WEEKS,
    Counts as Counts,
    Hour as Hour,
    Pace as Pace,
    Today as Today,
    days_before as days_before,
    in_words as in_words,
    pace as pace,
    today_of as today_of,
)
from portal.features.dashboard.rules.guide import (
    Guide as Guide,
    ProviderFacts as ProviderFacts,
    Step as Step,
    provider_guide as provider_guide,
)
from portal.features.dashboard.rules.search import (
    LEADS as LEADS,
    NUMBERS as NUMBERS,
    PEOPLE as PEOPLE,
    SHORT as SHORT,
    Kind as Kind,
    Leads as Leads,
    sort_word as sort_word,
)
