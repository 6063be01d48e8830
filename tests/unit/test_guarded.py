"""Servers that somebody else has named are asked with care."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, strategies as st

from portal.core import clock
from portal.gateways import guarded
from portal.gateways.guarded import Forbidden, Guarded, is_public

Serve = Callable[..., int]
PUBLIC, PRIVATE = "93.184.216.34", "10.1.2.3"


def at(*addresses: str, loopback: bool = False) -> Guarded:
    return Guarded(loopback=loopback, resolve=lambda _host, _port: addresses)


@pytest.mark.parametrize(
    "url",
    [
        "http://id.example",
        "ftp://id.example",
        "file:///etc/passwd",
        "//id.example",
        "id.example",
        "",
        "https://",
        "https://user:secret@id.example",
        "https://id.example/#part",
        "https://" + "x" * 70_000,
        "https://id.example:port",
    ],
)
def test_only_encrypted_addresses_are_asked(url: str) -> None:
    with pytest.raises(Forbidden):
        at(PUBLIC).address(url)


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # where clouds keep their secrets
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::a01:203",  # 10.1.2.3 behind NAT64
        "2002:a01:203::1",  # and by 6to4
        "::7f00:1",  # 127.0.0.1, as it was written once
        "::10.1.2.3",
        "64:ff9b:1::a01:203",  # a NAT64 of somebody’s own
        "fec0::1",
        "5f00::1",
        "3fff::1",
        "2001:db8::1",
        "4000::1",
    ],
)
def test_nothing_inside_is_asked(inside: str) -> None:
    for found in ((inside,), (PUBLIC, inside), (inside, PUBLIC)):
        with pytest.raises(Forbidden):
            at(*found).address("https://id.example")


def test_what_stands_for_a_public_address_is_one() -> None:
    assert is_public(ip_address("64:ff9b::5db8:d822"))
    assert is_public(ip_address(f"::ffff:{PUBLIC}"))
    assert is_public(ip_address("2606:2800:220:1:248:1893:25c8:1946"))


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_as_what_it_wraps(address: object) -> None:
    assert is_public(ip_address(f"::ffff:{address}")) == is_public(ip_address(str(address)))


def test_a_public_name_is_asked() -> None:
    assert at(PUBLIC).address("https://id.example/path") == PUBLIC


@pytest.mark.parametrize("url", ["https://127.0.0.1", "https://[::1]", "https://localhost", "https://2130706433", "https://0x7f.1"])
def test_other_ways_to_write_this_machine_are_seen_through(url: str) -> None:
    with pytest.raises(Forbidden):
        Guarded().address(url)


def test_while_developing_this_machine_is_asked_but_no_other_one() -> None:
    assert Guarded(loopback=True).address("http://127.0.0.1:3000") == "127.0.0.1"
    for found in ((PRIVATE,), ("127.0.0.1", PRIVATE)):
        with pytest.raises(Forbidden):
            at(*found, loopback=True).address("https://id.example")
    with pytest.raises(Forbidden):
        at(PUBLIC, loopback=True).address("http://id.example")


def test_a_name_that_nobody_has_is_said_to_be_none() -> None:
    with pytest.raises(httpx2.ConnectError):
        Guarded().address("https://nobody.invalid")


# --- asking -------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that answers each connection with these pieces, and stays silent after them while `hold` is set."""
    over = threading.Event()
    opened: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def start(*pieces: bytes, hold: bool = False, tls: ssl.SSLContext | None = None) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        opened.append(listener)

        def answer() -> None:
            try:
                connection, _address = listener.accept()
                with tls.wrap_socket(connection, server_side=True) if tls else connection as speaking:
                    speaking.recv(65536)
                    for piece in pieces:
                        speaking.sendall(piece)
                        over.wait(0.05)
                    while hold and not over.wait(0.02):
                        speaking.sendall(b"x")
            except OSError:
                return

        threads.append(threading.Thread(target=answer))
        threads[-1].start()
        port: int = listener.getsockname()[1]
        return port

    yield start
    over.set()
    for listener in opened:
        listener.shutdown(socket.SHUT_RDWR) if listener.fileno() != -1 else None
        listener.close()
    for thread in threads:
        thread.join(5)


def ask(port: int, guard: Guarded | None = None, url: str | None = None) -> httpx2.Response:
    with httpx2.Client(transport=guard or Guarded(loopback=True), follow_redirects=False) as client:
        return client.get(url or f"http://127.0.0.1:{port}/")


def test_an_answer_arrives(serve: Serve) -> None:
    answer = ask(serve(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"{}"))
    assert (answer.status_code, answer.json()) == (200, {})


def test_an_answer_that_is_too_long_is_cut_off(serve: Serve) -> None:
    port = serve(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x" * 65536] * 8)
    with pytest.raises(httpx2.TransportError, match="more than"):
        ask(port)


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_an_answer_that_drips_is_not_waited_for(begun: bytes, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte comes in time, the whole does not."""
    monkeypatch.setattr(guarded, "LONGEST", 0.3)
    with pytest.raises(httpx2.HTTPError):
        ask(serve(begun, hold=True))


def test_a_redirect_is_not_followed(serve: Serve) -> None:
    answer = ask(serve(b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"))
    assert answer.status_code == 302


def test_nobody_there_is_an_error_of_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(httpx2.TransportError):
        ask(port)


def test_what_answers_must_be_who_was_asked(serve: Serve, tmp_path: Path) -> None:
    """The address is looked up once; the certificate is for the name all the same."""
    ours, theirs = (_certificate("id.example", tmp_path / "a"), _certificate("evil.example", tmp_path / "b"))
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    for server, good in ((ours, True), (theirs, False)):
        port = serve(answer, tls=_server_side(server))
        trusting = ssl.create_default_context(cafile=str(server / "cert.pem"))
        guard = Guarded(loopback=True, resolve=lambda _host, _port: ["127.0.0.1"], tls=trusting)
        if good:
            assert ask(port, guard, f"https://id.example:{port}/").status_code == 200
        else:
            with pytest.raises(httpx2.TransportError, match="certificate"):
                ask(port, guard, f"https://id.example:{port}/")


def _certificate(name: str, folder: Path) -> Path:
    folder.mkdir()
    key, now = ec.generate_private_key(ec.SECP256R1()), clock.now()
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "key.pem").write_bytes(text)
    return folder


def _server_side(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
