"""The staff of one provider, for those who look after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from portal.core import db, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.leaves import Beside, begins, leaf
from portal.core.permissions import STAFF, Role
from portal.core.places import Page
from portal.features.accounts.models import Account, Status
from portal.features.accounts.queries.people import by_name
from portal.features.accounts.queries.sessions import any_factor
from portal.features.accounts.rules import looks_after_staff

_STAFF = tuple(sorted(role.value for role in STAFF))


@dataclass(frozen=True)
class StaffFilters:
    words: str = ""
    role: Role | None = None
    locked: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.role or self.locked)


@dataclass(frozen=True)
class StaffMember:
    """`factor`: has a second factor. `invited`: has not chosen a password yet."""

    account: Account
    factor: bool

    @property
    def public_id(self) -> PublicId:
        return self.account.public_id

    @property
    def role(self) -> Role:
        return Role(self.account.role)

    @property
    def locked(self) -> bool:
        return self.account.status == Status.LOCKED

    @property
    def invited(self) -> bool:
        return self.account.password_hash is None and self.account.last_sign_in_at is None


def staff(reseller_id: int, filters: StaffFilters, *, size: int, place: Beside | None = None) -> Page[StaffMember]:
    """A page of the list, by name. One statement; a second one to find the place."""
    wanted = _members(reseller_id).where(*_conditions(filters))
    return leaf(wanted, by_name(reseller_id), StaffMember, size=size, place=place)


def count_staff(reseller_id: int, filters: StaffFilters) -> int:
    wanted = _members(reseller_id).where(*_conditions(filters))
    return db.session().scalar(select(func.count()).select_from(wanted.subquery())) or 0


def staff_member(reseller_id: int, public_id: PublicId) -> StaffMember:
    """As stored now. Raises NotFound, also for those who are of a customer or another provider."""
    wanted = _members(reseller_id).where(Account.public_id == public_id)
    row = db.session().execute(wanted, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound
    return StaffMember(*row)


def hold_keepers(reseller_id: int) -> Sequence[Account]:
    """Whoever can look after the staff of a provider, kept from others until the end of the transaction.

    Those who wait for it find out afterwards who is left.
    """
    wanted = select(Account).where(
        Account.reseller_id == reseller_id,
        Account.role.in_([Role.OPERATOR.value, Role.RESELLER.value]),
        Account.status == Status.ACTIVE,
    )
    held = wanted.order_by(Account.id).with_for_update(key_share=True)
    found = db.session().scalars(held, execution_options={"populate_existing": True}).all()
    return [one for one in found if looks_after_staff(one.role, one.withheld)]


def _members(reseller_id: int) -> Select[*tuple[Any, ...]]:
    own = Account.reseller_id == reseller_id, Account.role.in_(_STAFF), Account.status != Status.TERMINATED
    return select(Account, any_factor()).where(*own)


def _conditions(filters: StaffFilters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.role:
        wanted.append(Account.role == filters.role)
    if filters.locked:
        wanted.append(Account.status == Status.LOCKED)
    if filters.words:
        name, typed = i18n.sort_key(filters.words), filters.words.strip().lower()
        named = begins(Account.name_sort, name), begins(Account.name_turned, name)
        wanted.append(or_(*named, begins(Account.email_sort, typed)))
    return wanted
