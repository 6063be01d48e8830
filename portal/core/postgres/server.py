"""A running server: its address, its passwords, and the launcher's own connection to it."""

import hmac
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

OWNER = "portal_owner"
SUPERUSER = "postgres"


class ServerTrouble(Exception):  # noqa: N818  the sentence it carries is the operator's, not a program's
    """The embedded database cannot be used; one sentence says why."""


@dataclass(frozen=True)
class Server:
    data_dir: Path
    socket_dir: Path
    secret: str = field(repr=False)
    port: int = 5432  # names the socket's file; the folder around it is the server's own

    def password(self, role: str) -> str:
        return hmac.new(self.secret.encode(), role.encode(), "sha256").hexdigest()

    def url(self, database: str, user: str = OWNER) -> str:
        query = {"host": str(self.socket_dir), "port": str(self.port)}
        url = URL.create("postgresql+psycopg", user, self.password(user), database=database, query=query)
        return url.render_as_string(hide_password=False)


def connect(server: Server, user: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(server.socket_dir),
        port=server.port,
        user=user,
        password=server.password(user),
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
    )


def answer(server: Server) -> psycopg.Connection | None:
    try:
        return connect(server, SUPERUSER)
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise ServerTrouble(f"The password kept in {server.data_dir} is not that of the database there.") from error
        return None


def ensure_owner(connection: psycopg.Connection, server: Server) -> None:
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (OWNER,)).rowcount:
        return
    role = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER CREATEDB CREATEROLE NOBYPASSRLS PASSWORD {}")
    connection.execute(role.format(sql.Identifier(OWNER), sql.Literal(server.password(OWNER))))
