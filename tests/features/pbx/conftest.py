"""Lantern Co in clare's unit of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, select

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.core.errors import Refused
from portal.features.numbers.models import Number, Role
from portal.features.pbx import queries
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast

Line = Callable[[str], Subscriber]


@pytest.fixture
def line(as_clare: Cast) -> Line:
    """An extension of the cast by its name, in this unit of work."""

    def find(name: str) -> Subscriber:
        wanted = as_clare.people[name].subscriber
        assert wanted is not None
        return queries.extension(wanted.public_id)

    return find


@pytest.fixture
def pool(as_clare: Cast) -> list[Number]:
    """The four free numbers of Lantern Co, in order."""
    return list(db.session().scalars(select(Number).where(Number.role == Role.ALIAS).order_by(Number.digits)))


@contextmanager
def raises_refused(code: str, field: str | None = None) -> Iterator[list[str]]:
    """Expects a refusal, and gives its sentence in a list."""
    sentence: list[str] = []
    with pytest.raises(Refused) as caught, db.session().begin_nested():
        yield sentence
    assert (caught.value.code, caught.value.field) == (code, field)
    sentence.append(caught.value.sentence().replace("\u2066", "").replace("\u2069", "").replace("\u00a0", " "))


def traces(subject: str, *events: Event) -> list[AuditEntry]:
    """What the audit log says about something, oldest first."""
    db.session().flush()
    found = select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id)
    return [entry for entry in db.session().scalars(found) if not events or entry.event in events]


@contextmanager
def statements(database: db.Database) -> Iterator[list[str]]:
    """The queries that are made meanwhile, without the belts' own and without savepoints."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "set_config" not in statement and not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
