"""What the portal looks like to one person."""

from typing import Any

from portal.core import audit
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.accounts import queries
from portal.features.accounts.models import Account


def keep_preference(*, by: Identity, name: str, value: str | None) -> None:
    """Language or scheme, chosen in passing. What staff choose while they view as somebody is not kept."""
    if by.viewer is not None:
        return
    account = queries.own(by)
    if name == "language":
        account.language = value
    elif name == "scheme":
        account.scheme = value
    else:
        raise ValueError(name)


def change_display(*, by: Identity, language: str | None, time_zone: str | None, scheme: str | None) -> Account:
    """Language, time zone, and light or dark of one's own account; None follows the browser, the provider, the system."""
    account = queries.own(by)
    wanted = {"language": language, "time_zone": time_zone, "scheme": scheme}
    before = {name: getattr(account, name) for name in wanted}
    changes: dict[str, Any] = {name: (before[name], value) for name, value in wanted.items() if before[name] != value}
    if changes:
        account.language, account.time_zone, account.scheme = language, time_zone, scheme
        audit.record(Event.ACCOUNT_CHANGED, by=by, subject=account.public_id, label=account.name, **changes)
    return account
