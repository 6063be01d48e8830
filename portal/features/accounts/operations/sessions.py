"""Browsers that are signed in, and how they cease to be."""

from datetime import datetime

from sqlalchemy import delete

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.accounts.models import AccountSession


def sign_out(*, by: Identity) -> None:
    db.session().execute(delete(AccountSession).where(AccountSession.id == by.session_id))
    audit.record(Event.SIGNED_OUT, by=by, subject=by.public_id, label=by.name)


def end_sessions(account_id: int, *, besides: int | None = None, until: datetime | None = None) -> None:
    """All of an account; or all but one; or only those that are over by a moment."""
    ended = delete(AccountSession).where(AccountSession.account_id == account_id)
    if besides is not None:
        ended = ended.where(AccountSession.id != besides)
    if until is not None:
        ended = ended.where(AccountSession.expires_at <= until)
    db.session().execute(ended)
