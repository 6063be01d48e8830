"""Staff who see the portal as one of a customer's people does."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity, Viewer
from portal.core.tenancy import Scope
from portal.features.accounts import rules
from portal.features.accounts.models import Account, AccountSession, Status

VIEWING_FOR = timedelta(minutes=30)
_ENDED: dict[str, Any] = {"viewing_account_id": None, "viewing_reason": None, "viewing_until": None}


def check_alone(by: Identity) -> None:
    """Raises Refused for staff who view as somebody else: what proves who a person is stays with that person."""
    if by.viewer is not None:
        raise Refused("viewing")


def start_viewing(*, by: Identity, account: Account, reason: str, token_hash: bytes) -> datetime:
    """From here on this browser, with another token, sees what the account's person sees. Says until when it is signed in.

    Raises NotFound for accounts that cannot be viewed: of another provider, of staff, locked ones.
    """
    check_viewable(by=by, account=account)
    reason = rules.check_reason(reason)
    began = update(AccountSession).where(AccountSession.id == by.session_id, AccountSession.account_id == by.account_id)
    viewed = {"viewing_account_id": account.id, "viewing_reason": reason, "viewing_until": clock.now() + VIEWING_FOR}
    until = db.session().scalar(began.values(viewed | {"token_hash": token_hash}).returning(AccountSession.expires_at))
    if until is None:
        raise NotFound
    _trace(Event.VIEW_STARTED, by, account.public_id, account.name, account.customer_id, reason=reason)
    return until


def check_viewable(*, by: Identity, account: Account) -> None:
    """Raises NotFound where start_viewing does."""
    check_alone(by)
    own = account.reseller_id == by.reseller_id
    if not own or account.status != Status.ACTIVE or not rules.may_be_viewed(account.role):
        raise NotFound


def stop_viewing(*, by: Identity, token_hash: bytes) -> datetime | None:
    """Back to oneself, with another token. Says until when this browser is signed in; None when nobody is viewed any more.

    In a unit of work of its own: what belongs to staff is out of sight for the person viewed.
    """
    if by.viewer is None:
        return None
    with db.unit_of_work(_staff_scope(by)):
        own = update(AccountSession).where(AccountSession.id == by.session_id, AccountSession.account_id == by.viewer.account_id)
        until = db.session().scalar(own.values(_ENDED | {"token_hash": token_hash}).returning(AccountSession.expires_at))
        if until is not None:
            _trace(Event.VIEW_ENDED, viewer_of(by, by.viewer), by.public_id, by.name, by.customer_id)
    return until


def sign_out_viewer(by: Identity) -> None:
    """Ends the view and the session that it was in."""
    if by.viewer is None:
        return
    staff = viewer_of(by, by.viewer)
    with db.unit_of_work(_staff_scope(by)) as session:
        session.execute(delete(AccountSession).where(AccountSession.id == by.session_id))
        _trace(Event.VIEW_ENDED, staff, by.public_id, by.name, by.customer_id)
        audit.record(Event.SIGNED_OUT, by=staff, subject=staff.public_id, label=staff.name)


def viewer_of(by: Identity, viewer: Viewer) -> Identity:
    """Whoever views, as themselves."""
    own = {"account_id": viewer.account_id, "public_id": viewer.public_id, "name": viewer.name}
    return replace(by, **own, role=None, customer_id=None, subscriber_id=None, viewer=None, permissions=frozenset())


def _staff_scope(by: Identity) -> Scope:
    return Scope(by.reseller_id)


def _trace(event: Event, by: Identity, subject: Any, label: str, customer_id: int | None, **details: str) -> None:
    audit.record(event, by=by, subject=subject, label=label, customer_id=customer_id, **details)
