"""What becomes of calls under way when Kamailio or its database is gone for a while."""

import contextlib
import re
from collections.abc import Iterator

from portal.core import postgres
from portal.core.postgres.server import SUPERUSER, connect
from tests.sip.world import World


@contextlib.contextmanager
def away(server: postgres.Server, world: World) -> Iterator[None]:
    """Meanwhile the database is not there for Kamailio."""
    name = world.kamailio.database
    with connect(server, SUPERUSER) as connection:
        connection.execute(f'REVOKE CONNECT ON DATABASE "{name}" FROM PUBLIC')
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'kamailio'"
        connection.execute(ended, (name,))
        try:
            yield
        finally:
            connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO PUBLIC')


def test_a_call_outlives_kamailio(world: World) -> None:
    company = world.company().sign_in("alice", bob=0.0)
    calling = company.alice.starts_calling("102", talks=None, call_id="outlives@phone")
    world.until_talking(company.bob, "outlives@phone")
    world.until_there("SELECT FROM kamailio.dialog WHERE callid = 'outlives@phone' AND state >= 3", 1)
    world.kamailio.kill()
    world.kamailio.start()
    assert company.bob.hang_up("outlives@phone") == 200
    assert calling.result(30).answered
    record = world.record("outlives@phone")
    assert (record.code, record.answered_by, record.answer_at != "") == ("200", company.key("bob"), True)


def test_a_record_is_in_the_log_when_the_database_is_away(world: World, server: postgres.Server) -> None:
    company = world.company().sign_in("alice", bob=0.0)
    calling = company.alice.starts_calling("102", talks=None, call_id="away@phone")
    world.until_talking(company.bob, "away@phone")
    with away(server, world):
        assert company.bob.hang_up("away@phone") == 200
        assert calling.result(30).answered
        world.until_logged("sip_call_id=away@phone")
    line = next(line for line in world.kamailio.log.splitlines() if "sip_call_id=away@phone" in line)
    fields = dict(part.split("=", 1) for part in re.sub(r"^.*?(?=start_time=)", "", line).split("; "))
    assert list(fields) == [
        "start_time", "end_time", "duration", "call", "sip_call_id", "code", "answered_by", "answered_in", "peer", "setup_at",
        "ring_at", "answer_at",
    ]  # fmt: skip
    assert (fields["code"], fields["answered_by"]) == ("200", company.key("bob"))
    assert world.sql("SELECT FROM kamailio.acc_cdrs WHERE sip_call_id = 'away@phone'") == []


def test_calls_and_registrations_are_put_off_while_the_database_is_away(world: World, server: postgres.Server) -> None:
    company = world.company().sign_in("alice", bob=0.0)
    with away(server, world):
        codes = (company.alice.register(), company.alice.call("102").code)
    assert codes == (503, 503)
    assert company.alice.register() == 200
    assert company.alice.call("102").answered
