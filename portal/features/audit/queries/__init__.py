"""Reads of the audit log: history panels, the list, and the proof that nothing was touched."""

from portal.features.audit.queries.history import (
    CHANGES as CHANGES,
    History as History,
    history as history,
    last_change as last_change,
    latest as latest,
    of_number as of_number,
)
from portal.features.audit.queries.listing import (
    Count as Count,
    Entry as Entry,
    chunks as chunks,
    count as count,
    page as page,
    place_at as place_at,
)
from portal.features.audit.queries.proof import (
    chain as chain,
    links as links,
    older as older,
    place_of as place_of,
    unlinked as unlinked,
    verified as verified,
)
from portal.features.audit.queries.resellers import Named as Named, resellers as resellers
