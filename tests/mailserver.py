"""A real mail server that does what a test wants: takes mails, refuses them for good or for now, hangs, dies half way."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from portal.settings import MailServer

USER, PASSWORD = "portal@isar.example", "p@ss: /w#rd?"


def nothing() -> None:
    """What happens where a test wants nothing special."""


@dataclass
class Wishes:
    """What it answers at each step. `hangs`: it answers nothing there any more. `dies`: in the middle of a mail's content."""

    at_sender: str = "250 good"
    at_recipient: str = "250 good"
    at_content: str = "250 taken"
    hangs: bool = False
    dies: bool = False
    amid_content: Callable[[], None] = nothing
    before_answer: Callable[[], None] = nothing


@dataclass
class Taken:
    sender: str
    recipients: list[str]
    message: EmailMessage
    greeting: str
    encrypted: bool


@dataclass
class MailServerOfATest:
    """Listens from `up` to `down`, always at the same port."""

    tls: ssl.SSLContext | None = None
    implicit: bool = False
    asks: bool = False  # for a user and a password
    wishes: Wishes = field(default_factory=Wishes)
    taken: list[Taken] = field(default_factory=list)
    port: int = 0

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller: Controller | None = None

    def up(self) -> None:
        self._controller = _Controller(self)
        self._controller.start()

    def down(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def address(self, **more: Any) -> MailServer:
        scheme = ("smtps" if self.implicit else "smtp+tls") if self.tls else "smtp"
        return MailServer(scheme, "127.0.0.1", self.port, **more)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    # --- what aiosmtpd calls ------------------------------------------------------------------------------------------------

    async def handle_MAIL(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.wishes.at_sender

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        if self.wishes.hangs:
            await asyncio.Event().wait()
        if self.wishes.at_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.wishes.at_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.wishes.at_content.startswith("2"):
            content = cast("bytes", envelope.content).replace(b"\r\n", b"\n")
            message = message_from_bytes(content, policy=policy.default)
            to, encrypted = [str(one) for one in envelope.rcpt_tos], self.implicit or session.ssl is not None
            self.taken.append(Taken(str(envelope.mail_from), to, message, str(session.host_name), encrypted))
        await asyncio.get_running_loop().run_in_executor(None, self.wishes.before_answer)
        return self.wishes.at_content


class _Server(SMTP):
    wishes: Wishes

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if not self.wishes.dies and self.wishes.amid_content is nothing:
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        await self._reader.readline()
        await asyncio.get_running_loop().run_in_executor(None, self.wishes.amid_content)
        cast("asyncio.Transport", self.transport).abort()


class _Controller(Controller):
    def __init__(self, owner: MailServerOfATest) -> None:
        self.owner = owner
        implicit = owner.tls if owner.implicit else None
        super().__init__(owner, hostname="127.0.0.1", port=owner.port, ssl_context=implicit)

    def factory(self) -> SMTP:
        owner = self.owner
        made = _Server(
            owner,
            hostname="mail.test",
            enable_SMTPUTF8=True,
            tls_context=None if owner.implicit else owner.tls,
            require_starttls=owner.tls is not None and not owner.implicit,
            authenticator=_who if owner.asks else None,
            auth_required=owner.asks,
            auth_require_tls=owner.tls is not None and not owner.implicit,
        )
        made.wishes = owner.wishes
        return made


def _who(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword) -> AuthResult:
    right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)


@contextmanager
def mail_server(**more: Any) -> Iterator[MailServerOfATest]:
    made = MailServerOfATest(**more)
    made.up()
    try:
        yield made
    finally:
        made.down()
