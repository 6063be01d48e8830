"""Fifty people who sign in at the same moment, on a real server: how long that takes, and what it does to the pages of others."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median
from urllib.parse import urlencode

from portal.bench.report import Row
from portal.settings import Settings

HOST = "lantern.localhost"
PEOPLE = 50
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def sign_in(settings: Settings, names: Sequence[str], password: str, processes: int = 2) -> Iterator[Row]:
    """`settings`: of a database where people of these names, more than PEOPLE, sign in with this password."""
    with _server(settings, processes) as port, ThreadPoolExecutor(PEOPLE) as crowd:
        everybody = [_Person(port, number, name, password) for number, name in enumerate(names[: PEOPLE + 1])]
        people, reader = everybody[:-1], everybody[-1]
        reader.sign_in()
        quiet = median(reader.page() for _ in range(40))
        alone = median(person.sign_in() for person in people[:8])
        waiting = [crowd.submit(person.sign_in) for person in people]
        crowded = list(_while(waiting, reader))
        slowest = max(future.result() for future in waiting)
    yield Row("a page while 50 people sign in, against a quiet server", median(crowded) / quiet, 6, "times")
    yield Row("the last of 50 sign-ins at once, against one alone", slowest / alone, PEOPLE, "times")


def _while(waiting: list[Future[float]], reader: "_Person") -> Iterator[float]:
    """Pages, one after the other, as long as somebody still signs in; one at least."""
    yield reader.page()
    while not all(future.done() for future in waiting):
        yield reader.page()


class _Person:
    """A browser of its own, with an address of its own."""

    def __init__(self, port: int, number: int, name: str, password: str) -> None:
        self._port, self._name, self._password = port, name, password
        self._address = f"192.0.2.{number + 1}"
        self._cookies: dict[str, str] = {}
        self._token = self._ask("GET", "/login")

    def sign_in(self) -> float:
        """Seconds."""
        form = urlencode({"username": self._name, "password": self._password, "csrf_token": self._token})
        began = time.perf_counter()
        self._ask("POST", "/login", form)
        spent = time.perf_counter() - began
        if "session" not in self._cookies:
            raise LookupError(f"{self._name} cannot sign in")
        self._token = self._ask("GET", "/login?next=/account")
        return spent

    def page(self) -> float:
        """Seconds."""
        began = time.perf_counter()
        self._ask("GET", "/calls")
        return time.perf_counter() - began

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Host": HOST, "X-Forwarded-For": self._address, "Cookie": cookies, **(FORM if body else {})}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        connection.close()
        if answer.status >= 400:
            raise LookupError(f"{method} {path}: {answer.status}")
        found = TOKEN.search(text)
        return found[1] if found else ""


@contextmanager
def _server(settings: Settings, processes: int) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    surroundings = {
        **os.environ,
        "PORTAL_DATABASE_URL": str(settings.database_url).replace("postgresql+psycopg", "postgresql"),
        "PORTAL_SECRET_KEY": settings.secret_keys[0],
        "PORTAL_DEVELOPMENT": "1",
        "PORTAL_TRUSTED_PROXIES": "127.0.0.1",
    }
    command = [sys.executable, "-m", "portal", "serve", "--port", str(port), "--processes", str(processes)]
    server = subprocess.Popen(command, env=surroundings)  # noqa: S603 - our own command
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise LookupError("the server does not answer")
