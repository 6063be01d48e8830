"""Passkeys: made, shown in place of a password or after it, renamed, removed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.tenancy import Tenant
from portal.features.accounts import mails, queries, rules
from portal.features.accounts.models import Account, Method, Passkey
from portal.features.accounts.operations import ceremonies, webauthn
from portal.features.accounts.operations.confirming import confirm
from portal.features.accounts.operations.entering import Entered, Visit, enter
from portal.features.accounts.operations.factors import new_codes, void_codes_without_factor
from portal.features.accounts.operations.viewing import check_alone
from portal.features.accounts.operations.webauthn import Answer

MAKING, SHOWING = "passkey-making", "passkey-showing"


@dataclass(frozen=True)
class Added:
    """`codes`: recovery codes, seen this once, where there were none yet."""

    passkey: Passkey
    codes: list[str]


def begin_passkey(*, by: Identity, tenant: Tenant, brand: str, address: str) -> dict[str, Any]:
    """What the browser is told to make a passkey that signs in at this host."""
    check_alone(by)
    account = queries.own(by)
    own = _with_room(account)
    challenge = _begin(MAKING, tenant, address, account.id)
    here = [passkey for passkey in own if passkey.host == tenant.host]
    name = queries.full_name(account, tenant)
    return webauthn.to_make(challenge, tenant=tenant, brand=brand, account=account, name=name, besides=here)


def add_passkey(*, by: Identity, tenant: Tenant, answer: Answer, user_agent: str) -> Added:
    """What the browser made, under a name that can be changed. Raises Refused."""
    check_alone(by)
    challenge = _finish(MAKING, tenant, answer, by.account_id)
    made = webauthn.made(answer, challenge=challenge, tenant=tenant)
    if made is None:
        raise Refused("passkey-not-made")
    account = _held(by)
    taken = {passkey.name for passkey in _with_room(account)}
    name = rules.passkey_name(made.aaguid, apart=made.apart, device=rules.device(user_agent), taken=taken)
    passkey = Passkey(
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        account_id=account.id,
        host=tenant.host,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        backed_up=made.backed_up,
        name=name,
        created_at=clock.now(),
    )
    db.session().add(passkey)
    db.session().flush()
    audit.record(Event.PASSKEY_ADDED, by=by, subject=account.public_id, label=account.name, passkey=name)
    mails.factor_changed(account, what="passkey-added", at=passkey.created_at, passkey=name)
    return Added(passkey, [] if queries.factors(account.id).codes_left else new_codes(by, account))


def rename_passkey(*, by: Identity, passkey: Passkey, name: str) -> Passkey:
    check_alone(by)
    kept = rules.check_passkey_name(name)
    if kept != passkey.name:
        account, change = queries.own(by), (passkey.name, kept)
        audit.record(Event.PASSKEY_RENAMED, by=by, subject=account.public_id, label=account.name, change=change)
        passkey.name = kept
    return passkey


def remove_passkey(*, by: Identity, passkey: Passkey) -> None:
    """Without the last one the password alone opens the door again. Raises Refused where there is none."""
    check_alone(by)
    account = _held(by)
    if len(queries.passkeys(account.id)) == 1 and not queries.has_other_way(account):
        raise Refused("passkey-last")
    db.session().delete(passkey)
    db.session().flush()
    void_codes_without_factor(account)
    audit.record(Event.PASSKEY_REMOVED, by=by, subject=account.public_id, label=account.name, passkey=passkey.name)
    mails.factor_changed(account, what="passkey-removed", at=clock.now(), passkey=passkey.name)


def ask_for_passkey(*, tenant: Tenant, address: str, by: Identity | None = None) -> dict[str, Any]:
    """What the browser is told to show a passkey: whosever, or one of `by`, who owes a second factor or confirms who it is."""
    here = [one for one in queries.passkeys(by.account_id or 0) if one.host == tenant.host] if by else []
    if by and not here:
        raise Refused("passkey-failed")
    challenge = _begin(SHOWING, tenant, address, by.account_id if by else None)
    return webauthn.to_show(challenge, tenant=tenant, one_of=here)


def sign_in_with_passkey(*, visit: Visit, answer: Answer, by: Identity | None = None) -> Entered:
    """In place of a password, or as the second factor that `by` owes.

    Raises Refused with the same answer for unknown, foreign and locked. In transactions of its own, as with a password.
    """
    challenge = _finish(SHOWING, visit.tenant, answer, by.account_id if by else None)
    with _traced(answer, visit.tenant, visit.address, by), db.unit_of_work(visit.tenant.scope):
        account = _owner(answer, challenge, visit.tenant, by)
        return enter(visit=visit, account=account, method=Method.PASSKEY, finishing=by is not None)


def confirm_with_passkey(*, by: Identity, tenant: Tenant, answer: Answer, address: str, token_hash: bytes) -> datetime:
    """As the password would, one of their passkeys makes sure that it is `by`. Returns until when the session lasts."""
    check_alone(by)
    challenge = _finish(SHOWING, tenant, answer, by.account_id)
    with _traced(answer, tenant, address, by):
        _owner(answer, challenge, tenant, by)
    return confirm(by=by, token_hash=token_hash)


def _begin(kind: str, tenant: Tenant, address: str, account_id: int | None) -> str:
    return ceremonies.begin(
        kind, tenant=tenant, address=address, payload={}, lifetime=rules.ANSWER_WITHIN, account_id=account_id,
    )


def _finish(kind: str, tenant: Tenant, answer: Answer, account_id: int | None) -> str:
    """The challenge that is answered, for the last time."""
    challenge = webauthn.challenge_of(answer)
    if ceremonies.finish(kind, tenant=tenant, key=challenge, account_id=account_id) is None:
        raise Refused("passkey-over")
    return challenge


def _held(by: Identity) -> Account:
    """One's own account, whose passkeys nobody else adds or removes until this is done."""
    return db.session().scalars(select(Account).where(Account.id == by.account_id).with_for_update()).one()


