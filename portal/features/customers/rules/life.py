"""The life of a customer: which status can follow which."""

from collections.abc import Mapping
from enum import StrEnum, auto

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.lines import one_line

LONGEST_REASON = 200

declare("customer-final", N_("This customer has ended its contract. That is final."))
declare("customer-not-started", N_("This customer is not in service yet, so there is nothing to lock. Start it or end it."))
declare("customer-no-way-back", N_("A customer that has been in service is not prepared again. Lock it to stop its service."))
declare("customer-active", N_("This customer is in service already."))
declare("customer-locked", N_("This customer is locked already."))
declare("customer-pending", N_("This customer is being prepared already."))
declare("customer-end-sure", N_("Read what ends, and tick the box if that is what you want."))
declare("customer-lock-reason", N_("Say why, in a few words."))
declare("customer-lock-reason-long", N_("Use at most %(longest)s characters for the reason."))


class Status(StrEnum):
    PENDING = auto()  # prepared, not in service
    ACTIVE = auto()
    LOCKED = auto()
    TERMINATED = auto()


STATUS_WORDS: Mapping[Status, str] = {
    Status.PENDING: N_("Not in service yet"),
    Status.ACTIVE: N_("In service"),
    Status.LOCKED: N_("Locked"),
    Status.TERMINATED: N_("Ended"),
}

LIFE: Mapping[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.ACTIVE, Status.TERMINATED}),
    Status.ACTIVE: frozenset({Status.LOCKED, Status.TERMINATED}),
    Status.LOCKED: frozenset({Status.ACTIVE, Status.TERMINATED}),
    Status.TERMINATED: frozenset(),
}


def check_step(now: Status, then: Status) -> None:
    """Raises Refused when `then` cannot follow `now`."""
    if then in LIFE[now]:
        return
    if now is Status.TERMINATED:
        raise Refused("customer-final")
    if now is then:
        raise Refused(f"customer-{now.value}")
    raise Refused("customer-not-started" if then is Status.LOCKED else "customer-no-way-back")


def check_reason(typed: str) -> str:
    reason = one_line(typed)
    if not reason:
        raise Refused("customer-lock-reason", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refused("customer-lock-reason-long", field="reason", longest=LONGEST_REASON)
    return reason
