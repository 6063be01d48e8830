"""All lines of a customer at once, however many they are. Who calls holds the customer."""

from typing import Any

from sqlalchemy import case, delete, func, insert, literal, select, update

from portal.core import clock, db
from portal.core.identity import Identity
from portal.features.accounts import operations as accounts
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.subscribers.models import Lock, LockSource, OutgoingNumber, Profile, Status, Subscriber, TrustedSource
from portal.features.subscribers.rules import STRICTNESS, LockLevel

_RANK = {level.value: rank for rank, level in enumerate(STRICTNESS)}
_LEVEL = {rank: level for level, rank in _RANK.items()}


def lock_of_customer(by: Identity, customer: Customer, reason: str) -> int:
    """No calls and no portal for anybody; the locks of others stay beside this one. Says how many lines there are."""
    _hold(customer.id)
    columns = ("reseller_id", "customer_id", "subscriber_id", "source", "level", "reason", "by_name", "at")
    said = (LockSource.CUSTOMER.value, LockLevel.GLOBAL.value, reason, by.name, clock.now())
    lines = select(Subscriber.reseller_id, Subscriber.customer_id, Subscriber.id, *map(literal, said))
    db.session().execute(insert(Lock).from_select(columns, lines.where(*_living(customer.id))))
    accounts.close_of_customer(customer.id)
    return _set(_living(customer.id), lock_level=LockLevel.GLOBAL.value, status=Status.LOCKED.value)


def unlock_of_customer(customer: Customer) -> int:
    """Lifts the lock of the customer only: whoever is locked by somebody else stays so. Says how many lines are free."""
    _hold(customer.id)
    db.session().execute(delete(Lock).where(Lock.customer_id == customer.id, Lock.source == LockSource.CUSTOMER))
    strictest = select(func.max(case(_RANK, value=Lock.level))).where(Lock.subscriber_id == Subscriber.id)
    level = case(_LEVEL, value=strictest.correlate(Subscriber).scalar_subquery(), else_=LockLevel.NONE.value)
    living = _living(customer.id)
    _set(living, lock_level=level)
    _set((*living, Subscriber.lock_level != LockLevel.GLOBAL), status=Status.ACTIVE.value)
    free = select(Subscriber.id).where(*living, Subscriber.status == Status.ACTIVE)
    accounts.reopen_of_customer(customer.id, free)
    return len(db.session().scalars(free).all())


def end_of_customer(customer: Customer) -> int:
    """What ends with any line, and the profiles that lines had; numbers and traces are the caller's. Says how many ended."""
    _hold(customer.id)
    living = _living(customer.id)
    own = list(db.session().scalars(select(Subscriber.contact_id).where(*living, Subscriber.contact_id.is_not(None))))
    for table in (Lock, TrustedSource):
        db.session().execute(delete(table).where(table.customer_id == customer.id))
    accounts.terminate_of_customer(customer.id)
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
    db.session().execute(update(Subscriber).where(Subscriber.customer_id == customer.id).values(profile_id=None))
    db.session().execute(delete(Profile).where(Profile.customer_id == customer.id))
    db.session().execute(delete(Contact).where(Contact.reseller_id == customer.reseller_id, Contact.id.in_(own)))
    return ended


def _living(customer_id: int) -> tuple[Any, ...]:
    return Subscriber.customer_id == customer_id, Subscriber.status != Status.TERMINATED


def _hold(customer_id: int) -> None:
    """In the order of their keys, as everybody holds several lines."""
    held = select(Subscriber.id).where(*_living(customer_id)).order_by(Subscriber.id).with_for_update(key_share=True)
    db.session().scalars(held).all()


def _set(which: Any, **values: Any) -> int:
    changed = update(Subscriber).where(*which).values(version=Subscriber.version + 1, **values)
    answer: Any = db.session().execute(changed, execution_options={"synchronize_session": False})
    return int(answer.rowcount)
