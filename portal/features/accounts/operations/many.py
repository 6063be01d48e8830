"""Accounts of many people at once, as an import opens and ends them. Who calls has checked their names and addresses."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select, update

from portal.core import db, rows
from portal.features.accounts.models import Account, AccountSession, Status
from portal.features.accounts.operations.life import SECRETS


def open_accounts(accounts: Sequence[Account]) -> None:
    """They cannot sign in before they have a password."""
    rows.insert_rows(accounts)


def terminate_of_lines(subscriber_ids: Collection[int]) -> None:
    """What ends with the accounts of these lines, as it ends with one."""
    living = rows.among(Account.subscriber_id, subscriber_ids), Account.status != Status.TERMINATED
    found = list(db.session().scalars(select(Account.id).where(*living).order_by(Account.id).with_for_update(key_share=True)))
    ended = {"status": Status.TERMINATED.value, "password_hash": None, "version": Account.version + 1}
    db.session().execute(update(Account).where(rows.among(Account.id, found)).values(ended))
    for kept in (AccountSession, *SECRETS):
        db.session().execute(delete(kept).where(rows.among(kept.account_id, found)))
