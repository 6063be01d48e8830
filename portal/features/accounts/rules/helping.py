"""Who of the staff may help whom with signing in, and whom they may view as."""

from collections.abc import Mapping

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.permissions import Role

declare("viewing-reason", N_("Say why, in a few words: this person can read it."))

CUSTOMERS = frozenset({Role.PILOT, Role.SUBSCRIBER})
MAY_HELP: Mapping[Role, frozenset[Role]] = {
    Role.OPERATOR: frozenset(Role),
    Role.RESELLER: CUSTOMERS | {Role.RESELLER, Role.CARE},
    Role.CARE: CUSTOMERS | {Role.CARE},
    Role.PILOT: frozenset(),
    Role.SUBSCRIBER: frozenset(),
}
SHORTEST_REASON, LONGEST_REASON = 5, 200


def may_help(helper: Role, helped: Role) -> bool:
    return helped in MAY_HELP[helper]


def may_be_viewed(role: str) -> bool:
    """Staff are never viewed, by nobody."""
    return role in CUSTOMERS


def check_reason(reason: str) -> str:
    """Why somebody's pages are looked at. Raises Refused at the field “reason”."""
    words = " ".join(reason.split())
    if len(words) < SHORTEST_REASON:
        raise Refused("viewing-reason", field="reason")
    return words[:LONGEST_REASON]
