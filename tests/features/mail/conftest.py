"""Mails that are really committed, and workers for them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.accounts import mails
from portal.features.accounts.models import Account
from portal.mail.models import Mail
from tests.cast import Cast
from tests.conftest import KEY

Worker = Callable[..., Any]


@pytest.fixture
def worker(own_database: db.Database, own_cast: Cast) -> Iterator[db.Database]:
    """The database as workers see it; `own_database` is as pages see it."""
    opened = db.Database(own_database.url, role=db.WORKER)
    db.install(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def cause(own_database: db.Database, own_cast: Cast, worker: db.Database) -> Callable[[], str]:
    """Something that alice is told by mail; the Message-ID of that mail."""

    def happen() -> str:
        db.install(own_database)
        with db.unit_of_work(own_cast.clare.scope) as session:
            alice = session.get_one(Account, own_cast.alice.account.id)
            alice.email = "alice@lantern.example"
            session.flush()
            assert mails.password_changed(alice, at=clock.now())
        db.install(worker)
        return kept()[-1].message_id

    return happen


def kept() -> list[Mail]:
    """All mails, in the order of their causes."""
    with db.unit_of_work(Scope.platform()) as session:
        found = list(session.scalars(select(Mail).order_by(Mail.id)))
        session.expunge_all()
        return found


@pytest.fixture
def run_worker(own_database: db.Database) -> Worker:
    """`portal worker`, as it is run, for as long as the block lasts."""

    @contextmanager
    def run(**settings: str) -> Iterator[subprocess.Popen[bytes]]:
        own = {"PORTAL_DATABASE_URL": own_database.url.render_as_string(hide_password=False), "PORTAL_SECRET_KEY": KEY}
        command = [sys.executable, "-m", "portal", "worker"]
        process = subprocess.Popen(command, env={**os.environ, "PORTAL_DEVELOPMENT": "", **own, **settings})
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)

    return run
