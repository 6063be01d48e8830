"""One rule for e-mail addresses, wherever they come along: typed into a form, kept for a person, written to."""

from datetime import UTC, datetime
from email import message_from_string
from email.policy import SMTP, default
from types import SimpleNamespace

import pytest
from hypothesis import example, given, strategies as st
from wtforms.validators import ValidationError

from portal.core import addresses
from portal.core.errors import Refused
from portal.features.contacts.rules import check_email
from portal.gateways.smtp import Letter, RefusedForGood, written
from portal.web.fields import looks_like_email

NASTY = "ab.-+_@,;:<>()[]\"'\\%! \t\r\n\0\x7f\x85äß\u0301\u200b\u202e\uff20。🙂"
PLAIN = st.text("ab.-+äß🙂", min_size=1, max_size=4)
ODD = st.one_of(
    st.builds("{}@{}.example".format, PLAIN, PLAIN),
    st.builds("{}{}@{}{}.example".format, PLAIN, st.text(NASTY, max_size=1), PLAIN, st.text(NASTY, max_size=2)),
    st.builds("{}@{}.example".format, st.text(NASTY, max_size=8), st.text(NASTY, max_size=8)),
    st.builds("{}@{}".format, st.text(max_size=8), st.text(max_size=8)),
    st.emails(),
)


def letter(recipient: str) -> Letter:
    return Letter(
        message_id="<7@lantern.localhost>",
        sender="TelephOne <support@telephone.example>",
        recipient=recipient,
        subject="Hello",
        text="Hello\n",
        html="<p>Hello</p>\n",
        language="en",
        written_at=datetime(2026, 11, 24, 13, 2, tzinfo=UTC),
    )


def typed(text: str) -> bool:
    try:
        looks_like_email(None, SimpleNamespace(data=text))
    except ValidationError:
        return False
    return True


def kept(text: str) -> bool:
    try:
        return check_email(text) == text
    except Refused:
        return False


def sent(text: str) -> bool:
    try:
        written(letter(text))
    except RefusedForGood:
        return False
    return True


@pytest.mark.parametrize(
    ("address", "written_to"),
    [
        ("alice@b.example", ("alice", "b.example")),
        ("alice.meier+x@mail.lantern.example", ("alice.meier+x", "mail.lantern.example")),
        ("o'hara@lantern.example", ("o'hara", "lantern.example")),
        ("Alice@Lantern.Example", ("Alice", "lantern.example")),
        ("ä@münchen.example", ("ä", "xn--mnchen-3ya.example")),
        ("a@straße.example", ("a", "xn--strae-oqa.example")),
        ("a@xn--mnchen-3ya.example", ("a", "xn--mnchen-3ya.example")),
        ("olga@isar.localhost", ("olga", "isar.localhost")),
        ("pbx@office.local", ("pbx", "office.local")),
    ],
)
def test_what_is_one(address: str, written_to: tuple[str, str]) -> None:
    assert addresses.parts(address) == written_to
    assert typed(address)
    assert kept(address)
    assert sent(address)


@pytest.mark.parametrize(
    "text",
    [
        *("", "@", "alice", "@b.example", "a@", "a@b", "a@.example", "a@example.", "a@b..example", f"a@{'x' * 64}.example"),
        *("a b@c.example", "a@b.exa mple", "a\0@b.example", "a\r\nBcc: c@b.example", "a@b@c.example", "a..b@c.example"),
        *("victim@b.example,x.example", "victim@b.example;x.example", "x@evil.com>,<b.com", "<x@b.example>", "Eve <x@b.example>"),
        *("x@b.example(c.example)", "a,b@c.example", "a<b@c.example", '"a,b"@c.example', "a@[192.0.2.1]", "a@b_c.example"),
        *("a@-b.example", "a@b-.example", f"{'a' * 250}@b.example"),
    ],
)
def test_what_is_none(text: str) -> None:
    assert not addresses.is_address(text)
    assert not typed(text)
    assert not kept(text)
    assert not sent(text)


@given(ODD)
@example("a@b.example,c.example")
def test_who_types_keeps_and_writes_agree(text: str) -> None:
    if text == text.strip() and len(text) <= addresses.LONGEST:
        assert typed(text) is kept(text)
        assert sent(text) or not typed(text), "what is kept can be written to"


@given(ODD)
@example("x@evil.com>,<b.com")
@example("a@b\u3002example")
def test_a_letter_is_for_exactly_one_and_says_so(text: str) -> None:
    if not sent(text):
        return
    message, _author, to = written(letter(text))
    read = message_from_string(message.as_bytes(policy=SMTP.clone(utf8=True)).decode(), policy=default)
    assert [one.addr_spec for one in read["To"].addresses] == [to.addr_spec]
    assert to.addr_spec.count("@") == 1
    assert set(to.domain) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


@given(ODD)
def test_what_mail_servers_are_told_is_an_address_itself(text: str) -> None:
    if addresses.is_address(text):
        parts = addresses.parts(text)
        assert addresses.parts("@".join(parts)) == parts


def test_a_machine_of_ours_may_have_a_bare_name() -> None:
    assert addresses.parts("no-reply@localhost", dotless=True) == ("no-reply", "localhost")
    with pytest.raises(ValueError, match="period"):
        addresses.parts("no-reply@localhost")
