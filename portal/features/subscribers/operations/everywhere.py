"""All lines of a reseller at once, however many they are. Who calls holds the customers and the reseller."""

from typing import Any

from sqlalchemy import case, delete, func, insert, literal, select, update

from portal.core import clock, db
from portal.core.identity import Identity
from portal.features.accounts import operations as accounts
from portal.features.contacts.models import Contact
from portal.features.subscribers.models import Lock, LockSource, OutgoingNumber, Profile, Status, Subscriber, TrustedSource
from portal.features.subscribers.rules import LockLevel
from portal.features.subscribers.rules.lines import STRICTNESS

_RANK = {level.value: rank for rank, level in enumerate(STRICTNESS)}


def lock_everywhere(*, by: Identity, reseller_id: int, reason: str) -> int:
    """No calls and no portal for anybody; the locks of others stay beside this one. Says how many lines there are."""
    living = Subscriber.reseller_id == reseller_id, Subscriber.status != Status.TERMINATED
    columns = ("reseller_id", "customer_id", "subscriber_id", "source", "level", "reason", "by_name", "at")
    lines = select(
        Subscriber.reseller_id,
        Subscriber.customer_id,
        Subscriber.id,
        literal(LockSource.PLATFORM.value),
        literal(LockLevel.GLOBAL.value),
        literal(reason),
        literal(by.name),
        literal(clock.now()),
    ).where(*living)
    db.session().execute(insert(Lock).from_select(columns, lines))
    accounts.close_everywhere(reseller_id)
    return _set(living, lock_level=LockLevel.GLOBAL.value, status=Status.LOCKED.value)


def unlock_everywhere(*, reseller_id: int) -> int:
    """Lifts the lock of the platform only: whoever is locked by somebody else stays so. Says how many lines are free."""
    db.session().execute(delete(Lock).where(Lock.reseller_id == reseller_id, Lock.source == LockSource.PLATFORM))
    living = Subscriber.reseller_id == reseller_id, Subscriber.status != Status.TERMINATED
    strictest = select(func.max(case(_RANK, value=Lock.level))).where(Lock.subscriber_id == Subscriber.id)
    levels = {rank: level for level, rank in _RANK.items()}
    level = case(levels, value=strictest.correlate(Subscriber).scalar_subquery(), else_=LockLevel.NONE.value)
    closed = case((level == LockLevel.GLOBAL.value, Status.LOCKED.value), else_=Status.ACTIVE.value)
    _set(living, lock_level=level, status=closed)
    free = select(Subscriber.id).where(*living, Subscriber.status == Status.ACTIVE)
    accounts.reopen_everywhere(reseller_id, free)
    return len(db.session().scalars(free).all())


def end_everywhere(*, reseller_id: int) -> int:
    """What ends with any line, and the profiles that lines had; numbers and traces are the caller's. Says how many ended."""
    for table in (Lock, TrustedSource):
        db.session().execute(delete(table).where(table.reseller_id == reseller_id))
    living = Subscriber.reseller_id == reseller_id, Subscriber.status != Status.TERMINATED
    own = select(Subscriber.contact_id).where(*living, Subscriber.contact_id.is_not(None))
    contacts = list(db.session().scalars(own))
    nothing = dict.fromkeys(("ha1_md5", "ha1_sha256", "contact_id", "outgoing_number_id", "profile_id", "next_hop"))
    ended = _set(
        living,
        status=Status.TERMINATED.value,
        terminated_at=clock.now(),
        lock_level=LockLevel.NONE.value,
        outgoing=OutgoingNumber.OWN.value,
        do_not_disturb=False,
        **nothing,
    )
    had = Subscriber.reseller_id == reseller_id, Subscriber.profile_id.is_not(None)  # those that ended before
    db.session().execute(update(Subscriber).where(*had).values(profile_id=None), execution_options=_UNSEEN)
    db.session().execute(delete(Profile).where(Profile.reseller_id == reseller_id))
    db.session().execute(delete(Contact).where(Contact.reseller_id == reseller_id, Contact.id.in_(contacts)))
    return ended


_UNSEEN = {"synchronize_session": False}


def _set(which: Any, **values: Any) -> int:
    changed = update(Subscriber).where(*which).values(version=Subscriber.version + 1, **values)
    answer: Any = db.session().execute(changed, execution_options=_UNSEEN)
    return int(answer.rowcount)
