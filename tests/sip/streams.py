"""Phones over TCP and TLS: one connection, over which they call and are called."""

import asyncio
import re
import ssl
from dataclasses import dataclass
from pathlib import Path

from tests.sip.messages import Message
from tests.sip.phones import Phone

_LENGTH = re.compile(rb"\r\n(?:Content-Length|l)\s*:\s*(\d+)", re.IGNORECASE)
HEADERS_END = b"\r\n\r\n"


@dataclass
class StreamPhone(Phone):
    """`ca`: whose certificate Kamailio has to show; without one the phone does not encrypt."""

    ca: Path | None = None

    @property
    def way(self) -> str:
        return "TLS" if self.ca else "TCP"

    @property
    def contact(self) -> str:
        return f"sip:{self.username}@{self.host}:{self.port};transport={self.way.lower()}"

    async def _open(self, port: int) -> None:
        context = ssl.create_default_context(cafile=self.ca) if self.ca else None
        read, self._transport = await asyncio.open_connection(*self.switch, ssl=context, local_addr=(self.host, port))
        self.port = self._transport.get_extra_info("sockname")[1]
        self._reading = asyncio.create_task(self._read(read))

    async def _close(self) -> None:
        self._reading.cancel()
        self._transport.close()
        await asyncio.gather(self._reading, self._transport.wait_closed(), return_exceptions=True)

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while True:
            head = (await stream.readuntil(HEADERS_END)).lstrip()
            if head:
                found = _LENGTH.search(head)
                self._take(Message.read(head + await stream.readexactly(int(found[1]) if found else 0)))

    def send(self, text: str) -> None:
        self._transport.write(text.encode())

    def _headers(self, method: str, branch: str, own: str, other: str, call_id: str, tag: str, number: int) -> list[str]:
        via, *others = super()._headers(method, branch, own, other, call_id, tag, number)
        return [via.replace("SIP/2.0/UDP", f"SIP/2.0/{self.way}"), *others]
