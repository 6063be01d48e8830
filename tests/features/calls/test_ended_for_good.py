"""Nothing of an ended call is lost or doubled: workers are killed, the database is away, a log is read again."""

import signal
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.core.tenancy import Scope
from portal.features.calls.cli import calls
from portal.features.calls.models import CallRecord, CallVolume
from tests.cast import Cast
from tests.features.calls.switch import Switch, as_owner, as_worker
from tests.servers import working
from tests.waiting import until

RunWorker = Callable[[], AbstractContextManager[subprocess.Popen[bytes]]]


@pytest.fixture
def switch(own_database: db.Database, own_cast: Cast) -> Switch:
    made = Switch(own_database)
    made.phones(own_cast.alice, own_cast.bob)
    return made


@pytest.fixture
def run_worker(own_database: db.Database) -> RunWorker:
    return partial(working, own_database)


def lists() -> tuple[int, int]:
    with db.unit_of_work(Scope.platform()) as session:
        counted = select(select(func.count(CallRecord.id)).scalar_subquery(), func.coalesce(func.sum(CallVolume.calls), 0))
        return tuple(session.execute(counted).one())


def call(switch: Switch, cast: Cast) -> str:
    switch.begins(cast.alice, "102")
    switch.ends(200, by=cast.bob)
    return switch.call


def test_a_worker_takes_calls_as_they_end(own_cast: Cast, switch: Switch, run_worker: RunWorker) -> None:
    call(switch, own_cast)
    with run_worker():
        until(lambda: lists() == (2, 1), "the first call")
        call(switch, own_cast)
        until(lambda: lists() == (4, 2), "the second call")
    assert switch.left() == (0, 0)


@pytest.mark.parametrize("table", ["call_known_leg", "call_record", "call_volume", "kamailio.call"])
def test_a_worker_is_killed_on_the_way(own_cast: Cast, switch: Switch, run_worker: RunWorker, table: str) -> None:
    for _ in range(3):
        call(switch, own_cast)
    with as_owner(switch.database) as connection, run_worker() as process:
        connection.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
        until(lambda: stuck(switch.database), "the worker in the middle of its batch")
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    assert (lists(), switch.left()) == ((0, 0), (3, 3))
    with run_worker():
        until(lambda: lists() == (6, 3), "the calls")
    assert switch.left() == (0, 0)


def stuck(database: db.Database) -> bool:
    with as_owner(database) as connection:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        return bool(connection.scalar(text(asked)))


# --- what was written while the database was away


def line_of(switch: Switch) -> str:
    """Takes the row away again, as if it had not come through, and gives the line that Kamailio’s log has of it."""
    row = switch.ask("DELETE FROM kamailio.acc_cdrs WHERE call = :call RETURNING *", call=switch.call)[0]
    said: dict[str, Any] = {"start_time": row.answer_at, "end_time": row.answer_at, "duration": row.duration}
    for name in ("call", "sip_call_id", "code", "answered_by", "answered_in", "peer", "setup_at", "ring_at", "answer_at"):
        said[name] = getattr(row, name) or ""
    return "Nov 26 12:00:01 sip kamailio[7]: " + "; ".join(f"{name}={value}" for name, value in said.items()) + "\n"


def recovered(switch: Switch, log: Path) -> tuple[int, str]:
    with as_worker(switch.database):
        result = CliRunner().invoke(calls, ["recover", str(log)])
    return result.exit_code, result.output


def test_what_is_only_in_the_log_is_got_back_once(own_cast: Cast, switch: Switch, tmp_path: Path) -> None:
    call(switch, own_cast)
    switch.taken()
    call(switch, own_cast)
    lost = line_of(switch)
    call(switch, own_cast)
    waits = "kamailio[7]: INFO: ready\n" + lost
    log = tmp_path / "calls.log"
    log.write_text(waits, encoding="utf-8")
    assert recovered(switch, log) == (0, "1 ended calls: 1 taken (2 records), 0 known before or of nobody here, 0 set aside.\n")
    assert lists() == (4, 2)
    assert recovered(switch, log) == (0, "1 ended calls: 0 taken (0 records), 1 known before or of nobody here, 0 set aside.\n")
    assert lists() == (4, 2)
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.event == Event.CALLS_IMPORTED)) == 1


def test_a_log_may_be_read_while_the_worker_has_not_come_to_it(own_cast: Cast, switch: Switch, tmp_path: Path) -> None:
    call(switch, own_cast)
    log = tmp_path / "calls.log"
    log.write_text(line_of(switch), encoding="utf-8")
    switch.ends(200, by=own_cast.bob)
    recovered(switch, log)
    switch.taken()
    assert (lists(), switch.left()) == ((2, 1), (0, 0))


def test_a_line_that_broke_off_is_set_aside(own_cast: Cast, switch: Switch, tmp_path: Path) -> None:
    call(switch, own_cast)
    log = tmp_path / "calls.log"
    line = line_of(switch)
    log.write_bytes(line[: len(line) // 2].encode() + b"\n\xff\xfe\n" + line.encode())
    code, said = recovered(switch, log)
    assert (code, lists()) == (1, (2, 1))
    assert "1 taken (2 records)" in said
    assert "1 set aside" in said
