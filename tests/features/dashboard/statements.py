"""Counts what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from portal.core import db

SETTINGS = ("SELECT set_config", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def counted(database: db.Database) -> Iterator[list[str]]:
    """The statements in the order in which they were sent, without what only sets the scope."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.lstrip().startswith(SETTINGS):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
