"""What is changed about what a line does with calls."""

from portal.features.callhandling.operations.callers import (
    add_callers as add_callers,
    change_callers as change_callers,
    remove_callers as remove_callers,
)
from portal.features.callhandling.operations.ends import forget_line as forget_line, terminate_line as terminate_line
from portal.features.callhandling.operations.times import (
    add_times as add_times,
    change_times as change_times,
    remove_times as remove_times,
)
