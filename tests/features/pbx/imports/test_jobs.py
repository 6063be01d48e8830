"""Imports in the hands of the worker: shown while they run, whole or not at all, whatever dies on the way."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from portal.core import clock, db, outbox, secrets
from portal.core.audit import AuditEntry
from portal.core.errors import Refused
from portal.core.identity import Viewer
from portal.core.tenancy import Scope
from portal.features.accounts.models import AccountToken
from portal.features.pbx import jobs, operations, queries
from portal.features.pbx.models import Import, ImportRow, ImportState
from portal.features.pbx.operations import imports
from portal.features.pbx.operations.writing import INVITE
from portal.features.pbx.rules.imports import SECRETS_KEPT
from portal.features.subscribers.models import Subscriber
from portal.mail.models import Mail
from tests.cast import Cast
from tests.conftest import KEY
from tests.features.pbx.imports.conftest import Importing
from tests.waiting import until

HEAD = "Extension,Name,E-mail"


def lines_of(cast: Cast) -> int:
    with db.unit_of_work(cast.clare.scope) as session:
        return session.scalar(select(func.count()).select_from(Subscriber).where(Subscriber.status != "terminated")) or 0


def asked(importing: Importing, run: Import, ask: Any) -> None:
    """Leaves it to a worker that is not there yet."""
    with db.unit_of_work(importing.scope):
        ask(by=importing.by, run=queries.imports.run(run.public_id))


def test_a_report_can_be_looked_at_row_by_row(importing: Importing) -> None:
    run = importing.check(HEAD, "101,Alice Meier,", "102,Bob,", "104,Dora,", "99999999999,X,", "105,,")
    assert (run.state, run.total, run.done) == (ImportState.CHECKED, 5, 5)
    assert run.counts == {"new": 1, "changed": 1, "same": 1, "refused": 2}
    with db.unit_of_work(importing.scope):
        found = queries.imports.run(run.public_id)
        assert [row.line for row in queries.imports.rows(found, "refused", limit=1).rows] == [5]
        assert queries.imports.rows(found, "refused", limit=1).total == 2
        assert [row.line for row in queries.imports.rows(found, words="DOR", limit=9).rows] == [4]
        (digits,) = queries.imports.troubles(queries.imports.rows(found, "refused", limit=1).rows[0])
        assert digits.sentence() == "An extension consists of digits only, 10 at most."


def test_refused_rows_are_left_out_only_when_that_is_said(importing: Importing, own_cast: Cast) -> None:
    run = importing.check(HEAD, "104,Dora,", "105,,")
    with pytest.raises(Refused, match="import-leave-out"):
        importing.asked(run, imports.write)
    run = importing.asked(run, lambda by, run: imports.write(by=by, run=run, leave_out=True))
    assert run.state == ImportState.WRITTEN
    assert lines_of(own_cast) == 6


def test_a_file_that_changes_nothing_is_not_written(importing: Importing) -> None:
    run = importing.check("Extension,Name", "101,Alice Meier")
    with pytest.raises(Refused, match="import-nothing"):
        importing.asked(run, imports.write)


def test_progress_is_seen_while_it_runs(importing: Importing, own_cast: Cast) -> None:
    run = importing.upload(HEAD, *(f"{n},Person {n}," for n in range(1000, 4000)))
    asked(importing, run, imports.check)
    seen: list[tuple[str, int]] = []

    def look(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO pbx_import_row"):
            db.install(importing.pages)
            now = importing.now(run)
            seen.append((now.state, now.done))
            db.install(importing.worker)

    event.listen(importing.worker.engine, "before_cursor_execute", look)
    importing.work()
    assert seen == [("checking", 0), ("checking", 1000), ("checking", 2000)]
    assert importing.now(run).state == ImportState.CHECKED


def test_what_breaks_is_told_and_leaves_nothing_behind(importing: Importing, own_cast: Cast) -> None:
    run = importing.check(HEAD, "104,Dora,dora@lantern.example")

    def break_it(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO number"):
            raise ZeroDivisionError

    event.listen(importing.worker.engine, "before_cursor_execute", break_it)
    run = importing.asked(run, imports.write)
    assert (run.state, run.trouble and run.trouble["code"]) == (ImportState.FAILED, "import-failed")
    assert lines_of(own_cast) == 5
    event.remove(importing.worker.engine, "before_cursor_execute", break_it)
    with db.unit_of_work(importing.scope) as session:
        assert "Nothing was changed" in queries.imports.trouble(queries.imports.run(run.public_id))
        assert not session.scalar(select(func.count()).select_from(AuditEntry).where(AuditEntry.event == "extension-created"))
    run = importing.asked(run, imports.check)
    assert importing.asked(run, imports.write).state == ImportState.WRITTEN


def test_a_database_that_is_away_is_tried_again(importing: Importing, own_cast: Cast) -> None:
    run = importing.check(HEAD, "104,Dora,")

    def away(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO number"):
            raise db.Unavailable[0]("", {}, Exception("away"))

    event.listen(importing.worker.engine, "before_cursor_execute", away)
    assert importing.asked(run, imports.write).state == ImportState.WRITING
    event.remove(importing.worker.engine, "before_cursor_execute", away)
    with clock.frozen(clock.now() + outbox.delay(1)):
        importing.work()
    assert (importing.now(run).state, lines_of(own_cast)) == (ImportState.WRITTEN, 6)


def test_a_dry_run_that_is_not_true_any_more_is_done_again(importing: Importing, own_cast: Cast) -> None:
    run = importing.check(HEAD, "101,Alice Weber,", "104,Dora,")
    with db.unit_of_work(importing.scope):
        operations.create_extension(by=importing.by, customer_id=own_cast.lantern.id, display_name="Emil", extension="104")
    run = importing.asked(run, imports.write)
    assert (run.state, run.trouble and run.trouble["code"]) == (ImportState.CHECKED, "import-changed")
    assert run.counts == {"new": 0, "changed": 2, "same": 0, "refused": 0}
    assert importing.rows(run)[1].changes == {"display_name": ["Emil", "Dora"]}
    with db.unit_of_work(importing.scope):
        assert queries.extension(own_cast.alice.subscriber.public_id).display_name == "Alice Meier"
    run = importing.asked(run, imports.write)
    assert (run.state, run.trouble) == (ImportState.WRITTEN, None)


def test_jobs_that_come_again_do_nothing_again(importing: Importing, own_cast: Cast) -> None:
    run = importing.write(HEAD, "104,Dora,")
    with db.unit_of_work(Scope.platform()):
        for kind in (imports.CHECK, imports.WRITE, imports.UNDO):
            outbox.enqueue(kind, {"import": run.id, "reseller": run.reseller_id, "customer": run.customer_id})
    importing.work()
    assert (importing.now(run).state, lines_of(own_cast)) == (ImportState.WRITTEN, 6)
    importing.undo(run)
    assert lines_of(own_cast) == 5


WORKER = """
import pathlib, sys, threading
from sqlalchemy import event
from portal.core import db, outbox, secrets
from portal.features.pbx import jobs
secrets.install((sys.argv[3],))
db.install(db.Database(sys.argv[1], role=db.WORKER))
def hang(_connection, _cursor, statement, *_rest):
    if statement.startswith("INSERT INTO number"):
        pathlib.Path(sys.argv[2]).touch()
        threading.Event().wait()  # until killed
