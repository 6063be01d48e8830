from portal.features.callhandling.models.conditions import (
    CallerEntry as CallerEntry,
    CallerList as CallerList,
    TimeSet as TimeSet,
    TimeSpan as TimeSpan,
)
from portal.features.callhandling.models.lines import (
    BlockEntry as BlockEntry,
    Forward as Forward,
    ForwardDestination as ForwardDestination,
    LineHandling as LineHandling,
    SpeedDial as SpeedDial,
)
