"""What new lines do with calls from the start, as their customer or SIP domain has it."""

from collections.abc import Sequence

from portal.core import rows
from portal.features.callhandling.models import LineHandling
from portal.features.resellers.rules import Defaults
from portal.features.subscribers.models import Subscriber


def begin_lines(lines: Sequence[Subscriber], start: Defaults) -> None:
    """Nothing is written where it is as usual."""
    wanted: dict[str, object] = {"hide_outside": start.hide_number}
    if start.ring_seconds is not None:
        wanted["ring_seconds"] = start.ring_seconds
    elif not start.hide_number:
        return
    own = [{"reseller_id": one.reseller_id, "customer_id": one.customer_id, "subscriber_id": one.id} for one in lines]
    rows.insert_rows([LineHandling(**one, **wanted) for one in own])
