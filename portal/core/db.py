"""The database: declarative base, engines per role, and the unit of work.

The current unit of work is ambient (a context variable): reads and writes take no session argument.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import psycopg
from sqlalchemy import BigInteger, Connection, DateTime, Engine, MetaData, Numeric, Text, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session

from portal.core import postgres, tenancy
from portal.core.ids import PublicId
from portal.core.tenancy import Scope
from portal.settings import Settings

EMBEDDED = "portal"
WEB, WORKER, OWNER = "portal_web", "portal_worker", None
# What it looks like when the database cannot be reached, or cannot answer now; from the driver itself, too
Unavailable = (OperationalError, InterfaceError, PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        },
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        PublicId: Text(),
        datetime: DateTime(timezone=True),
        Decimal: Numeric(14, 6),
    }


BigKey = BigInteger


class PortalSession(Session):
    """A session with a scope."""


tenancy.watch(PortalSession)


class Database:
    """One PostgreSQL database, seen through one role."""

    def __init__(self, url: str | URL, *, role: str | None = WEB, pool_size: int = 5) -> None:
        # A plan for any tenant is a bad plan for most: what is prepared is still planned for the values at hand.
        limits = " -c statement_timeout=60s -c lock_timeout=10s -c plan_cache_mode=force_custom_plan" if role else ""
        options = f"-c timezone=UTC{limits}"
        if role:
            options += f" -c role={role}"
        self.url = make_url(url)
        self.engine = create_engine(
            self.url,
            connect_args={"options": options, "connect_timeout": 5},
            pool_size=pool_size,
            max_overflow=15,
            pool_timeout=10,
            pool_pre_ping=True,
            hide_parameters=True,  # what people typed has no place in a log
        )
        self.bind: Engine | Connection = self.engine

    def session(self, scope: Scope, *, read_only: bool = False) -> PortalSession:
        joined = isinstance(self.bind, Connection)
        return PortalSession(
            self.bind,
            info={"scope": scope, "read_only": read_only and not joined},
            join_transaction_mode="create_savepoint" if joined else "conditional_savepoint",
        )

    def dispose(self) -> None:
        self.engine.dispose()


def open_database(settings: Settings, *, role: str | None = WEB, pool_size: int = 5) -> Database:
    """The configured database, or the portal's own embedded one (started when it does not run)."""
    if settings.database_url is not None:
        return Database(settings.database_url, role=role, pool_size=pool_size)
    server = postgres.ensure(settings.data_dir / "postgres")
    postgres.create_database(server, EMBEDDED)
    return Database(server.url(EMBEDDED, postgres.OWNER), role=role, pool_size=pool_size)


_database: list[Database] = []
_session: ContextVar[PortalSession | None] = ContextVar("unit of work", default=None)


def install(database: Database) -> None:
    _database[:] = [database]


def is_installed() -> bool:
    return bool(_database)


def database() -> Database:
    return _database[0]


def session() -> PortalSession:
    """The session of the current unit of work."""
    current = _session.get()
    if current is None:
        raise RuntimeError("no unit of work: use db.unit_of_work(scope)")
    return current


def ambient_scope() -> Scope | None:
    """Whose rows the current unit of work may touch; None outside of one."""
    current = _session.get()
    return tenancy.scope_of(current) if current is not None else None


@contextmanager
def unit_of_work(scope: Scope, *, read_only: bool = False) -> Iterator[PortalSession]:
    """One session, one scope, one commit at the end. Nested, it is a small transaction of its own."""
    with _database[0].session(scope, read_only=read_only) as current:
        token = _session.set(current)
        try:
            yield current
            current.commit()
        except BaseException:
            current.rollback()
            raise
        finally:
            _session.reset(token)


def answers() -> bool:
    """Whether the database can be reached now."""
    try:
        with _database[0].engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Unavailable:
        return False
    return True


Bell = Callable[[float], bool]


@contextmanager
def listening(channel: str, database: Database | None = None) -> Iterator[Bell]:
    """A connection of its own on which NOTIFY is heard: bell(seconds) waits, and says whether it rang."""
    with (database or _database[0]).engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"LISTEN {channel}"))
        driver: Any = connection.connection.driver_connection
        connection.detach()  # it goes on listening: nobody else may get it from the pool
        yield lambda seconds: any(driver.notifies(timeout=seconds, stop_after=1))
