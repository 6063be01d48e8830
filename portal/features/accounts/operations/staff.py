"""Accounts of a provider's staff: who works there, in which role, and which of its rights they have.

What changes counts at the next request of whoever it concerns.
"""

from collections.abc import Collection
from typing import Any

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.features.accounts import queries, rules
from portal.features.accounts.models import Account, Status
from portal.features.accounts.operations import life
from portal.features.accounts.operations.links import invite
from portal.features.accounts.operations.viewing import check_alone


def invite_staff(
    *, by: Identity, reseller_id: int, role: Role, name: str, email: str, rights: Collection[str] = rules.RIGHTS
) -> Account:
    """Opens an account, and mails a link to its first password. `rights`: of what may be withheld."""
    check_alone(by)
    role = rules.check_role(role, by.role, operator=queries.is_operators(reseller_id))
    name, email = rules.check_name(name), rules.check_address(email)
    if queries.staff_user_taken(reseller_id, email.lower(), besides=0):
        raise Refused("email-taken", field="email")
    withheld = rules.given(by.withheld, rights, before=rules.RIGHTS)
    account = life.open_staff_account(by=by, reseller_id=reseller_id, role=role, email=email, name=name, withheld=withheld)
    invite(by=by, account=account)
    return account


def change_staff(*, by: Identity, account: Account, version: int, role: Role, rights: Collection[str]) -> Account:
    """Raises Conflict."""
    check_alone(by)
    keepers = _hold(by, account)
    if account.version != version:
        raise Conflict(account.version)
    _check_may(by, account)
    withheld = rules.given(by.withheld, rights, before=account.withheld)
    if role != account.role:
        rules.check_role(role, by.role, operator=queries.is_operators(account.reseller_id))
    if not _keeps(account, role, withheld):
        _check_not_last(keepers, account)
    changes: dict[str, Any] = {"role": (account.role, role.value), "withheld": (sorted(account.withheld), withheld)}
    changed = {name: change for name, change in changes.items() if change[0] != change[1]}
    if changed:
        account.role, account.withheld = role.value, withheld
        _record(Event.STAFF_CHANGED, by, account, **changed)
        db.session().flush()
    return account


def lock_staff(*, by: Identity, account: Account) -> None:
    """Nobody is signed in with it any more, and nobody signs in; what it may do stays as it is."""
    check_alone(by)
    keepers = _hold(by, account)
    _check_may(by, account)
    if account.status == Status.LOCKED:
        raise Refused("staff-locked")
    _check_not_last(keepers, account)
    life.close_door(account)
    _record(Event.STAFF_LOCKED, by, account)


def unlock_staff(*, by: Identity, account: Account) -> None:
    check_alone(by)
    _hold(by, account)
    _check_may(by, account)
    if account.status != Status.LOCKED:
        raise Refused("staff-not-locked")
    life.open_door(account)
    _record(Event.STAFF_UNLOCKED, by, account)


def terminate_staff(*, by: Identity, account: Account) -> None:
    """For good: signed out everywhere, passwords, factors and links are gone. The history keeps the name."""
    check_alone(by)
    keepers = _hold(by, account)
    _check_may(by, account)
    _check_not_last(keepers, account)
    life.terminate(account)
    _record(Event.STAFF_TERMINATED, by, account)


def _hold(by: Identity, account: Account) -> Collection[Account]:
    """One after the other. Raises NotFound for accounts that have ended, and for those who may not ask any more."""
    keepers = queries.hold_keepers(account.reseller_id)
    db.session().refresh(account, with_for_update={"key_share": True})
    if account.status == Status.TERMINATED:
        raise NotFound
    if by.account_id is not None and by.reseller_id == account.reseller_id and by.account_id not in {one.id for one in keepers}:
        raise NotFound
    return keepers


def _check_may(by: Identity, account: Account) -> None:
    if account.id == by.account_id:
        raise Refused("staff-self")
    if account.role not in rules.roles_given(by.role, operator=True):
        raise Refused("staff-above")


def _check_not_last(keepers: Collection[Account], account: Account) -> None:
    """The operator's own administrators cannot stand in for the last operator."""
    alike = {one.id for one in keepers if one.role == Role.OPERATOR} or {one.id for one in keepers}
    if rules.is_last(alike, account.id):
        raise Refused("last-administrator")


def _keeps(account: Account, role: Role, withheld: Collection[str]) -> bool:
    """Whether somebody who looks after the staff goes on doing so."""
    same = role == account.role or account.role != Role.OPERATOR
    return same and rules.looks_after_staff(role, withheld)


def _record(event: Event, by: Identity, account: Account, **details: Any) -> None:
    audit.record(event, by=by, subject=account.public_id, label=account.name, reseller_id=account.reseller_id, **details)
