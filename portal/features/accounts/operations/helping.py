"""What staff do for those who cannot sign in, besides sending links and clearing factors."""

from portal.core import audit
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.accounts.models import Account
from portal.features.accounts.operations import throttle
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
