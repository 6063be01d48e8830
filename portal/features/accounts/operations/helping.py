"""What staff do for those who cannot sign in, besides sending links and clearing factors."""

from sqlalchemy import delete

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.accounts import queries
from portal.features.accounts.models import Account, ProviderSubject
from portal.features.accounts.operations import throttle
from portal.features.accounts.operations.sessions import end_sessions
from portal.features.accounts.operations.viewing import check_alone


def let_try_again(*, by: Identity, account: Account) -> None:
    """Nobody has to wait any longer who tries this name: whoever mistyped it, and whoever guessed."""
    check_alone(by)
    throttle.lift_everywhere(account)
    audit.record(
        Event.WAIT_LIFTED,
        by=by,
        subject=account.public_id,
        label=account.name,
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
    )


def unlink_provider(*, by: Identity, account: Account) -> None:
    """The identity at the provider opens this account no more, another one may be linked. Nobody stays signed in."""
    check_alone(by)
    provider = queries.linked_provider_name(account.id)
    if provider is None:
        raise Refused("not-linked")
    db.session().execute(delete(ProviderSubject).where(ProviderSubject.account_id == account.id))
    end_sessions(account.id)
    audit.record(
        Event.PROVIDER_UNLINKED,
        by=by,
        subject=account.public_id,
        label=account.name,
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        provider=provider,
    )
