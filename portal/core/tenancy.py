"""The tenant: who a request, a job or a command works for, and the first belt that keeps tenants apart.

A scope says whose rows a session may touch. Belt one adds it to every query of the session and refuses rows of others;
belt two is PostgreSQL's row-level security, fed with the same scope; belt three are foreign keys that contain the reseller.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, event
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    UOWTransaction,
    mapped_column,
    with_loader_criteria,
)

from portal.core.phone import Home


class NoScope(RuntimeError):  # noqa: N818
    """A query was made without saying for whom."""


class ForeignRow(RuntimeError):  # noqa: N818
    """A row of another tenant was about to be written."""


@dataclass(frozen=True)
class Scope:
    """Whose rows: all (the platform), one reseller's, or one customer's of that reseller."""

    reseller_id: int | None
    customer_id: int | None = None

    @classmethod
    def platform(cls) -> "Scope":
        return cls(None)

    @classmethod
    def reseller(cls, reseller_id: int) -> "Scope":
        return cls(reseller_id)

    @classmethod
    def customer(cls, reseller_id: int, customer_id: int) -> "Scope":
        return cls(reseller_id, customer_id)


@dataclass(frozen=True)
class Tenant:
    """What the requesting host decides before anybody signs in."""

    reseller_id: int
    reseller_name: str
    reseller_active: bool
    operator: bool  # the platform's own reseller: operators sign in at its hosts
    host: str
    theme: str
    languages: tuple[str, ...]  # those offered here, the default first
    time_zone: str
    home: Home
    domain_id: int | None = None
    domain: str | None = None
    title: str | None = None  # whose telephone system this host is for, when it is for one
    theme_version_id: int | None = None  # what the reseller has published itself, in place of a shipped theme

    @property
    def scope(self) -> Scope:
        return Scope.reseller(self.reseller_id)


class OfReseller:
    """A row that belongs to a reseller."""

    reseller_id: Mapped[int] = mapped_column(index=False)


class OfCustomer(OfReseller):
    """A row that belongs to a customer of a reseller."""

    customer_id: Mapped[int] = mapped_column(index=False)


def of_customer(name: str) -> ForeignKeyConstraint:
    """Belt three: the customer, seen together with its reseller."""
    return ForeignKeyConstraint(["reseller_id", "customer_id"], ["customer.reseller_id", "customer.id"], name=name)


def watch(session_class: type[Session]) -> None:
    """Puts belt one on every session of this class, and hands the scope to belt two."""
    event.listen(session_class, "do_orm_execute", _add_scope)
    event.listen(session_class, "before_flush", _refuse_foreign_rows)
    event.listen(session_class, "after_begin", _tell_database)


def scope_of(session: Session) -> Scope:
    scope = session.info.get("scope")
    if not isinstance(scope, Scope):
        raise NoScope("this session has no scope")
    return scope


def _add_scope(state: ORMExecuteState) -> None:
    scope = scope_of(state.session)
    if scope.reseller_id is None or state.is_column_load or state.is_relationship_load:
        return
    reseller_id = scope.reseller_id
    state.statement = state.statement.options(
        with_loader_criteria(OfReseller, lambda cls: cls.reseller_id == reseller_id, include_aliases=True),
    )
    if scope.customer_id is not None:
        customer_id = scope.customer_id
        state.statement = state.statement.options(
            with_loader_criteria(OfCustomer, lambda cls: cls.customer_id == customer_id, include_aliases=True),
        )


def _refuse_foreign_rows(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    scope = scope_of(session)
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, OfReseller) or scope.reseller_id is None:
            continue
        own = row.reseller_id == scope.reseller_id
        if isinstance(row, OfCustomer) and scope.customer_id is not None:
            own = own and row.customer_id == scope.customer_id
        if not own:
            raise ForeignRow(f"{type(row).__name__} belongs to another tenant")


def _tell_database(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    scope = scope_of(session)
    told = TOLD_READING if session.info.get("read_only") else TOLD
    connection.exec_driver_sql(told, (_named(scope.reseller_id), _named(scope.customer_id)))


# Said at the start of every transaction, so it is no statement that SQLAlchemy would put together each time.
TOLD = "SELECT set_config('app.reseller', %s, true), set_config('app.customer', %s, true)"
TOLD_READING = f"{TOLD}, set_config('transaction_read_only', 'on', true)"


def _named(tenant: int | None) -> str:
    """An unset setting sees nothing; “all” is said, never implied."""
    return "all" if tenant is None else str(tenant)
