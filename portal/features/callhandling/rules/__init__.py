"""What happens with a call: one evaluation, for pages, the simulation and the switch."""

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
    Ringing as Ringing,
    Span as Span,
    Times as Times,
    Weekly as Weekly,
    When as When,
)
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
