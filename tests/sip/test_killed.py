"""One call, while Kamailio, the database and the worker are killed one after the other: it is listed, once."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.app import create_app
from portal.core import db, postgres, schema
from portal.core.tenancy import Scope
from portal.features.switch.operations import keep_tables
from portal.settings import Settings
from tests.factories.world import make_cast
from tests.servers import folder_of_a_server, kill, working
from tests.sip.listed import listed
from tests.sip.phones import Loop
from tests.sip.running import RunningKamailio
from tests.sip.world import Company, World, carried
from tests.waiting import until


@pytest.fixture
def server_folder() -> Iterator[Path]:
    with folder_of_a_server() as folder:
        yield folder


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
    app = create_app(settings, database, listen=False)
    with carried(RunningKamailio(server, "portal", tmp_path), app, database, make_cast(), loop) as made:
        yield made
    database.dispose()


def is_listed(company: Company, rows: int) -> Callable[[], bool]:
    def asked() -> bool:
        try:
            return len(listed(company.world.app, company.pilot)) >= rows
        except (*db.Unavailable, AssertionError):
            return False

    return asked


def test_nothing_is_lost_and_nothing_doubled(alone: World, server_folder: Path) -> None:
    company = alone.company().sign_in("alice", bob=0.0)
    with working(alone.database) as first:
        calling = company.alice.starts_calling("102", talks=None, call_id="killed@phone")
        alone.until_talking(company.bob, "killed@phone")
        alone.until_there("SELECT FROM kamailio.dialog WHERE callid = 'killed@phone' AND state >= 3", 1)
        kill(server_folder)
        postgres.ensure(server_folder)
        until(lambda: company.alice.register() == 200, "Kamailio’s way back to the database")
        alone.kamailio.kill()
        alone.kamailio.start()
        first.send_signal(signal.SIGKILL)
    assert company.bob.hang_up("killed@phone") == 200
    assert calling.result(30).answered
    with working(alone.database):
        until(is_listed(company, 1), "the call on the page")
    with working(alone.database):
        assert company.alice.call("102").answered
        until(is_listed(company, 2), "the next call on the page")
    assert listed(alone.app, company.pilot) == [("Inside", "Bob", "Alice", "Answered")] * 2
