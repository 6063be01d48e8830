"""Signing in and out, passwords, and what goes with the life of an account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, select
from sqlalchemy.dialects.postgresql import insert

from portal.core import audit, clock, db, secrets
from portal.core.audit import CHANGED, Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.core.tenancy import Scope, Tenant
from portal.features.accounts import queries, rules
from portal.features.accounts.models import Account, AccountSession, SignInTrouble, Status
from portal.features.accounts.rules import Patience

LONGEST_USER_AGENT = 300


@dataclass(frozen=True)
class Attempt:
    """What a sign-in form brought, and from where."""

    username: str
    password: str
    address: str
    user_agent: str


def sign_in(*, tenant: Tenant, attempt: Attempt, token_hash: bytes, until: datetime, pepper: str) -> Account:
    """Opens a session. Raises Refused with the same answer for unknown, wrong, foreign and locked.

    The count of failures is kept in a transaction of its own: it must survive the refusal. It is raised before the
    password is looked at, so that many attempts at once gain nothing.
    """
    person = "@".join(part or tenant.domain or "" for part in rules.split_name(attempt.username))
    keys = {
        secrets.fingerprint(pepper, "person", str(tenant.reseller_id), person, attempt.address): rules.PERSON_AT_PLACE,
        secrets.fingerprint(pepper, "account", str(tenant.reseller_id), person): rules.ACCOUNT,
        secrets.fingerprint(pepper, "address", attempt.address): rules.PLACE,
    }
    _count_attempt(keys)
    account = queries.by_sign_in_name(tenant, attempt.username)
    fits = secrets.password_fits(account.password_hash if account else None, attempt.password)
    if account is None or not fits or account.status != Status.ACTIVE:
        _record_failure(tenant, account, attempt)
        raise Refused("sign-in-failed")
    _forget_attempts(keys)
    _open_session(tenant, account, attempt, token_hash, until)
    return account


def _open_session(tenant: Tenant, account: Account, attempt: Attempt, token_hash: bytes, until: datetime) -> None:
    now = clock.now()
    if account.password_hash and secrets.is_outdated(account.password_hash):
        account.password_hash = secrets.hash_password(attempt.password)
    account.last_sign_in_at = now
    db.session().add(
        AccountSession(
            reseller_id=account.reseller_id,
            account_id=account.id,
            token_hash=token_hash,
            host=tenant.host,
            address=attempt.address,
            user_agent=attempt.user_agent[:LONGEST_USER_AGENT],
            created_at=now,
            last_seen_at=now,
            expires_at=until,
        ),
    )
    audit.record(
        Event.SIGNED_IN, by=_as_actor(account, attempt.address), subject=account.public_id, label=account.name, customer_id=account.customer_id,
    )


def _as_actor(account: Account, address: str) -> Identity:
    return Identity(
        account_id=account.id,
        public_id=account.public_id,
        name=account.name,
        role=Role(account.role),
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        address=address,
    )


def _count_attempt(keys: dict[bytes, Patience]) -> None:
    now = clock.now()
    waits: list[timedelta] = []
    with db.unit_of_work(Scope.platform()) as session:
        for key, patience in sorted(keys.items()):
            known = session.scalar(select(SignInTrouble).where(SignInTrouble.key == key).with_for_update())
            if known is not None and known.wait_until > now:
                waits.append(known.wait_until - now)
        if not waits:
            for key, patience in sorted(keys.items()):
                _raise_count(key, patience, now)
    if waits:
        raise Refused("sign-in-wait", wait=max(waits))


def _raise_count(key: bytes, patience: Patience, now: datetime) -> None:
    recent = SignInTrouble.last_at > now - rules.FORGOTTEN_AFTER
    counted = db.session().scalar(
        insert(SignInTrouble)
        .values(key=key, failures=1, last_at=now, wait_until=now)
        .on_conflict_do_update(index_elements=["key"], set_={"failures": case((recent, SignInTrouble.failures + 1), else_=1), "last_at": now})
        .returning(SignInTrouble),
        execution_options={"populate_existing": True},
    )
    if counted is not None:
        counted.wait_until = now + patience.wait(counted.failures)


def _forget_attempts(keys: Iterable[bytes]) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(delete(SignInTrouble).where(SignInTrouble.key.in_(list(keys))))


def _record_failure(tenant: Tenant, account: Account | None, attempt: Attempt) -> None:
    """Written apart, for the refusal rolls everything else back."""
    with db.unit_of_work(tenant.scope):
        audit.record(
            Event.SIGN_IN_FAILED,
            by=Identity.system(attempt.username.strip().lower()[:255] or "?", reseller_id=tenant.reseller_id),
            subject=account.public_id if account else None,
            label=account.name if account else None,
            customer_id=account.customer_id if account else None,
            address=attempt.address,
        )


def sign_out(*, by: Identity) -> None:
    db.session().execute(delete(AccountSession).where(AccountSession.id == by.session_id))
    audit.record(Event.SIGNED_OUT, by=by, subject=by.public_id, label=by.name)


def change_password(*, by: Identity, current: str | None, password: str, repeat: str) -> Account:
    """One's own. Every other session of the account ends. `current` is None only where a new password is owed."""
    account = queries.own(by)
    if current is not None and not secrets.password_fits(account.password_hash, current):
        raise Refused("password-wrong", field="current")
    if password != repeat:
        raise Refused("password-repeat", field="repeat")
    if secrets.password_fits(account.password_hash, password):
        raise Refused("password-same", field="password")
    rules.check_password(password, (account.name, account.username))
    account.password_hash = secrets.hash_password(password)
    account.must_change_password = False
    _end_sessions(account.id, besides=by.session_id)
    audit.record(Event.PASSWORD_CHANGED, by=by, subject=account.public_id, label=account.name, password=CHANGED)
    return account


