"""What is decided about accounts without asking anything but the clock."""

from portal.features.accounts.rules.display import (
    REGIONS as REGIONS,
    place_of as place_of,
    time_zones as time_zones,
)
from portal.features.accounts.rules.entering import (
    ACCOUNT as ACCOUNT,
    ASKING as ASKING,
    FORGOTTEN_AFTER as FORGOTTEN_AFTER,
    LONGEST_NAME as LONGEST_NAME,
    ONE_PERSON as ONE_PERSON,
    PLACE as PLACE,
    Patience as Patience,
    owed as owed,
    place as place,
    split_name as split_name,
)
from portal.features.accounts.rules.pace import (
    CEREMONIES as CEREMONIES,
    Pace as Pace,
)
from portal.features.accounts.rules.passwords import (
    LONGEST as LONGEST,
    SHORTEST as SHORTEST,
    check_password as check_password,
)
