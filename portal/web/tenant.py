"""Host to tenant, before anybody signs in. Kept in process, forgotten when the database says that something changed."""

import ipaddress
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from flask import Flask, abort, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.core import db
from portal.core.tenancy import Tenant
from portal.settings import Network

CHANNEL = "tenants"
TENANTLESS = frozenset({"shell.healthz", "shell.readyz", "assets.serve"})
Load = Callable[[str], Tenant | None]
HOST = re.compile(r"[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\]")
log = structlog.get_logger()


class Closed(Exception):  # noqa: N818
    """The provider is locked: at its hosts nobody gets further than to a page that says whom to ask."""


class TenantCache:
    """Bounded, so that made-up hosts cannot fill the memory; those asked for least recently are forgotten first."""

    def __init__(self, load: Load, size: int = 10_000) -> None:
        self._load = load
        self._size = size
        self._known: OrderedDict[str, Tenant | None] = OrderedDict()
        self._lock = threading.Lock()
        self._generation = 0

    def __call__(self, host: str) -> Tenant | None:
        with self._lock:
            if host in self._known:
                self._known.move_to_end(host)
                return self._known[host]
            generation = self._generation
        found = self._load(host)
        with self._lock:
            if generation == self._generation:
                self._known[host] = found
                while len(self._known) > self._size:
                    self._known.popitem(last=False)
        return found

    def forget(self) -> None:
        with self._lock:
            self._generation += 1
            self._known.clear()


def listen(cache: TenantCache, database: db.Database, stop: threading.Event) -> threading.Thread:
    """A thread that empties the cache at every change, and after every gap in which a change could have been missed."""

    def run() -> None:
        while not stop.is_set():
            try:
                with db.listening(CHANNEL, database) as bell:
                    cache.forget()
                    while not stop.is_set():
                        if bell(0.5):
                            cache.forget()
            except db.Unavailable as error:
                log.warning("lost the wire that tells of tenant changes", trouble=str(error).partition("\n")[0])
                cache.forget()
                stop.wait(1)

    thread = threading.Thread(target=run, name="tenant changes", daemon=True)
    thread.start()
    return thread


class TrustedProxies:
    """Forwarded headers count from configured proxies only; from anybody else they are removed."""

    HEADERS = (
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_FORWARDED_PROTO",
        "HTTP_X_FORWARDED_PORT",
        "HTTP_X_FORWARDED_PREFIX",
        "HTTP_FORWARDED",
    )

    def __init__(self, app: Any, networks: Iterable[Network]) -> None:
        self._direct = app
        self._proxied = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self._networks = tuple(networks)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self._trusts(environ.get("REMOTE_ADDR", "")):
            return self._proxied(environ, start_response)
        for header in self.HEADERS:
            environ.pop(header, None)
        return self._direct(environ, start_response)

    def _trusts(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        plain = getattr(parsed, "ipv4_mapped", None) or parsed  # ::ffff:10.0.0.1, as servers see 10.0.0.1 on an IPv6 socket
        return any(plain in network for network in self._networks)


def tenant() -> Tenant:
    """The tenant of this request."""
    found: Tenant = g.tenant
    return found


def requested_host() -> str:
    """The host name of this request, lower case, without port and trailing dot."""
    host = request.host.lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].rstrip(".")


def install(app: Flask, cache: TenantCache, networks: Iterable[Network]) -> None:
    app.wsgi_app = TrustedProxies(app.wsgi_app, networks)  # type: ignore[method-assign]

    @app.before_request
    def resolve() -> None:
        g.tenant = None
        if request.endpoint in TENANTLESS:
            return
        host = requested_host()
        found = cache(host) if HOST.fullmatch(host) else None
        if found is None:
            abort(421)
        g.tenant = found
        if not found.reseller_active:
            raise Closed
