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
)
from portal.features.callhandling.rules.copying import FOR_GROUPS as FOR_GROUPS, Copied as Copied
from portal.features.callhandling.rules.dials import (
    LONGEST_DIAL_NAME as LONGEST_DIAL_NAME,
    SLOTS as SLOTS,
    Dial as Dial,
    read_dials as read_dials,
    settled_dials as settled_dials,
)
from portal.features.callhandling.rules.emergency import (
    emergency_by_country as emergency_by_country,
    emergency_numbers as emergency_numbers,
)
from portal.features.callhandling.rules.entries import (
    LONGEST_NOTE as LONGEST_NOTE,
    read_entries as read_entries,
    shown_entries as shown_entries,
)
from portal.features.callhandling.rules.evaluation import (
    MOST_HOPS as MOST_HOPS,
    arrives as arrives,
    evaluate as evaluate,
    next_rule as next_rule,
    rings_not as rings_not,
)
from portal.features.callhandling.rules.fitting import fits as fits, instead as instead, matching as matching
from portal.features.callhandling.rules.forwarding import (
    LONGEST_RING as LONGEST_RING,
    MOST_DESTINATIONS as MOST_DESTINATIONS,
    MOST_FORWARDS as MOST_FORWARDS,
    Plan as Plan,
    check_period as check_period,
    destination as destination,
    label as label,
    of_number as of_number,
    offered as offered,
    settled as settled,
    typed as typed,
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
    Barred as Barred,
    Forwarded as Forwarded,
    Leaves as Leaves,
    Outcome as Outcome,
    Phones as Phones,
    Rings as Rings,
    Silent as Silent,
    Step as Step,
    Why as Why,
)
from portal.features.callhandling.rules.outgoing import calls_not as calls_not, forwards_not as forwards_not
from portal.features.callhandling.rules.overlaps import problems_of_times as problems_of_times
from portal.features.callhandling.rules.picture import (
    Bar as Bar,
    Kind as Kind,
    Picture as Picture,
    Row as Row,
    picture as picture,
)
from portal.features.callhandling.rules.problems import (
    Finding as Finding,
    problems_of_line as problems_of_line,
    problems_of_rule as problems_of_rule,
    refuse as refuse,
)
from portal.features.callhandling.rules.settings import (
    Direction as Direction,
    check_blocking as check_blocking,
    is_outside_number as is_outside_number,
)
from portal.features.callhandling.rules.spans import (
    Beginning as Beginning,
    SpanKind as SpanKind,
    Typed as Typed,
    beginning as beginning,
    country_of as country_of,
    spans_as_text as spans_as_text,
    typed_from_text as typed_from_text,
    typed_of as typed_of,
)
from portal.features.callhandling.rules.steps import Told as Told, ends as ends, told as told
from portal.features.callhandling.rules.timewords import (
    days_in_words as days_in_words,
    moment_in_words as moment_in_words,
    span_in_words as span_in_words,
    times_in_words as times_in_words,
    weekday as weekday,
)
from portal.features.callhandling.rules.trying import (
    Discreet as Discreet,
    all_phones as all_phones,
    dialled as dialled,
    discreet as discreet,
    forward_numbers as forward_numbers,
    shown_caller as shown_caller,
)
from portal.features.callhandling.rules.wording import listed as listed
from portal.features.callhandling.rules.words import Effect as Effect, effect as effect, effect_of_number as effect_of_number
