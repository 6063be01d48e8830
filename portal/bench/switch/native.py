"""Kamailio's own tables, as its package makes them, with the same people as in the portal's."""

from contextlib import closing
from pathlib import Path

import psycopg
from psycopg import sql

from portal.core import postgres

DATABASE = "bench-native"
TABLES = Path("/usr/share/kamailio/postgres")
FILES = ("standard", "auth_db", "usrloc", "domain", "dialog", "acc")
# Kamailio's role looks for its tables in a schema of its name.
BEFORE = "CREATE SCHEMA kamailio; SET search_path = kamailio;"
AFTER = """
    ALTER TABLE acc_cdrs ADD COLUMN caller varchar(64), ADD COLUMN callee varchar(64);
    GRANT USAGE ON SCHEMA kamailio TO kamailio;
    GRANT ALL ON ALL TABLES IN SCHEMA kamailio TO kamailio;
    GRANT ALL ON ALL SEQUENCES IN SCHEMA kamailio TO kamailio;
"""
COPIED = {"subscriber": ("username", "domain", "ha1"), "domain": ("domain", "did")}


def is_there() -> bool:
    return all(_file(name).exists() for name in FILES)


def fill(server: postgres.Server, database: str) -> None:
    """Makes the database anew. `database`: the portal's, whose views say who is in it."""
    postgres.drop_database(server, DATABASE)
    postgres.create_database(server, DATABASE)
    statements = "".join([BEFORE, *(_file(name).read_text() for name in FILES), AFTER])
    with closing(_connection(server, DATABASE, postgres.OWNER)) as connection:
        connection.execute(statements.encode())
    with closing(_connection(server, database)) as source, closing(_connection(server, DATABASE)) as target:
        for table, columns in COPIED.items():
            _copy(source, target, table, columns)
    with closing(_connection(server, DATABASE, postgres.OWNER)) as connection:
        connection.execute("VACUUM ANALYZE")


def _file(name: str) -> Path:
    return TABLES / f"{name}-create.sql"


def _connection(server: postgres.Server, database: str, role: str = "kamailio") -> psycopg.Connection:
    address = server.url(database, role).replace("postgresql+psycopg", "postgresql")
    return psycopg.connect(address, autocommit=True)


def _copy(source: psycopg.Connection, target: psycopg.Connection, table: str, columns: tuple[str, ...]) -> None:
    facts = {"table": sql.Identifier(table), "columns": sql.SQL(", ").join(map(sql.Identifier, columns))}
    taken = sql.SQL("COPY (SELECT {columns} FROM {table}) TO STDOUT").format(**facts)
    given = sql.SQL("COPY {table} ({columns}) FROM STDIN").format(**facts)
    with source.cursor().copy(taken) as read, target.cursor().copy(given) as write:
        for part in read:
            write.write(part)