def set_password(*, by: Identity, account: Account, password: str) -> None:
    """A password given by somebody else: it opens the door once, then a new one is owed. Ends all sessions."""
    rules.check_password(password, (account.name, account.username))
    account.password_hash = secrets.hash_password(password)
    account.must_change_password = True
    _end_sessions(account.id)
    audit.record(
        Event.WEB_PASSWORD_SET,
        by=by,
        subject=account.public_id,
        label=account.name,
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        password=CHANGED,
    )


def open_account(
    *, reseller_id: int, customer_id: int, subscriber_id: int, domain_id: int, role: Role, username: str, name: str, email: str | None, language: str | None,
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


def open_staff_account(*, by: Identity, reseller_id: int, role: Role, email: str, name: str) -> Account:
    """Staff sign in with their e-mail address; without a password they cannot yet."""
    account = Account(reseller_id=reseller_id, role=role.value, username=email.strip().lower(), name=name, email=email.strip(), created_at=clock.now())
    db.session().add(account)
    db.session().flush()
    audit.record(Event.ACCOUNT_OPENED, by=by, subject=account.public_id, label=account.name, reseller_id=reseller_id)
    return account


def rename_web_user(*, account: Account, username: str) -> None:
    username = username.strip().lower()
    if username != account.username and queries.web_user_taken(account.domain_id or 0, username, besides=account.id):
        raise Refused("web-user-taken", field="web_username")
    account.username = username


def close_door(account: Account) -> None:
    """A lock that covers the portal: nobody is signed in any more, and nobody signs in."""
    account.status = Status.LOCKED.value
    _end_sessions(account.id)


def open_door(account: Account) -> None:
    account.status = Status.ACTIVE.value


def terminate(account: Account) -> None:
    account.status = Status.TERMINATED.value
    account.password_hash = None
    _end_sessions(account.id)


def keep_preference(*, by: Identity, name: str, value: str | None) -> None:
    """Language or scheme, chosen in passing."""
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
    changes: dict[str, Any] = {name: (getattr(account, name), value) for name, value in wanted.items() if getattr(account, name) != value}
    if changes:
        account.language, account.time_zone, account.scheme = language, time_zone, scheme
        audit.record(Event.ACCOUNT_CHANGED, by=by, subject=account.public_id, label=account.name, **changes)
    return account


def _end_sessions(account_id: int, *, besides: int | None = None) -> None:
    ended = delete(AccountSession).where(AccountSession.account_id == account_id)
    db.session().execute(ended.where(AccountSession.id != besides) if besides is not None else ended)
