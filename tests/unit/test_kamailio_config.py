"""Kamailio's configuration: what is asked for stands in it, and what would break it is refused."""

from typing import Any

import pytest
from click.testing import CliRunner

from portal.cli import portal
from portal.features.switch.cli import of_libpq
from portal.features.switch.rules import BadSetting, Config, render

URL = "postgres://kamailio:secret@db.example:5432/portal"


def test_the_settings_stand_in_it() -> None:
    config = Config(
        URL,
        ("udp:192.0.2.1:5060 advertise 198.51.100.1:5060", "tcp:192.0.2.1:5060"),
        rpc="127.0.0.1:8590",
        log_level=2,
        run_dir="/run/k",
    )
    written = render(config)
    for line in (
        "listen=udp:192.0.2.1:5060 advertise 198.51.100.1:5060",
        "listen=tcp:192.0.2.1:5060",
        "listen=tcp:127.0.0.1:8590",
        "debug=2",
        "log_facility=LOG_LOCAL0",
        f'modparam("usrloc", "db_url", "{URL}")',
        'modparam("ctl", "binrpc", "unix:/run/k/kamailio_ctl")',
        '    $du = "sip:192.0.2.1:5060;transport=udp";',
    ):
        assert line in written.splitlines()
    assert "{{" not in written


def test_phones_may_encrypt() -> None:
    listen = ("udp:192.0.2.1:5060", "tls:192.0.2.1:5061")
    written = render(Config(URL, listen, certificate="/etc/c.pem", key="/etc/k.pem")).splitlines()
    assert "listen=tls:192.0.2.1:5061" in written
    assert 'modparam("tls", "certificate", "/etc/c.pem")' in written
    assert 'modparam("tls", "private_key", "/etc/k.pem")' in written
    assert "tls.so" not in render(Config(URL))


@pytest.mark.parametrize(("listen", "own"), [("udp:0.0.0.0:5070", "127.0.0.1:5070"), ("udp:[::]:5070", "[::1]:5070")])
def test_kamailio_calls_itself_at_an_address_that_it_has(listen: str, own: str) -> None:
    assert Config(URL, (listen,)).places["self"] == own


@pytest.mark.parametrize(
    "wrong",
    [
        {"listen": ("sctp:192.0.2.1:5060",)},
        {"listen": ("udp:192.0.2.1",)},
        {"listen": ('udp:192.0.2.1:5060\nlisten="x"',)},
        {"listen": ("tcp:192.0.2.1:5060",)},
        {"listen": ("udp:192.0.2.1:5060", "tls:192.0.2.1:5061")},
        {"listen": ("udp:192.0.2.1:5060", "tls:192.0.2.1:5061"), "certificate": "/etc/c.pem"},
        {"listen": ("udp:192.0.2.1:5060", "tls:192.0.2.1:5061"), "certificate": '/etc/"c.pem', "key": "/etc/k.pem"},
        {"certificate": "/etc/c.pem", "key": "/etc/k.pem"},
        {"rpc": "8590"},
        {"log_facility": "LOCAL0"},
        {"log_level": 9},
        {"run_dir": '/run/"x'},
        {"modules": "/usr/lib/my modules"},
        {"database_url": "mysql://kamailio:x@db/portal"},
        {"database_url": 'postgres://kamailio:x"y@db/portal'},
    ],
)
def test_what_kamailio_cannot_be_started_with_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadSetting):
        Config(**{"database_url": URL, **wrong})


def test_the_password_is_not_shown_by_accident() -> None:
    assert "secret" not in repr(Config(URL))


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("postgresql+psycopg://k:p@db.example:6000/portal", "postgres://k:p@db.example:6000/portal"),
        ("postgresql+psycopg://k:p@/portal?host=/tmp/socket&port=5432", "postgres://k:p@/portal"),
    ],
)
def test_an_address_as_kamailio_writes_it(address: str, written: str) -> None:
    assert of_libpq(address) == written


def test_the_command_prints_it() -> None:
    printed = CliRunner().invoke(portal, ["kamailio", "config", "--database-url", URL, "--listen", "udp:192.0.2.9:5060"])
    assert (printed.exit_code, printed.output.startswith("#!KAMAILIO\n")) == (0, True)
    assert "listen=udp:192.0.2.9:5060\n" in printed.output


def test_the_command_says_what_is_wrong() -> None:
    printed = CliRunner().invoke(portal, ["kamailio", "config", "--database-url", URL, "--listen", "nowhere"])
    assert (printed.exit_code, "Kamailio cannot listen at “nowhere”" in printed.output) == (1, True)
