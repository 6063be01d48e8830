"""Real calls: Kamailio in front of a database of its own, and phones that ring."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from portal.core import db, postgres
from tests.cast import Cast
from tests.conftest import HOME, _copied
from tests.factories.world import make_cast
from tests.sip.phones import Loop
from tests.sip.running import RunningKamailio, missing
from tests.sip.world import World, carried

REQUIRED = os.environ.get("PORTAL_REQUIRE", "").split(",")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    trouble = missing()
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.sip)
        item.add_marker(pytest.mark.enable_socket)
        if trouble is not None and "sip" not in REQUIRED:
            item.add_marker(pytest.mark.skip(reason=trouble))


@pytest.fixture(scope="module")
def committed(server: postgres.Server, template: str) -> Iterator[db.Database]:
    """A database of this module, for Kamailio sees only what is committed."""
    with (HOME / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        postgres.ensure_login(server, "kamailio")
    yield from _copied(server, template)


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    made = Loop()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def whole_world(
    server: postgres.Server, committed: db.Database, loop: Loop, app: Flask, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    db.install(committed)
    cast: Cast = make_cast()
    kamailio = RunningKamailio(server, str(committed.engine.url.database), tmp_path_factory.mktemp("kamailio"))
    with carried(kamailio, app, committed, cast, loop) as made:
        yield made


@pytest.fixture
def world(whole_world: World, committed: db.Database, app: Flask) -> Iterator[World]:
    db.install(committed)
    app.extensions["tenants"].forget()
    yield whole_world
    whole_world.close()
    whole_world.without_neighbours()
