"""What a peer is, and in which order peers are tried."""

from portal.features.peering.rules.order import Way as Way, in_order as in_order
from portal.features.peering.rules.servers import (
    HEAVIEST as HEAVIEST,
    HIGHEST as HIGHEST,
    LONGEST_HOST as LONGEST_HOST,
    LONGEST_NAME as LONGEST_NAME,
    MOST_GROUPS as MOST_GROUPS,
    MOST_SERVERS as MOST_SERVERS,
    TRANSPORTS as TRANSPORTS,
    check_name as check_name,
    check_number as check_number,
    check_transport as check_transport,
    host as host,
    is_address as is_address,
)
