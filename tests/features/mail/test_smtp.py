"""The real way out, to a real mail server: what it takes, what it never takes, and what it may take later."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from portal.core import addresses
from portal.gateways.smtp import Letter, MailServerOutgoing, NotNow, RefusedForGood, Trouble
from portal.settings import MailServer
from tests.certificates import Certificate, certificate
from tests.mailserver import PASSWORD, USER, MailServerOfATest, Wishes, mail_server

LETTER = Letter(
    message_id=f"<{'7' * 32}@lantern.localhost>",
    sender="TelephOne <support@telephone.example>",
    recipient="alice@lantern.example",
    reply_to="support@telephone.example",
    subject="Ihr Kennwort wurde geändert",
    text="Grüße, كلمة المرور\n",
    html="<p>Grüße, كلمة المرور</p>\n",
    language="de",
    written_at=datetime(2026, 11, 24, 13, 2, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


def send(address: MailServer, **changes: Any) -> None:
    MailServerOutgoing(address, patience_seconds=2).send(replace(LETTER, **changes))


def trouble(address: MailServer, **changes: Any) -> Trouble:
    with pytest.raises(Trouble) as met:
        send(address, **changes)
    return met.value


# --- taken ------------------------------------------------------------------------------------------------------------------


def test_a_letter_arrives_as_it_was_written() -> None:
    with mail_server() as server:
        send(server.address())
    (taken,) = server.taken
    message = taken.message
    assert (taken.sender, taken.recipients) == ("support@telephone.example", ["alice@lantern.example"])
    assert taken.greeting == "telephone.example", "the name of this machine is nobody's business"
    assert message["From"] == "TelephOne <support@telephone.example>"
    assert message["To"] == "alice@lantern.example"
    assert message["Reply-To"] == "support@telephone.example"
    assert message["Subject"] == LETTER.subject
    assert message["Date"].datetime == LETTER.written_at
    assert message["Message-ID"] == LETTER.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "de"
    assert message.get_content_type() == "multipart/alternative"
    text, html = message.iter_parts()
    assert (text.get_content_type(), text.get_content()) == ("text/plain", LETTER.text)
    assert (html.get_content_type(), html.get_content()) == ("text/html", LETTER.html)


@pytest.mark.parametrize(
    ("typed", "reached"),
    [
        ("alice@bücher.example", "alice@xn--bcher-kva.example"),
        ("jürgen@lantern.example", "jürgen@lantern.example"),
        ("o'hara+fax@lantern.example", "o'hara+fax@lantern.example"),
        ("a=b/c!#$%&*?^_`{|}~@lantern.example", "a=b/c!#$%&*?^_`{|}~@lantern.example"),
    ],
)
def test_odd_addresses_are_reached_too(typed: str, reached: str) -> None:
    with mail_server() as server:
        send(server.address(), recipient=typed)
    assert server.taken[0].recipients == [reached]


@pytest.fixture(scope="module")
def listening() -> Iterator[MailServerOfATest]:
    with mail_server() as server:
        yield server


@settings(max_examples=60, deadline=None)
@given(st.text('ab.-+@,;:<>()"\\ äß。', max_size=6), st.text('ab.-@,;:<>()"\\ äß。', max_size=6))
@example("victim", "b.example,x")
@example("x", "evil.com>,<b")
def test_whatever_is_typed_it_goes_to_one_address_or_nowhere(listening: MailServerOfATest, local: str, domain: str) -> None:
    listening.taken.clear()
    typed = f"{local}@{domain}.example"
    try:
        send(listening.address(), recipient=typed)
    except RefusedForGood:
        assert listening.taken == []
    else:
        (taken,) = listening.taken
        assert taken.recipients == ["@".join(addresses.parts(typed.strip()))]
        (named,) = taken.message["To"].addresses
        assert [named.addr_spec.encode(errors="surrogateescape").decode()] == taken.recipients


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # of the server, which is encrypted all the same
@pytest.mark.parametrize("implicit", [True, False], ids=["smtps", "starttls"])
def test_it_is_encrypted_and_signs_in(own: Certificate, *, implicit: bool) -> None:
    with mail_server(tls=own.context(), implicit=implicit, asks=True) as server:
        send(server.address(user=USER, password=PASSWORD, ca=own.ca))
    assert [taken.encrypted for taken in server.taken] == [True]


def test_what_is_taken_is_taken_however_the_goodbye_goes() -> None:
    """A server that is gone right after its yes makes no second mail."""

    class Rude(MailServerOfATest):
        async def handle_QUIT(self, server: Any, *_rest: Any) -> str:  # noqa: N802
            server.transport.abort()
            return "221 never said"

    server = Rude()
    server.up()
    try:
        send(server.address())
    finally:
        server.down()
    assert len(server.taken) == 1


# --- refused for good -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wishes",
    [Wishes(at_recipient="550 5.1.1 No such user here"), Wishes(at_content="554 5.7.1 We do not want this")],
    ids=["recipient", "content"],
)
def test_what_a_server_refuses_for_good_is_told_with_its_words(wishes: Wishes) -> None:
    with mail_server(wishes=wishes) as server:
        met = trouble(server.address())
    said = wishes.at_recipient if not wishes.at_recipient.startswith("250") else wishes.at_content
    assert (type(met), met.code, met.words) == (RefusedForGood, "refused", said)
    assert server.taken == []


@pytest.mark.parametrize(
    "nobody", ["", "@", "alice@", "@lantern.example", "alice@lantern..example", f"a@{'x' * 70}.example", "x@evil.com>,<b.com"]
)
def test_what_is_no_address_is_not_even_tried(nobody: str) -> None:
    met = trouble(MailServer("smtp", "127.0.0.1", 1), recipient=nobody)
    assert (type(met), met.code) == (RefusedForGood, "address")


# --- to be tried again ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        (Wishes(at_recipient="451 4.7.1 Greylisted, come back later"), "later"),
        (Wishes(at_recipient="421 Too busy"), "later"),
        (Wishes(at_recipient="530 5.7.0 Authentication required"), "later"),
        (Wishes(at_content="452 4.3.1 The disk is full"), "later"),
        (Wishes(at_sender="550 5.7.1 You may not send as this"), "later"),
        (Wishes(hangs=True), "unreachable"),
        (Wishes(dies=True), "unreachable"),
    ],
    ids=["greylisted", "busy", "who are you", "full", "sender", "hangs", "dies"],
)
def test_what_can_pass_is_tried_again(wishes: Wishes, code: str) -> None:
    with mail_server(wishes=wishes) as server:
        met = trouble(server.address())
    assert (type(met), met.code) == (NotNow, code)
    assert server.taken == []


def test_nobody_there_is_tried_again() -> None:
    server = MailServerOfATest()
    met = trouble(server.address())
    assert (type(met), met.code) == (NotNow, "unreachable")


def test_a_password_that_is_not_right_is_tried_again(own: Certificate) -> None:
    with mail_server(tls=own.context(), asks=True) as server:
        wrong = trouble(server.address(user=USER, password="wrong", ca=own.ca))
        nobody = trouble(server.address(ca=own.ca))
    assert (type(wrong), wrong.code) == (NotNow, "sign-in")
    assert (type(nobody), nobody.code) == (NotNow, "later")
    assert server.taken == []


def test_nothing_is_said_in_the_clear_where_encryption_is_asked_for() -> None:
    with mail_server() as server:
        met = trouble(replace(server.address(user=USER, password=PASSWORD), scheme="smtp+tls"))
    assert (type(met), met.code) == (NotNow, "encryption")


@pytest.mark.parametrize("implicit", [True, False], ids=["smtps", "starttls"])
def test_a_certificate_that_nobody_knows_is_not_trusted(own: Certificate, *, implicit: bool) -> None:
    with mail_server(tls=own.context(), implicit=implicit) as server:
        met = trouble(server.address())
    assert (type(met), met.code) == (NotNow, "encryption")
    assert "self-signed" in met.words
    assert server.taken == []


def test_a_certificate_that_is_over_is_not_trusted(tmp_path: Path) -> None:
    old = certificate(tmp_path, valid_for=timedelta(days=-1))
    with mail_server(tls=old.context()) as server:
        met = trouble(server.address(ca=old.ca))
    assert (met.code, "expired" in met.words) == ("encryption", True)


def test_a_certificate_of_another_server_is_not_trusted(own: Certificate) -> None:
    with mail_server(tls=own.context()) as server:
        met = trouble(replace(server.address(ca=own.ca), host="localhost"))
    assert met.code == "encryption"


# --- headers ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["subject", "sender", "recipient", "reply_to", "message_id", "language"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85"])
def test_nothing_begins_a_header_of_its_own(place: str, end: str) -> None:
    before = getattr(LETTER, place)
    at = before.index("@") if "@" in before else len(before)
    injected = f"{before[:at]}{end}Bcc: eve@evil.example{end}{end}Click here{before[at:]}"
    with mail_server() as server, suppress(RefusedForGood, NotNow):  # an address may be no address any more
        send(server.address(), **{place: injected})
    for taken in server.taken:
        assert "Bcc" not in taken.message
        assert "eve@evil.example" not in taken.recipients
        assert taken.message.get_body(("plain",)).get_content() == LETTER.text  # type: ignore[union-attr]
