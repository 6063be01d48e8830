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


def linked_provider_name(account_id: int) -> str | None:
    """Also of one that is not in use now."""
    linked = select(Provider.name).join(ProviderSubject, ProviderSubject.provider_id == Provider.id)
    return db.session().scalar(linked.where(ProviderSubject.account_id == account_id).limit(1))


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


def is_linked(provider_id: int, account_id: int) -> bool:
    """With whatever identity there."""
    linked = ProviderSubject.provider_id == provider_id, ProviderSubject.account_id == account_id
    return db.session().scalar(select(ProviderSubject.id).where(*linked)) is not None


def having_address(reseller_id: int, address: str) -> Sequence[Account]:
    """Whose address this surely is at this reseller, locked or not: of staff who sign in with it, else of those who confirmed it.

    What others have typed into somebody's account proves nothing.
    """
    confirmed = (Account.email_sort == address) & Account.email_confirmed_at.is_not(None)
    own = confirmed & (func.lower(Account.email) == address)
    named = Account.domain_id.is_(None) & (Account.username == address)
    theirs = select(Account).where(Account.reseller_id == reseller_id, Account.status != Status.TERMINATED)
    found = db.session().scalars(theirs.where(or_(own, named))).all()
    staff = [account for account in found if account.domain_id is None and account.username == address]
    return staff or found
