"""Signing in and out, passwords, and what goes with the life of an account."""

import hmac
import secrets as random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
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
Counters = Mapping[bytes, Patience]


@dataclass(frozen=True)
class Attempt:
    """What a sign-in form brought, and from where.

    `device` is what this browser was given when it last signed in, `language` was chosen on the sign-in page.
    """

    username: str
    password: str
    address: str
    user_agent: str
    device: str | None = None
    language: str | None = None


def sign_in(
    *, tenant: Tenant, attempt: Attempt, token_hash: bytes, until: datetime, pepper: str, instead_of: Identity | None = None,
) -> str:
    """Opens a session in place of the one that this browser had. Returns what the browser shows next time to be known.

    Raises Refused with the same answer for unknown, wrong, foreign and locked. In a unit of work of its own: it does not
    matter who is signed in now.
    """
    person = "@".join(part or tenant.domain or "" for part in rules.split_name(attempt.username))
    counters = _counters(tenant, person, attempt, pepper)
    _count_attempt(counters)
    with db.unit_of_work(tenant.scope):
        account = queries.by_sign_in_name(tenant, attempt.username)
        fits = secrets.password_fits(account.password_hash if account else None, attempt.password)
        opened = (
            account is not None
            and fits
            and account.status == Status.ACTIVE
            and _open_session(tenant, account, attempt, token_hash, until)
        )
        if not opened:
            _record_failure(tenant, account, attempt)
        elif instead_of is not None:
            db.session().execute(delete(AccountSession).where(AccountSession.id == instead_of.session_id))
    if not opened:
        raise Refused("sign-in-failed")
    _forget_attempts(counters)
    return _known_device(tenant, person, pepper)


