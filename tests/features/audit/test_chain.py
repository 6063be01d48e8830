"""Entries of a reseller are linked as they are committed: all of them, in one line, whatever happens at the same time."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import ProgrammingError

from portal.core import clock, db, outbox
from portal.core.audit import AuditChain, AuditEntry, AuditLink, Event, record
from portal.core.identity import Identity, Viewer
from portal.core.tenancy import Scope
from tests.cast import Cast
from tests.features.audit.conftest import Tamper, note, verify

EVERYTHING: dict[str, Any] = {
    "numbers": ["49305550700", 7, -3, True, None],
    "ratio": 0.1 + 0.2,
    "whole": 3.0,
    "large": 1e23,
    "small": 1e-9,
    "nothing": -0.0,
    "nested": {"b": 1, "a": {"ü": "“x”\u2028\U0001f600"}},
    "moment": (None, clock.now()),
}


def labels(reseller_id: int) -> list[str | None]:
    """In the order of the chain, which has no gaps."""
    with db.unit_of_work(Scope.platform()) as session:
        joined = select(AuditLink.place, AuditEntry.label).join(AuditEntry, AuditEntry.id == AuditLink.entry_id)
        rows = session.execute(joined.where(AuditLink.reseller_id == reseller_id).order_by(AuditLink.place)).all()
        end = session.get(AuditChain, reseller_id)
        assert [row.place for row in rows] == list(range(1, len(rows) + 1))
        assert (end.length if end else 0) == len(rows)
        return [row.label for row in rows]


def test_entries_are_linked_in_the_order_in_which_they_were_written(log: Cast) -> None:
    assert labels(log.telephone.id) == ["one", "two", "three", "four", "five", "six"]
    assert labels(log.cheapcall.id) == ["elsewhere"]
    assert verify().exit_code == 0


def test_an_entry_is_there_at_once_and_linked_at_the_end(cast: Cast) -> None:
    with db.unit_of_work(cast.clare.scope) as session:
        record(Event.EXTENSION_LOCKED, by=cast.clare.identity, label="Alice")
        assert session.scalars(select(AuditEntry.label)).all() == ["Alice"]
        assert session.scalars(select(AuditLink)).all() == []
    assert labels(cast.telephone.id) == ["Alice"]


def test_what_a_savepoint_undid_is_left_out(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope) as session:
        record(Event.EXTENSION_LOCKED, by=own_cast.clare.identity, label="before")
        for outcome in ("kept", "undone", "undone before it was written", "kept too"):
            with session.begin_nested() as savepoint:
                record(Event.EXTENSION_LOCKED, by=own_cast.clare.identity, label=outcome)
                if outcome == "undone":
                    session.flush()
                if outcome.startswith("undone"):
                    savepoint.rollback()
        record(Event.EXTENSION_LOCKED, by=own_cast.clare.identity, label="after")
    assert labels(own_cast.telephone.id) == ["before", "kept", "kept too", "after"]
    assert verify().exit_code == 0


def test_what_was_rolled_back_is_not_linked_with_what_follows(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope) as session:
        record(Event.EXTENSION_LOCKED, by=own_cast.clare.identity, label="undone")
        session.flush()
        session.rollback()
        record(Event.EXTENSION_LOCKED, by=own_cast.clare.identity, label="kept")
    assert labels(own_cast.telephone.id) == ["kept"]
    assert verify().exit_code == 0


def test_a_small_transaction_inside_a_larger_one_has_its_own_links(own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.clare.scope):
        record(Event.EXTENSION_LOCKED, by=own_cast.clare.identity, label="outer")
        note(own_cast.clare, "inner")
    assert labels(own_cast.telephone.id) == ["inner", "outer"]
    assert verify().exit_code == 0


def test_everything_that_details_can_hold_is_read_back_the_same(own_cast: Cast) -> None:
    note(own_cast.clare, "all of it", **EVERYTHING)
    result = verify()
    assert result.exit_code == 0, result.output


def test_as_whom_somebody_acted_is_linked_too(own_cast: Cast, tamper: Tamper) -> None:
    tom, clare = own_cast.tom.identity, own_cast.clare.identity
    until = clock.now() + timedelta(minutes=30)
    viewing = replace(
        clare, viewer=Viewer(tom.account_id or 0, tom.public_id or own_cast.tom.account.public_id, tom.name, until, "help")
    )
    with db.unit_of_work(viewing.scope):
        record(Event.EXTENSION_UNLOCKED, by=viewing, label="Alice")
    assert verify().exit_code == 0
    tamper("UPDATE audit_entry SET as_whom_name = NULL")
    assert "is not what was written" in verify().output


def test_several_resellers_in_one_transaction(own_cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()):
        for reseller in (own_cast.telephone, own_cast.isar, own_cast.telephone, own_cast.cheapcall):
            record(Event.CALLS_IMPORTED, by=Identity.system("import"), reseller_id=reseller.id, label=reseller.name)
    assert labels(own_cast.telephone.id) == ["TelephOne", "TelephOne"]
    assert labels(own_cast.isar.id) == ["Isar Telecom"]
    assert verify().exit_code == 0


@pytest.mark.parametrize("begun", [False, True], ids=["no chain yet", "a chain"])
def test_two_at_once_get_places_one_after_the_other(own_cast: Cast, begun: bool) -> None:
    if begun:
        note(own_cast.tom, "first")
    at_once, each = 6, 5
    together, trouble = threading.Barrier(at_once), list[Exception]()

    def run(number: int) -> None:
        person = (own_cast.clare, own_cast.ike, own_cast.tom)[number % 3]
        try:
            for turn in range(each):
                with db.unit_of_work(person.scope) as session:
                    record(Event.EXTENSION_LOCKED, by=person.identity, label=f"{number}.{turn}")
                    session.flush()
                    together.wait(20)
        except Exception as error:
            together.abort()
            trouble.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not trouble
    found = labels(own_cast.telephone.id)
    assert len(found) == at_once * each + begun
    assert verify().exit_code == 0


def test_resellers_are_locked_in_one_order(own_cast: Cast) -> None:
    """Two transactions with the same resellers, named the other way round, do not wait for each other for ever."""
    together, trouble = threading.Barrier(2), list[Exception]()

    def run(order: int) -> None:
        try:
            for _turn in range(10):
                with db.unit_of_work(Scope.platform()) as session:
                    for reseller in (own_cast.telephone, own_cast.cheapcall, own_cast.isar)[::order]:
                        record(Event.CALLS_IMPORTED, by=Identity.system("import"), reseller_id=reseller.id)
                    session.flush()
                    together.wait(20)
        except Exception as error:
            together.abort()
            trouble.append(error)

    threads = [threading.Thread(target=run, args=(order,)) for order in (1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not trouble
    assert verify().exit_code == 0


def test_the_worker_links_too(own_database: db.Database, own_cast: Cast) -> None:
    with db.unit_of_work(own_cast.tom.scope):
        outbox.enqueue("say", {})
    worker = db.Database(own_database.url, role=db.WORKER)
    db.install(worker)

    def say(_payload: object) -> None:
        record(Event.MAIL_REPEATED, by=Identity.system("worker", reseller_id=own_cast.telephone.id), label="from the worker")

    assert outbox.deliver_one({"say": say})
    db.install(own_database)
    worker.dispose()
    assert labels(own_cast.telephone.id) == ["from the worker"]
    assert verify().exit_code == 0


def test_a_chain_begins_behind_what_was_there_before_also_what_a_pilot_does_not_see(own_cast: Cast, tamper: Tamper) -> None:
    older = "INSERT INTO audit_entry (reseller_id, customer_id, at, event, actor_name, label, details) VALUES "
    tamper(f"{older} ({own_cast.telephone.id}, NULL, now(), 'customer-created', 'Tom', 'old', '{{}}')")
    note(own_cast.clare, "new")
    result = verify("--reseller", "TelephOne")
    assert result.exit_code == 0
    assert "TelephOne: 1 entry, all as written; 1 older than the chain." in result.output
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get_one(AuditChain, own_cast.telephone.id).after_entry == 1


def statements(database: db.Database, person: Any, *, entries: int) -> list[str]:
    """What one transaction with so many entries sends, the settings of its scope left out."""
    sent: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "set_config" not in statement:
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    note(person, *map(str, range(entries)))
    event.remove(database.engine, "before_cursor_execute", hear)
    return sent


def test_links_cost_three_statements_and_reading_none(own_database: db.Database, own_cast: Cast) -> None:
    note(own_cast.clare, "first")
    assert statements(own_database, own_cast.clare, entries=0) == []
    for entries in (1, 50):
        sent = statements(own_database, own_cast.clare, entries=entries)
        assert [words.split(" ", 1)[0] for words in sent] == ["INSERT", "SELECT", "INSERT", "UPDATE"]


@pytest.mark.parametrize("role", [db.WEB, db.WORKER])
@pytest.mark.parametrize("table", ["audit_entry", "audit_link"])
def test_no_process_may_change_or_remove_what_was_written(own_database: db.Database, log: Cast, role: str, table: str) -> None:
    opened = db.Database(own_database.url, role=role)
    for statement in (f"UPDATE {table} SET reseller_id = reseller_id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"), opened.engine.begin() as connection:
            connection.execute(text(statement))
    opened.dispose()


def test_the_key_of_a_chain_is_stored_encrypted(log: Cast) -> None:
    with db.unit_of_work(log.tom.scope) as session:
        stored = session.scalar(text("SELECT key FROM audit_chain"))
        opened = session.get_one(AuditChain, log.telephone.id).key
    assert len(bytes.fromhex(opened)) == 32
    assert opened not in stored


def test_a_database_that_refuses_a_link_refuses_the_change(own_cast: Cast, tamper: Tamper) -> None:
    """Nothing happens without its trace."""
    note(own_cast.clare, "first")
    tamper("UPDATE audit_chain SET length = 0")
    with pytest.raises(Exception, match="pk_audit_link"):
        note(own_cast.clare, "second")
    with db.unit_of_work(own_cast.clare.scope) as session:
        assert session.scalars(select(AuditEntry.label)).all() == ["first"]
