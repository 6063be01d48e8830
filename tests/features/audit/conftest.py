"""A log that really commits, and somebody who may write to the database as they like."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from portal.core import db, postgres
from portal.core.audit import Event, record
from portal.core.postgres.server import SUPERUSER
from portal.features.audit import cli
from tests.cast import Cast, Person

Tamper = Callable[..., None]


@pytest.fixture
def tamper(server: postgres.Server, own_database: db.Database) -> Iterator[Tamper]:
    """Runs SQL as a superuser, whom neither grants nor row-level security stop."""
    opened = db.Database(server.url(str(own_database.url.database), SUPERUSER), role=None)

    def run(*statements: str, **values: Any) -> None:
        with opened.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values)

    yield run
    opened.dispose()


def note(person: Person, *labels: str, event: Event = Event.EXTENSION_UNLOCKED, **details: Any) -> None:
    """An entry for each label, in one transaction."""
    with db.unit_of_work(person.scope):
        for label in labels:
            record(event, by=person.identity, label=label, **details)


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(cli.audit, ["verify", *arguments])


@pytest.fixture
def log(own_cast: Cast) -> Cast:
    """Lantern's entries 1 to 6, and one of Cheap Call's."""
    note(own_cast.clare, "one", "two")
    note(own_cast.tom, "three", event=Event.CUSTOMER_CREATED)
    note(own_cast.clare, "four", "five", "six")
    note(own_cast.rita, "elsewhere")
    return own_cast
