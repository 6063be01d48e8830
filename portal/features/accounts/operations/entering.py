"""Signing in: whoever proves to be somebody gets a session in place of the one that the browser had."""

import hmac
import secrets as random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, update

from portal.core import audit, clock, db, outbox, secrets
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.core.tenancy import Tenant
from portal.features.accounts import mails, queries, rules
from portal.features.accounts.models import Account, AccountSession, Method, Status
from portal.features.accounts.operations import throttle
from portal.features.accounts.operations.sessions import end_sessions
from portal.features.accounts.operations.viewing import sign_out_viewer

LONGEST_USER_AGENT = 300
HALF_FOR = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A browser that wants in, at a tenant's host.

    `device` is what this browser was given when it last signed in, `language` was chosen on the sign-in page. `token_hash` is of
    the token that it will show, `until` is when that ends at the latest. `instead_of`: whoever is signed in with it now.
    """

    tenant: Tenant
    address: str
    user_agent: str
    token_hash: bytes
    until: datetime
    device: str | None = None
    language: str | None = None
    instead_of: Identity | None = None


@dataclass(frozen=True)
class Entered:
    """What became of a visit. `half`: a second factor is still owed; `device` is what the browser shows next time to be known."""

    device: str | None
    half: bool = False


def sign_in(*, visit: Visit, username: str, password: str) -> Entered:
    """With a web password. Raises Refused with the same answer for unknown, wrong, foreign and locked.

    In units of work of its own: it does not matter who is signed in now, and no connection waits for the hash.
    """
    person = "@".join(part or visit.tenant.domain or "" for part in rules.split_name(username))
    counted = throttle.counters(visit.tenant.reseller_id, person, visit.address, _known(visit, person))
    if throttle.count(counted) == rules.TOLD_AT:
        _have_owner_told(visit, username)
    with db.unit_of_work(visit.tenant.scope, read_only=True) as session:
        account = queries.by_sign_in_name(visit.tenant, username)
        session.expunge_all()  # as it was looked at: what has changed meanwhile is found out when the session is opened
    fits = secrets.password_fits(account.password_hash if account else None, password)
    renewed = secrets.hash_password(password) if account and fits and secrets.is_outdated(account.password_hash or "") else None
    with db.unit_of_work(visit.tenant.scope):
        entered = None
        if account is not None and fits and account.status == Status.ACTIVE:
            entered = _open(visit, account, Method.PASSWORD, verified=account.password_hash, renewed=renewed)
        if entered is None:
            _record_failure(visit, account)
    if entered is None:
        raise Refused("sign-in-failed")
    throttle.forget(counted)
    return entered


def _have_owner_told(visit: Visit, username: str) -> None:
    """By the worker, whether or not the name is anybody's: nobody can tell from here which."""
    with db.unit_of_work(visit.tenant.scope):
        since = clock.now().date().isoformat()
        typed = username[: rules.LONGEST_NAME]
        outbox.enqueue("guessed-password", {"host": visit.tenant.host, "username": typed, "since": since})


def enter(*, visit: Visit, account: Account, method: Method, finishing: bool = False) -> Entered:
    """For those who have proved everything in another way. Raises Refused when the account was locked meanwhile.

    `finishing`: the second step of a sign-in. It is refused when the first one does not count any more.
    """
    entered = _open(visit, account, method, finishing=finishing)
    if entered is None:
        raise Refused("sign-in-failed")
    return entered


