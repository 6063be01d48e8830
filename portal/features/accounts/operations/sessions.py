"""Browsers that are signed in, and how they cease to be."""

from datetime import datetime
from typing import cast

from sqlalchemy import delete

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.accounts.models import AccountSession, Method
from portal.features.accounts.operations.viewing import check_alone, sign_out_viewer


def sign_out(*, by: Identity) -> Method | None:
    """Says how they had signed in. Staff who view as somebody sign themselves out, not that person."""
    if by.viewer is not None:
        sign_out_viewer(by)
        return None
    ended = delete(AccountSession).where(AccountSession.id == by.session_id).returning(AccountSession.method)
    method = db.session().scalar(ended)
    audit.record(Event.SIGNED_OUT, by=by, subject=by.public_id, label=by.name)
    return Method(method) if method else None


def end_session(*, by: Identity, session: AccountSession) -> None:
    """One's own, in another browser."""
    check_alone(by)
    db.session().execute(delete(AccountSession).where(AccountSession.id == session.id))
    audit.record(Event.SESSION_ENDED, by=by, subject=by.public_id, label=by.name)


def end_other_sessions(*, by: Identity) -> None:
    """All of one's own but this one."""
    check_alone(by)
    if end_sessions(cast("int", by.account_id), besides=by.session_id):
        audit.record(Event.SESSIONS_ENDED, by=by, subject=by.public_id, label=by.name)


def end_sessions(account_id: int, *, besides: int | None = None, until: datetime | None = None) -> int:
    """All of an account; or all but one; or only those that are over by a moment. Says how many those were."""
    ended = delete(AccountSession).where(AccountSession.account_id == account_id)
    if besides is not None:
        ended = ended.where(AccountSession.id != besides)
    if until is not None:
        ended = ended.where(AccountSession.expires_at <= until)
    return len(db.session().scalars(ended.returning(AccountSession.id)).all())
