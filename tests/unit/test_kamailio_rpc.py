"""The SIP proxy is told and asked over its RPC; whatever it does instead is said in one sentence, soon."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.gateways.kamailio import Kamailio, SwitchTrouble, What
from portal.settings import SettingsError, from_environment
from tests.kamailioserver import Node, kamailio

KEY = {"PORTAL_SECRET_KEY": "a key for tests only: forty characters.."}


@pytest.fixture
def node() -> Iterator[Node]:
    with kamailio() as made:
        yield made


@pytest.mark.parametrize(("what", "method"), [(What.DOMAINS, "domain.reload"), (What.PEERS, "permissions.addressReload")])
def test_it_is_told_what_to_read_anew(what: What, method: str, node: Node) -> None:
    Kamailio(node.url).reload(what)
    assert node.bodies == [{"jsonrpc": "2.0", "method": method, "id": 1}]


def test_it_says_how_long_it_runs(node: Node) -> None:
    assert Kamailio(node.url).uptime() == timedelta(minutes=2)


def trouble(node: Node, *, longest: float = 5.0) -> SwitchTrouble:
    with pytest.raises(SwitchTrouble) as caught:
        Kamailio(node.url, longest=longest).uptime()
    return caught.value


def test_a_refusal_is_told_in_its_words(node: Node) -> None:
    node.refusal = "Domain  table\nreload failed"
    assert str(trouble(node)) == "it refuses: Domain table reload failed"


@pytest.mark.parametrize(
    "raw",
    [
        (200, b"<html>It works!</html>"),
        (404, b""),
        (200, b"[]"),
        (200, b'{"jsonrpc": "2.0"}'),
        (500, b'{"result": {"uptime": 1}}'),
        (200, b'{"result": {"uptime": "since yesterday"}}'),
        (200, b'{"result": {"uptime": true}}'),
        (200, b'{"result": {"uptime": -1}}'),
        (200, b'{"result": 1}'),
        (200, b"[" * 60_000),
        (200, b'"' + b"x" * 100_000 + b'"'),
    ],
)
def test_what_is_no_answer_is_told_apart(raw: tuple[int, bytes], node: Node) -> None:
    node.raw = raw
    found = trouble(node)
    assert found.code == "strange"
    assert "\n" not in str(found)


def test_what_is_not_even_http(node: Node) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        node.url = f"http://127.0.0.1:{listening.getsockname()[1]}/RPC"
        listening.settimeout(5)

        def say() -> None:
            client, _address = listening.accept()
            with client:
                client.recv(4096)
                client.sendall(b"SIP/2.0 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=say)
        thread.start()
        assert trouble(node).code == "strange"
        thread.join()


def test_one_that_is_dead_is_known_at_once(node: Node) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    node.url = f"http://127.0.0.1:{port}/RPC"
    assert str(trouble(node)) == "it cannot be reached (Connection refused)"


@pytest.mark.parametrize("drips", [False, True])
def test_nobody_waits_for_one_that_hangs_or_drips(drips: bool, node: Node) -> None:
    node.drip = drips
    if not drips:
        node.hold.clear()
    began = time.monotonic()
    assert trouble(node, longest=0.3).code == "silent"
    assert time.monotonic() - began < 5, "its answer would have taken much longer"


# --- where they are -----------------------------------------------------------------------------------------------------------


def test_several_nodes_stand_in_one_setting() -> None:
    env = {
        **KEY,
        "PORTAL_KAMAILIO_RPC_URL": "http://127.0.0.1:5062, http://[fd00::2]:5062/RPC,http://10.0.0.7:5062/rpc, http://127.0.0.1:5062/RPC",
    }
    urls = from_environment(env).kamailio_rpc_urls
    assert urls == ("http://127.0.0.1:5062/RPC", "http://[fd00::2]:5062/RPC", "http://10.0.0.7:5062/rpc")
    assert [Kamailio(url).name for url in urls] == ["127.0.0.1:5062", "[fd00::2]:5062", "10.0.0.7:5062/rpc"]
    assert from_environment(KEY).kamailio_rpc_urls == ()


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:5062",
        "ftp://x/RPC",
        "http://",
        "http://x:99999/RPC",
        "http://x:0/RPC",
        "http://x/RPC?a=b",
        "http://ü.example/RPC",
        "udp:x",
    ],
)
def test_what_is_no_address_is_said_at_start(url: str) -> None:
    with pytest.raises(SettingsError, match=r"PORTAL_KAMAILIO_RPC_URL must list addresses like http://127\.0\.0\.1:5062/RPC"):
        from_environment({**KEY, "PORTAL_KAMAILIO_RPC_URL": url})


def test_a_password_is_refused_without_being_repeated() -> None:
    with pytest.raises(SettingsError) as caught:
        from_environment({**KEY, "PORTAL_KAMAILIO_RPC_URL": "http://kam:geheim@10.0.0.7/RPC"})
    assert "geheim" not in str(caught.value)
