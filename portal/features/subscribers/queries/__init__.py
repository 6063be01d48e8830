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
from portal.features.subscribers.queries.profiles import allowance_of as allowance_of
