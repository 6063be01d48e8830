from datetime import timedelta

from sqlalchemy import func, or_, select, update

from portal.core import clock, db
from portal.core.errors import NotFound
from portal.core.identity import Identity, granted
from portal.core.ids import PublicId
from portal.core.permissions import Role
from portal.core.tenancy import Tenant
from portal.features.accounts.models import Account, AccountSession, Status
from portal.features.accounts.rules import split_name
from portal.features.resellers.queries import domain_id, domain_name

TOUCH_EVERY = timedelta(minutes=1)


def signed_in(tenant: Tenant, token_hash: bytes, idle: timedelta) -> Identity | None:
    """Who this token signs in at this host. One statement; the last use is noted at most once a minute."""
    now = clock.now()
    with db.unit_of_work(tenant.scope, read_only=True) as session:
        row = session.execute(
            select(AccountSession, Account)
            .join(Account, Account.id == AccountSession.account_id)
            .where(
                AccountSession.token_hash == token_hash,
                AccountSession.host == tenant.host,
                AccountSession.expires_at > now,
                AccountSession.last_seen_at > now - idle,
                Account.status == Status.ACTIVE,
            ),
        ).first()
        if row is None:
            return None
        kept, account = row
        identity = _identity(kept, account)
        stale = now - kept.last_seen_at > TOUCH_EVERY
    if stale:
        with db.unit_of_work(tenant.scope) as session:
            session.execute(update(AccountSession).where(AccountSession.id == identity.session_id).values(last_seen_at=now))
    return identity


def _identity(kept: AccountSession, account: Account) -> Identity:
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
        must_change_password=account.must_change_password,
        session_id=kept.id,
        signed_in_at=kept.created_at,
        address=kept.address,
        permissions=granted(role),
    )


def by_sign_in_name(tenant: Tenant, typed: str) -> Account | None:
    """The account of a typed name at this host, whatever its state; staff by e-mail, others by user@domain or bare user."""
    user, domain = split_name(typed)
    here = domain_id(domain) if domain else tenant.domain_id
    names = [(Account.domain_id == here) & (Account.username == user)] if here is not None else []
    if domain:
        names.append(Account.domain_id.is_(None) & (Account.username == f"{user}@{domain}"))
    if not names:
        return None
    found = select(Account).where(or_(*names), Account.status != Status.TERMINATED)
    return db.session().scalars(found.order_by(Account.domain_id.is_(None).desc()).limit(1)).first()


def account(public_id: PublicId) -> Account:
    wanted = select(Account).where(Account.public_id == public_id, Account.status != Status.TERMINATED)
    found = db.session().scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def own(identity: Identity) -> Account:
    return db.session().scalars(select(Account).where(Account.id == identity.account_id)).one()


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
