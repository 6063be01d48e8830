"""What somebody has besides the password: an authenticator app, and recovery codes for when it is lost."""

import secrets as random
from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.core import audit, clock, db, secrets
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.accounts import mails, queries, rules
from portal.features.accounts.models import Account, Authenticator, Passkey, Purpose, RecoveryCode
from portal.features.accounts.operations import throttle, tokens
from portal.features.accounts.operations.sessions import end_sessions
from portal.features.accounts.operations.viewing import check_alone

FACTORS = (Authenticator, RecoveryCode, Passkey)


def begin_totp(*, by: Identity) -> None:
    """A new seed, in place of one that was begun before. It counts for nothing until its first code was typed."""
    check_alone(by)
    account = queries.own(by)
    begun = {"seed": pyotp.random_base32(), "created_at": clock.now()}
    owner = {"account_id": account.id, "reseller_id": account.reseller_id, "customer_id": account.customer_id}
    wanted = insert(Authenticator).values(owner | begun)
    again = wanted.on_conflict_do_update(
        index_elements=["account_id"], set_=begun, where=Authenticator.confirmed_at.is_(None),
    )
    if db.session().scalar(again.returning(Authenticator.account_id)) is None:
        raise Refused("totp-there")


def confirm_totp(*, by: Identity, code: str) -> list[str]:
    """The first code proves that the app has the seed. Returns the recovery codes, which are seen this once."""
    check_alone(by)
    account = queries.own(by)
    seed = queries.seed_to_confirm(account.id)
    if seed is None:
        raise Refused("totp-not-begun", field="code")
    now = clock.now()
    step = rules.step_of(seed, code, at=now, last=None)
    first = update(Authenticator).where(Authenticator.account_id == account.id, Authenticator.confirmed_at.is_(None))
    if db.session().scalar(first.values(confirmed_at=now, last_step=step).returning(Authenticator.account_id)) is None:
        raise Refused("totp-there")
    audit.record(Event.TOTP_ADDED, by=by, subject=account.public_id, label=account.name)
    mails.factor_changed(account, what="app-added", at=now)
    return new_codes(by, account)


def remove_totp(*, by: Identity) -> None:
    check_alone(by)
    account = queries.own(by)
    gone = delete(Authenticator).where(Authenticator.account_id == account.id, Authenticator.confirmed_at.is_not(None))
    if db.session().scalar(gone.returning(Authenticator.account_id)) is None:
        raise Refused("no-factor")
    void_codes_without_factor(account)
    audit.record(Event.TOTP_REMOVED, by=by, subject=account.public_id, label=account.name)
    mails.factor_changed(account, what="app-removed", at=clock.now())


def make_recovery_codes(*, by: Identity) -> list[str]:
    """Ten new ones; those from before are void."""
    check_alone(by)
    account = queries.own(by)
    if not queries.has_factor(account.id):
        raise Refused("no-factor")
    mails.factor_changed(account, what="codes-made", at=clock.now())
    return new_codes(by, account)


def void_codes_without_factor(account: Account) -> None:
    """Recovery codes stand in for something: they end with the last factor, not to be good again with the next."""
    if not queries.has_factor(account.id):
        db.session().execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def new_codes(by: Identity, account: Account) -> list[str]:
    db.session().execute(select(Account.id).where(Account.id == account.id).with_for_update())  # two at once make ten
    db.session().execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    length = rules.RECOVERY_GROUPS * rules.RECOVERY_GROUP
    codes = ["".join(random.choice(rules.RECOVERY_ALPHABET) for _ in range(length)) for _ in range(rules.RECOVERY_CODES)]
    db.session().add_all(
        RecoveryCode(
            reseller_id=account.reseller_id,
            customer_id=account.customer_id,
            account_id=account.id,
            code_hash=_hash(account, code),
        )
        for code in codes
    )
    audit.record(Event.RECOVERY_CODES_MADE, by=by, subject=account.public_id, label=account.name)
    return [rules.recovery_code_shown(code) for code in codes]


def _hash(account: Account, code: str) -> bytes:
    """Without a key of the ring, for codes on paper outlive the keys; they are too long to be guessed back from it."""
    return secrets.fingerprint("recovery code", account.public_id, code)


def pass_totp(*, by: Identity, code: str) -> Account:
    """The second step of a sign-in. Raises Refused at the field “code”."""
    account = queries.own(by)
    with counted(by, account):
        _use_totp(account, code)
    return account


def _use_totp(account: Account, code: str) -> None:
    kept = select(Authenticator.seed, Authenticator.last_step)
    found = db.session().execute(
        kept.where(Authenticator.account_id == account.id, Authenticator.confirmed_at.is_not(None)),
    ).first()
    if found is None:
        raise Refused("code-wrong", field="code")
    step = rules.step_of(found.seed, code, at=clock.now(), last=found.last_step)
    newest = or_(Authenticator.last_step.is_(None), Authenticator.last_step < step)
    used = update(Authenticator).where(Authenticator.account_id == account.id, newest).values(last_step=step)
    if db.session().scalar(used.returning(Authenticator.account_id)) is None:  # the same code, at the same time
        raise Refused("code-used", field="code")


def pass_recovery(*, by: Identity, code: str) -> tuple[Account, int]:
    """In place of the second step, once for each code. Returns how many are left, too."""
    account = queries.own(by)
    now = clock.now()
    with counted(by, account):
        wanted = update(RecoveryCode).where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == _hash(account, rules.recovery_code(code)),
            RecoveryCode.used_at.is_(None),
        )
        if db.session().scalar(wanted.values(used_at=now).returning(RecoveryCode.id)) is None:
            raise Refused("recovery-code-wrong", field="code")
    unused = select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    left = db.session().scalar(unused) or 0
    audit.record(Event.RECOVERY_CODE_USED, by=by, subject=account.public_id, label=account.name)
    mails.recovery_code_used(account, left=left, at=now)
    return account, left


@contextmanager
def counted(by: Identity, account: Account) -> Iterator[None]:
    """An attempt at a second factor. Guessing gets slower, and a refusal leaves its trace, whatever becomes of the request."""
    troubles = throttle.of_account("second factor", account)
    throttle.count(troubles)
    try:
        yield
    except Refused:
        with db.unit_of_work(by.scope):
            audit.record(Event.FACTOR_FAILED, by=by, subject=account.public_id, label=account.name)
        raise
    throttle.forget(troubles)


def clear_factors(*, by: Identity, account: Account) -> None:
    """For somebody who lost everything: the password alone opens the door again, and nobody stays signed in."""
    check_alone(by)
    if not queries.has_factor(account.id):
        raise Refused("nothing-to-clear")
    for kept in FACTORS:
        db.session().execute(delete(kept).where(kept.account_id == account.id))
    tokens.drop(account, Purpose.RESET, Purpose.EMAIL)
    end_sessions(account.id)
    throttle.forget(throttle.of_account("second factor", account))
    audit.record(
        Event.FACTORS_CLEARED,
        by=by,
        subject=account.public_id,
        label=account.name,
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
    )
    mails.factor_changed(account, what="cleared", at=clock.now(), by=by.name)
