"""The pages of a pilot, in the demo world: CPU, statements, bytes, memory."""

import gzip
import re
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.bench.report import Row
from portal.core import clock, db
from portal.features.accounts import queries as accounts
from portal.features.accounts.models import AccountSession
from portal.features.resellers import queries as resellers
from portal.web.session import new_token

HOST = "lantern.localhost"
RUNS = 30


def pages(app: Flask) -> Iterator[Row]:
    """The pages of a pilot, in the demo world."""
    client = signed_in(app, "clare")
    bare = _cpu(partial(client.get, "/healthz", base_url=f"http://{HOST}"))
    for path in ("/extensions", "/calls", "/numbers", "/"):
        spent = _cpu(partial(client.get, path, base_url=f"http://{HOST}"))
        yield Row(f"CPU of {path} more than a bare view", (spent - bare) * 1000, 4.0, "ms")
        with _statements() as counted:
            client.get(path, base_url=f"http://{HOST}")
        yield Row(f"statements of {path}", len(counted), 6, "")
    for path in ("/login", "/", "/extensions", "/calls"):
        size, requests, scripts = _first_view(app.test_client() if path == "/login" else client, path)
        yield Row(f"first view of {path}, over the wire", size / 1000, 100, "kB")
        yield Row(f"first view of {path}, requests", requests, 10, "")
        yield Row(f"first view of {path}, scripts", scripts / 1000, 30, "kB")
    yield Row("memory of this process", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 120, "MB")


def signed_in(app: Flask, username: str) -> FlaskClient:
    tenant = resellers.tenant_by_host(HOST)
    if tenant is None:
        raise LookupError(HOST)
    token, hashed = new_token()
    now = clock.now()
    with db.unit_of_work(tenant.scope) as session:
        account = accounts.by_sign_in_name(tenant, username)
        if account is None:
            raise LookupError(username)
        session.add(
            AccountSession(
                customer_id=account.customer_id,
                reseller_id=account.reseller_id,
                account_id=account.id,
                token_hash=hashed,
                host=HOST,
                address="127.0.0.1",
                user_agent="bench",
                created_at=now,
                last_seen_at=now,
                expires_at=now.replace(year=now.year + 1),
            ),
        )
    client = app.test_client()
    client.set_cookie("session", token, domain=HOST)
    return client


def _cpu(act: Callable[[], Any]) -> float:
    """Seconds of CPU of this process for one run: the median of many, after a few to warm up."""
    for _ in range(5):
        act()
    times = []
    for _ in range(RUNS):
        before = time.process_time()
        act()
        times.append(time.process_time() - before)
    return median(times)


@contextmanager
def _statements() -> Iterator[list[str]]:
    """The statements that read or write rows; setting the scope of a transaction is not one."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "set_config" not in statement:
            seen.append(statement)

    event.listen(db.database().engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.database().engine, "before_cursor_execute", note)


def _first_view(client: FlaskClient, path: str) -> tuple[int, int, int]:
    """Bytes compressed, requests and bytes of scripts, of a page and all that it loads at once."""
    page = client.get(path, base_url=f"http://{HOST}")
    size, requests, scripts = len(gzip.compress(page.data)), 1, 0
    for address in sorted(set(re.findall(r'(?:href|src)="(/assets/[^"#]+)', page.text))):
        answer = client.get(address, base_url=f"http://{HOST}", headers={"Accept-Encoding": "gzip"})
        size += len(answer.data)
        requests += 1
        scripts += len(answer.data) if ".js" in address else 0
    return size, requests, scripts
