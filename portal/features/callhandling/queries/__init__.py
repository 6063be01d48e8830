"""Reads of what lines do with calls."""

from portal.features.callhandling.queries.conditions import (
    KeptCallers as KeptCallers,
    KeptTimes as KeptTimes,
    caller_list as caller_list,
    caller_lists as caller_lists,
    condition_names as condition_names,
    is_of_customer as is_of_customer,
    line_of as line_of,
    lines_with_callers as lines_with_callers,
    lines_with_times as lines_with_times,
    span_of as span_of,
    time_set as time_set,
    time_sets as time_sets,
)
from portal.features.callhandling.queries.exchange import (
    directory as directory,
    exchange as exchange,
    find_called as find_called,
)
from portal.features.callhandling.queries.forwards import (
    condition_key as condition_key,
    destination_names as destination_names,
    destinations_of as destinations_of,
    forward as forward,
    forwards_of as forwards_of,
    held_lines as held_lines,
    line_keys as line_keys,
    numbers_of as numbers_of,
    primaries_of as primaries_of,
)
from portal.features.callhandling.queries.groups import Groups as Groups, install_groups as install_groups
from portal.features.callhandling.queries.listing import (
    LINE_SORTS as LINE_SORTS,
    LineFilters as LineFilters,
    LinePage as LinePage,
    LineRow as LineRow,
    line_page as line_page,
    lines_alike as lines_alike,
)
from portal.features.callhandling.queries.sheet import (
    Blocked as Blocked,
    Named as Named,
    Place as Place,
    Rule as Rule,
    Sheet as Sheet,
    Target as Target,
    sheet as sheet,
    usual as usual,
)
