"""People of the demo world as those who act."""

from portal.core.identity import Identity
from portal.core.permissions import Role, granted
from portal.features.accounts.models import Account

SETUP = Identity.system("Setup")


def identity_of(account: Account) -> Identity:
    role = Role(account.role)
    return Identity(
        account_id=account.id,
        public_id=account.public_id,
        name=account.name,
        role=role,
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        subscriber_id=account.subscriber_id,
        permissions=granted(role),
    )
