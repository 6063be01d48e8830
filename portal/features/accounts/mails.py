"""What accounts are told, by mail. Who has no address, and whose customer has none, is told nothing."""

from datetime import datetime
from typing import Any

from portal.core import i18n
from portal.core.links import link
from portal.features.accounts import queries, rules
from portal.features.accounts.models import Account
from portal.features.branding.mails import letterhead
from portal.features.resellers.queries import home_of
from portal.mail.letterhead import Recipient
from portal.mail.posting import post


def new_device(account: Account, *, address: str, user_agent: str, at: datetime) -> bool:
    cause = f"new-device:{account.public_id}:{at.isoformat()}"
    return tell(account, "new_device", cause, path="/account", address=address, device=rules.device_of(user_agent), at=at)


def password_changed(account: Account, *, at: datetime) -> bool:
    cause = f"password-changed:{account.public_id}:{at.isoformat()}"
    return tell(account, "password_changed", cause, path="/forgot-password", at=at)


def password_reset(account: Account, *, token: str, cause: str, asked_by: str | None) -> bool:
    """`asked_by`: whoever had it sent; None when the person asked."""
    return tell(account, "password_reset", cause, path=f"/reset-password/{token}", asked_by=asked_by)


def invitation(account: Account, *, token: str, cause: str, invited_by: str) -> bool:
    name, kind = queries.sign_in_name(account), "staff_invitation" if account.domain_id is None else "invitation"
    return tell(account, kind, cause, path=f"/invitation/{token}", invited_by=invited_by, name=name)


def confirm_email(account: Account, *, address: str, token: str, cause: str) -> bool:
    """To the new address: whoever reads there confirms it."""
    return tell(account, "confirm_email", cause, address_instead=address, path=f"/confirm-email/{token}", address=address)


def email_changed(account: Account, *, was: str, now: str | None, at: datetime) -> bool:
    """To the address that mails went to so far; `now` is None when there is no other."""
    cause = f"email-changed:{account.public_id}:{at.isoformat()}"
    return tell(account, "email_changed", cause, address_instead=was, path="/account", was=was, now=now, at=at)


def guessed(account: Account, *, cause: str) -> bool:
    """Somebody keeps trying to sign in as this person."""
    return tell(account, "guessed", cause, path="/forgot-password")


def factor_changed(account: Account, *, what: str, at: datetime, by: str | None = None, passkey: str = "") -> bool:
    """`what`: app-added, app-removed, codes-made, passkey-added, passkey-removed, or cleared (by somebody else)."""
    cause = f"factor-{what}:{account.public_id}:{at.isoformat()}"
    return tell(account, "factor_changed", cause, path="/account", what=what, at=at, by=by, passkey=passkey)


def recovery_code_used(account: Account, *, left: int, at: datetime) -> bool:
    cause = f"recovery-code-used:{account.public_id}:{at.isoformat()}"
    return tell(account, "recovery_code_used", cause, path="/account", left=left, at=at)


def provider_linked(account: Account, *, provider: str, at: datetime) -> bool:
    """From now on whoever signs in at the provider as this person is this person here."""
    cause = f"provider-linked:{account.public_id}:{at.isoformat()}"
    return tell(account, "provider_linked", cause, path="/account", provider=provider, at=at)


def tell(
    account: Account,
    kind: str,
    cause: str,
    *,
    feature: str = "accounts",
    address_instead: str | None = None,
    path: str = "/login",
    **facts: Any,
) -> bool:
    """Writes to the account's owner, where mails to it go or to another address of theirs. False without any address.

    `feature`: whose mail it is. `path`: where its link leads, at the host where this person signs in.
    """
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
    paper, url = letterhead(home, language), link(home.host, path)
    return post(f"{feature}/mails/{kind}", cause=cause, letterhead=paper, to=to, url=url, **facts)
