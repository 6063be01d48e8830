"""What the operator does with peers. Kamailio hears of it by itself: a trigger leaves the work."""

from portal.features.peering.operations.groups import (
    add_group as add_group,
    change_group as change_group,
    remove_group as remove_group,
)
from portal.features.peering.operations.servers import (
    Facts as Facts,
    add_server as add_server,
    change_server as change_server,
    remove_server as remove_server,
)
