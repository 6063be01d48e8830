"""A Kamailio of the test's own, as far as its RPC goes: it answers as it is told to, over real HTTP."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RELOADED = "Reload OK"


@dataclass
class Node:
    """`uptime`: in seconds; `refusal`: the words of its error; `raw`: (status, content) in place of an answer of the RPC.

    While `hold` is not set it says nothing; `drip`: it never gets to the end of its answer.
    """

    url: str = ""
    uptime: object = 120
    refusal: str = ""
    raw: tuple[int, bytes] | None = None
    hold: threading.Event = field(default_factory=threading.Event)
    drip: bool = False
    asked: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hold.set()

    def answer(self, body: bytes) -> tuple[int, bytes]:
        question = json.loads(body)
        self.bodies.append(question)
        self.asked.append(question["method"])
        if self.raw is not None:
            return self.raw
        if self.refusal:
            trouble = {"code": 500, "message": self.refusal}
            return 500, json.dumps({"jsonrpc": "2.0", "error": trouble, "id": question["id"]}).encode()
        since = {"now": "Thu Nov 26 09:00:00 2026", "up_since": "Thu Nov 26 08:58:00 2026", "uptime": self.uptime}
        result = since if question["method"] == "core.uptime" else RELOADED
        return 200, json.dumps({"jsonrpc": "2.0", "result": result, "id": question["id"]}).encode()


@contextmanager
def kamailio() -> Iterator[Node]:
    node, over = Node(), threading.Event()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, content = node.answer(self.rfile.read(int(self.headers["Content-Length"])))
            node.hold.wait(30)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            for at in range(len(content)):
                self.wfile.write(content[at : at + 1])
                if node.drip and over.wait(0.05):
                    return

        def log_message(self, *_words: object) -> None:
            """Tests speak for themselves."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                return  # whoever asked has given up

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
    node.url = f"http://127.0.0.1:{server.server_port}/RPC"
    try:
        yield node
    finally:
        over.set()
        node.hold.set()
        server.shutdown()
        server.server_close()
