"""The way out for mails: a mail server, spoken to by SMTP. What it will never take is told apart from what it may take later."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Protocol
from unicodedata import category

from portal.core import addresses
from portal.settings import MailServer

PATIENCE_SECONDS = 20.0
GOODBYE_SECONDS = 2.0
HERE = "localhost"  # until the sender is known
LONGEST_WORDS = 300
# Refusals that are about us, at whatever step they are said: sign in first, with something stronger, encrypted
OURS = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail as it is to be sent; `sender` like “TelephOne <support@telephone.example>”."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str
    language: str
    written_at: datetime
    reply_to: str | None = None


class Trouble(Exception):  # noqa: N818
    """It was not taken. `code` is one of a few words of ours, `words` are those of the mail server."""

    def __init__(self, code: str, words: str = "") -> None:
        self.code, self.words = code, line(words)[:LONGEST_WORDS]
        super().__init__(f"{code}: {self.words}" if self.words else code)


class RefusedForGood(Trouble):
    """No mail server will ever take this letter for this address."""


class NotNow(Trouble):
    """To be tried again: whatever is in the way can go away."""


class Outgoing(Protocol):
    def send(self, letter: Letter) -> None:
        """Returns once a mail server has taken the letter. Raises RefusedForGood or NotNow."""
        ...


class RememberingOutgoing:
    """In place of a mail server, for tests: takes what it is given, unless there are troubles to have first."""

    def __init__(self, *troubles: Trouble) -> None:
        self.taken: list[Letter] = []
        self.troubles = list(troubles)

    def send(self, letter: Letter) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.taken.append(letter)


class MailServerOutgoing:
    """A connection for each letter: none grows old."""

    def __init__(self, server: MailServer, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._server = server
        self._patience = patience_seconds

    def send(self, letter: Letter) -> None:
        message, sender, recipient = written(letter)
        with _in_plain_words():
            connection = self._connected()
            try:
                self._greet(connection, sender)
                _hand_over(connection, message, sender, recipient)
                _leave(connection)
            finally:
                connection.close()

    def check(self, domain: str) -> None:
        """Goes as far as a letter of this domain's would, without one. Raises NotNow."""
        with _in_plain_words():
            connection = self._connected()
            try:
                self._greet(connection, Address("", "postmaster", domain))
                _leave(connection)
            finally:
                connection.close()

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.scheme == "smtps":
            return smtplib.SMTP_SSL(server.host, server.port, HERE, timeout=self._patience, context=self._tls())
        return smtplib.SMTP(server.host, server.port, HERE, timeout=self._patience)

    def _greet(self, connection: smtplib.SMTP, sender: Address) -> None:
        """With the sender's domain: the name of this machine is nobody's business, and finding it out may take long."""
        connection.local_hostname = sender.domain
        if self._server.scheme == "smtp+tls":
            connection.starttls(context=self._tls())
        if self._server.user:
            connection.login(self._server.user, self._server.password)
        connection.ehlo_or_helo_if_needed()

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.ca)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except ssl.SSLError as error:
        raise NotNow("encryption", getattr(error, "verify_message", "") or str(error)) from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotNow("encryption" if "STARTTLS" in str(error) else "sign-in", str(error)) from error
    except smtplib.SMTPAuthenticationError as error:
        raise NotNow("sign-in", _said(error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPResponseException as error:
        raise NotNow("later", _said(error.smtp_code, error.smtp_error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow("unreachable", str(error)) from error


def _hand_over(connection: smtplib.SMTP, message: EmailMessage, sender: Address, recipient: Address) -> None:
    foreign = [] if recipient.username.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
    if foreign and not connection.has_extn("smtputf8"):
        raise RefusedForGood("address", "SMTPUTF8")
    content = message.as_bytes(policy=SMTP.clone(utf8=bool(foreign)))
    try:
        connection.sendmail(sender.addr_spec, [recipient.addr_spec], content, mail_options=foreign)
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code, error.smtp_error) from error


def _leave(connection: smtplib.SMTP) -> None:
    """The letter is taken, whatever the goodbye is like."""
    with suppress(OSError, smtplib.SMTPException):
        if connection.sock is not None:
            connection.sock.settimeout(GOODBYE_SECONDS)
        connection.quit()


def _refused(code: int, words: bytes | str) -> Trouble:
    kind = RefusedForGood if 500 <= code < 600 and code not in OURS else NotNow
    return kind("refused" if kind is RefusedForGood else "later", _said(code, words))


def _said(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"


def written(letter: Letter) -> tuple[EmailMessage, Address, Address]:
    """The message, and the two addresses of its envelope. Raises RefusedForGood for an address that cannot be written to."""
    author, recipient = _author(letter.sender), _recipient(letter.recipient)
    message = EmailMessage(SMTP)
    message["From"] = author
    message["To"] = recipient
    message["Subject"] = line(letter.subject)
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = line(letter.message_id)
    if letter.reply_to:
        message["Reply-To"] = _author(letter.reply_to)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = line(letter.language)  # earlier, it would go to the first part
    return message, author, recipient


def _author(sender: str) -> Address:
    """One of our own addresses: what is wrong with it can be put right."""
    try:
        name, where = parseaddr(line(sender))
        return Address(line(str(make_header(decode_header(name)))), *addresses.parts(line(where), dotless=True))
    except (ValueError, MessageError) as error:
        raise NotNow("sender", str(error)) from error


def _recipient(text: str) -> Address:
    try:
        return Address("", *addresses.parts(line(text)))
    except (ValueError, MessageError) as error:
        raise RefusedForGood("address", str(error)) from error


def line(text: str) -> str:
    """One line without control characters: nothing in it can begin a header of its own."""
    return " ".join("".join(sign if category(sign) != "Cc" else " " for sign in text).split())
