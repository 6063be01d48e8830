from dataclasses import dataclass

from sqlalchemy import select

from portal.core import clock, db
from portal.core.errors import NotFound
from portal.core.tenancy import Tenant
from portal.features.accounts.models import Account, AccountToken, Purpose, Status


@dataclass(frozen=True)
class Link:
    """A mailed link that still opens something, and whose it is."""

    token: AccountToken
    account: Account


def link(tenant: Tenant, token_hash: bytes, purpose: Purpose) -> Link:
    """Raises NotFound alike for what was used, has expired, is another tenant's, or never was. One statement."""
    row = (
        db.session()
        .execute(
            select(AccountToken, Account)
            .join(Account, Account.id == AccountToken.account_id)
            .where(
                AccountToken.token_hash == token_hash,
                AccountToken.purpose == purpose.value,
                AccountToken.reseller_id == tenant.reseller_id,
                AccountToken.used_at.is_(None),
                AccountToken.expires_at > clock.now(),
                Account.status == Status.ACTIVE,
                *([Account.password_hash.is_(None)] if purpose is Purpose.INVITATION else []),
            ),
        )
        .first()
    )
    if row is None:
        raise NotFound
    return Link(*row)
