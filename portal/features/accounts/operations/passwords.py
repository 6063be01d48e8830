"""Web passwords: choosing one's own, and being given one."""

from datetime import datetime

from sqlalchemy import delete, select

from portal.core import audit, clock, db, secrets
from portal.core.audit import CHANGED, Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.accounts import mails, queries, rules
from portal.features.accounts.models import Account, PastPassword, Purpose
from portal.features.accounts.operations import tokens
from portal.features.accounts.operations.confirming import check_current, confirm
from portal.features.accounts.operations.sessions import end_sessions
from portal.features.accounts.operations.viewing import check_alone

REMEMBERED = 5  # passwords that are not taken again, the present one included


def change_password(*, by: Identity, current: str | None, password: str, repeat: str, token_hash: bytes) -> datetime:
    """One's own; `current` is None only where a new password is owed. Every other session ends.

    This one goes on under another token; returns until when at the latest.
    """
    check_alone(by)
    account = queries.own(by)
    if current is not None:
        check_current(account, current)
    choose(account, password, repeat)
    end_sessions(account.id, besides=by.session_id)
    audit.record(Event.PASSWORD_CHANGED, by=by, subject=account.public_id, label=account.name, password=CHANGED)
    mails.password_changed(account, at=clock.now())
    return confirm(by=by, token_hash=token_hash)


def choose(account: Account, password: str, repeat: str) -> None:
    """What the person wants to sign in with from now on. Raises Refused at the field “password” or “repeat”."""
    if password != repeat:
        raise Refused("password-repeat", field="repeat")
    if secrets.password_fits(account.password_hash, password):
        raise Refused("password-same", field="password")
    rules.check_password(password, (account.name, account.username))
    if any(secrets.password_fits(past, password) for past in _past(account)):
        raise Refused("password-used-before", field="password", remembered=REMEMBERED)
    put(account, password, owed=False)


def put(account: Account, password: str, *, owed: bool) -> None:
    """Takes a checked password; `owed`: it opens the door once, then the person chooses an own one.

    Whatever link was mailed before opens nothing any more: who changes a password may fear for what stands in the mailbox.
    """
    now = clock.now()
    tokens.drop(account, *Purpose)
    if account.password_hash is not None:
        db.session().add(
            PastPassword(
                reseller_id=account.reseller_id,
                customer_id=account.customer_id,
                account_id=account.id,
                password_hash=account.password_hash,
                set_at=now,
            ),
        )
        db.session().flush()
        older = select(PastPassword.id).where(PastPassword.account_id == account.id).order_by(PastPassword.id.desc())
        forgotten = older.offset(REMEMBERED - 1)
        db.session().execute(delete(PastPassword).where(PastPassword.id.in_(forgotten)))
    account.password_hash = secrets.hash_password(password)
    account.password_set_at = now
    account.must_change_password = owed


def _past(account: Account) -> list[str]:
    kept = select(PastPassword.password_hash).where(PastPassword.account_id == account.id)
    return list(db.session().scalars(kept.order_by(PastPassword.id.desc()).limit(REMEMBERED - 1)))


def set_password(*, by: Identity, account: Account, password: str) -> None:
    """A password given by somebody else: it opens the door once, then a new one is owed. Ends all sessions."""
    check_alone(by)
    rules.check_password(password, (account.name, account.username))
    put(account, password, owed=True)
    account.devices_since = clock.now()
    end_sessions(account.id)
    audit.record(
        Event.WEB_PASSWORD_SET,
        by=by,
        subject=account.public_id,
        label=account.name,
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        password=CHANGED,
    )
