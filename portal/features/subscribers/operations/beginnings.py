"""What new lines start with, by their customer and SIP domain. Features that this one does not know tell here what is theirs."""

from collections.abc import Callable, Sequence

from portal.core import clock, db, i18n, rows
from portal.core.i18n import N_
from portal.core.identity import Identity
from portal.features.customers.models import Customer, Status as CustomerStatus
from portal.features.resellers.rules import Defaults
from portal.features.subscribers.models import Lock, LockSource, Status, Subscriber
from portal.features.subscribers.rules import LockLevel, effective

Begin = Callable[[Sequence[Subscriber], Defaults], None]
AS_SET = N_("As set for new lines")
_others: list[Begin] = []


def install_beginnings(begin: Begin) -> None:
    _others[:] = [begin]


def begin(*, by: Identity, customer: Customer, lines: Sequence[Subscriber], start: Defaults) -> None:
    """Restrictions and all else that lines of a person start with; those of a locked customer are locked like the others."""
    if not lines:
        return
    locks = [*_restriction(start), *_locked_with(customer)]
    _lock(by, lines, locks)
    for other in _others:
        other(lines, start)


def _restriction(start: Defaults) -> list[tuple[LockSource, int, str]]:
    return [(LockSource.RESELLER, start.lock_level, i18n.gettext(AS_SET))] if start.lock_level else []


def _locked_with(customer: Customer) -> list[tuple[LockSource, int, str]]:
    if customer.status != CustomerStatus.LOCKED:
        return []
    return [(LockSource.CUSTOMER, LockLevel.GLOBAL.value, customer.lock_reason or i18n.gettext(AS_SET))]


def _lock(by: Identity, lines: Sequence[Subscriber], locks: Sequence[tuple[LockSource, int, str]]) -> None:
    if not locks:
        return
    level = effective(one for _source, one, _reason in locks)
    for line in lines:
        line.lock_level = level.value
        line.status = (Status.LOCKED if level is LockLevel.GLOBAL else Status.ACTIVE).value
    db.session().flush()
    rows.insert_rows(
        [
            Lock(
                reseller_id=line.reseller_id,
                customer_id=line.customer_id,
                subscriber_id=line.id,
                source=source.value,
                level=one,
                reason=reason,
                by_name=by.name,
                at=clock.now(),
            )
            for line in lines
            for source, one, reason in locks
        ]
    )
