"""Staff who see the portal as one of a customer's people does."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity, Viewer
from portal.core.permissions import Withheld
from portal.core.tenancy import Scope
from portal.features.accounts import rules
from portal.features.accounts.models import Account, AccountSession, Status

VIEWING_FOR = timedelta(minutes=30)
_ENDED: dict[str, Any] = {"viewing_account_id": None, "viewing_reason": None, "viewing_until": None}


def check_alone(by: Identity) -> None:
    """Raises Refused for staff who view as somebody else: what proves who a person is stays with that person."""
    if by.viewer is not None:
        raise Refused("viewing")


def check_moves_mail(by: Identity, field: str) -> None:
    """Raises Refused at `field` for staff who do not help with passwords: new ones would go where they say."""
    if Withheld.PASSWORDS in by.withheld:
        raise Refused("mail-not-moved", field=field)


def start_viewing(*, by: Identity, account: Account, reason: str, token_hash: bytes) -> datetime:
    """From here on this browser, with another token, sees what the account's person sees. Says until when it is signed in.

    Raises NotFound for accounts that cannot be viewed: of another provider, of staff, locked ones.
    """
    check_viewable(by=by, account=account)
    reason = rules.check_reason(reason)
    began = update(AccountSession).where(AccountSession.id == by.session_id, AccountSession.account_id == by.account_id)
    viewed = {"viewing_account_id": account.id, "viewing_reason": reason, "viewing_until": clock.now() + VIEWING_FOR}
    renewed = began.values(viewed | {"token_hash": token_hash}).returning(AccountSession.expires_at)
    until: datetime | None = db.session().scalar(renewed)
    if until is None:
        raise NotFound
    whose = account.customer_id
    audit.record(Event.VIEW_STARTED, by=by, subject=account.public_id, label=account.name, customer_id=whose, reason=reason)
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
            _record_end(viewer_of(by, by.viewer), by)
    return until


def sign_out_viewer(by: Identity) -> None:
    """Ends the view and the session that it was in."""
    if by.viewer is None:
        return
    staff = viewer_of(by, by.viewer)
    with db.unit_of_work(_staff_scope(by)) as session:
        session.execute(delete(AccountSession).where(AccountSession.id == by.session_id))
        _record_end(staff, by)
        audit.record(Event.SIGNED_OUT, by=staff, subject=staff.public_id, label=staff.name)


def viewer_of(by: Identity, viewer: Viewer) -> Identity:
    """Whoever views, as themselves."""
    return replace(
        by,
        account_id=viewer.account_id,
        public_id=viewer.public_id,
        name=viewer.name,
        role=None,
        customer_id=None,
        subscriber_id=None,
        viewer=None,
        permissions=frozenset(),
    )


def _staff_scope(by: Identity) -> Scope:
    return Scope(by.reseller_id)


def _record_end(staff: Identity, viewed: Identity) -> None:
    audit.record(Event.VIEW_ENDED, by=staff, subject=viewed.public_id, label=viewed.name, customer_id=viewed.customer_id)
