"""Who a browser signs in."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, DateTime, Select, bindparam, func, or_, select, update
from sqlalchemy.orm import aliased

from portal.core import clock, db
from portal.core.identity import Identity, Viewer
from portal.core.ids import PublicId
from portal.core.permissions import Owed, Role, Withheld, granted
from portal.core.tenancy import Tenant
from portal.features.accounts import rules
from portal.features.accounts.models import Account, AccountSession, Authenticator, Passkey, SignInRules, Status

TOUCH_EVERY = timedelta(minutes=1)
_Viewed = aliased(Account)


def signed_in(tenant: Tenant, token_hash: bytes, idle: timedelta) -> Identity | None:
    """Who this token signs in at this host. One statement; the last use is noted at most once a minute."""
    return _signed_in(tenant, token_hash, idle, half=False)


def half_signed_in(tenant: Tenant, token_hash: bytes, idle: timedelta) -> Identity | None:
    """Whose password was right, and who owes a second factor."""
    return _signed_in(tenant, token_hash, idle, half=True)


def _signed_in(tenant: Tenant, token_hash: bytes, idle: timedelta, *, half: bool) -> Identity | None:
    now = clock.now()
    asked = {"token_hash": token_hash, "host": tenant.host, "now": now, "seen_after": now - idle, "half": half}
    with db.unit_of_work(tenant.scope, read_only=True) as session:
        row = session.execute(_kept(), asked).first()
        if row is None:
            return None
        kept, account, days, factor_roles, has_factor = row[0], row[1], row[3], row[4], row[5]
        viewed: Account | None = row[2]
        owes = rules.owed(
            method=kept.method,
            given=account.must_change_password,
            age=now - account.password_set_at if account.password_set_at else None,
            password_days=days,
            factor_required=account.role in (factor_roles or ()) and not has_factor,
        )
        withheld = frozenset(Withheld(one) for one in account.withheld)
        identity = _identity(kept, account, None if half else owes, withheld)
        if viewed is not None and identity.owes is None:
            identity = _as_seen_by(identity, kept, viewed)
        stale = now - kept.last_seen_at > TOUCH_EVERY
    if stale:
        with db.unit_of_work(tenant.scope) as session:
            session.execute(update(AccountSession).where(AccountSession.id == identity.session_id).values(last_seen_at=now))
    return identity


@cache
def _kept() -> Select[Any, Any, Any, Any, Any, Any]:
    """Asked for on every request, so written once."""
    now = bindparam("now", type_=DateTime(timezone=True))
    viewed = (_Viewed.id == AccountSession.viewing_account_id) & (AccountSession.viewing_until > now)
    return (
        select(AccountSession, Account, _Viewed, SignInRules.password_days, SignInRules.factor_roles, any_factor())
        .join(Account, Account.id == AccountSession.account_id)
        .outerjoin(_Viewed, viewed & (_Viewed.status == Status.ACTIVE))
        .outerjoin(SignInRules, SignInRules.reseller_id == Account.reseller_id)
        .where(
            AccountSession.token_hash == bindparam("token_hash"),
            AccountSession.host == bindparam("host"),
            AccountSession.expires_at > now,
            AccountSession.last_seen_at > bindparam("seen_after", type_=DateTime(timezone=True)),
            AccountSession.half == bindparam("half"),
            Account.status == Status.ACTIVE,
            func.customer_in_service(Account.customer_id),
        )
    )


def any_factor() -> ColumnElement[bool]:
    """Whether the account of the row has a second factor."""
    app = select(Authenticator.account_id).where(Authenticator.account_id == Account.id, Authenticator.confirmed_at.is_not(None))
    key = select(Passkey.id).where(Passkey.account_id == Account.id)
    return or_(app.exists(), key.exists()).label("any_factor")


def _identity(kept: AccountSession, account: Account, owes: Owed | None, withheld: frozenset[Withheld]) -> Identity:
    role = Role(account.role)
    return Identity(
        account_id=account.id,
        public_id=account.public_id,
        name=account.name,
        role=role,
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        subscriber_id=account.subscriber_id,
        language=account.language,
        time_zone=account.time_zone,
        scheme=account.scheme,
        owes=owes,
        session_id=kept.id,
        signed_in_at=kept.created_at,
        confirmed_at=kept.confirmed_at,
        address=kept.address,
        permissions=granted(role, withheld),
        withheld=withheld,
    )


def _as_seen_by(staff: Identity, kept: AccountSession, viewed: Account) -> Identity:
    """The person viewed, with whoever views; language, time zone, look and what is withheld stay those of the staff."""
    until, reason = kept.viewing_until or kept.expires_at, kept.viewing_reason or ""
    viewer = Viewer(kept.account_id, cast("PublicId", staff.public_id), staff.name, until, reason)
    seen = _identity(kept, viewed, None, staff.withheld)
    return replace(seen, viewer=viewer, language=staff.language, time_zone=staff.time_zone, scheme=staff.scheme)


def has_factor(account_id: int) -> bool:
    return bool(db.session().scalar(select(any_factor()).select_from(Account).where(Account.id == account_id)))
