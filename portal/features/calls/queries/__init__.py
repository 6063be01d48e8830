"""Reads of call records: the list, what it counts, and what dashboards say."""

from portal.features.calls.queries.dashboards import (
    MissedCall as MissedCall,
    latest as latest,
    missed_not_returned as missed_not_returned,
)
from portal.features.calls.queries.export import Chunk as Chunk, Exported as Exported, chunks as chunks, names as names
from portal.features.calls.queries.listing import Count as Count, Page as Page, count as count, page as page
from portal.features.calls.queries.people import (
    LONGEST_EXTENSION as LONGEST_EXTENSION,
    Matching as Matching,
    matching as matching,
    person as person,
)
from portal.features.calls.queries.records import Call as Call, Person as Person
from portal.features.calls.queries.volumes import Day as Day, days as days, hours as hours
from portal.features.calls.queries.whose import Whose as Whose, of_customer as of_customer, whose as whose
