"""What the operator sees: resellers, contracts, how the platform is."""

from portal.features.platform.queries.contracts import (
    ContractFilters as ContractFilters,
    ContractSheet as ContractSheet,
    ListedContract as ListedContract,
    contract as contract,
    contracts as contracts,
    system_contact as system_contact,
    system_contacts_offered as system_contacts_offered,
)
from portal.features.platform.queries.health import (
    DatabaseState as DatabaseState,
    HostState as HostState,
    UnprovedHost as UnprovedHost,
    Worker as Worker,
    database as database,
    head as head,
    hosts as hosts,
    mails as mails,
    pulse as pulse,
    queues as queues,
    workers as workers,
)
from portal.features.platform.queries.holding import (
    contract_of as contract_of,
    hold as hold,
    hold_customers as hold_customers,
    reseller as reseller,
)
from portal.features.platform.queries.resellers import (
    Belongings as Belongings,
    Filters as Filters,
    ListedReseller as ListedReseller,
    Sheet as Sheet,
    StaffMember as StaffMember,
    belongings as belongings,
    count as count,
    resellers as resellers,
    sheet as sheet,
    staff as staff,
    staff_of as staff_of,
)
