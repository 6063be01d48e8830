"""Telling a node, now: for whom the queue is not enough."""

from collections.abc import Sequence

from portal.gateways.kamailio import Switch, SwitchTrouble, What


def tell(node: Switch, wanted: Sequence[What]) -> SwitchTrouble | None:
    """What is in the way, if anything is."""
    try:
        for one in wanted:
            node.reload(one)
    except SwitchTrouble as trouble:
        return trouble
    return None
