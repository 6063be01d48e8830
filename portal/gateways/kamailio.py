"""Telling the SIP proxy what has changed, and asking whether it is there: JSON-RPC over HTTP, never for long.

Unlike the addresses that tenants name, these are the operator's own: they may lead into the own network, and mostly do.
"""

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum, auto
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpcore2

from portal.core.lines import one_line
from portal.gateways.guarded import Wire

LONGEST = 3.0  # seconds for a whole answer
LARGEST = 64 * 1024  # bytes of it
LONGEST_WORDS = 200


class What(StrEnum):
    """What a node keeps in mind and reads again when it is told to."""

    DOMAINS = auto()
    PEERS = auto()


METHODS: Mapping[What, str] = {What.DOMAINS: "domain.reload", What.PEERS: "permissions.addressReload"}


class SwitchTrouble(Exception):  # noqa: N818
    """A node did not do it. `code` is one of unreachable, silent, strange, refused; `words` are those of the node."""

    def __init__(self, code: str, words: str = "") -> None:
        self.code, self.words = code, one_line(words)[:LONGEST_WORDS]
        super().__init__(_SAID[code].format(words=self.words))


_SAID = {
    "unreachable": "it cannot be reached ({words})",
    "silent": "it does not answer in time",
    "strange": "what answers there is not Kamailio’s RPC ({words})",
    "refused": "it refuses: {words}",
}


class Switch(Protocol):
    """One node. Both raise SwitchTrouble."""

    @property
    def name(self) -> str: ...

    def reload(self, what: What) -> None:
        """Returns once the node has read it anew."""
        ...

    def uptime(self) -> timedelta:
        """For how long it has been running."""
        ...


class Kamailio:
    """The real one. A connection for each question: none grows old."""

    def __init__(self, url: str, *, longest: float = LONGEST) -> None:
        self._url, self._longest = url, longest

    @property
    def name(self) -> str:
        """Short enough to be read, and one of a kind."""
        return self._url.partition("://")[2].removesuffix("/RPC")

    def reload(self, what: What) -> None:
        self._ask(METHODS[what])

    def uptime(self) -> timedelta:
        found = self._ask("core.uptime")
        seconds = found.get("uptime") if isinstance(found, dict) else None
        if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 <= seconds < 2**31:
            raise SwitchTrouble("strange", "it does not say since when it runs")
        return timedelta(seconds=seconds)

    def _ask(self, method: str) -> Any:
        question = json.dumps({"jsonrpc": "2.0", "method": method, "id": 1}).encode()
        try:
            status, content = self._sent(question)
        except httpcore2.TimeoutException:
            raise SwitchTrouble("silent") from None
        except httpcore2.ConnectError as error:
            raise SwitchTrouble("unreachable", _reason(error)) from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise SwitchTrouble("strange", str(error)) from None
        return _result(status, content)

    def _sent(self, question: bytes) -> tuple[int, bytes]:
        give_up = time.monotonic() + self._longest
        wire = Wire(urlsplit(self._url).hostname or "", give_up)
        headers: Mapping[bytes | str, bytes | str] = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        content = b""
        with (
            httpcore2.ConnectionPool(network_backend=wire) as pool,
            pool.stream("POST", self._url, headers=headers, content=question) as answer,
        ):
            for part in answer.iter_stream():
                content += part
                if len(content) > LARGEST:
                    raise SwitchTrouble("strange", f"more than {LARGEST} bytes")
        return answer.status, content


def _result(status: int, content: bytes) -> Any:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise SwitchTrouble("strange", f"HTTP {status}") from None
    if isinstance(answer, dict) and isinstance(answer.get("error"), dict):
        raise SwitchTrouble("refused", str(answer["error"].get("message", f"HTTP {status}")))
    if not isinstance(answer, dict) or "result" not in answer or status != 200:
        raise SwitchTrouble("strange", f"HTTP {status}")
    return answer["result"]


def _reason(error: Exception) -> str:
    """In the words of the system, without numbers."""
    cause = error.__cause__ or error.__context__ or error
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
