"""One embedded PostgreSQL for all tests, a migrated template, a copy per process, a transaction per test."""

import fcntl
import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection, event
from xdist.scheduler import LoadScopeScheduling

from portal.app import create_app
from portal.core import db, i18n, links, postgres, schema
from portal.core.tenancy import Scope
from portal.features.branding.queries import looks
from portal.features.switch.operations import keep_tables
from portal.settings import Settings
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.dnsserver import Zone, serving
from tests.factories.world import make_cast
from tests.oidc import running

# On a clean machine a change is judged by the same examples as the one before; new ones are looked for while developing.
hypothesis_settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("ci")

# What makes a world of its own for all of a module; everything else goes to whichever process has nothing to do.
TOGETHER = (
    "tests/sip/",
    "tests/features/test_demo.py",
    "tests/features/mail/test_smtp.py",
    "tests/features/accounts/test_single_sign_on.py",
    "tests/house/test_trouble.py",
    "tests/unit/test_postgres.py",
)

HOME = Path(tempfile.gettempdir()) / f"portal-tests-{os.getuid()}"
KEY = "a key for tests only: forty characters.."



class Shared(LoadScopeScheduling):
    """Who runs what, when several processes do."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module.startswith(TOGETHER) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shared:
    return Shared(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    trouble = running.missing()
    if trouble is None or "oidc" in os.environ.get("PORTAL_REQUIRE", "").split(","):
        return
    for item in items:
        if item.get_closest_marker("oidc"):
            item.add_marker(pytest.mark.skip(reason=trouble))


@pytest.fixture(scope="session")
def server() -> postgres.Server:
    HOME.mkdir(exist_ok=True)
    return postgres.ensure(HOME / "postgres", fast=True)


@pytest.fixture(scope="session")
def template(server: postgres.Server) -> str:
    """A migrated, empty database; made again when a migration changes."""
    folder = schema.FOLDER
    written = sorted([*folder.rglob("*.py"), *folder.rglob("*.sql")])
    state = hashlib.sha256(b"".join(path.read_bytes() for path in written)).hexdigest()[:12]
    name = f"template_{state}"
    with (HOME / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = HOME / f"{name}.done"
        if not (done.exists() and not postgres.create_database(server, name)):
            postgres.drop_database(server, name)
            postgres.create_database(server, name)
            owner = db.Database(server.url(name, postgres.OWNER), role=db.OWNER)
            schema.upgrade(owner)
            db.install(owner)
            with db.unit_of_work(Scope.platform()):
                keep_tables()
            owner.dispose()
            done.touch()
    return name


@pytest.fixture(scope="session")
def whole_zone() -> Iterator[tuple[Zone, tuple[str, int]]]:
    zone = Zone()
    with serving(zone) as place:
        yield zone, place


@pytest.fixture
def zone(whole_zone: tuple[Zone, tuple[str, int]]) -> Zone:
    """What the DNS says, at first nothing."""
    whole_zone[0].clear()
    return whole_zone[0]


@pytest.fixture(scope="session")
def settings(whole_zone: tuple[Zone, tuple[str, int]]) -> Settings:
    return Settings(
        data_dir=HOME,
        secret_keys=(KEY,),
        development=True,
        secure_cookies=False,
        dns_servers=(whole_zone[1],),
        sip_targets=("sip.isar.test", "192.0.2.20"),
        web_targets=("portal.isar.test", "192.0.2.80"),
    )


@pytest.fixture(scope="session")
def copy(server: postgres.Server, template: str) -> Iterator[db.Database]:
    """A copy for each process."""
    yield from _copied(server, template)


def _copied(server: postgres.Server, template: str) -> Iterator[db.Database]:
    name = f"test_{secrets.token_hex(6)}"
    with (HOME / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        postgres.create_database(server, name, template)
    made = db.Database(server.url(name, postgres.OWNER), pool_size=10)
    yield made
    made.dispose()
    postgres.drop_database(server, name)


@pytest.fixture
def database(copy: db.Database, app: Flask) -> Iterator[db.Database]:
    """The copy, in a transaction that is rolled back after the test."""
    app.extensions["tenants"].forget()
    looks.forget()
    with copy.engine.connect() as connection:
        outer = connection.begin()
        event.listen(connection, "before_cursor_execute", _scope_of_whoever_asks())
        copy.bind = connection
        db.install(copy)
        yield copy
        copy.bind = copy.engine
        outer.rollback()


def _scope_of_whoever_asks() -> Callable[..., None]:
    """Nested units of work share the test's one transaction, so the scope that PostgreSQL knows is told anew when it changes."""
    told: list[Scope] = []

    def tell(_connection: Connection, cursor: Any, *_statement: Any) -> None:
        asking = db.ambient_scope()
        if asking is not None and told != [asking]:
            told[:] = [asking]
            words = ["all" if part is None else str(part) for part in (asking.reseller_id, asking.customer_id)]
            cursor.connection.execute("SELECT set_config('app.reseller', %s, true), set_config('app.customer', %s, true)", words)

    return tell


@pytest.fixture
def own_database(server: postgres.Server, template: str, app: Flask) -> Iterator[db.Database]:
    """A database of this test alone, for what really commits: races, throttling, jobs."""
    app.extensions["tenants"].forget()
    looks.forget()
    for made in _copied(server, template):
        db.install(made)
        yield made
    app.extensions["tenants"].forget()


@pytest.fixture(scope="session")
def app(copy: db.Database, settings: Settings) -> Flask:
    made = create_app(settings, copy, listen=False)
    made.testing = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def cast(database: db.Database) -> Cast:
    return make_cast()


@pytest.fixture
def own_cast(own_database: db.Database) -> Cast:
    """The cast in a database where everything really commits."""
    return make_cast()


@pytest.fixture
def browse(app: Flask) -> Callable[..., Browser]:
    """Makes a browser: signed in at a person’s host, or as nobody at a host."""

    def at(person: Person | None = None, *, host: str | None = None, language: str = "en") -> Browser:
        return Browser(app, host or (person.host if person else "lantern.localhost"), person, language)

    return at


@pytest.fixture
def as_clare(cast: Cast) -> Iterator[Cast]:
    """A unit of work in Lantern Co's scope, for tests of operations and queries."""
    with db.unit_of_work(cast.clare.scope):
        yield cast


@pytest.fixture
def everything(database: db.Database) -> Iterator[None]:
    """A unit of work that sees all tenants."""
    with db.unit_of_work(Scope.platform()):
        yield


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with i18n.using("en"):
        yield


@pytest.fixture(autouse=True)
def plain_links() -> None:
    """Whatever the app of another test has told this process."""
    links.install(links.Origin("http"))


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask would push one context for all clients of a test, and Flask-Login would mix them up."""
