"""Asking servers that somebody else has named: never one inside the own network, never for long, never for much."""

import functools
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence

import httpcore2
import httpx2

LARGEST = 256 * 1024  # bytes of an answer
LONGEST = 8.0  # seconds for a whole answer, however slowly it drips
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")  # the only part of IPv6 that has been given to the internet
_EXAMPLES = ipaddress.IPv6Network("3fff::/20")  # for documentation (RFC 9637)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


class Forbidden(Exception):  # noqa: N818 - said as one says it
    """An address that must not be asked: not encrypted, or inside of some network."""


class Guarded(httpx2.BaseTransport):
    """Connects to the very address that it has looked at, whatever the name means a moment later.

    `loopback`: while developing, this machine may be asked, without encryption too.
    """

    def __init__(self, *, loopback: bool = False, resolve: Resolve | None = None, tls: ssl.SSLContext | None = None) -> None:
        self._loopback = loopback
        self._resolve = resolve or _resolve
        self._tls = functools.cache(lambda: tls or httpx2.create_ssl_context(trust_env=False))

    def address(self, url: str) -> str:
        """Where to connect. Raises Forbidden, or httpx2.ConnectError for a name that nobody has."""
        try:
            parsed = httpx2.URL(url)
        except httpx2.InvalidURL as error:
            raise Forbidden(url) from error
        if parsed.scheme not in {"https", "http"} or not parsed.host or parsed.userinfo or parsed.fragment:
            raise Forbidden(url)
        found = [ipaddress.ip_address(one) for one in self._resolve(parsed.host, parsed.port or 443)]
        here = self._loopback and all(one.is_loopback for one in found)
        if not (here or (parsed.scheme == "https" and all(is_public(one) for one in found))):
            raise Forbidden(url)
        return str(found[0])

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.headers["Accept-Encoding"] = "identity"  # what is small when compressed may be large
        wire = Wire(self.address(str(request.url)), time.monotonic() + LONGEST)
        try:
            with httpcore2.ConnectionPool(ssl_context=self._tls(), network_backend=wire) as pool:
                return _ask(pool, request)
        except httpcore2.TimeoutException as error:
            raise httpx2.TimeoutException(f"{request.url.host} takes too long") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise httpx2.TransportError(f"{request.url.host}: {error}") from error

    def close(self) -> None:
        """It outlives the clients that use it."""


def _ask(pool: httpcore2.ConnectionPool, request: httpx2.Request) -> httpx2.Response:
    content = b""
    with pool.stream(request.method, str(request.url), headers=request.headers.raw, content=request.read()) as answer:
        for part in answer.iter_stream():
            content += part
            if len(content) > LARGEST:
                raise httpx2.TransportError(f"{request.url.host} answers with more than {LARGEST} bytes")
    plain = [(name, value) for name, value in answer.headers if name.lower() not in {b"content-encoding", b"transfer-encoding"}]
    return httpx2.Response(answer.status, headers=plain, content=content)


class Wire(httpcore2.NetworkBackend):
    """Leads to one address, whoever is asked for, and only until a moment."""

    def __init__(self, address: str, give_up: float) -> None:
        self._address, self._give_up = address, give_up

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002 - the base class's
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        left = _left(self._give_up, httpcore2.ConnectTimeout)
        stream = httpcore2.SyncBackend().connect_tcp(self._address, port, left, local_address, socket_options)
        return _Timed(stream, self._give_up)


class _Timed(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, give_up: float) -> None:
        self._stream, self._give_up = stream, give_up

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, _left(self._give_up, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, _left(self._give_up, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        left = _left(self._give_up, httpcore2.ConnectTimeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, left), self._give_up)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _left(give_up: float, over: type[httpcore2.TimeoutException]) -> float:
    left = give_up - time.monotonic()
    if left <= 0:
        raise over
    return left


def is_public(address: Address) -> bool:
    """Whether it belongs to the internet, also where it is wrapped into an address of IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in _NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
        if address not in _UNICAST or address in _EXAMPLES:
            return False
    return address.is_global and not address.is_multicast


def _resolve(host: str, port: int) -> Sequence[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx2.ConnectError(f"{host} has no address") from error
    return [str(entry[4][0]).partition("%")[0] for entry in found]