event.listen(db.database().engine, "before_cursor_execute", hang)
outbox.work(jobs.HANDLERS, outbox.stop_on_signals())
"""


def test_a_killed_worker_leaves_all_of_it_to_the_next(importing: Importing, own_cast: Cast, tmp_path: Path) -> None:
    run = importing.check(HEAD, *(f"{n},Person {n}," for n in range(110, 150)))
    asked(importing, run, imports.write)
    halfway = tmp_path / "halfway"
    address = importing.pages.url.render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", WORKER, address, str(halfway), KEY])
    try:
        until(halfway.exists, "the import being half written")
        assert (importing.now(run).state, lines_of(own_cast)) == (ImportState.WRITING, 5)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(20)
        until(lambda: importing.worked(run).state == ImportState.WRITTEN, "the next worker having written it")
    finally:
        process.kill()
        process.wait(20)
    assert lines_of(own_cast) == 45


# --- what follows -----------------------------------------------------------------------------------------------------


def test_new_people_are_invited_once(importing: Importing, own_cast: Cast) -> None:
    file = (HEAD, "104,Dora,dora@lantern.example", "105,Emil,", "101,Alice Meier,alice@lantern.example")
    run = importing.write(*file, invite=True)
    with db.unit_of_work(importing.scope) as session:
        mails = select(Mail.recipient).where(Mail.kind == "invitation")
        assert list(session.scalars(mails)) == ["dora@lantern.example"]  # alice has chosen a password long ago
    with db.unit_of_work(Scope.platform()):
        outbox.enqueue(INVITE, {"import": run.id, "reseller": run.reseller_id, "customer": run.customer_id})
    importing.work()
    with db.unit_of_work(importing.scope) as session:
        assert session.scalar(select(func.count()).select_from(AccountToken)) == 1


def test_nobody_is_invited_unless_that_was_asked(importing: Importing) -> None:
    importing.write(HEAD, "104,Dora,dora@lantern.example")
    with db.unit_of_work(importing.scope) as session:
        assert not session.scalar(select(func.count()).select_from(Mail))


def test_passwords_are_sealed_taken_once_and_open_the_line(importing: Importing, own_cast: Cast) -> None:
    run = importing.write(HEAD, "104,Dora,", "105,Emil,")
    with db.unit_of_work(importing.scope) as session:
        found = queries.imports.run(run.public_id)
        assert queries.imports.has_secrets(found)
        dora, emil = imports.take_passwords(by=importing.by, run=found)
        assert (dora.extension, dora.name, dora.username, emil.extension) == ("104", "Dora", "104", "105")
        line = session.scalars(select(Subscriber).where(Subscriber.extension == "104")).one()
        assert (line.ha1_md5, line.ha1_sha256) == secrets.ha1("104", "lantern.telephone.example", dora.password)
        assert not queries.imports.has_secrets(found)
        with pytest.raises(Refused, match="passwords-gone"):
            imports.take_passwords(by=importing.by, run=found)


def test_passwords_are_forgotten_after_a_day(importing: Importing, own_cast: Cast) -> None:
    run = importing.write(HEAD, "104,Dora,")
    assert importing.rows(run)[0].secret
    with clock.frozen(clock.now() + SECRETS_KEPT + outbox.FIRST_DELAY):
        with pytest.raises(Refused, match="passwords-gone"), db.unit_of_work(importing.scope):
            imports.take_passwords(by=importing.by, run=queries.imports.run(run.public_id))
        importing.work()
    with db.unit_of_work(importing.scope) as session:
        assert session.scalars(select(ImportRow.secret)).all() == [None]


def test_a_worker_that_begins_does_not_forget_them_early(importing: Importing, own_cast: Cast) -> None:
    """What only waits for its time is not what waits for another try."""
    importing.write(HEAD, "104,Dora,")
    db.install(importing.worker)
    outbox._hasten(jobs.HANDLERS)
    db.install(importing.pages)
    importing.work()
    with db.unit_of_work(importing.scope) as session:
        assert session.scalars(select(ImportRow.secret)).one()


# --- what is kept -----------------------------------------------------------------------------------------------------


def test_a_newer_file_takes_the_place_of_one_that_was_not_written(importing: Importing, own_cast: Cast) -> None:
    first = importing.check(HEAD, "104,Dora,")
    second = importing.check(HEAD, "105,Emil,")
    with db.unit_of_work(importing.scope) as session:
        assert [run.public_id for run in queries.imports.latest(own_cast.lantern.id)] == [second.public_id]
        assert session.scalars(select(Import.content).where(Import.id == first.id)).one() is None
        assert not session.scalar(select(func.count()).select_from(ImportRow).where(ImportRow.import_id == first.id))
    assert importing.now(first).state == ImportState.DROPPED


def test_a_written_file_is_not_kept(importing: Importing, own_cast: Cast) -> None:
    run = importing.write(HEAD, "104,Dora,")
    with db.unit_of_work(importing.scope) as session:
        assert session.scalars(select(Import.content).where(Import.id == run.id)).one() is None


@pytest.mark.parametrize(("state", "ask"), [("written", imports.write), ("written", imports.check), ("checked", imports.undo)])
def test_an_import_that_has_moved_on_is_not_asked_again(importing: Importing, own_cast: Cast, state: str, ask: Any) -> None:
    run = importing.check(HEAD, "104,Dora,")
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Import).values(state=state))
    with pytest.raises(Refused, match="import-moved-on"):
        asked(importing, run, ask)
    assert importing.now(run).state == state


def test_whoever_views_as_somebody_imports_nothing(importing: Importing, own_cast: Cast) -> None:
    viewer = Viewer(own_cast.tom.account.id, own_cast.tom.account.public_id, "Tom", clock.now(), "helping")
    run = importing.check(HEAD, "104,Dora,")
    viewing = replace(importing.by, viewer=viewer)
    with db.unit_of_work(importing.scope):
        found = queries.imports.run(run.public_id)
        for ask in (imports.check, imports.write, imports.undo, imports.drop, imports.take_passwords):
            with pytest.raises(Refused, match="viewing"):
                ask(by=viewing, run=found)
