"""Two at the same moment, many rows, and strangers."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text

from portal.core import db, outbox
from portal.core.audit import AuditEntry, AuditLink
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.phone import Home, Parts
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer
from portal.features.pbx import jobs, operations, queries
from portal.features.pbx.models import Import, ImportKind, ImportState
from portal.features.pbx.operations import imports
from portal.features.pbx.rules import Range, plan_extensions
from portal.features.pbx.rules.plan_rows import LineNow, Room, Row, Snapshot, Taken
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast
from tests.features.pbx.conftest import statements
from tests.features.pbx.imports.conftest import Importing
from tests.features.pbx.test_races import together

HEAD = "Extension,Name,E-mail"


def asked(importing: Importing, run: Import, ask: Callable[..., object]) -> None:
    """Leaves it to a worker that is not there yet."""
    with db.unit_of_work(importing.scope):
        ask(by=importing.by, run=queries.imports.run(run.public_id))


def test_of_two_checks_one_waits_for_the_other(importing: Importing, own_cast: Cast) -> None:
    runs = [
        importing.upload(HEAD, "104,Dora,"),
        importing.upload("Number;Given to", "+49 30 5550700;101", kind=ImportKind.NUMBERS),
    ]

    def act(place: int) -> None:
        imports.check(by=importing.by, run=queries.imports.run(runs[place].public_id))

    assert sorted(together(own_cast.clare, act, 2)) == ["done", "import-running"]
    importing.work()
    assert sorted(importing.now(run).state for run in runs) == ["checked", "uploaded"]


def test_an_import_is_asked_to_be_written_once(importing: Importing, own_cast: Cast) -> None:
    run = importing.check(HEAD, "104,Dora,")
    outcomes = together(own_cast.clare, lambda _place: imports.write(by=importing.by, run=queries.imports.run(run.public_id)), 4)
    assert sorted(outcomes) == ["done", *["import-moved-on"] * 3]


def test_the_database_keeps_two_from_running_at_once(importing: Importing, own_cast: Cast) -> None:
    importing.check(HEAD, "104,Dora,")
    importing.upload("Number;Given to", "+49 30 5550700;101", kind=ImportKind.NUMBERS)

    def act(_place: int) -> None:
        db.session().execute(text("UPDATE pbx_import SET state = 'writing' WHERE state <> 'dropped'"))

    assert together(own_cast.clare, act, 1) == ["uq_pbx_import_running"]


def test_a_pilot_who_edits_meanwhile_is_not_overwritten(importing: Importing, own_cast: Cast) -> None:
    """She changes alice while the import waits for her line: the dry run is not true any more then, and nothing is written."""
    run = importing.check(HEAD, "101,Alice Weber,", "104,Dora,")
    asked(importing, run, imports.write)
    holding, written = threading.Event(), threading.Event()

    def edit() -> None:
        with db.unit_of_work(importing.scope):
            line = queries.extension(own_cast.alice.subscriber.public_id)
            operations.change_allowed(by=importing.by, line=line, version=line.version, do_not_disturb=True, music_on_hold=True)
            line.display_name = "Alice Maier"
            db.session().flush()
            holding.set()
            written.wait(1)  # the import comes to her line, and waits

    thread = threading.Thread(target=edit)
    thread.start()
    holding.wait(20)
    db.install(importing.worker)
    outbox.deliver_one(jobs.HANDLERS)
    written.set()
    thread.join(20)
    db.install(importing.pages)
    run = importing.now(run)
    assert (run.state, run.trouble and run.trouble["code"]) == (ImportState.CHECKED, "import-changed")
    assert importing.rows(run)[0].changes == {"display_name": ["Alice Maier", "Alice Weber"]}
    with db.unit_of_work(importing.scope):
        alice = queries.extension(own_cast.alice.subscriber.public_id)
        assert (alice.display_name, alice.do_not_disturb) == ("Alice Maier", True)


def test_a_pilot_who_comes_later_is_told(importing: Importing, own_cast: Cast) -> None:
    with db.unit_of_work(importing.scope):
        version = queries.extension(own_cast.alice.subscriber.public_id).version
    importing.write(HEAD, "101,Alice Weber,")
    with db.unit_of_work(importing.scope):
        line = queries.extension(own_cast.alice.subscriber.public_id)
        with pytest.raises(Conflict):
            operations.change_allowed(by=importing.by, line=line, version=version, do_not_disturb=True, music_on_hold=True)


# --- many -------------------------------------------------------------------------------------------------------------


def test_many_rows_are_written_and_undone_with_few_statements(importing: Importing, own_cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        lantern = session.get_one(Customer, own_cast.lantern.id)
        lantern.extension_min = lantern.extension_max = lantern.max_subscribers = None
    file = [f"{n},Person {n},person{n}@lantern.example" for n in range(10_000, 12_000)]
    with statements(importing.worker) as checking:
        run = importing.check(HEAD, *file)
    with statements(importing.worker) as writing:
        run = importing.asked(run, imports.write)
    assert (run.state, run.counts["new"], run.done) == (ImportState.WRITTEN, 2_000, 2_000)
    with statements(importing.worker) as undoing:
        run = importing.undo(run)
    assert (run.state, run.trouble) == (ImportState.UNDONE, None)
    assert max(map(len, (checking, writing, undoing))) < 100
    with db.unit_of_work(importing.scope) as session:
        living = select(func.count()).select_from(Subscriber).where(Subscriber.status != "terminated")
        assert session.scalar(living) == 5
        created = select(func.count()).select_from(AuditEntry).where(AuditEntry.event == "extension-created")
        assert session.scalar(created) == 2_000


def test_ten_thousand_rows_are_judged_together() -> None:
    pilot = LineNow(public_id="p", kind="pilot", handle="clare", name="Clare", username="clare")
    now = Snapshot(Range(), Parts("49", "30", "5550000"), Home("49", "30"), {}, pilot, {}, room=Room(9_998, None, 9_999))
    rows = [Row(n, {"extension": str(n), "display_name": f"Person {n}"}) for n in range(10_000, 20_000)]
    planned = plan_extensions.plan(rows, now, Taken())
    assert Counter(one.verdict for one in planned) == {"new": 9_998, "refused": 2}
    assert [trouble.sentence() for trouble in planned[-1].troubles] == [
        "The contract allows 9999 lines, groups included, and all of them are in use."
    ]


def test_fifty_thousand_rows_are_refused_at_once(importing: Importing) -> None:
    content = b"Extension,Name\r\n" + b"".join(b"%d,Person %d\r\n" % (n, n) for n in range(50_000))
    with pytest.raises(Refused, match="file-rows"):
        importing.upload(content=content)


# --- strangers --------------------------------------------------------------------------------------------------------


def test_imports_of_others_are_not_there(importing: Importing, own_cast: Cast) -> None:
    run = importing.check(HEAD, "104,Dora,")
    for stranger in (own_cast.ike, own_cast.charlie):
        with db.unit_of_work(stranger.scope) as session:
            with pytest.raises(NotFound):
                queries.imports.run(run.public_id)
            assert queries.imports.by_key(run.id) is None
            assert queries.imports.latest(own_cast.lantern.id) == []
            assert session.scalar(text("SELECT count(*) FROM pbx_import_row")) == 0


def test_lines_and_numbers_of_others_cannot_be_meant(importing: Importing, own_cast: Cast) -> None:
    """Ike's extension is not this company's; his numbers are none of hers; his name in the same domain would be taken."""
    with db.unit_of_work(own_cast.ike.scope):
        operations.create_extension(
            by=own_cast.ike.identity, customer_id=own_cast.city_bank.id, display_name="Ida", extension="104", username="ida"
        )
    run = importing.write(HEAD, "104,Dora,")
    assert importing.verdicts(run) == ["new"]
    numbers = importing.check("Number;Given to", "+49 30 5560000104;101", "+49 30 5550700;104 ida", kind=ImportKind.NUMBERS)
    assert importing.codes(numbers) == [["row-number-unknown"], ["row-owner-unknown"]]
    with db.unit_of_work(own_cast.ike.scope) as session:
        assert session.scalars(select(Subscriber.display_name).where(Subscriber.extension == "104")).all() == ["Ida"]


def test_the_chain_of_the_log_has_every_entry(importing: Importing, own_cast: Cast) -> None:
    importing.undo(importing.write(HEAD, "104,Dora,", "101,Alice Weber,"))
    with db.unit_of_work(own_cast.tom.scope) as session:
        linked = select(AuditLink.entry_id).order_by(AuditLink.place)
        assert session.scalars(linked).all() == session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all()