def _open(
    visit: Visit,
    account: Account,
    method: Method,
    *,
    verified: str | None = None,
    renewed: str | None = None,
    finishing: bool = False,
) -> Entered | None:
    """None when the account is locked, its customer not in service, or the password not the one verified any more.

    Also when a half session that is to be finished has been ended since then.
    """
    now = clock.now()
    half = method is Method.PASSWORD and queries.has_factor(account.id)
    values: dict[str, Any] = {"last_sign_in_at": Account.last_sign_in_at if half else now}
    values |= {"password_hash": renewed} if renewed else {}
    values |= {"language": visit.language} if visit.language else {}
    open_to_all = Account.status == Status.ACTIVE, func.customer_in_service(Account.customer_id)
    still = update(Account).where(Account.id == account.id, *open_to_all)
    if verified is not None:
        still = still.where(Account.password_hash == verified)
    as_it_was = {"synchronize_session": False}  # `account` goes on saying when the person was here before
    if db.session().scalar(still.values(values).returning(Account.id), execution_options=as_it_was) is None:
        return None
    end_sessions(account.id, until=now)
    if not _ended_before(visit) and finishing:
        return None
    db.session().add(_session(visit, account, method, now, half=half))
    if half:
        return Entered(None, half=True)
    return Entered(_welcome(visit, account))


def _ended_before(visit: Visit) -> bool:
    """Ends the session that this browser had; False when there was none."""
    before = visit.instead_of
    if before is None:
        return False
    if before.viewer is not None:
        sign_out_viewer(before)
    ended = delete(AccountSession).where(AccountSession.id == before.session_id).returning(AccountSession.id)
    return db.session().scalar(ended) is not None


def _session(visit: Visit, account: Account, method: Method, now: datetime, *, half: bool) -> AccountSession:
    return AccountSession(
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        account_id=account.id,
        token_hash=visit.token_hash,
        host=visit.tenant.host,
        address=visit.address,
        user_agent=visit.user_agent[:LONGEST_USER_AGENT],
        method=method.value,
        half=half,
        created_at=now,
        last_seen_at=now,
        confirmed_at=now,
        expires_at=min(visit.until, now + HALF_FOR) if half else visit.until,
    )


def _welcome(visit: Visit, account: Account) -> str:
    """Leaves the trace, tells the owner of a device not seen before, and says what makes this one known."""
    actor = as_actor(account, visit.address)
    audit.record(Event.SIGNED_IN, by=actor, subject=account.public_id, label=account.name, customer_id=account.customer_id)
    person = queries.full_name(account, visit.tenant)
    if account.last_sign_in_at is not None and not _still_known(visit, person, account.devices_since):
        mails.new_device(account, address=visit.address, user_agent=visit.user_agent, at=clock.now())
    return device_mark(visit.tenant, person)


def as_actor(account: Account, address: str | None) -> Identity:
    """Somebody who acts before a session says who it is."""
    return Identity(
        account_id=account.id,
        public_id=account.public_id,
        name=account.name,
        role=Role(account.role),
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        address=address,
    )


def device_mark(tenant: Tenant, person: str, nonce: str | None = None) -> str:
    """What a browser keeps to show that this person signed in with it before, and when."""
    nonce = nonce or f"{random.token_urlsafe(16)}~{_milliseconds(clock.now())}"
    return f"{nonce}.{secrets.fingerprint(secrets.pepper(), 'device', str(tenant.reseller_id), person, nonce).hex()}"


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _known(visit: Visit, person: str) -> str | None:
    """The device's own name, if this person signed in with it before."""
    shown = visit.device or ""
    nonce = shown.partition(".")[0]
    known = nonce and hmac.compare_digest(device_mark(visit.tenant, person, nonce).encode(), shown.encode())
    return nonce if known else None


def _still_known(visit: Visit, person: str, since: datetime | None) -> bool:
    """What was known before the password was given anew counts as new: a stranger may have signed in with it."""
    known = _known(visit, person)
    when = (known or "").rpartition("~")[2]
    return known is not None and (since is None or (when.isdecimal() and int(when) >= _milliseconds(since)))


def _record_failure(visit: Visit, account: Account | None) -> None:
    """What was typed is not kept: it may be a password."""
    name, whose = (account.name, account.customer_id) if account else (None, None)
    by = Identity.system(name or "?", reseller_id=visit.tenant.reseller_id, customer_id=whose, address=visit.address)
    audit.record(Event.SIGN_IN_FAILED, by=by, subject=account.public_id if account else None, label=name)
