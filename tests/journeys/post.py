"""A mail server that keeps what it is sent, as people read it."""

import re
import socket
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.controller import Controller

from tests.waiting import until


@dataclass(frozen=True)
class Letter:
    to: str
    sender: str
    subject: str
    text: str
    raw: bytes = b""

    @property
    def link(self) -> str:
        found: list[str] = re.findall(r"https?://\S+", self.text)
        return found[0]


class PostOffice:
    def __init__(self) -> None:
        self.letters: list[Letter] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - the name that the server calls
        message = message_from_bytes(envelope.content, policy=policy.default)
        text = message.get_body(("plain",))
        assert text is not None
        sender, subject = str(message["From"]), str(message["Subject"])
        self.letters.extend(Letter(to, sender, subject, text.get_content(), envelope.content) for to in envelope.rcpt_tos)
        return "250 kept"

    def letters_to(self, address: str) -> list[Letter]:
        return [one for one in self.letters if one.to == address]

    def letter_to(self, address: str, *, about: str = "") -> Letter:
        """The newest to this address; waits for it. `about`: words of its subject or text."""

        def found() -> list[Letter]:
            return [one for one in self.letters if one.to == address and about in one.subject + one.text]

        until(found, f"a mail to {address} about “{about}”")
        return found()[-1]
