"""Migrations and models say the same, and every migration can be taken back."""

import importlib
import pkgutil
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import portal
from portal.core import db, postgres, schema


@pytest.fixture
def empty(server: postgres.Server) -> Iterator[db.Database]:
    """A database without a table, seen by its owner."""
    name = f"empty_{secrets.token_hex(6)}"
    postgres.create_database(server, name)
    opened = db.Database(server.url(name, postgres.OWNER), role=db.OWNER)
    yield opened
    opened.dispose()
    postgres.drop_database(server, name)


SHAPE = """
    SELECT 'column', table_name::text, column_name::text, data_type || is_nullable || coalesce(column_default, '')
        FROM information_schema.columns WHERE table_schema IN ('public', 'kamailio')
    UNION ALL SELECT 'index', tablename::text, indexname::text, indexdef
        FROM pg_indexes WHERE schemaname IN ('public', 'kamailio')
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace::regnamespace::text IN ('public', 'kamailio')
    UNION ALL SELECT 'policy', tablename::text, policyname::text, concat(permissive, cmd, qual, with_check) FROM pg_policies
    UNION ALL SELECT 'grant', table_name::text, grantee::text, string_agg(privilege_type::text, ' ' ORDER BY privilege_type)
        FROM information_schema.role_table_grants WHERE table_schema IN ('public', 'kamailio') GROUP BY 1, 2, 3
    UNION ALL SELECT 'function', oid::regprocedure::text, '', pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace::regnamespace::text IN ('public', 'kamailio')
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
"""


def shape(database: db.Database) -> set[tuple[Any, ...]]:
    with database.engine.connect() as connection:
        return {tuple(row) for row in connection.execute(text(SHAPE))}


def revisions() -> list[str]:
    script = ScriptDirectory(str(schema.FOLDER))
    return [one.revision for one in reversed(list(script.walk_revisions()))]


def test_up_down_and_up_again_is_the_same(empty: db.Database) -> None:
    schema.upgrade(empty)
    first = shape(empty)
    schema.downgrade(empty, "base")
    assert {row[1] for row in shape(empty)} == {"alembic_version"}
    schema.upgrade(empty)
    assert shape(empty) == first


def test_every_single_migration_can_be_taken_back(empty: db.Database) -> None:
    for revision in revisions():
        before = shape(empty)
        schema.upgrade(empty, revision)
        after = shape(empty)
        assert after != before
        schema.downgrade(empty, "-1")
        assert {row for row in shape(empty) ^ before if row[1] != "alembic_version"} == set()
        schema.upgrade(empty, revision)
        assert shape(empty) == after


def test_upgrading_again_changes_nothing(empty: db.Database) -> None:
    schema.upgrade(empty)
    first = shape(empty)
    schema.upgrade(empty)
    assert shape(empty) == first


def test_migrations_stand_in_one_line() -> None:
    script = ScriptDirectory(str(schema.FOLDER))
    assert len(script.get_heads()) == 1
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


def test_models_and_migrations_agree(empty: db.Database) -> None:
    schema.upgrade(empty)
    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if module.name.endswith((".models", ".outbox", ".audit")):
            importlib.import_module(module.name)

    def ours(item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        if getattr(item, "schema", None) == "kamailio":
            return False  # its tables are Kamailio's own
        return not (kind == "table" and name is not None and name.startswith("call_record_"))

    with empty.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_server_default": False})
        assert compare_metadata(context, db.Base.metadata) == []
