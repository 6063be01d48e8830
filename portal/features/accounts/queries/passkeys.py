"""Passkeys: a person's own, and whose one is that is shown."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.core import db
from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.tenancy import Tenant
from portal.features.accounts.models import Account, Passkey, Provider, ProviderSubject, Status


def passkeys(account_id: int) -> Sequence[Passkey]:
    """All of an account, the oldest first."""
    return db.session().scalars(select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)).all()


def own_passkey(identity: Identity, public_id: PublicId) -> Passkey:
    wanted = select(Passkey).where(Passkey.account_id == identity.account_id, Passkey.public_id == public_id)
    found = db.session().scalars(wanted).first()
    if found is None:
        raise NotFound
    return found


def passkey_here(tenant: Tenant, credential_id: bytes) -> tuple[Passkey, Account] | None:
    """A passkey that is good at this host, with its account, whatever the state of that."""
    wanted = select(Passkey, Account).join(Account, Account.id == Passkey.account_id).where(
        Passkey.credential_id == credential_id,
        Passkey.reseller_id == tenant.reseller_id,
        Passkey.host == tenant.host,
        Account.status != Status.TERMINATED,
    )
    found = db.session().execute(wanted).first()
    return (found[0], found[1]) if found else None


def has_other_way(account: Account) -> bool:
    """Whether somebody without passkeys still signs in: by password, or at a single sign-on provider."""
    linked = select(ProviderSubject.id).join(Provider, Provider.id == ProviderSubject.provider_id)
    linked = linked.where(ProviderSubject.account_id == account.id, Provider.active)
    return account.password_hash is not None or db.session().scalar(linked.limit(1)) is not None
