"""What accounts are told, by mail. Who has no address, and whose customer has none, is told nothing."""

from datetime import datetime
from typing import Any

from portal.core import i18n
from portal.features.accounts import queries
from portal.features.accounts.models import Account
from portal.features.branding.mails import letterhead
from portal.features.resellers.queries import home_of
from portal.mail.letterhead import Recipient
from portal.mail.posting import post


def new_device(account: Account, *, address: str, user_agent: str, at: datetime) -> bool:
    cause = f"new-device:{account.public_id}:{at.isoformat()}"
    return tell(account, "new_device", cause, address=address, user_agent=user_agent, at=at)


def password_changed(account: Account, *, at: datetime) -> bool:
    return tell(account, "password_changed", f"password-changed:{account.public_id}:{at.isoformat()}", at=at)


def tell(account: Account, kind: str, cause: str, *, address_instead: str | None = None, **facts: Any) -> bool:
    """Writes to the account's owner, where mails to it go or to another address of theirs. False without any address."""
    where = address_instead or queries.mail_address(account.id)
    if where is None:
        return False
    home = home_of(account.reseller_id, account.domain_id)
    language = i18n.best([account.language] if account.language else [], home.languages) or home.languages[0]
    to = Recipient(
        address=where,
        name=account.name,
        language=language,
        time_zone=account.time_zone or home.time_zone,
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        account=account.public_id,
    )
    return post(f"accounts/mails/{kind}", cause=cause, letterhead=letterhead(home, language), to=to, **facts)
