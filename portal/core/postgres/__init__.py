"""An embedded PostgreSQL (Linux): starts a server of its own in a data folder, or attaches to the one that runs there.

The server listens on a Unix socket only, outlives the process that started it, and runs until `stop`.
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from portal.core.postgres.cluster import bring_up, check_socket_dir
from portal.core.postgres.home import RECORD, alone_in
from portal.core.postgres.processes import end
from portal.core.postgres.server import OWNER, SUPERUSER, Server, ServerTrouble, answer, connect, ensure_owner

__all__ = ["OWNER", "Server", "ServerTrouble", "create_database", "destroy", "drop_database", "ensure", "ensure_login", "stop"]


def ensure(data_dir: Path, *, fast: bool = False) -> Server:
    """The running server of this folder, started when it does not answer; safe to call from many processes at once.

    `fast` gives up durability for speed, for tests. Raises ServerTrouble.
    """
    with alone_in(data_dir) as home:
        server = Server(home.path, home.socket_dir, home.secret)
        check_socket_dir(home)
        connection = (answer(server) if home.cluster.exists() else None) or bring_up(home, server, fast=fast)
        with contextlib.closing(connection):
            ensure_owner(connection, server)
        return server


def stop(data_dir: Path) -> None:
    """Ends the server of this folder, if one runs; its data stay."""
    if (data_dir / RECORD).exists():
        with alone_in(data_dir) as home:
            end(home.mark)
            shutil.rmtree(home.socket_dir, ignore_errors=True)


def destroy(data_dir: Path) -> None:
    """Ends the server of this folder and deletes everything it kept."""
    if (data_dir / RECORD).exists():
        with alone_in(data_dir) as home:
            end(home.mark)
            for folder in (home.socket_dir, home.elsewhere, home.cluster):
                shutil.rmtree(folder, ignore_errors=True)
            home.record.unlink()


def create_database(server: Server, name: str, template: str | None = None) -> bool:
    """Makes a database owned by portal_owner, a copy of `template` when given; False when it was there already."""
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template or "template1")
    )
    with _connected(server, SUPERUSER, f"The database {name} could not be created") as connection:
        try:
            connection.execute(statement)
        except psycopg.errors.DuplicateDatabase:
            return False
        return True


def drop_database(server: Server, name: str) -> None:
    """Deletes a database if it is there, and ends the connections to it."""
    with _connected(server, SUPERUSER, f"The database {name} could not be deleted") as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def ensure_login(server: Server, role: str) -> None:
    """Gives a role, made by portal_owner when it is missing, the password that `Server.url` uses for it."""
    with _connected(server, OWNER, f"The role {role} could not be given its password") as connection:
        with contextlib.suppress(psycopg.errors.DuplicateObject):
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        login = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
        connection.execute(login.format(sql.Identifier(role), sql.Literal(server.password(role))))


@contextlib.contextmanager
def _connected(server: Server, user: str, trouble: str) -> Iterator[psycopg.Connection]:
    try:
        with contextlib.closing(connect(server, user)) as connection:
            yield connection
    except psycopg.Error as error:
        raise ServerTrouble(f"{trouble}: {error.diag.message_primary or error}.") from error
