"""The provider of a reseller, and whose identity there is whose account here."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from portal.core import db
from portal.core.identity import Identity
from portal.features.accounts.models import Account, Provider, ProviderSubject, Status


def provider(reseller_id: int) -> Provider | None:
    """The one in use, if there is one."""
    return db.session().scalars(select(Provider).where(Provider.reseller_id == reseller_id, Provider.active)).first()


def provider_name(reseller_id: int) -> str | None:
    """What stands on the button of the sign-in page."""
    return db.session().scalar(select(Provider.name).where(Provider.reseller_id == reseller_id, Provider.active))


def own_provider_name(identity: Identity) -> str | None:
    """The provider that can say that it is this person."""
    linked = select(Provider.name).join(ProviderSubject, ProviderSubject.provider_id == Provider.id)
    return db.session().scalar(linked.where(ProviderSubject.account_id == identity.account_id, Provider.active).limit(1))


def hold_provider(provider_id: int) -> None:
    """Others who come from this provider for the first time wait."""
    db.session().execute(select(Provider.id).where(Provider.id == provider_id).with_for_update())


def linked_account(provider_id: int, subject: str) -> Account | None:
    """Whatever its state."""
    linked = select(Account).join(ProviderSubject, ProviderSubject.account_id == Account.id)
    return db.session().scalars(
        linked.where(
            ProviderSubject.provider_id == provider_id,
            ProviderSubject.subject == subject,
            Account.status != Status.TERMINATED,
        ),
    ).first()


def having_address(reseller_id: int, address: str) -> Sequence[Account]:
    """Everybody of this reseller with this address, locked or not; staff have it as their user name too."""
    own = (Account.email_sort == address) & (func.lower(Account.email) == address)
    named = Account.domain_id.is_(None) & (Account.username == address)
    theirs = select(Account).where(Account.reseller_id == reseller_id, Account.status != Status.TERMINATED)
    return db.session().scalars(theirs.where(or_(own, named))).all()
