"""Who can sign in, as staff see it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, column, func, literal, or_, select, table

from portal.core import clock, db, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.leaves import Beside, Order, begins as begins, counted, leaf
from portal.core.permissions import Role
from portal.core.places import Page
from portal.features.accounts import rules
from portal.features.accounts.models import (
    Account,
    AccountSession,
    Authenticator,
    Passkey,
    Provider,
    ProviderSubject,
    SignInTrouble,
    Status,
)
from portal.features.accounts.queries.sessions import any_factor
from portal.features.accounts.queries.standing import alive
from portal.features.resellers.models import SipDomain

_COMPANY = table("customer", *map(column, ("id", "public_id", "reseller_id", "name")))


@dataclass(frozen=True)
class Filters:
    """`fresh`: those who have never signed in."""

    words: str = ""
    role: Role | None = None
    locked: bool = False
    fresh: bool = False
    customer_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.role or self.locked or self.fresh or self.customer_id)


@dataclass(frozen=True)
class Listed:
    public_id: PublicId
    name: str
    sign_in_name: str
    role: Role
    locked: bool
    last_sign_in_at: datetime | None
    factor: bool


@dataclass(frozen=True)
class Person:
    """An account, with what else is known about its signing in. `mail_address` is where mails to it go.

    `provider`: with whose single sign-on it is linked.
    """

    account: Account
    sign_in_name: str
    sessions: int
    app: bool
    passkeys: int
    mail_address: str | None
    provider: str | None

    @property
    def factor(self) -> bool:
        return self.app or self.passkeys > 0


@dataclass(frozen=True)
class Trouble:
    """Failed sign-ins with one name that are not forgotten yet; `wait_until`: the longest that somebody has to wait."""

    failures: int
    last_at: datetime
    wait_until: datetime


def people(reseller_id: int, filters: Filters, *, size: int, place: Beside | None = None) -> Page[Listed]:
    """A page of the list, from any place on in the same time. Two statements at most, a third for a name with an @."""
    return leaf(_rows().where(*_conditions(reseller_id, filters)), by_name(reseller_id), _listed, size=size, place=place)


def by_name(reseller_id: int) -> Order:
    """Of the accounts of a provider."""
    return Order((Account.name_sort, Account.id), Account.public_id, of=[Account.reseller_id == reseller_id])


@dataclass(frozen=True)
class Company:
    """A customer, which belongs to a feature that this one does not know."""

    id: int
    reseller_id: int
    name: str


def company(public_id: PublicId) -> Company | None:
    """One statement."""
    row = db.session().execute(select(_COMPANY).where(_COMPANY.c.public_id == public_id)).first()
    return Company(row.id, row.reseller_id, row.name) if row else None


def count(reseller_id: int, filters: Filters) -> tuple[int, bool]:
    """How many there are, and whether that is only as far as they are counted."""
    return counted(select(literal(1)).select_from(Account).where(*_conditions(reseller_id, filters)))


def person(public_id: PublicId, idle: timedelta) -> Person:
    """One statement."""
    sessions = select(func.count()).where(AccountSession.account_id == Account.id, alive(idle))
    app = select(Authenticator.account_id).where(Authenticator.account_id == Account.id, Authenticator.confirmed_at.is_not(None))
    keys = select(func.count()).where(Passkey.account_id == Account.id)
    linked = select(Provider.name).join(ProviderSubject, ProviderSubject.provider_id == Provider.id)
    linked = linked.where(ProviderSubject.account_id == Account.id).limit(1)
    row = (
        db.session()
        .execute(
            select(
                Account,
                _sign_in_name(),
                sessions.correlate(Account).scalar_subquery(),
                app.correlate(Account).exists(),
                keys.correlate(Account).scalar_subquery(),
                func.mail_address(Account.id),
                linked.correlate(Account).scalar_subquery(),
            )
            .outerjoin(SipDomain, SipDomain.id == Account.domain_id)
            .where(Account.public_id == public_id, Account.status != Status.TERMINATED),
        )
        .first()
    )
    if row is None:
        raise NotFound
    return Person(*row)


def trouble(person_key: bytes) -> Trouble | None:
    """`person_key`: under which the failures of a sign-in name are counted. One statement."""
    failures = func.sum(SignInTrouble.failures).filter(SignInTrouble.key != person_key)
    found = select(failures, func.max(SignInTrouble.last_at), func.max(SignInTrouble.wait_until))
    recent = SignInTrouble.last_at > clock.now() - rules.FORGOTTEN_AFTER
    row = db.session().execute(found.where(SignInTrouble.person == person_key, recent)).one()
    return Trouble(*row) if row[0] else None


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        Account.public_id,
        Account.name,
        _sign_in_name(),
        Account.role,
        Account.status == Status.LOCKED,
        Account.last_sign_in_at,
        any_factor(),
    ).outerjoin(SipDomain, SipDomain.id == Account.domain_id)


def _listed(public_id: PublicId, name: str, sign_in_name: str, role: str, *rest: Any) -> Listed:
    return Listed(public_id, name, sign_in_name, Role(role), *rest)


def _sign_in_name() -> ColumnElement[str]:
    return case((Account.domain_id.is_(None), Account.username), else_=Account.username + "@" + SipDomain.domain)


def _conditions(reseller_id: int, filters: Filters) -> list[ColumnElement[bool]]:
    wanted = [Account.reseller_id == reseller_id, Account.status != Status.TERMINATED]
    if filters.role:
        wanted.append(Account.role == filters.role)
    if filters.customer_id is not None:
        wanted.append(Account.customer_id == filters.customer_id)
    if filters.locked:
        wanted.append(Account.status == Status.LOCKED)
    if filters.fresh:
        wanted.append(Account.last_sign_in_at.is_(None))
    if filters.words:
        wanted.append(or_(*_meanings(reseller_id, filters.words)))
    return wanted


def _meanings(reseller_id: int, words: str) -> list[ColumnElement[bool]]:
    """What a typed text can be the beginning of."""
    name, typed = i18n.sort_key(words), words.strip().lower()
    meanings = [begins(Account.name_sort, name), begins(Account.name_turned, name)]
    meanings += [begins(Account.username, typed), begins(Account.email_sort, typed)]
    user, at, domain = typed.rpartition("@")
    if at:
        own = SipDomain.reseller_id == reseller_id, SipDomain.removed_at.is_(None)
        domains = db.session().scalars(select(SipDomain.id).where(*own, begins(SipDomain.domain, domain))).all()
        meanings.append((Account.username == user) & Account.domain_id.in_(domains))
    return meanings
