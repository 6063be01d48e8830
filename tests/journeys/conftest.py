"""A real browser on the real portal, in the demo world."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from portal import demo, start
from portal.core import clock, db, postgres
from portal.settings import Settings
from tests import dnsserver
from tests.conftest import HOME
from tests.dnsserver import Zone
from tests.journeys.post import PostOffice
from tests.journeys.visitor import Visitor

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
KEY = "x" * 48
REQUIRED = os.environ.get("PORTAL_REQUIRE", "").split(",")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.enable_socket)
        if not Path(CHROMIUM).exists() and "browser" not in REQUIRED:
            item.add_marker(pytest.mark.skip(reason="Chromium is missing: `make system-deps` installs it."))


@pytest.fixture(scope="session")
def world(server: postgres.Server, template: str, settings: Settings) -> Iterator[str]:
    """The address of a database that holds the demo world."""
    name = f"journeys_{secrets.token_hex(4)}"
    postgres.create_database(server, name, template)
    address = server.url(name, postgres.OWNER)
    before = db.database() if db.is_installed() else None
    db.install(db.Database(address))
    start.prepare(Settings(data_dir=HOME, secret_keys=(KEY,), development=True))
    demo.fill()
    db.database().dispose()
    if before is not None:
        db.install(before)
    start.prepare(settings)
    yield address
    postgres.drop_database(server, name)


@pytest.fixture(scope="session")
def zone() -> Zone:
    """What the DNS says here."""
    return Zone()


@pytest.fixture(scope="session")
def name_server(zone: Zone) -> Iterator[str]:
    with dnsserver.serving(zone) as (address, port):
        yield f"{address}:{port}"


@pytest.fixture(scope="session")
def port(world: str, name_server: str) -> Iterator[int]:
    """The port where a production server (granian, two processes) answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    with _log(free).open("w") as log:
        command = [sys.executable, "-m", "portal", "serve", "--port", str(free)]
        asking = _surroundings(world, PORTAL_DNS_SERVERS=name_server)
        server = subprocess.Popen(command, env=asking, stdout=log, stderr=log)
    try:
        _wait(server, free)
        yield free
    finally:
        server.terminate()
        server.wait()


def _surroundings(world: str, **more: str) -> dict[str, str]:
    own = {"PORTAL_DATABASE_URL": world, "PORTAL_SECRET_KEY": KEY, "PORTAL_DEVELOPMENT": "1"}
    return {**os.environ, **own, **more}


@pytest.fixture(scope="session")
def post_office(world: str, port: int) -> Iterator[PostOffice]:
    """A real mail server, and the worker that brings it what the portal has written."""
    office = PostOffice()
    office.start()
    delivers = {"PORTAL_SMTP_URL": f"smtp://127.0.0.1:{office.port}", "PORTAL_PUBLIC_PORT": str(port)}
    with _log(office.port).open("w") as log:
        command = [sys.executable, "-m", "portal", "worker"]
        worker = subprocess.Popen(command, env=_surroundings(world, **delivers), stdout=log, stderr=log)
    try:
        yield office
    finally:
        worker.terminate()
        worker.wait()
        office.stop()


def _log(port: int) -> Path:
    return HOME / f"journeys-{port}.log"


def _wait(server: subprocess.Popen[bytes], free: int) -> None:
    give_up = clock.now().timestamp() + 60
    while True:
        assert server.poll() is None, _log(free).read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{free}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            assert clock.now().timestamp() < give_up, _log(free).read_text()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, port: int) -> Iterator["Visits"]:
    visits = Visits(chromium, port)
    yield visits
    for context in visits.contexts:
        context.close()


class Visits:
    """visit("lantern") is a new person at lantern.localhost, with a browser of their own."""

    def __init__(self, chromium: Browser, port: int) -> None:
        self._chromium, self._port = chromium, port
        self.contexts: list[BrowserContext] = []

    def __call__(
        self, host: str, *, language: str = "en", phone: bool = False, dark: bool = False, script: bool = True
    ) -> Visitor:
        context = self._chromium.new_context(
            locale=language,
            viewport={"width": 390, "height": 844} if phone else {"width": 1366, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        return Visitor(context.new_page(), f"http://{host}.localhost:{self._port}", script=script)
