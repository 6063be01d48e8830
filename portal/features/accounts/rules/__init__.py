"""What is decided about accounts without asking anything but the clock."""

from portal.features.accounts.rules.codes import (
    DIGITS as DIGITS,
    FEW as FEW,
    RECOVERY_ALPHABET as RECOVERY_ALPHABET,
    RECOVERY_CODES as RECOVERY_CODES,
    RECOVERY_GROUP as RECOVERY_GROUP,
    RECOVERY_GROUPS as RECOVERY_GROUPS,
    STEP as STEP,
    in_fours as in_fours,
    otpauth as otpauth,
    recovery_code as recovery_code,
    recovery_code_shown as recovery_code_shown,
    step_of as step_of,
    time_of as time_of,
)
from portal.features.accounts.rules.devices import (
    Device as Device,
    device as device,
    device_of as device_of,
)
from portal.features.accounts.rules.entering import (
    ACCOUNT as ACCOUNT,
    ASKING as ASKING,
    FORGOTTEN_AFTER as FORGOTTEN_AFTER,
    LONGEST_NAME as LONGEST_NAME,
    ONE_PERSON as ONE_PERSON,
    PLACE as PLACE,
    TOLD_AT as TOLD_AT,
    Patience as Patience,
    owed as owed,
    place as place,
    places as places,
    split_name as split_name,
)
from portal.features.accounts.rules.helping import (
    LONGEST_REASON as LONGEST_REASON,
    check_reason as check_reason,
    may_be_viewed as may_be_viewed,
    may_help as may_help,
)
from portal.features.accounts.rules.pace import (
    CEREMONIES as CEREMONIES,
    Pace as Pace,
)
from portal.features.accounts.rules.passkeys import (
    ANSWER_WITHIN as ANSWER_WITHIN,
    LONGEST_PASSKEY_NAME as LONGEST_PASSKEY_NAME,
    MOST_PASSKEYS as MOST_PASSKEYS,
    check_passkey_name as check_passkey_name,
    passkey_name as passkey_name,
)
from portal.features.accounts.rules.passwords import (
    LONGEST as LONGEST,
    SHORTEST as SHORTEST,
    check_password as check_password,
)
from portal.features.accounts.rules.person import check_address as check_address, check_name as check_name
from portal.features.accounts.rules.sign_in_rules import (
    GROUP_WORDS as GROUP_WORDS,
    GROUPS as GROUPS,
    MOST_PASSWORD_DAYS as MOST_PASSWORD_DAYS,
    groups_of as groups_of,
    roles_of as roles_of,
)
from portal.features.accounts.rules.single_sign_on import (
    BACK_WITHIN as BACK_WITHIN,
    LONGEST_PERSON as LONGEST_PERSON,
    check_mail_domain as check_mail_domain,
    matching_address as matching_address,
    may_set_up as may_set_up,
    opens as opens,
)
from portal.features.accounts.rules.staff import (
    RIGHT_WORDS as RIGHT_WORDS,
    RIGHTS as RIGHTS,
    ROLE_HINTS as ROLE_HINTS,
    ROLE_WORDS as ROLE_WORDS,
    check_role as check_role,
    given as given,
    is_last as is_last,
    looks_after_staff as looks_after_staff,
    missed as missed,
    rights_of as rights_of,
    roles_given as roles_given,
    withheld_of as withheld_of,
)
