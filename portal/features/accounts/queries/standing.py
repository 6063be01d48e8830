"""Where somebody is signed in, and where mails to them go."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from portal.core import clock, db
from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.accounts import rules
from portal.features.accounts.models import Account, AccountSession, AccountToken, Method, Provider, Purpose
from portal.features.accounts.rules import Device


@dataclass(frozen=True)
class SignedIn:
    """A browser in which somebody is signed in; `here`: the one that asks. `provider`: whoever vouched for them."""

    public_id: PublicId
    device: Device
    address: str
    since: datetime
    last_seen_at: datetime
    method: Method
    provider: str | None
    here: bool


@dataclass(frozen=True)
class Standing:
    """`mail_address`: where mails go now; `waiting`: the address that is to be confirmed, since a moment."""

    sessions: list[SignedIn]
    mail_address: str | None
    waiting: str | None
    waiting_since: datetime | None


_Waiting = aliased(AccountToken)


def alive(idle: timedelta) -> ColumnElement[bool]:
    """Sessions that open something now."""
    now = clock.now()
    return and_(
        AccountSession.half.is_(False), AccountSession.expires_at > now, AccountSession.last_seen_at > now - idle
    )


def standing(by: Identity, idle: timedelta) -> Standing:
    """What the page of one's own account says beside the account itself. One statement."""
    unconfirmed = (
        (_Waiting.purpose == Purpose.EMAIL) & _Waiting.used_at.is_(None) & (_Waiting.expires_at > clock.now())
    )
    rows = db.session().execute(
        select(AccountSession, Provider.name, func.mail_address(Account.id), _Waiting.email, _Waiting.created_at)
        .select_from(Account)
        .outerjoin(AccountSession, (AccountSession.account_id == Account.id) & alive(idle))
        .outerjoin(Provider, Provider.reseller_id == Account.reseller_id)
        .outerjoin(_Waiting, (_Waiting.account_id == Account.id) & unconfirmed)
        .where(Account.id == by.account_id)
        .order_by((AccountSession.id == by.session_id).desc(), AccountSession.last_seen_at.desc(), AccountSession.id.desc()),
    ).all()
    _session, _provider, address, waiting, since = rows[0]
    return Standing([_signed_in(row[0], row[1], by) for row in rows if row[0] is not None], address, waiting, since)


def _signed_in(kept: AccountSession, provider: str, by: Identity) -> SignedIn:
    method = Method(kept.method)
    return SignedIn(
        public_id=kept.public_id,
        device=rules.device_of(kept.user_agent),
        address=kept.address,
        since=kept.created_at,
        last_seen_at=kept.last_seen_at,
        method=method,
        provider=provider if method is Method.PROVIDER else None,
        here=kept.id == by.session_id,
    )


def other_session(by: Identity, public_id: PublicId) -> AccountSession:
    """One's own, in another browser."""
    own = AccountSession.account_id == by.account_id, AccountSession.id != by.session_id
    found = db.session().scalars(select(AccountSession).where(AccountSession.public_id == public_id, *own)).first()
    if found is None:
        raise NotFound
    return found
