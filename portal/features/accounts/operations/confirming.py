"""Proving again to be who one is, before a sensitive page."""

from datetime import datetime

from sqlalchemy import update

from portal.core import clock, db, secrets
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.accounts import queries
from portal.features.accounts.models import Account, AccountSession
from portal.features.accounts.operations import throttle
from portal.features.accounts.operations.viewing import check_alone


def check_current(account: Account, password: str) -> None:
    """Counted like a sign-in: whoever finds an open browser must not find out the password."""
    counted = throttle.of_account("current password", account)
    throttle.count(counted)
    if not secrets.password_fits(account.password_hash, password):
        raise Refused("password-wrong", field="current")
    throttle.forget(counted)


def confirm_by_password(*, by: Identity, password: str, token_hash: bytes) -> datetime:
    """Raises Refused at the field “current”."""
    check_alone(by)
    check_current(queries.own(by), password)
    return confirm(by=by, token_hash=token_hash)


def confirm(*, by: Identity, token_hash: bytes) -> datetime:
    """For whoever proved it in any way. The session goes on under another token; returns until when at the latest."""
    check_alone(by)
    proven = update(AccountSession).where(AccountSession.id == by.session_id)
    renewed = proven.values(confirmed_at=clock.now(), token_hash=token_hash).returning(AccountSession.expires_at)
    return db.session().scalars(renewed).one()
