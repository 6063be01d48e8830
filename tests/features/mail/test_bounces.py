"""Mails that come back: which reports are believed, and that nobody is harmed by the others."""

import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from hypothesis import given, strategies as st

from portal.core import db, outbox
from portal.core.tenancy import Scope
from portal.features.contacts import queries
from portal.features.contacts.cli import mail as command
from portal.gateways.smtp import RememberingOutgoing
from portal.mail import bounces, delivery
from portal.mail.bounces import Bounce
from tests.cast import Cast
from tests.features.mail.conftest import kept

OURS = f"<{'a1' * 16}@lantern.localhost>"
PLAIN = """\
Return-Path: <>
From: MAILER-DAEMON@mx.lantern.example
To: support@telephone.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"

--part
Content-Type: text/plain

I am sorry to have to inform you that your message could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.lantern.example
X-Postfix-Queue-ID: 4F2C1

Final-Recipient: rfc822; alice@lantern.example
Original-Recipient: rfc822;alice@lantern.example
Action: {action}
Status: 5.2.2
Remote-MTA: dns; store.lantern.example
Diagnostic-Code: smtp; 552 5.2.2 Mailbox
    full

--part
Content-Type: {part}

From: TelephOne <support@telephone.example>
To: alice@lantern.example
Subject: Your password was changed
Message-ID: {message_id}

--part--
"""


def report(message_id: str = OURS, *, action: str = "failed", part: str = "text/rfc822-headers") -> bytes:
    return PLAIN.format(message_id=message_id, action=action, part=part).encode()


# --- reading ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["text/rfc822-headers", "message/rfc822"])
@pytest.mark.parametrize("action", ["failed", "Failed", " failed "])
def test_a_mail_that_was_given_up_is_found_with_the_reason(part: str, action: str) -> None:
    assert bounces.read(report(part=part, action=action)) == Bounce(OURS, "552 5.2.2 Mailbox full")


def test_line_ends_of_the_network_are_read_too() -> None:
    assert bounces.read(report().replace(b"\n", b"\r\n")) == Bounce(OURS, "552 5.2.2 Mailbox full")


def test_without_words_the_status_is_the_reason() -> None:
    bare = report().replace(b"Diagnostic-Code: smtp; 552 5.2.2 Mailbox\n    full\n", b"")
    assert bounces.read(bare) == Bounce(OURS, "5.2.2")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", ""])
def test_what_was_not_given_up_is_no_bounce(action: str) -> None:
    assert bounces.read(report(action=action)) is None


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"hello",
        b"From: somebody@lantern.example\nSubject: I am away\n\nuntil Monday",
        report("<not-one-of-ours@lantern.example>"),
        report(""),
        report().replace(b"multipart/report", b"multipart/mixed"),
        report().replace(b"message/delivery-status", b"text/plain"),
        report().split(b"Final-Recipient")[0],
        report().replace(b"text/rfc822-headers", b"text/plain"),
        b"Content-Type: multipart/report; boundary=part\n\n--part\nContent-Type: message/delivery-status\n\n\n--part--",
        b"Content-Type: " + b"x" * 100_000,
        b"\xff\xfe" * 1000,
    ],
)
def test_anything_else_is_left_alone(other: bytes) -> None:
    assert bounces.read(other) is None


def test_mails_in_mails_in_mails_do_no_harm() -> None:
    deep = b"".join(
        b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(5000)
    )
    assert bounces.read(deep) is None
    assert bounces.read(report() + deep) == Bounce(OURS, "552 5.2.2 Mailbox full")


def test_what_a_mail_server_says_stays_one_short_line() -> None:
    long = report().replace(b"552 5.2.2 Mailbox", b"552 \x07\x1b[31m" + b"very " * 1000)
    found = bounces.read(long)
    assert found is not None
    assert len(found.reason) <= 300
    assert found.reason.isprintable()


@given(st.binary(max_size=2000), st.integers(0, 1500), st.integers(0, 1500))
def test_whatever_is_sent_is_read_without_harm(noise: bytes, start: int, end: int) -> None:
    whole = report()
    for odd in (noise, whole[:start] + noise + whole[end:], noise + whole, whole[start:]):
        found = bounces.read(odd)
        assert found is None or found.message_id == OURS


# --- `portal mail bounced` --------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(cause: Callable[[], str]) -> str:
    """The Message-ID of a mail that a mail server took."""
    message_id = cause()
    assert outbox.deliver_one({"mail": delivery.handler(RememberingOutgoing())})
    return message_id


@pytest.fixture
def bounced(own_database: db.Database, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], tuple[int, str]]:
    """Runs the command as a mail server does."""
    monkeypatch.setenv("PORTAL_DATABASE_URL", own_database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("PORTAL_SECRET_KEY", "another key; this reads nothing that is sealed")

    def run(given: bytes) -> tuple[int, str]:
        before = db.database()
        result = CliRunner().invoke(command, ["bounced"], input=given)
        if db.database() is not before:
            db.database().dispose()
            db.install(before)
        return result.exit_code, result.output if result.exception is None else repr(result.exception)

    return run


def test_a_mail_that_came_back_is_marked(sent: str, bounced: Callable[[bytes], tuple[int, str]], own_cast: Cast) -> None:
    assert bounced(report(sent)) == (0, "The mail is marked as returned.\n")
    (mail,) = kept()
    assert (mail.state, mail.trouble, mail.message_id) == ("bounced", "bounced: 552 5.2.2 Mailbox full", sent)
    with db.unit_of_work(Scope.reseller(own_cast.telephone.id)):
        found = queries.returned("alice@lantern.example")
        assert found is not None
        assert found.state == "bounced"
        assert queries.troubled_count() == 1


def test_a_report_that_comes_twice_changes_nothing(sent: str, bounced: Callable[[bytes], tuple[int, str]]) -> None:
    bounced(report(sent))
    (first,) = kept()
    assert bounced(report(sent).replace(b"552", b"553")) == (0, "The mail was marked as not delivered before.\n")
    (second,) = kept()
    assert (first.state, first.trouble, first.settled_at) == (second.state, second.trouble, second.settled_at)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (report(), "This portal has sent no such mail.\n"),
        (report(action="delayed"), "This is no report of a mail that was given up.\n"),
        (b"", "This is no report of a mail that was given up.\n"),
    ],
)
def test_what_does_not_concern_us_is_said_and_is_no_failure(
    sent: str, bounced: Callable[[bytes], tuple[int, str]], given: bytes, sentence: str
) -> None:
    assert bounced(given) == (0, sentence)
    assert [mail.state for mail in kept()] == ["sent"]


def test_a_mail_that_came_back_before_its_delivery_was_written_down_is_not_sent_again(
    cause: Callable[[], str], bounced: Callable[[bytes], tuple[int, str]]
) -> None:
    """As when a worker dies right after the mail server's yes."""
    message_id = cause()
    bounced(report(message_id))
    out = RememberingOutgoing()
    assert outbox.deliver_one({"mail": delivery.handler(out)})
    assert (out.taken, [mail.state for mail in kept()]) == ([], ["bounced"])


def test_without_its_database_the_mail_server_is_asked_to_come_back() -> None:
    settings = {"PORTAL_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/portal", "PORTAL_SECRET_KEY": "k" * 32}
    command = [sys.executable, "-m", "portal", "mail", "bounced"]
    done = subprocess.run(command, input=report(), env=settings, capture_output=True, check=False)
    assert (done.returncode, done.stderr.decode()) == (75, "The database cannot be reached now.\n")
