"""Who may change what a line does."""

from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.core.permissions import P
from portal.features.subscribers import queries
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import Feature


def check_may_change(*, by: Identity, line: Subscriber, feature: Feature) -> None:
    """First in every operation on a feature of a line.

    Whoever runs the company may change it on all lines; others on their own, as far as its profile allows.
    Raises NotFound for the line of somebody else, Refused for what the profile keeps from its person.
    """
    if by.role is None or by.can(P.CALL_HANDLING_COMPANY):
        return
    if line.id != by.subscriber_id:
        raise NotFound
    queries.allowance_of(line.id).check_change(feature)
