"""PORTAL_SMTP_URL: what it says, and what is wrong with it."""

from pathlib import Path

import pytest

from portal.settings import MailServer, SettingsError, from_environment, mail_server
from tests.certificates import certificate

OWN = {"PORTAL_DATABASE_URL": "postgres://somewhere/portal", "PORTAL_SECRET_KEY": "k" * 32}


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("smtp", "mail.example", 25)),
        ("smtp://127.0.0.1:2525", MailServer("smtp", "127.0.0.1", 2525)),
        ("smtp+tls://mail.example", MailServer("smtp+tls", "mail.example", 587)),
        ("smtps://mail.example/", MailServer("smtps", "mail.example", 465)),
        ("smtps://[::1]:465", MailServer("smtps", "::1", 465)),
        (
            "smtp+tls://portal%40isar.example:p%40ss%3A%20%2Fw%23rd%3F@mail.example:2587",
            MailServer("smtp+tls", "mail.example", 2587, "portal@isar.example", "p@ss: /w#rd?"),
        ),
    ],
)
def test_what_an_address_says(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


def test_a_certificate_of_ones_own(tmp_path: Path) -> None:
    own = certificate(tmp_path)
    assert mail_server(f"smtps://mail.example?ca={own.ca}").ca == own.ca


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(mail_server("smtp://user:secret@mail.example"))


def test_without_an_address_there_is_no_mail_server() -> None:
    assert from_environment(OWN).smtp_url is None
    assert from_environment({**OWN, "PORTAL_SMTP_URL": ""}).smtp_url is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("mail.example", "must look like smtp"),
        ("http://mail.example", "must look like smtp"),
        ("smtp://", "must look like smtp"),
        ("smtp://mail.example:seven", "cannot be read"),
        ("smtp://mail.example:70000", "cannot be read"),
        ("smtp://user:pa/ss@mail.example", "cannot be read"),
        ("smtp://user:pa#ss@mail.example", "cannot be read"),
        ("smtp://[::1", "cannot be read"),
        ("smtp://mail.example?ca", "cannot be read"),
        ("smtp://mail.example/inbox", "has nothing behind the server"),
        ("smtp://mail.example?timeout=3", "has nothing behind the server"),
        ("smtp://user@mail.example", "needs a user and a password, or neither"),
        ("smtp://:password@mail.example", "needs a user and a password, or neither"),
        ("smtp://user:ge%C3%A4ndert@mail.example", "only plain letters"),
        ("smtp://mail.example?ca=/etc/hostname", "shows no certificate"),
        ("smtps://mail.example?ca=/nowhere/ca.pem", "names a ca that is no certificate"),
        ("smtps://mail.example?ca=/etc/hostname", "names a ca that is no certificate"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_without_the_password(wrong: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence) as said:
        from_environment({**OWN, "PORTAL_SMTP_URL": wrong})
    assert "\n" not in str(said.value)
    for secret in ("pa", "ss@"):
        assert f" {secret}" not in str(said.value).replace("password", "").replace("path", "")
