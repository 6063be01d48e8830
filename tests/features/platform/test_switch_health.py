"""How the switch is, in words: node by node, with what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from portal.core import db
from portal.features.platform.rules import switching as rules
from portal.features.platform.rules.health import Finding, Mark
from portal.features.switch.rules.nodes import Node, Pending
from portal.gateways.kamailio import SwitchTrouble
from tests.browser import Browser
from tests.cast import Cast

Browse = Callable[..., Browser]
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
WELL = Node("kam:5062", asked_at=NOW, answered_at=NOW, up_since=NOW - timedelta(days=3))
FRESH = Pending("domains", NOW, 0, None)
TRIED = Pending("peers", NOW - timedelta(minutes=5), 3, "SwitchTrouble: it refuses: no")


@pytest.mark.parametrize(
    ("node", "mark", "words"),
    [
        (WELL, Mark.GOOD, "It answers."),
        (replace(WELL, pending=(FRESH,)), Mark.GOOD, "It answers."),
        (replace(WELL, pending=(FRESH, TRIED)), Mark.WARN, "not taken the latest changes"),
        (replace(WELL, trouble="unreachable:Connection refused"), Mark.BAD, "cannot be reached"),
        (replace(WELL, trouble="silent:"), Mark.BAD, "in time"),
        (replace(WELL, trouble="strange:HTTP 404", pending=(TRIED,)), Mark.BAD, "not Kamailio"),
        (replace(WELL, trouble="refused:no"), Mark.BAD, "refuses"),
        (replace(WELL, asked_at=NOW - timedelta(minutes=2)), Mark.WARN, "for a while"),
        (Node("kam:5062"), Mark.WARN, "asked it yet"),
    ],
)
def test_each_node(node: Node, mark: Mark, words: str) -> None:
    found = rules.node(node, NOW)
    assert found.mark is mark
    assert words in found.sentence
    assert bool(found.todo) is (mark is not Mark.GOOD), "what is not good says what to do"


@pytest.mark.parametrize("code", rules.TROUBLES)
def test_every_trouble_that_there_is_has_words(code: str) -> None:
    assert str(SwitchTrouble(code, "x"))


@pytest.mark.parametrize(
    ("marks", "demo", "mark", "words"),
    [
        ([], True, Mark.GOOD, "demo"),
        ([], False, Mark.WARN, "No Kamailio"),
        ([Mark.GOOD], False, Mark.GOOD, "1 node answers"),
        ([Mark.GOOD, Mark.GOOD], False, Mark.GOOD, "All 2"),
        ([Mark.GOOD, Mark.WARN], False, Mark.WARN, "1 node needs"),
        ([Mark.BAD, Mark.WARN], False, Mark.BAD, "2 nodes need"),
    ],
)
def test_all_of_them(marks: list[Mark], demo: bool, mark: Mark, words: str) -> None:
    found = rules.switch([Finding("x", one, "") for one in marks], demo=demo)
    assert (found.mark, words in found.sentence) == (mark, True)


def test_the_page_tells_of_each_node(cast: Cast, browse: Browse, app: Flask) -> None:
    olga = browse(cast.olga)
    assert "this is a demo" in olga.get("/health").text
    connection = db.database().bind
    assert isinstance(connection, Connection)
    connection.execute(text("SET LOCAL ROLE portal_owner"))
    now = datetime.now(UTC)
    connection.execute(
        text("INSERT INTO switch_node (name, asked_at, trouble) VALUES ('10.0.0.7:5062', :now, 'unreachable:No route to host')"),
        {"now": now},
    )
    job = (
        "INSERT INTO job (kind, payload, created_at, due_at, tries, trouble) VALUES ('switch-reload-node',"
        ' \'{"node": "10.0.0.7:5062", "what": "peers"}\', :now, :now, 2, \'SwitchTrouble: it cannot be reached\')'
    )
    connection.execute(text(job), {"now": now})
    connection.execute(text("SET LOCAL ROLE portal_web"))
    page = olga.get("/health").text
    for words in ("10.0.0.7:5062", "It cannot be reached.", "No route to host", "Peers have changed", "tried 2 times"):
        assert words in page, words
    assert "1 node needs somebody." in page


def test_a_node_that_no_worker_knows_is_told_too(cast: Cast, browse: Browse, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(app.extensions["plant"], kamailio_rpc_urls=("http://10.0.0.8:5062/RPC",))
    monkeypatch.setitem(app.extensions, "plant", settings)
    page = browse(cast.olga).get("/health").text
    assert "10.0.0.8:5062" in page
    assert "No worker has asked it yet." in page
