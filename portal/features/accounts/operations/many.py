"""Accounts of many people at once, as an import opens and ends them. Who calls has checked their names and addresses."""

from collections.abc import Collection

from sqlalchemy import delete, select, update

from portal.core import db
from portal.features.accounts.models import Account, AccountSession, Status
from portal.features.accounts.operations.life import SECRETS


def open_accounts(accounts: Collection[Account]) -> None:
    """They cannot sign in before they have a password."""
    db.session().add_all(accounts)
    db.session().flush()


def terminate_of_lines(subscriber_ids: Collection[int]) -> None:
    """What ends with the accounts of these lines, as it ends with one."""
    living = Account.subscriber_id.in_(subscriber_ids), Account.status != Status.TERMINATED
    found = list(db.session().scalars(select(Account.id).where(*living).order_by(Account.id).with_for_update(key_share=True)))
    ended = {"status": Status.TERMINATED.value, "password_hash": None, "version": Account.version + 1}
    db.session().execute(update(Account).where(Account.id.in_(found)).values(ended))
    for kept in (AccountSession, *SECRETS):
        db.session().execute(delete(kept).where(kept.account_id.in_(found)))
