"""What people are told about their lines, by mail."""

from datetime import datetime

from portal.features.accounts.mails import tell
from portal.features.accounts.models import Account
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules.devices import telephone, whereabouts


def new_phone(account: Account, *, line: Subscriber, mark: str, user_agent: str, heard: str, at: datetime) -> bool:
    """`heard`: the SIP address from which it signed in."""
    cause = f"new-phone:{line.public_id}:{mark}:{at.isoformat()}"
    phone, address = telephone(user_agent), whereabouts(heard).address
    return tell(
        account,
        "new_phone",
        cause,
        feature="subscribers",
        path="/devices",
        phone=phone,
        line=line.display_name,
        address=address,
        at=at,
    )
