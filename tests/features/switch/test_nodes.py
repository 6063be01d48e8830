"""After a change every node of the switch is told, as soon as it can be; what it says when asked stands on the health page."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text, update

from portal.cli import portal
from portal.core import clock, db, outbox
from portal.core.outbox import Job
from portal.core.tenancy import Scope
from portal.features.switch import jobs, operations, queries
from portal.features.switch.rules import nodes as rules
from portal.gateways.kamailio import Kamailio, Switch
from tests.cast import Cast
from tests.kamailioserver import Node, kamailio
from tests.waiting import until

DOMAINS, PEERS = "domain.reload", "permissions.addressReload"


@pytest.fixture
def nodes() -> Iterator[tuple[Node, Node]]:
    with ExitStack() as stack:
        yield stack.enter_context(kamailio()), stack.enter_context(kamailio())


@pytest.fixture
def as_worker(own_cast: Cast, own_database: db.Database) -> Iterator[db.Database]:
    """The database as a worker process sees it. Nothing is left of what the cast has caused."""
    opened = db.Database(own_database.url, role=db.WORKER)
    db.install(opened)
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Job).where(Job.kind == jobs.RELOAD).values(done_at=clock.now()))
    yield opened
    opened.dispose()


def switches(nodes: Sequence[Node]) -> list[Switch]:
    return [Kamailio(node.url, longest=0.5) for node in nodes]


def work(nodes: Sequence[Node]) -> None:
    """All that is due, lane after lane."""
    for lane in jobs.lanes(switches(nodes)):
        while outbox.deliver_one(lane):
            pass


def changed(own_database: db.Database, what: str, times: int = 1) -> None:
    """By the owner, in a transaction of its own each time."""
    for turn in range(times):
        with own_database.engine.begin() as connection:
            connection.execute(text("SELECT set_config('app.reseller', 'all', true), set_config('app.customer', 'all', true)"))
            connection.execute(text(what), {"turn": turn})


GONE = "UPDATE sip_domain SET removed_at = now() WHERE domain = 'cheapcall.example'"


def pending() -> list[tuple[str, str, int]]:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalars(select(Job).where(Job.kind == operations.RELOAD_NODE, Job.done_at.is_(None)).order_by(Job.id))
        return [(job.payload["node"], job.payload["what"], job.tries) for job in found]


def heard(node: Node) -> rules.Node:
    with db.unit_of_work(Scope.platform()):
        found = {one.name: one for one in queries.nodes()}
    return found.get(Kamailio(node.url).name, rules.Node("nobody has heard of it"))


# --- after a change -----------------------------------------------------------------------------------------------------------


def test_a_new_domain_is_told_to_every_node(nodes: tuple[Node, Node], own_database: db.Database, as_worker: db.Database) -> None:
    changed(own_database, GONE)
    work(nodes)
    assert [node.asked for node in nodes] == [[DOMAINS], [DOMAINS]]
    assert pending() == []
    assert heard(nodes[0]).reloaded_at is not None


def test_a_peer_is_told_and_what_needs_no_reload_is_not(
    nodes: tuple[Node, Node], own_database: db.Database, as_worker: db.Database
) -> None:
    group = "INSERT INTO peering_group (public_id, name, name_sort, priority, version) VALUES ('g', 'Transit', 'transit', 1, 1)"
    server = (
        "INSERT INTO peering_server (public_id, group_id, name, host, port, transport, weight, enabled, version)"
        " SELECT 's', id, 'One', '192.0.2.1', 5060, 'udp', 10, true, 1 FROM peering_group"
    )
    changed(own_database, group)
    changed(own_database, server)
    work(nodes)
    assert [node.asked for node in nodes] == [[PEERS], [PEERS]]
    changed(own_database, "UPDATE peering_server SET name = 'Two', weight = 20")
    work(nodes)
    assert nodes[0].asked == [PEERS]
    changed(own_database, "DELETE FROM peering_group")
    work(nodes)
    assert nodes[0].asked == [PEERS, PEERS]


def test_many_changes_are_one_reload(nodes: tuple[Node, Node], own_database: db.Database, as_worker: db.Database) -> None:
    changed(own_database, GONE, 5)
    work(nodes)
    assert [node.asked for node in nodes] == [[DOMAINS], [DOMAINS]]


def test_what_happens_while_a_node_is_told_is_told_again(
    nodes: tuple[Node, Node], own_database: db.Database, as_worker: db.Database
) -> None:
    """Nobody knows whether the node had read the change already."""
    one, _other = nodes
    spreading, telling = jobs.lanes(switches([one]))
    changed(own_database, GONE)
    assert outbox.deliver_one(spreading)

    def again(*_payload: object) -> None:
        changed(own_database, "UPDATE sip_domain SET removed_at = NULL WHERE domain = 'cheapcall.example'")
        assert outbox.deliver_one(spreading)

    assert outbox.deliver_one({operations.RELOAD_NODE: again})
    assert len(pending()) == 1
    assert outbox.deliver_one(telling)
    assert one.asked == [DOMAINS]


def test_a_dead_node_holds_up_no_other_and_is_told_when_it_is_back(
    nodes: tuple[Node, Node], own_database: db.Database, as_worker: db.Database
) -> None:
    dead, alive = nodes
    dead.hold.clear()
    changed(own_database, GONE)
    work(nodes)
    assert alive.asked == [DOMAINS]
    (waiting,) = pending()
    assert waiting == (Kamailio(dead.url).name, "domains", 1)
    with db.unit_of_work(Scope.platform()) as session:
        far = clock.now() + timedelta(hours=1)
        session.execute(update(Job).where(Job.kind == operations.RELOAD_NODE, Job.done_at.is_(None)).values(due_at=far))
    work(nodes)
    assert pending() == [waiting], "not due"
    dead.hold.set()
    with jobs.asking(switches(nodes), every=0.05):
        until(lambda: heard(dead).answered_at is not None, "an answer")
    work(nodes)
    assert pending() == []
    assert dead.asked.count(DOMAINS) == 2


def test_without_a_switch_the_work_is_done_at_once(own_database: db.Database, as_worker: db.Database) -> None:
    changed(own_database, GONE)
    work([])
    with db.unit_of_work(Scope.platform()) as session:
        undone = select(func.count()).select_from(Job).where(Job.kind.like("switch-%"), Job.done_at.is_(None))
        assert session.scalar(undone) == 0


def test_a_node_that_is_not_named_any_more_has_nothing_to_hear(
    nodes: tuple[Node, Node], own_database: db.Database, as_worker: db.Database
) -> None:
    nodes[0].refusal = "Not now"
    changed(own_database, GONE)
    work(nodes)
    assert len(pending()) == 1
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Job).where(Job.kind == operations.RELOAD_NODE).values(due_at=clock.now()))
    work(nodes[1:])
    assert pending() == []


# --- how they are -------------------------------------------------------------------------------------------------------------


def test_nodes_are_asked_again_and_again(nodes: tuple[Node, Node], as_worker: db.Database) -> None:
    well, ill = nodes
    ill.raw = (404, b"")
    with jobs.asking(switches(nodes), every=0.05):
        until(lambda: min(len(node.asked) for node in nodes) > 2, "a few questions")
    one, other = heard(well), heard(ill)
    assert one.up_since is not None
    assert one.trouble is None
    assert timedelta(minutes=1) < clock.now() - one.up_since < timedelta(minutes=10)
    assert other.answered_at is None
    assert other.trouble is not None
    assert other.trouble.startswith("strange:")
    with jobs.asking(switches([well]), every=5):
        until(lambda: heard(ill).asked_at is None, "the other one to be forgotten")


def test_the_same_start_is_told_as_the_same(as_worker: db.Database) -> None:
    found = []
    for after, seconds in ((0, 120), (10, 131), (20, 3)):
        with clock.frozen(clock.now() + timedelta(seconds=after)), db.unit_of_work(Scope.platform()):
            operations.note_answer("kam:5062", timedelta(seconds=seconds))
            found.append(queries.nodes()[0].up_since)
    assert found[0] == found[1] != found[2]


# --- by hand ------------------------------------------------------------------------------------------------------------------


def test_by_hand_each_node_is_told_at_once(nodes: tuple[Node, Node], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_KAMAILIO_RPC_URL", ",".join(node.url for node in nodes))
    result = CliRunner().invoke(portal, ["kamailio", "reload"])
    assert result.exit_code == 0, result.output
    assert [node.asked for node in nodes] == [[DOMAINS, PEERS], [DOMAINS, PEERS]]
    nodes[0].refusal = "No way"
    result = CliRunner().invoke(portal, ["kamailio", "reload", "peers"])
    assert result.exit_code == 1
    assert f"{Kamailio(nodes[0].url).name}: it refuses: No way" in result.output
    assert nodes[1].asked == [DOMAINS, PEERS, PEERS]


def test_by_hand_there_must_be_somebody_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_KAMAILIO_RPC_URL", raising=False)
    result = CliRunner().invoke(portal, ["kamailio", "reload"])
    assert "names no Kamailio" in str(result.exception)
