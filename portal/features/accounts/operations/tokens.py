"""Links that are mailed: made for one account and one purpose, used once, known by their hash only."""

import hashlib
import secrets as random
from datetime import timedelta

from sqlalchemy import delete, update

from portal.core import clock, db
from portal.features.accounts.models import Account, AccountToken, Purpose

LIFETIMES = {Purpose.RESET: timedelta(minutes=30), Purpose.INVITATION: timedelta(days=7), Purpose.EMAIL: timedelta(days=1)}
TOKEN_BYTES = 32


def issue(account: Account, purpose: Purpose, *, email: str | None = None) -> tuple[AccountToken, str]:
    """A new link's token, in clear; older ones of the same purpose open nothing any more."""
    now, token = clock.now(), random.token_urlsafe(TOKEN_BYTES)
    drop(account, purpose)
    kept = AccountToken(
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        account_id=account.id,
        purpose=purpose.value,
        token_hash=hashed(token),
        email=email,
        created_at=now,
        expires_at=now + LIFETIMES[purpose],
    )
    db.session().add(kept)
    db.session().flush()
    return kept, token


def drop(account: Account, *purposes: Purpose) -> None:
    """Links of these purposes that were not used open nothing any more."""
    waiting = AccountToken.used_at.is_(None), AccountToken.purpose.in_([purpose.value for purpose in purposes])
    db.session().execute(delete(AccountToken).where(AccountToken.account_id == account.id, *waiting))


def use(token: AccountToken) -> bool:
    """Uses up a link. False when somebody else just has."""
    now = clock.now()
    first = update(AccountToken).where(AccountToken.id == token.id, AccountToken.used_at.is_(None), AccountToken.expires_at > now)
    return db.session().scalar(first.values(used_at=now).returning(AccountToken.id)) is not None


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
