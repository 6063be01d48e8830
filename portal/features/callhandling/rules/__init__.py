"""What happens with a call: one evaluation, for pages, the simulation and the switch."""

from portal.features.callhandling.rules.conditions import (
    LONGEST_CONDITION_NAME as LONGEST_CONDITION_NAME,
    MOST_CONDITIONS as MOST_CONDITIONS,
    MOST_ENTRIES as MOST_ENTRIES,
    MOST_SPANS as MOST_SPANS,
    Entry as Entry,
    check_condition_name as check_condition_name,
    check_entries as check_entries,
    check_spans as check_spans,
    listed as listed,
)
from portal.features.callhandling.rules.lines import (
    Blocking as Blocking,
    Call as Call,
    Callers as Callers,
    Dates as Dates,
    Destination as Destination,
    Exchange as Exchange,
    Forward as Forward,
    Handling as Handling,
    Holidays as Holidays,
    Line as Line,
    Mode as Mode,
    Order as Order,
    Ringing as Ringing,
    Span as Span,
    Times as Times,
    Weekly as Weekly,
    When as When,
)
from portal.features.callhandling.rules.names import Names as Names
from portal.features.callhandling.rules.outcome import (
    Forwarded as Forwarded,
    Leaves as Leaves,
    Outcome as Outcome,
    Phones as Phones,
    Rings as Rings,
    Silent as Silent,
    Step as Step,
    Why as Why,
)
from portal.features.callhandling.rules.picture import (
    Bar as Bar,
    Kind as Kind,
    Picture as Picture,
    Row as Row,
    picture as picture,
)
