"""All accounts of a reseller at once, however many they are. Who calls holds the reseller."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, delete, select, update

from portal.core import db
from portal.features.accounts.models import Account, AccountSession, Ceremony, Provider, SignInRules, Status
from portal.features.accounts.operations.life import SECRETS


def close_everywhere(reseller_id: int) -> None:
    """Nobody is signed in any more. People with a line do not sign in again either, until their line is free."""
    of_lines = Account.reseller_id == reseller_id, Account.status == Status.ACTIVE, Account.subscriber_id.is_not(None)
    _set(of_lines, status=Status.LOCKED.value)
    db.session().execute(delete(AccountSession).where(AccountSession.reseller_id == reseller_id))


def reopen_everywhere(reseller_id: int, free: Select[int]) -> None:
    """`free`: the keys of the lines that are locked by nobody any more."""
    closed = Account.reseller_id == reseller_id, Account.status == Status.LOCKED, Account.subscriber_id.in_(free)
    _set(closed, status=Status.ACTIVE.value)


def terminate_everywhere(reseller_id: int) -> int:
    """Ends all accounts, those of staff too, and what was asked of those who sign in. Says how many they were."""
    living = Account.reseller_id == reseller_id, Account.status != Status.TERMINATED
    ended = len(db.session().scalars(select(Account.id).where(*living)).all())
    _set(living, status=Status.TERMINATED.value, password_hash=None)
    for table in (AccountSession, *SECRETS, Ceremony, Provider, SignInRules):
        db.session().execute(delete(table).where(table.reseller_id == reseller_id))
    return ended


def _set(which: Sequence[Any], **values: Any) -> None:
    changed = update(Account).where(*which).values(version=Account.version + 1, **values)
    db.session().execute(changed, execution_options={"synchronize_session": False})
