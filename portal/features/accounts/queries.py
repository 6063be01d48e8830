from dataclasses import replace
from datetime import timedelta
from typing import cast

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import aliased

from portal.core import clock, db
from portal.core.errors import NotFound
from portal.core.identity import Identity, Viewer, granted
from portal.core.ids import PublicId
from portal.core.permissions import Owed, Role
from portal.core.tenancy import Tenant
from portal.features.accounts import rules
from portal.features.accounts.models import Account, AccountSession, Authenticator, Passkey, SignInRules, Status
from portal.features.accounts.rules import split_name
from portal.features.resellers.queries import domain_id, domain_name

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
    with db.unit_of_work(tenant.scope, read_only=True) as session:
        row = session.execute(
            select(AccountSession, Account, _Viewed, SignInRules.password_days, SignInRules.factor_roles, _any_factor())
            .join(Account, Account.id == AccountSession.account_id)
            .outerjoin(
                _Viewed,
                (_Viewed.id == AccountSession.viewing_account_id)
                & (AccountSession.viewing_until > now)
                & (_Viewed.status == Status.ACTIVE),
            )
            .outerjoin(SignInRules, SignInRules.reseller_id == Account.reseller_id)
            .where(
                AccountSession.token_hash == token_hash,
                AccountSession.host == tenant.host,
                AccountSession.expires_at > now,
                AccountSession.last_seen_at > now - idle,
                AccountSession.half.is_(half),
                Account.status == Status.ACTIVE,
            ),
        ).first()
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
        identity = _identity(kept, account, None if half else owes)
        if viewed is not None and identity.owes is None:
            identity = _as_seen_by(identity, kept, viewed)
        stale = now - kept.last_seen_at > TOUCH_EVERY
    if stale:
        with db.unit_of_work(tenant.scope) as session:
            session.execute(update(AccountSession).where(AccountSession.id == identity.session_id).values(last_seen_at=now))
    return identity


def _any_factor() -> ColumnElement[bool]:
    app = select(Authenticator.account_id).where(Authenticator.account_id == Account.id, Authenticator.confirmed_at.is_not(None))
    key = select(Passkey.id).where(Passkey.account_id == Account.id)
    return or_(app.exists(), key.exists()).label("any_factor")


def _identity(kept: AccountSession, account: Account, owes: Owed | None) -> Identity:
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
        permissions=granted(role),
    )


def _as_seen_by(staff: Identity, kept: AccountSession, viewed: Account) -> Identity:
    """The person viewed, with whoever views; the language, time zone and look stay those of the staff."""
    until, reason = kept.viewing_until or kept.expires_at, kept.viewing_reason or ""
    viewer = Viewer(kept.account_id, cast("PublicId", staff.public_id), staff.name, until, reason)
    seen = _identity(kept, viewed, None)
    return replace(seen, viewer=viewer, language=staff.language, time_zone=staff.time_zone, scheme=staff.scheme)


def has_factor(account_id: int) -> bool:
    return bool(db.session().scalar(select(_any_factor()).select_from(Account).where(Account.id == account_id)))


def by_sign_in_name(tenant: Tenant, typed: str) -> Account | None:
    """The account of a typed name at this host, whatever its state; staff by e-mail, others by user@domain or bare user."""
    user, domain = split_name(typed)
    here = domain_id(domain, tenant.reseller_id) if domain else tenant.domain_id
    names = [(Account.domain_id == here) & (Account.username == user)] if here is not None else []
    if domain:
        names.append(Account.domain_id.is_(None) & (Account.username == f"{user}@{domain}"))
    if not names:
        return None
    own = Account.reseller_id == tenant.reseller_id
    found = select(Account).where(own, or_(*names), Account.status != Status.TERMINATED)
    return db.session().scalars(found.order_by(Account.domain_id.is_(None).desc()).limit(1)).first()


def account(public_id: PublicId) -> Account:
    wanted = select(Account).where(Account.public_id == public_id, Account.status != Status.TERMINATED)
    found = db.session().scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def own(identity: Identity) -> Account:
    return db.session().scalars(select(Account).where(Account.id == identity.account_id)).one()


def mail_address(account_id: int) -> str | None:
    """Where a mail to this account goes: its own address, else the one of its line's contact, else its customer's."""
    return db.session().scalar(select(func.mail_address(account_id)))


def full_name(account: Account, tenant: Tenant) -> str:
    """The whole sign-in name, which works at every host of the provider."""
    if account.domain_id is None:
        return account.username
    domain = tenant.domain if account.domain_id == tenant.domain_id else domain_name(account.domain_id)
    return f"{account.username}@{domain}"


def of_subscriber(subscriber_id: int) -> Account | None:
    """The one live account of a subscriber."""
    wanted = select(Account).where(Account.subscriber_id == subscriber_id, Account.status != Status.TERMINATED)
    return db.session().scalars(wanted).first()


def web_user_taken(domain_id: int, username: str, *, besides: int | None = None) -> bool:
    taken = select(func.count()).select_from(Account)
    taken = taken.where(Account.domain_id == domain_id, Account.username == username, Account.status != Status.TERMINATED)
    return bool(db.session().scalar(taken.where(Account.id != besides) if besides else taken))
