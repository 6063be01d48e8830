"""What goes with the life of an account: opening, renaming, locking, ending it."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.features.accounts import queries, rules
from portal.features.accounts.models import (
    Account,
    AccountToken,
    Authenticator,
    Passkey,
    PastPassword,
    ProviderSubject,
    Purpose,
    RecoveryCode,
    Status,
)
from portal.features.accounts.operations import tokens
from portal.features.accounts.operations.sessions import end_sessions

SECRETS = (AccountToken, Authenticator, Passkey, PastPassword, ProviderSubject, RecoveryCode)


def open_account(
    *,
    reseller_id: int,
    customer_id: int,
    subscriber_id: int,
    domain_id: int,
    role: Role,
    username: str,
    name: str,
    email: str | None,
    language: str | None,
) -> Account:
    """The account of a new subscriber; it cannot sign in before it has a password."""
    username = username.strip().lower()
    if queries.web_user_taken(domain_id, username):
        raise Refused("web-user-taken", field="web_username")
    account = Account(
        reseller_id=reseller_id,
        customer_id=customer_id,
        subscriber_id=subscriber_id,
        domain_id=domain_id,
        role=role.value,
        username=username,
        name=name,
        email=email,
        language=language,
        created_at=clock.now(),
    )
    db.session().add(account)
    db.session().flush()
    return account


def open_staff_account(
    *, by: Identity, reseller_id: int, role: Role, email: str, name: str, withheld: Collection[str] = ()
) -> Account:
    """Staff sign in with their e-mail address; without a password they cannot yet."""
    account = Account(
        reseller_id=reseller_id,
        role=role.value,
        username=email.strip().lower(),
        name=name,
        email=email.strip(),
        withheld=list(withheld),
        created_at=clock.now(),
    )
    db.session().add(account)
    db.session().flush()
    rights = rules.rights_of(withheld)
    whom: dict[str, Any] = {"subject": account.public_id, "label": account.name, "reseller_id": reseller_id}
    audit.record(Event.ACCOUNT_OPENED, by=by, **whom, role=role.value, rights=rights)
    return account


def rename_web_user(*, account: Account, username: str) -> None:
    username = username.strip().lower()
    if username != account.username and queries.web_user_taken(account.domain_id or 0, username, besides=account.id):
        raise Refused("web-user-taken", field="web_username")
    account.username = username


def close_door(account: Account) -> None:
    """A lock that covers the portal: nobody is signed in any more, and nobody signs in."""
    account.status = Status.LOCKED.value
    tokens.drop(account, *Purpose)
    end_sessions(account.id)


def open_door(account: Account) -> None:
    account.status = Status.ACTIVE.value


def terminate(account: Account) -> None:
    account.status = Status.TERMINATED.value
    account.password_hash = None
    end_sessions(account.id)
    for kept in SECRETS:
        db.session().execute(delete(kept).where(kept.account_id == account.id))
