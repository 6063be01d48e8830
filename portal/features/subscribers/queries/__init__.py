from portal.features.subscribers.queries.lines import (
    Company as Company,
    CompanyCard as CompanyCard,
    account_of as account_of,
    card as card,
    company as company,
    hold as hold,
    line as line,
    lines_in_use as lines_in_use,
    locks_of as locks_of,
    reseller_lines_in_use as reseller_lines_in_use,
    username_taken as username_taken,
)
from portal.features.subscribers.queries.profiles import (
    PERSONAL as PERSONAL,
    ProfileUse as ProfileUse,
    allowance_of as allowance_of,
    allowances as allowances,
    default_profile as default_profile,
    held_profile as held_profile,
    holders_of as holders_of,
    levels_of_line as levels_of_line,
    profile as profile,
    profile_name_taken as profile_name_taken,
    profiles as profiles,
)
from portal.features.subscribers.queries.search import meanings as meanings
