"""What may become of a reseller or a contract, and what the state of the platform comes to in words."""

from portal.features.platform.rules.life import (
    LONGEST_CONTRACT_NAME as LONGEST_CONTRACT_NAME,
    LONGEST_NAME as LONGEST_NAME,
    State as State,
    check_contract_name as check_contract_name,
    check_follows as check_follows,
    check_host as check_host,
    check_limit as check_limit,
    check_may_end as check_may_end,
    check_name as check_name,
    check_typed as check_typed,
)
