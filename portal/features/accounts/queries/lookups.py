"""Accounts, by what is known of them."""

from datetime import timedelta

from sqlalchemy import func, or_, select

from portal.core import clock, db
from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.tenancy import Tenant
from portal.features.accounts.models import Account, Status
from portal.features.accounts.rules import split_name
from portal.features.resellers.queries import domain_id, domain_name
from portal.mail.models import Mail


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


def mails_since_an_hour(account: Account, kind: str) -> int:
    """How many mails of a kind were written to an account in the last hour."""
    recent = Mail.kind == kind, Mail.created_at > clock.now() - timedelta(hours=1)
    own = Mail.reseller_id == account.reseller_id, Mail.account == account.public_id
    return db.session().scalar(select(func.count()).select_from(Mail).where(*own, *recent)) or 0


def mail_address(account_id: int) -> str | None:
    """Where a mail to this account goes: its own address, else the one of its line's contact, else its customer's."""
    return db.session().scalar(select(func.mail_address(account_id)))


def full_name(account: Account, tenant: Tenant) -> str:
    """The whole sign-in name, which works at every host of the provider."""
    if account.domain_id is None:
        return account.username
    if account.domain_id == tenant.domain_id:
        return f"{account.username}@{tenant.domain}"
    return sign_in_name(account)


def sign_in_name(account: Account) -> str:
    """The same, without a host at hand."""
    return account.username if account.domain_id is None else f"{account.username}@{domain_name(account.domain_id)}"


def of_subscriber(subscriber_id: int) -> Account | None:
    """The one live account of a subscriber."""
    wanted = select(Account).where(Account.subscriber_id == subscriber_id, Account.status != Status.TERMINATED)
    return db.session().scalars(wanted).first()


def staff_user_taken(reseller_id: int, username: str, *, besides: int) -> bool:
    taken = select(Account.id).where(Account.reseller_id == reseller_id, Account.domain_id.is_(None), Account.id != besides)
    found = taken.where(Account.username == username, Account.status != Status.TERMINATED)
    return db.session().scalars(found.limit(1)).first() is not None


def web_user_taken(domain_id: int, username: str, *, besides: int | None = None) -> bool:
    taken = select(func.count()).select_from(Account)
    taken = taken.where(Account.domain_id == domain_id, Account.username == username, Account.status != Status.TERMINATED)
    return bool(db.session().scalar(taken.where(Account.id != besides) if besides else taken))
