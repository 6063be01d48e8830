"""One call, while Kamailio, the database and the worker are killed one after the other: it is listed, once."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.core import db, postgres, schema
from portal.core.tenancy import Scope
from portal.features.switch.operations import keep_tables
from portal.settings import Settings
from tests.conftest import KEY
from tests.factories.world import make_cast
from tests.sip.listed import listed
from tests.sip.phones import Loop
from tests.sip.running import RunningKamailio
from tests.sip.world import Company, World
from tests.waiting import until


@pytest.fixture
def server_folder() -> Iterator[Path]:
    above = Path(tempfile.mkdtemp(prefix="portal-test-"))
    above.chmod(0o755)  # its user has to get in
    yield above / "data"
    postgres.destroy(above / "data")
    shutil.rmtree(above, ignore_errors=True)


@pytest.fixture
def alone(server_folder: Path, settings: Settings, loop: Loop, tmp_path: Path) -> Iterator[World]:
    """A world whose database server can be killed."""
    server = postgres.ensure(server_folder)
    postgres.create_database(server, "portal")
    owner = db.Database(server.url("portal", postgres.OWNER), role=db.OWNER)
    schema.upgrade(owner)
    db.install(owner)
    with db.unit_of_work(Scope.platform()):
        keep_tables()
    owner.dispose()
    postgres.ensure_login(server, "kamailio")
    database = db.Database(server.url("portal", postgres.OWNER), pool_size=3)
    app: Flask = create_app(settings, database, listen=False)
    cast = make_cast()
    kamailio = RunningKamailio(server, "portal", tmp_path)
    try:
        made = World(kamailio.start(), app, database, cast, loop)
        yield made
        made.close()
    finally:
        kamailio.stop()
        database.dispose()


@contextmanager
def worker(database: db.Database) -> Iterator["subprocess.Popen[bytes]"]:
    own = {"PORTAL_DATABASE_URL": database.url.render_as_string(hide_password=False), "PORTAL_SECRET_KEY": KEY}
    process = subprocess.Popen([sys.executable, "-m", "portal", "worker"], env={**os.environ, "PORTAL_DEVELOPMENT": "", **own})
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)


def kill_database(folder: Path) -> None:
    """As a power cut would, and back again."""
    pid = int(next(folder.rglob("postmaster.pid")).read_text().partition("\n")[0])
    os.kill(pid, signal.SIGKILL)
    postgres.ensure(folder)


def is_listed(company: Company, rows: int) -> Callable[[], bool]:
    def asked() -> bool:
        try:
            return len(listed(company.world.app, company.pilot)) >= rows
        except (*db.Unavailable, AssertionError):
            return False

    return asked


def test_nothing_is_lost_and_nothing_doubled(alone: World, server_folder: Path) -> None:
    company = alone.company().sign_in("alice", bob=0.0)
    with worker(alone.database) as first:
        calling = company.alice.starts_calling("102", talks=None, call_id="killed@phone")
        alone.until_talking(company.bob, "killed@phone")
        alone.until_there("SELECT FROM kamailio.dialog WHERE callid = 'killed@phone' AND state >= 3", 1)
        kill_database(server_folder)
        until(lambda: company.alice.register() == 200, "Kamailio’s way back to the database")
        alone.kamailio.kill()
        alone.kamailio.start()
        first.send_signal(signal.SIGKILL)
    assert company.bob.hang_up("killed@phone") == 200
    assert calling.result(30).answered
    with worker(alone.database):
        until(is_listed(company, 1), "the call on the page")
    with worker(alone.database):
        assert company.alice.call("102").answered
        until(is_listed(company, 2), "the next call on the page")
    assert listed(alone.app, company.pilot) == [("Inside", "Bob", "Alice", "Answered")] * 2
