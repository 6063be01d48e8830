"""What the operator does: resellers from their beginning to their end, contracts, jobs that wait."""

from portal.features.platform.operations.beating import Beat as Beat, beat as beat, gone as gone
from portal.features.platform.operations.changing import (
    change_limits as change_limits,
    change_reseller as change_reseller,
)
from portal.features.platform.operations.contracts import (
    add_contract as add_contract,
    change_contract as change_contract,
    set_state as set_state,
)
from portal.features.platform.operations.creating import (
    Wish as Wish,
    create_reseller as create_reseller,
    invite_administrator as invite_administrator,
)
from portal.features.platform.operations.ending import terminate_reseller as terminate_reseller
from portal.features.platform.operations.jobs import retry_jobs as retry_jobs
from portal.features.platform.operations.locking import lock_reseller as lock_reseller, unlock_reseller as unlock_reseller