def _with_room(account: Account) -> Sequence[Passkey]:
    own = queries.passkeys(account.id)
    if len(own) >= rules.MOST_PASSKEYS:
        raise Refused("passkey-most", most=rules.MOST_PASSKEYS)
    return own


def _owner(answer: Answer, challenge: str, tenant: Tenant, by: Identity | None) -> Account:
    """Whose passkey was shown (only `by` will do, if anybody is expected); notes its use. Raises Refused."""
    found = queries.passkey_here(tenant, webauthn.credential_of(answer))
    if found is None:
        raise Refused("passkey-failed")
    passkey, account = found
    if (by is not None and account.id != by.account_id) or webauthn.whose(answer) not in {None, account.public_id}:
        raise Refused("passkey-failed")
    shown = webauthn.shown(answer, challenge=challenge, tenant=tenant, passkey=passkey)
    if shown is None:
        raise Refused("passkey-failed")
    _note_use(passkey, shown)
    return account


def _note_use(passkey: Passkey, shown: webauthn.Shown) -> None:
    """Raises Refused when the counter did not go up: then there are two of it. Those without a counter stay at 0."""
    onward = Passkey.sign_count < shown.sign_count if shown.sign_count else Passkey.sign_count == 0
    used = update(Passkey).where(Passkey.id == passkey.id, onward)
    values = {"sign_count": shown.sign_count, "backed_up": shown.backed_up, "last_used_at": clock.now()}
    if db.session().scalar(used.values(values).returning(Passkey.id)) is None:
        raise Refused("passkey-failed", counter=(passkey.sign_count, shown.sign_count))


@contextmanager
def _traced(answer: Answer, tenant: Tenant, address: str, by: Identity | None) -> Iterator[None]:
    """A refusal leaves its trace, at the account that was aimed at if there is one, and sounds the same whatever the cause."""
    try:
        yield
    except Refused as refusal:
        with db.unit_of_work(tenant.scope):
            found = queries.passkey_here(tenant, webauthn.credential_of(answer)) if by is None else None
            _record_failure(found[1] if found else None, tenant, address, by, dict(refusal.facts))
        raise Refused("passkey-failed") from refusal


def _record_failure(
    account: Account | None, tenant: Tenant, address: str, by: Identity | None, facts: dict[str, Any]
) -> None:
    if by is not None:
        audit.record(Event.FACTOR_FAILED, by=by, subject=by.public_id, label=by.name, **facts)
        return
    name, whose = (account.name, account.customer_id) if account else (None, None)
    stranger = Identity.system(name or "?", reseller_id=tenant.reseller_id, customer_id=whose, address=address)
    audit.record(Event.SIGN_IN_FAILED, by=stranger, subject=account.public_id if account else None, label=name, **facts)
