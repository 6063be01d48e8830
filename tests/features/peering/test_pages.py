"""Peers as the operator sees and keeps them: pages, what is refused, two people at once, the trace that is left."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select, text

from portal.core import db
from portal.core.audit import AuditEntry
from portal.core.outbox import Job
from portal.core.permissions import P, Role, Withheld, granted
from portal.core.tenancy import Scope
from portal.features.contacts.models import Contact
from portal.features.customers.models import Contract
from portal.features.peering.models import PeeringGroup, PeeringServer
from tests.browser import Browser
from tests.cast import Cast
from tests.features.platform.test_pages import asked

Browse = Callable[..., Browser]
SERVER = {"name": "Transit 1", "host": "192.0.2.10", "port": "5060", "transport": "udp", "weight": "10", "enabled": "y"}


def add_peer(olga: Browser, name: str = "Transit", priority: int = 1, **more: str) -> str:
    """Its page."""
    answer = olga.post("/peering/new", {"name": name, "priority": str(priority), "contract": "", **more})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def add_server(olga: Browser, page: str, **otherwise: str) -> str:
    """The page where it is changed."""
    answer = olga.post(f"{page}/servers/new", {**SERVER, **otherwise})
    assert answer.status_code == 303, answer.text
    found = re.findall(rf'href="({page}/servers/[^"/]+)"', olga.get(page).text)
    return [one for one in found if not one.endswith("/new")][-1]


def partner(product: str = "sip_peering", status: str = "active") -> str:
    with db.unit_of_work(Scope.platform()) as session:
        contact = Contact(email="noc@partner.example", company="Partner")
        session.add(contact)
        session.flush()
        made = Contract(reseller_id=None, contact_id=contact.id, product=product, name=f"Partner, {status}", status=status)
        session.add(made)
        session.flush()
        return str(made.public_id)


def fields(page: str) -> dict[str, str]:
    """The hidden ones that say what was shown."""
    found = dict(re.findall(r'name="(version|seen)"[^>]* value="([^"]*)"', page))
    return {name: value.replace("&#34;", '"').replace("&amp;", "&") for name, value in found.items()}


def events() -> list[tuple[str, dict[str, object]]]:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.event.startswith("peering-")).order_by(AuditEntry.id))
        return [(one.event, dict(one.details)) for one in found]


# --- who gets there -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tom", "cora", "clare", "alice"])
def test_nobody_but_operators_finds_them(name: str, cast: Cast, browse: Browse) -> None:
    page = add_peer(browse(cast.olga))
    browser = browse(cast.people[name])
    for path in ("/peering", "/peering/new", page, f"{page}/servers/new", f"{page}/remove"):
        assert browser.get(path).status_code == 404, path
    assert 'href="/peering"' not in browser.get("/").text
    with db.unit_of_work(cast.people[name].scope) as session:
        assert session.scalars(select(PeeringGroup)).all() == []


def test_whoever_may_only_look_changes_nothing(cast: Cast, browse: Browse) -> None:
    assert P.PEERING_EDIT in granted(Role.OPERATOR)
    assert P.PEERING_EDIT not in granted(Role.OPERATOR, [Withheld.CHANGES])
    page = add_peer(browse(cast.olga))
    server = add_server(browse(cast.olga), page)
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(text("UPDATE account SET withheld = '{changes}' WHERE id = :id"), {"id": cast.olga.account.id})
    olga = browse(cast.olga)
    seen = olga.get("/peering").text + olga.get(page).text
    assert "192.0.2.10" in seen
    for words in ("Add peer", "Add server", "Remove", f"{page}/details", server):
        assert words not in seen, words
    assert olga.post(f"{page}/remove", {}).status_code in {403, 404}


def test_they_stand_with_the_operators_places(cast: Cast, browse: Browse) -> None:
    assert re.search(r'nav-group">Platform</p>.*Contracts.*Peers.*Health', browse(cast.olga).get("/").text, re.DOTALL)


# --- from the first peer on ---------------------------------------------------------------------------------------------------


def test_the_order_is_told_in_a_sentence(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    assert "There is no peer yet" in olga.get("/peering").text
    backup, transit = add_peer(olga, "Backup", 2), add_peer(olga, "Transit", 1)
    assert "go nowhere" in olga.get("/peering").text
    add_server(olga, transit)
    add_server(olga, backup, name="Backup 1", host="sbc.backup.example")
    page = olga.get("/peering").text
    assert "Calls to other networks go to Transit first, then to Backup." in page
    assert page.index("192.0.2.10") < page.index("sbc.backup.example")


def test_few_questions_are_asked_however_many_there_are(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = add_peer(olga)
    before = [asked(olga, path) for path in ("/peering", page)]
    for number in range(8):
        add_server(olga, add_peer(olga, f"Peer {number}"), host=f"192.0.2.{number + 20}")
        add_server(olga, page, host=f"192.0.2.{number + 40}")
    assert [asked(olga, path) for path in ("/peering", page)] == before
    assert max(before) <= 7, "the session is looked up besides"


def test_a_server_is_changed_and_removed(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = add_peer(olga)
    server = add_server(olga, page, host="2001:db8::7", transport="tcp")
    assert "[2001:db8::7]:5060" in olga.get(page).text
    shown = fields(olga.get(server).text)
    changed = {**SERVER, "host": "10.0.0.9", "port": "5080", "transport": "tcp", "weight": "20", **shown}
    del changed["enabled"]
    assert "Saved." in olga.follow(olga.post(server, changed)).text
    seen = olga.get(page).text
    assert "10.0.0.9:5080" in seen
    assert "Off" in seen
    assert "go nowhere" in olga.get("/peering").text
    assert "are not taken any more" in olga.get(f"{server}/remove").text
    assert "Transit 1 has been removed." in olga.follow(olga.post(f"{server}/remove", {})).text
    assert olga.get(server).status_code == 404


def test_a_server_belongs_to_its_peer(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    one, other = add_peer(olga, "One"), add_peer(olga, "Other")
    server = add_server(olga, one)
    assert olga.get(server.replace(one, other)).status_code == 404


def test_a_peer_goes_with_its_servers(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = add_peer(olga)
    add_server(olga, page)
    assert "1 server goes with it." in olga.get(f"{page}/remove").text
    assert "Transit has been removed." in olga.follow(olga.post(f"{page}/remove", {})).text
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(PeeringServer)).all() == []
    assert events()[-1] == ("peering-group-removed", {"servers": ["Transit 1"]})


def test_it_may_have_a_contract_with_a_partner(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = add_peer(olga, contract=partner())
    assert "Partner, active" in olga.get(page).text
    assert "Partner, active" in olga.get("/peering").text


@pytest.mark.parametrize(("product", "status"), [("sip_peering", "terminated"), ("pstn_peering", "terminated")])
def test_a_contract_that_has_ended_is_none(product: str, status: str, cast: Cast, browse: Browse) -> None:
    answer = browse(cast.olga).post("/peering/new", {"name": "X", "priority": "1", "contract": partner(product, status)})
    assert answer.status_code == 422


# --- what is refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("otherwise", "sentence"),
    [
        ({"host": "nowhere"}, "neither the name of a host nor an address"),
        ({"host": "224.0.0.1"}, "neither the name of a host nor an address"),
        ({"host": ""}, "Please fill this in."),
        ({"port": "0"}, "Type a number from 1 to"),
        ({"port": "65536"}, "Type a number from 1 to"),
        ({"weight": "101"}, "Type a number from 1 to 100."),
        ({"transport": "sctp"}, "Please choose one of the offered values."),
        ({"name": ""}, "Please fill this in."),
        ({"host": "192.0.2.10"}, "Another server has this address, port and protocol already."),
    ],
)
def test_what_cannot_be_is_said_at_its_place(otherwise: dict[str, str], sentence: str, cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = add_peer(olga)
    add_server(olga, page)
    answer = olga.post(f"{page}/servers/new", {**SERVER, "host": "192.0.2.11", **otherwise})
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize(
    ("otherwise", "sentence"),
    [
        ({"name": "TRANSIT"}, "There is a peer of this name already."),
        ({"priority": "0"}, "Type a number from 1 to 9."),
        ({"priority": "10"}, "Type a number from 1 to 9."),
    ],
)
def test_a_second_of_its_name_or_out_of_order(otherwise: dict[str, str], sentence: str, cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    add_peer(olga)
    answer = olga.post("/peering/new", {"name": "Other", "priority": "1", "contract": "", **otherwise})
    assert answer.status_code == 422
    assert sentence in answer.text


# --- two at once --------------------------------------------------------------------------------------------------------------


def test_two_people_change_different_things_and_both_stand(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = add_peer(olga)
    shown = fields(olga.get(f"{page}/details").text)
    first = {"name": "Transit West", "priority": "1", "contract": "", **shown}
    second = {"name": "Transit", "priority": "4", "contract": "", **shown}
    assert olga.post(f"{page}/details", first).status_code == 303
    assert olga.post(f"{page}/details", second).status_code == 303
    seen = olga.get(page).text
    assert "Transit West" in seen
    assert "Priority 4" in seen


def test_two_people_change_the_same_and_whoever_is_later_chooses(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = add_peer(olga)
    server = add_server(olga, page)
    shown = fields(olga.get(server).text)
    assert olga.post(server, {**SERVER, "weight": "30", **shown}).status_code == 303
    late = olga.post(server, {**SERVER, "weight": "50", **shown})
    assert late.status_code == 409
    assert "30" in late.text
    again = {**SERVER, "weight": "50", **fields(late.text), "keep_weight": "theirs"}
    assert olga.post(server, again).status_code == 303
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(PeeringServer.weight)).one() == 30


# --- the trace ----------------------------------------------------------------------------------------------------------------


def test_every_step_is_told(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    page = add_peer(olga)
    server = add_server(olga, page)
    olga.post(f"{page}/details", {"name": "Transit", "priority": "2", "contract": "", **fields(olga.get(f"{page}/details").text)})
    olga.post(server, {**SERVER, "port": "5070", **fields(olga.get(server).text)})
    olga.post(f"{server}/remove", {})
    assert [event for event, _details in events()] == [
        "peering-group-added",
        "peering-server-added",
        "peering-group-changed",
        "peering-server-changed",
        "peering-server-removed",
    ]
    assert events()[3][1] == {"server": "Transit 1", "port": [5060, 5070]}
    history = re.sub(r"[\u2066-\u2069]|</?bdi>", "", olga.get(page).text)
    for words in (
        "You added the peer Transit",
        "You added the server Transit 1 to the peer Transit",
        "You changed the peer Transit: priority 2 (before: 1)",
        "You changed the server Transit 1 of the peer Transit",
        "You removed the server Transit 1 of the peer Transit",
    ):
        assert words in history, words


def test_the_switch_hears_of_it(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    add_server(olga, add_peer(olga))
    connection = db.database().bind
    assert isinstance(connection, Connection)
    connection.execute(text("SET LOCAL ROLE portal_owner"))
    told = connection.execute(select(Job.payload).where(Job.kind == "switch-reload", Job.payload["what"].astext == "peers")).all()
    connection.execute(text("SET LOCAL ROLE portal_web"))
    assert len(told) == 1
