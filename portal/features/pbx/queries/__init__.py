"""Reads of a company's telephone system."""

from portal.features.pbx.queries import exports as exports, files as files, imports as imports
from portal.features.pbx.queries.groups import (
    GROUP_SORTS as GROUP_SORTS,
    GroupFacts as GroupFacts,
    GroupPage as GroupPage,
    GroupSheet as GroupSheet,
    ListedRing as ListedRing,
    Ringer as Ringer,
    group as group,
    group_facts as group_facts,
    group_page as group_page,
    group_sheet as group_sheet,
    leading_to as leading_to,
    ringers as ringers,
)
from portal.features.pbx.queries.listing import (
    SORTS as SORTS,
    Facts as Facts,
    Filters as Filters,
    Listed as Listed,
    ListedGroup as ListedGroup,
    Page as Page,
    facts as facts,
    groups as groups,
    page as page,
)
from portal.features.pbx.queries.lookups import (
    email_of as email_of,
    extension as extension,
    holder_of as holder_of,
    lines as lines,
    lines_by_key as lines_by_key,
    lines_with_extension as lines_with_extension,
    name_of as name_of,
    next_free as next_free,
)
from portal.features.pbx.queries.pool import (
    POOL_SORTS as POOL_SORTS,
    Owner as Owner,
    PoolFacts as PoolFacts,
    PoolFilters as PoolFilters,
    PoolNumber as PoolNumber,
    PoolPage as PoolPage,
    free_numbers as free_numbers,
    map_of as map_of,
    number as number,
    numbers_between as numbers_between,
    owners as owners,
    pool_facts as pool_facts,
    pool_page as pool_page,
)
from portal.features.pbx.queries.profiles import (
    losing as losing,
    these as these,
    under as under,
    without_own as without_own,
)
from portal.features.pbx.queries.sheet import Alias as Alias, LockNote as LockNote, Sheet as Sheet, sheet as sheet
from portal.features.pbx.queries.ticked import (
    TickedPerson as TickedPerson,
    member_ids as member_ids,
    ticked as ticked,
    ticked_lines as ticked_lines,
)
