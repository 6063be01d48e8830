from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from portal.core import db, postgres
from portal.core.postgres.server import SUPERUSER
from tests.browser import Browser
from tests.cast import Person

Ask = Callable[[str, str], TestResponse]


@pytest.fixture
def plainly(app: Flask, database: db.Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ask]:
    """Asks without CSRF tokens; whatever a request changes is undone right after it."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)

    @contextmanager
    def undone() -> Iterator[None]:
        assert isinstance(database.bind, Connection)
        nested = database.bind.begin_nested()
        try:
            yield
        finally:
            nested.rollback()

    def of(person: Person | None, host: str = "lantern.localhost") -> Ask:
        browser = Browser(app, person.host if person else host, person)
        cookie = browser.client.get_cookie("session", domain=browser.host)

        def ask(method: str, path: str) -> TestResponse:
            fresh = app.test_client()
            if cookie is not None:
                fresh.set_cookie("session", cookie.value, domain=browser.host)
            with undone():
                return fresh.open(path, method=method, base_url=f"http://{browser.host}", headers=browser.headers, buffered=True)

        return ask

    return of


@pytest.fixture
def bare(server: postgres.Server, own_database: db.Database) -> Iterator[db.Database]:
    """The same database seen by a superuser, whom row-level security does not stop: belt one stands alone."""
    opened = db.Database(server.url(str(own_database.url.database), SUPERUSER), role=None)
    yield opened
    opened.dispose()


@pytest.fixture
def owner(bare: db.Database) -> Iterator[Connection]:
    with bare.engine.connect() as connection:
        yield connection
