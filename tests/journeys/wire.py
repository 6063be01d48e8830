"""The wire between a browser and the portal, tapped: every byte that comes down it is kept, and searched for names."""

import re
import socket
import socketserver
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from portal.demo import world
from tests.journeys.post import Letter
from tests.journeys.visitor import Visitor

MAKERS = ("kamailio", "sipwise", "ngcp", "flask", "werkzeug", "jinja", "wtforms", "sqlalchemy", "psycopg")
ENCODING = re.compile(rb"(?i)(\r\naccept-encoding: )[^\r\n]*")
ASKED = re.compile(rb"(?:GET|POST) (\S+) HTTP/1\.1\r\n(?:[^\r\n]+\r\n)*?(?i:host): ([^:\r\n]+)")
CHUNK = 65_536


def strangers() -> tuple[str, ...]:
    """What all the others of the demo world are called and where they are, and what the portal is made of."""
    providers = [one.name for one in world.PROVIDERS]
    domains = [domain for one in world.PROVIDERS for domain in one.domains]
    places = [name for domain in domains for name in (domain.name, domain.host, domain.title) if name]
    people = [one.name for one in (world.CLARE, world.IKE, world.RYLIC, world.CHARLIE)]
    staff = [name for one in world.STAFF for name in (one.email, one.name)]
    return tuple(dict.fromkeys((*providers, *places, "Lantern", "City Bank", "Morning Times", *people, *staff, *MAKERS)))


@dataclass
class Wire:
    """`asked`: (host, path) of all that was asked for; `came`: what came back on each connection."""

    server_port: int
    port: int = 0
    asked: set[tuple[str, str]] = field(default_factory=set)
    came: list[bytearray] = field(default_factory=list)

    def tap(self, visitor: Visitor) -> Visitor:
        host = urlsplit(visitor.base).hostname
        visitor.base = f"http://{host}:{self.port}"
        return visitor

    def up(self, chunk: bytes) -> bytes:
        """Readable answers are asked for."""
        self.asked |= {(host.decode(), urlsplit(path.decode()).path) for path, host in ASKED.findall(chunk)}
        return ENCODING.sub(rb"\1identity", chunk)

    def slips(self, names: Iterable[str], letters: Iterable[Letter] = ()) -> Iterator[str]:
        """Each name that came, with what stands around it. One with capitals is a name only as it is written: “TelephOne”."""
        texts = [stream.decode("utf-8", "replace") for stream in self.came]
        texts += [f"{one.raw.decode('utf-8', 'replace')}\n{one.sender}\n{one.subject}\n{one.text}" for one in letters]
        for name in names:
            wanted = re.compile(rf"(?<![a-z]){re.escape(name)}(?![a-z])", re.IGNORECASE if name.islower() else re.NOFLAG)
            yield from (
                f"{name}: …{text[max(0, at.start() - 80) : at.end() + 80]}…" for text in texts for at in wanted.finditer(text)
            )


@contextmanager
def tapped(server_port: int) -> Iterator[Wire]:
    wire = Wire(server_port)

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            kept = bytearray()
            wire.came.append(kept)
            with socket.create_connection(("127.0.0.1", wire.server_port)) as server:
                down = threading.Thread(target=_pump, args=(server, self.request, kept), daemon=True)
                down.start()
                while chunk := _received(self.request):
                    server.sendall(wire.up(chunk))
                _hang_up(server)
                down.join()

    class Tap(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Tap(("127.0.0.1", 0), Connection) as tap:
        wire.port = tap.server_address[1]
        thread = threading.Thread(target=tap.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield wire
        finally:
            tap.shutdown()
            thread.join()


def _pump(server: socket.socket, browser: socket.socket, kept: bytearray) -> None:
    while chunk := _received(server):
        kept += chunk
        try:
            browser.sendall(chunk)
        except OSError:
            break
    _hang_up(browser)


def _received(end: socket.socket) -> bytes:
    try:
        return end.recv(CHUNK)
    except OSError:
        return b""


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