def _open_session(tenant: Tenant, account: Account, attempt: Attempt, token_hash: bytes, until: datetime) -> bool:
    """False when the account was locked, or given another password, since it was looked at."""
    now = clock.now()
    verified = account.password_hash or ""
    renewed = secrets.hash_password(attempt.password) if secrets.is_outdated(verified) else verified
    still = update(Account).where(Account.id == account.id, Account.status == Status.ACTIVE, Account.password_hash == verified)
    chosen = {"language": attempt.language} if attempt.language else {}
    if db.session().scalar(still.values(last_sign_in_at=now, password_hash=renewed, **chosen).returning(Account.id)) is None:
        return False
    _end_sessions(account.id, until=now)
    db.session().add(
        AccountSession(
            reseller_id=account.reseller_id,
            customer_id=account.customer_id,
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
    actor = _as_actor(account, attempt.address)
    audit.record(Event.SIGNED_IN, by=actor, subject=account.public_id, label=account.name, customer_id=account.customer_id)
    return True


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


def _known_device(tenant: Tenant, person: str, pepper: str, nonce: str | None = None) -> str:
    nonce = nonce or random.token_urlsafe(16)
    return f"{nonce}.{secrets.fingerprint(pepper, 'device', str(tenant.reseller_id), person, nonce).hex()}"


def _counters(tenant: Tenant, person: str, attempt: Attempt, pepper: str) -> Counters:
    """Where an attempt counts.

    A device on which this person signed in before counts for itself: what strangers do with the same name, or at the same
    address, does not keep it waiting.
    """
    nonce = (attempt.device or "").partition(".")[0]
    if nonce and hmac.compare_digest(_known_device(tenant, person, pepper, nonce).encode(), (attempt.device or "").encode()):
        return {secrets.fingerprint(pepper, "device", nonce): rules.ONE_PERSON}
    place = rules.place(attempt.address)
    return {
        secrets.fingerprint(pepper, "person", str(tenant.reseller_id), person, place): rules.ONE_PERSON,
        secrets.fingerprint(pepper, "account", str(tenant.reseller_id), person): rules.ACCOUNT,
        secrets.fingerprint(pepper, "address", place): rules.PLACE,
    }


def _count_attempt(counters: Counters) -> None:
    """Counts before the password is looked at, so that many attempts at once gain nothing, and for good, whatever follows."""
    now = clock.now()
    with db.unit_of_work(Scope.platform()):
        held = [(counters[trouble.key], trouble) for trouble in _hold(counters, now)]
        for _patience, trouble in held:
            if trouble.last_at <= now - rules.FORGOTTEN_AFTER:
                trouble.failures = 0
        newcomer = any(patience is rules.ONE_PERSON and not trouble.failures for patience, trouble in held)
        waits = [trouble.wait_until - now for patience, trouble in held if not (newcomer and patience is rules.ACCOUNT)]
        if max(waits) > timedelta(0):
            raise Refused("sign-in-wait", wait=max(waits))
        for patience, trouble in held:
            trouble.failures += 1
            trouble.last_at = now
            trouble.wait_until = now + patience.wait(trouble.failures)


def _hold(counters: Iterable[bytes], now: datetime) -> list[SignInTrouble]:
    """The counters, made when missing, and locked in one order for all."""
    rows = [{"key": key, "failures": 0, "last_at": now, "wait_until": now} for key in sorted(counters)]
    unchanged = {"failures": SignInTrouble.failures}
    wanted = insert(SignInTrouble).values(rows).on_conflict_do_update(index_elements=["key"], set_=unchanged)
    return list(db.session().scalars(wanted.returning(SignInTrouble)))


def _forget_attempts(counters: Counters) -> None:
    """A success clears the person; to the place it only gives back what it counted, for others may be guessing there."""
    now = clock.now()
    with db.unit_of_work(Scope.platform()) as session:
        for trouble in _hold(counters, now):
            if counters[trouble.key] is rules.PLACE:
                trouble.failures, trouble.wait_until = max(trouble.failures - 1, 0), now
            else:
                session.delete(trouble)
    with db.unit_of_work(Scope.platform()) as session:
        old = select(SignInTrouble.key).where(SignInTrouble.last_at <= now - rules.FORGOTTEN_AFTER).limit(100)
        session.execute(delete(SignInTrouble).where(SignInTrouble.key.in_(old.with_for_update(skip_locked=True))))


def _record_failure(tenant: Tenant, account: Account | None, attempt: Attempt) -> None:
    """What was typed is not kept: it may be a password."""
    name, whose = (account.name, account.customer_id) if account else (None, None)
    by = Identity.system(name or "?", reseller_id=tenant.reseller_id, customer_id=whose, address=attempt.address)
    audit.record(Event.SIGN_IN_FAILED, by=by, subject=account.public_id if account else None, label=name)


def sign_out(*, by: Identity) -> None:
    db.session().execute(delete(AccountSession).where(AccountSession.id == by.session_id))
    audit.record(Event.SIGNED_OUT, by=by, subject=by.public_id, label=by.name)


def change_password(*, by: Identity, current: str | None, password: str, repeat: str) -> Account:
    """One's own. Every other session of the account ends. `current` is None only where a new password is owed."""
    account = queries.own(by)
    if current is not None:
        _check_current(account, current)
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


def _check_current(account: Account, password: str) -> None:
    """Counted like a sign-in: whoever finds an open browser must not find out the password."""
    counters = {secrets.fingerprint("current password", account.public_id): rules.ONE_PERSON}
    _count_attempt(counters)
    if not secrets.password_fits(account.password_hash, password):
        raise Refused("password-wrong", field="current")
    _forget_attempts(counters)


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


def open_staff_account(*, by: Identity, reseller_id: int, role: Role, email: str, name: str) -> Account:
    """Staff sign in with their e-mail address; without a password they cannot yet."""
    account = Account(
        reseller_id=reseller_id,
        role=role.value,
        username=email.strip().lower(),
        name=name,
        email=email.strip(),
        created_at=clock.now(),
    )
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
    before = {name: getattr(account, name) for name in wanted}
    changes: dict[str, Any] = {name: (before[name], value) for name, value in wanted.items() if before[name] != value}
    if changes:
        account.language, account.time_zone, account.scheme = language, time_zone, scheme
        audit.record(Event.ACCOUNT_CHANGED, by=by, subject=account.public_id, label=account.name, **changes)
    return account


def _end_sessions(account_id: int, *, besides: int | None = None, until: datetime | None = None) -> None:
    """All of them; or all but one; or only those that are over by a moment."""
    ended = delete(AccountSession).where(AccountSession.account_id == account_id)
    if besides is not None:
        ended = ended.where(AccountSession.id != besides)
    if until is not None:
        ended = ended.where(AccountSession.expires_at <= until)
    db.session().execute(ended)
