"""The same with phones that others wrote, over UDP and TCP, and many calls at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sip.programs import Baresip, calls
from tests.sip.world import DOMAIN, PASSWORD, Company, World


@pytest.fixture
def company(world: World) -> Company:
    return world.company()


@pytest.fixture
def baresip(world: World, company: Company, tmp_path: Path) -> Iterator[Baresip]:
    folder = tmp_path / "baresip"
    folder.mkdir()
    made = Baresip(folder, world.kamailio.address, company.usernames["bob"], DOMAIN, PASSWORD)
    yield made
    made.stop()


def ended(world: World, company: Company, name: str) -> list[str]:
    """The codes of calls that somebody answered, by now."""
    rows = world.sql("SELECT code FROM kamailio.acc_cdrs WHERE answered_by = :key", key=company.key(name))
    return [row.code for row in rows]


def test_sipp_calls_baresip(world: World, company: Company, baresip: Baresip, tmp_path: Path) -> None:
    signed_in = "SELECT FROM kamailio.location WHERE username = :name"
    world.until_there(signed_in, 1, name=company.usernames["bob"])
    calls(tmp_path, world.kamailio.address, company.usernames["alice"], DOMAIN, PASSWORD, "102")
    baresip.until("Call established: sip:101@")
    world.until_there("SELECT FROM kamailio.acc_cdrs WHERE answered_by = :key AND code = '200'", 1, key=company.key("bob"))
    device = world.sql("SELECT user_agent FROM device WHERE subscriber_id = :line", line=int(company.key("bob")))
    assert "baresip" in device[0].user_agent


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
def test_many_calls_at_once_each_leave_their_record(world: World, company: Company, tmp_path: Path, tcp: bool) -> None:
    company.sign_in(bob=0.05)
    calls(tmp_path, world.kamailio.address, company.usernames["alice"], DOMAIN, PASSWORD, "102", times=40, tcp=tcp)
    record = "SELECT FROM kamailio.acc_cdrs WHERE answered_by = :key"
    world.until_there(record, 40, key=company.key("bob"))
    assert ended(world, company, "bob") == ["200"] * 40
    world.until_gone("SELECT FROM kamailio.dialog")
