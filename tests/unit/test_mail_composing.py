"""From templates to a mail, and from a mail to what goes over the wire."""

from dataclasses import replace
from datetime import UTC, datetime
from email.policy import SMTP

import pytest
from hypothesis import given, strategies as st
from jinja2 import UndefinedError

from portal.core import i18n
from portal.gateways.smtp import Letter, NotNow, RefusedForGood, line, written
from portal.mail.moments import moment
from portal.mail.posting import message_id
from tests.mailsamples import Sample, written as composed

AT = datetime(2026, 11, 24, 13, 2, 59, tzinfo=UTC)
LETTER = Letter(
    message_id="<7@lantern.localhost>",
    sender="TelephOne <support@telephone.example>",
    recipient="alice@lantern.example",
    subject="Hello",
    text="Hello\n",
    html="<p>Hello</p>\n",
    language="en",
    written_at=AT,
)


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "24 November 2026, 14:02 CET"), ("de", "24. November 2026, 14:02 MEZ"), ("fr", "24 novembre 2026, 14:02 +0100")],
)
def test_a_moment_is_said_where_and_as_the_receiver_lives(language: str, said: str) -> None:
    with i18n.using(language):
        assert moment(AT, "Europe/Berlin") == said


def test_a_fact_that_is_missing_stops_the_mail_instead_of_leaving_a_gap() -> None:
    with pytest.raises(UndefinedError, match="device"):
        composed(Sample("new_device", facts={"at": AT, "address": "192.0.2.1"}), "en")


def test_the_subject_is_one_line() -> None:
    mail = composed(Sample("provider_linked", facts={"provider": "Two\r\nBcc: eve@evil.example", "at": AT}), "en")
    assert mail.subject == "Your account is linked with Two Bcc: eve@evil.example"


def test_text_is_not_written_as_html() -> None:
    mail = composed(Sample("provider_linked", facts={"provider": "Smith & <Sons>", "at": AT}), "en")
    assert "Smith & <Sons>" in mail.text
    assert "Smith &amp; &lt;Sons&gt;" in mail.html


def test_one_cause_has_one_message_id() -> None:
    first, again, other = (message_id(cause, "lantern.example") for cause in ("a", "a", "b"))
    assert first == again != other
    assert first.endswith("@lantern.example>")


# --- over the wire ----------------------------------------------------------------------------------------------------------


def test_a_name_in_another_script_is_written_as_mail_programs_read_it() -> None:
    message, author, _ = written(replace(LETTER, sender="=?utf-8?q?M=C3=BCller_=26_S=C3=B6hne?= <support@telephone.example>"))
    assert author.display_name == "Müller & Söhne"
    assert message.as_bytes(policy=SMTP).isascii()


def test_every_line_is_short_enough_for_every_mail_server() -> None:
    message, _, _ = written(replace(LETTER, text="ä" * 5000 + "\n", html="<p>" + "سلام " * 5000 + "</p>\n", subject="ö" * 500))
    assert max(map(len, message.as_bytes(policy=SMTP).split(b"\r\n"))) <= 998


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_subject_or_an_address_holds_no_header_is_added(subject: str, recipient: str) -> None:
    encodable = subject.encode("utf-8", "ignore").decode()
    try:
        message, _, to = written(replace(LETTER, subject=encodable, recipient=recipient.encode("utf-8", "ignore").decode()))
    except RefusedForGood:
        return
    headers = message.as_bytes(policy=SMTP.clone(utf8=True)).partition(b"\r\n\r\n")[0]
    names = [one.partition(b":")[0] for one in headers.split(b"\r\n") if not one.startswith((b" ", b"\t"))]
    known = b"From To Subject Date Message-ID Auto-Submitted MIME-Version Content-Type Content-Language".split()
    assert sorted(names) == sorted(known)
    assert "\r" not in to.addr_spec
    assert "\n" not in to.addr_spec


@given(st.text())
def test_a_line_is_one(text: str) -> None:
    assert line(text) == line(line(text))
    assert len(line(text).splitlines()) <= 1


@pytest.mark.parametrize("nobody", ["", "alice", "alice@", "@lantern.example", "alice@.example"])
def test_to_what_is_no_address_nothing_is_written(nobody: str) -> None:
    with pytest.raises(RefusedForGood, match="address"):
        written(replace(LETTER, recipient=nobody))


def test_a_sender_may_be_on_a_machine_with_a_bare_name() -> None:
    _, author, _ = written(replace(LETTER, sender="TelephOne <no-reply@localhost>"))
    assert author.addr_spec == "no-reply@localhost"


def test_a_sender_that_is_no_address_is_our_own_trouble() -> None:
    with pytest.raises(NotNow, match="sender"):
        written(replace(LETTER, sender="TelephOne"))
