"""A reseller that is locked: its portal is closed, its lines are dead. What others have locked stays locked afterwards."""

from typing import Any

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.platform import queries, rules
from portal.features.platform.operations.contracts import follow
from portal.features.platform.rules import State
from portal.features.resellers.models import Reseller
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.rules import check_reason


def lock_reseller(*, by: Identity, reseller: Reseller, reason: str) -> int:
    """Ends every session and every call to come. Says how many lines are locked. Raises Refused."""
    rules.check_may_end(operator=reseller.operator, own=by.reseller_id == reseller.id)
    reason = check_reason(reason)
    reseller = _held(reseller)
    rules.check_follows(reseller.status, State.LOCKED)
    reseller.lock_reason = reason
    lines = subscribers.lock_everywhere(by=by, reseller_id=reseller.id, reason=reason)
    _turn(by, reseller, State.LOCKED, Event.RESELLER_LOCKED, reason=(None, reason), all_lines=lines)
    return lines


def unlock_reseller(*, by: Identity, reseller: Reseller) -> int:
    """Says how many lines are free; the others are locked by somebody else. Raises Refused."""
    reseller = _held(reseller)
    rules.check_follows(reseller.status, State.ACTIVE)
    was, reseller.lock_reason = reseller.lock_reason, None
    free = subscribers.unlock_everywhere(reseller_id=reseller.id)
    _turn(by, reseller, State.ACTIVE, Event.RESELLER_UNLOCKED, reason=(was, None), all_lines=free)
    return free


def _held(reseller: Reseller) -> Reseller:
    queries.hold_customers(reseller.id)
    return queries.hold(reseller, whole=True)


def _turn(by: Identity, reseller: Reseller, state: State, event: Event, **details: Any) -> None:
    reseller.status = state.value
    contract = queries.contract_of(reseller.id)
    if contract is not None and contract.status != state:
        follow(by=by, contract=contract, state=state)
    audit.record(event, by=by, subject=reseller.public_id, label=reseller.name, reseller_id=reseller.id, **details)
    db.session().flush()
