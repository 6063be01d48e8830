"""All accounts of a customer at once. Who calls holds the customer."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, update

from portal.core import db
from portal.features.accounts.models import Account, AccountSession, AccountToken, Status
from portal.features.accounts.operations.life import SECRETS


def close_of_customer(customer_id: int) -> None:
    """Nobody is signed in any more, and no mailed link opens anything."""
    _set((Account.customer_id == customer_id, Account.status == Status.ACTIVE), status=Status.LOCKED.value)
    for table in (AccountSession, AccountToken):
        db.session().execute(delete(table).where(table.customer_id == customer_id))


def reopen_of_customer(customer_id: int, free: Select[int]) -> None:
    """`free`: the keys of the lines that are locked by nobody any more."""
    closed = Account.customer_id == customer_id, Account.status == Status.LOCKED, Account.subscriber_id.in_(free)
    _set(closed, status=Status.ACTIVE.value)


def terminate_of_customer(customer_id: int) -> None:
    living = Account.customer_id == customer_id, Account.status != Status.TERMINATED
    _set(living, status=Status.TERMINATED.value, password_hash=None)
    for table in (AccountSession, *SECRETS):
        db.session().execute(delete(table).where(table.customer_id == customer_id))


def _set(which: Sequence[Any], **values: Any) -> None:
    changed = update(Account).where(*which).values(version=Account.version + 1, **values)
    db.session().execute(changed, execution_options={"synchronize_session": False})
