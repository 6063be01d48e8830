"""What is changed about what a line does with calls."""

from portal.features.callhandling.operations.beginnings import begin_lines as begin_lines
from portal.features.callhandling.operations.blocking import (
    block_caller as block_caller,
    change_blocking as change_blocking,
    unblock_caller as unblock_caller,
)
from portal.features.callhandling.operations.callers import (
    add_callers as add_callers,
    change_callers as change_callers,
    remove_callers as remove_callers,
)
from portal.features.callhandling.operations.copying import copy_handling as copy_handling
from portal.features.callhandling.operations.ends import (
    forget_company as forget_company,
    forget_line as forget_line,
    forget_lines as forget_lines,
    terminate_line as terminate_line,
)
from portal.features.callhandling.operations.forwards import (
    add_forward as add_forward,
    change_forward as change_forward,
    move_forward as move_forward,
    remove_forward as remove_forward,
    switch_forward as switch_forward,
)
from portal.features.callhandling.operations.reference import (
    keep_emergency_numbers as keep_emergency_numbers,
    keep_holidays as keep_holidays,
)
from portal.features.callhandling.operations.settings import (
    change_privacy as change_privacy,
    change_ring_time as change_ring_time,
    switch_do_not_disturb as switch_do_not_disturb,
)
from portal.features.callhandling.operations.speed_dial import change_speed_dials as change_speed_dials
from portal.features.callhandling.operations.times import (
    add_times as add_times,
    change_times as change_times,
    remove_times as remove_times,
)
