"""Intake: from a switch's file to the records of its parties."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from portal.core import db
from portal.core.audit import AuditEntry
from portal.core.identity import Identity
from portal.core.tenancy import Scope
from portal.features.calls import operations
from portal.features.calls.cli import calls
from portal.features.calls.models import CallImport, CallImportReject, CallRecord, CallVolume
from portal.features.calls.operations import Counts, Reject
from portal.features.calls.rules.files import UnusableFile
from tests.cast import Cast
from tests.features.calls.files import ALICE, BOB, CAROL, LANTERN, SALES, TRUNK, as_csv, leg

BY = Identity.system("test")


def take(content: bytes, name: str = "calls.csv") -> tuple[Counts, list[Reject]]:
    totals = Counts()
    rejects: list[Reject] = []
    for step in operations.take_file(BytesIO(content), name=name, by=BY):
        totals = step.totals
        rejects += step.rejects
    return totals, rejects


SHOWN = [
    CallRecord.side,
    CallRecord.direction,
    CallRecord.in_company,
    CallRecord.subscriber_id,
    CallRecord.own_number,
    CallRecord.other_number,
    CallRecord.other_subscriber_id,
    CallRecord.result,
    CallRecord.duration_ms,
]


def stored(*columns: Any) -> list[Any]:
    with db.unit_of_work(Scope.platform()) as session:
        return list(
            session.execute(select(*(columns or SHOWN)).select_from(CallRecord).order_by(CallRecord.leg, CallRecord.side.desc()))
        )


def run(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(calls, ["import", *arguments], input=given)


def test_a_call_from_outside_makes_one_record(cast: Cast) -> None:
    totals, rejects = take(as_csv(leg(dialled="030 5550000101")))
    assert (totals.lines, totals.taken, totals.records, rejects) == (1, 1, 1, [])
    [row] = stored()
    assert row == ("callee", "in", True, cast.alice.subscriber.id, "49305550000101", "4930441287", None, "ok", 60_500)


def test_a_call_to_outside_makes_one_record(cast: Cast) -> None:
    take(as_csv(leg(caller=ALICE, callee=f"0054 11 4326 5500@{TRUNK}", caller_number="+49 30 5550000101", duration=300)))
    [row] = stored()
    assert row == ("caller", "out", True, cast.alice.subscriber.id, "49305550000101", "541143265500", None, "ok", 300_000)


def test_a_call_between_colleagues_makes_two_and_the_company_counts_one(cast: Cast) -> None:
    take(as_csv(leg(caller=ALICE, callee=f"sip:102@{LANTERN}:5060;transport=tls")))
    caller, callee = stored()
    assert caller[:7] == ("caller", "inside", True, cast.alice.subscriber.id, None, "102", cast.bob.subscriber.id)
    assert callee[:7] == ("callee", "inside", False, cast.bob.subscriber.id, "102", "101", cast.alice.subscriber.id)
    with db.unit_of_work(cast.clare.scope) as session:
        assert session.execute(select(func.sum(CallVolume.calls), func.sum(CallVolume.answered))).one() == (1, 1)


def test_a_call_between_two_customers_is_out_for_one_and_in_for_the_other(cast: Cast) -> None:
    take(as_csv(leg(caller=ALICE, caller_number="49305550000101", callee="ike@telephone.example")))
    caller, callee = stored()
    assert caller[:4] == ("caller", "out", True, cast.alice.subscriber.id)
    assert callee[:7] == ("callee", "in", True, cast.ike.subscriber.id, None, "49305550000101", None)


def test_a_hidden_caller_is_hidden_from_every_page(cast: Cast) -> None:
    take(
        as_csv(
            leg(caller_hidden="yes", caller_number="+4930441287"),
            leg(caller="anonymous@anonymous.invalid", init_time="2026-11-20T11:00:00Z"),
        )
    )
    assert [row.other_number for row in stored()] == [None, None]
    with (
        db.unit_of_work(Scope.platform()) as session,
        pytest.raises(ProgrammingError, match="permission denied"),
        session.begin_nested(),
    ):
        session.execute(select(CallRecord.network_number))


def test_a_withheld_number_is_kept_for_those_who_may_know(cast: Cast) -> None:
    take(as_csv(leg(caller_hidden="1", caller_number="+4930441287")))
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(text("SET LOCAL ROLE portal_worker"))
        assert session.scalars(select(CallRecord.network_number)).all() == ["4930441287"]
        session.execute(text("SET LOCAL ROLE portal_web"))


def test_colleagues_do_not_hide_from_each_other(cast: Cast) -> None:
    take(as_csv(leg(caller=ALICE, callee=BOB, caller_hidden="yes")))
    assert [row.other_number for row in stored()] == ["102", "101"]


def test_a_forwarded_leg_says_who_called_who_sent_it_on_and_where_to(cast: Cast) -> None:
    first = leg(call_id="f", callee=BOB)
    second = leg(call_id="f", leg=2, type="cfna", caller=BOB, caller_number="+4930441287", callee=SALES)
    take(as_csv(first, second))
    rows = stored(*SHOWN[:4], CallRecord.other_number, CallRecord.forwarded_to, CallRecord.forwarded_to_id)
    sales = cast.groups["sales"].id
    assert rows == [
        ("callee", "in", True, cast.bob.subscriber.id, "4930441287", None, None),
        ("caller", "forward", True, cast.bob.subscriber.id, "4930441287", "600", sales),
        ("callee", "in", False, sales, "4930441287", None, None),
    ]


def test_a_forwarded_leg_of_a_hidden_caller_stays_hidden(cast: Cast) -> None:
    take(as_csv(leg(type="cfu", caller=BOB, caller_number="+4930441287", caller_hidden="yes", callee=CAROL)))
    assert {row.other_number for row in stored()} == {None}


def test_lines_are_found_by_their_numbers_too(cast: Cast) -> None:
    take(as_csv(leg(callee=f"+4930{'5550000'}@{LANTERN}"), leg(callee="030 5550701", caller="+54111234567")))
    assert {row.subscriber_id for row in stored()} == {cast.clare.subscriber.id}


def test_a_number_at_somebody_elses_domain_is_not_ours(cast: Cast) -> None:
    totals, _ = take(as_csv(leg(callee="49305550000@elsewhere.example")))
    assert (totals.taken, totals.not_ours) == (0, 1)


def test_reading_twice_changes_nothing(cast: Cast) -> None:
    content = as_csv(leg(caller=ALICE, callee=BOB), leg(), leg(callee="nobody@elsewhere.example"))
    take(content)
    before = stored()
    totals, rejects = take(content)
    assert (totals.taken, totals.known, totals.not_ours, rejects) == (0, 2, 1, [])
    assert stored() == before
    with db.unit_of_work(cast.clare.scope) as session:
        assert session.scalar(select(func.sum(CallVolume.calls))) == 2


def test_the_same_leg_twice_in_one_file_is_one(cast: Cast) -> None:
    one = leg()
    totals, _ = take(as_csv(one, one))
    assert (totals.taken, totals.known, len(stored())) == (1, 1, 1)


@pytest.mark.parametrize("other_time", ["2026-11-20T10:00:06Z", "2026-10-20T10:00:05Z"])
def test_a_leg_that_began_at_another_time_contradicts(cast: Cast, other_time: str) -> None:
    one = leg()
    take(as_csv(one))
    totals, [reject] = take(as_csv(one | {"start_time": other_time, "init_time": other_time}))
    assert (totals.set_aside, len(stored())) == (1, 1)
    assert reject.line == 2
    assert "with another start_time: 2026-11-20T10:00:05+00:00" in reject.reason


def test_volumes_count_answered_and_missed(cast: Cast) -> None:
    take(
        as_csv(
            leg(),
            leg(result="noanswer"),
            leg(result="busy", caller=ALICE, callee=f"030 441@{TRUNK}"),
            leg(result="busy", caller=ALICE, callee=BOB),
        )
    )
    with db.unit_of_work(cast.clare.scope) as session:
        rows = session.execute(
            select(CallVolume.direction, CallVolume.calls, CallVolume.answered, CallVolume.missed).order_by(CallVolume.direction)
        )
        assert rows.all() == [("in", 2, 1, 1), ("inside", 1, 0, 0), ("out", 1, 0, 0)]


def test_bad_lines_are_set_aside_and_do_not_stop_the_rest(cast: Cast) -> None:
    bad = [
        leg(start_time="2026-02-30T10:00:00Z"),
        leg(duration="soon"),
        leg(result="fine"),
        leg(call_id=""),
        leg(result="busy", duration="3"),
        leg(init_time="2026-11-20T10:00:05Z", start_time="2026-11-20T10:00:00Z"),
        leg(type="fax"),
        leg(call_id="x" * 256),
        leg(start_time="2036-11-20T10:00:05Z"),
        leg(leg="0"),
    ]
    content = as_csv(leg(), *bad, leg()) + b'"unclosed,1\nshort,line\n' + b"x" * 70_000 + b"\n"
    totals, rejects = take(content)
    assert (totals.taken, totals.set_aside, totals.lines) == (2, 13, 15)
    assert [reject.line for reject in rejects] == [*range(3, 13), 14, 15, 16]
    reasons = [reject.reason for reject in rejects]
    assert reasons[0] == "start_time “2026-02-30T10:00:00Z” is not a moment that exists."
    assert reasons[2] == "result “fine” is not one of ok, busy, noanswer, cancel, offline, timeout, other, failed."
    assert reasons[10] == "The quotation marks of this line do not match."
    with db.unit_of_work(Scope.platform()) as session:
        kept = session.execute(
            select(CallImportReject.line, CallImportReject.raw, CallImportReject.reason).order_by(CallImportReject.line)
        ).all()
        assert [(row.line, row.reason) for row in kept] == [(reject.line, reject.reason) for reject in rejects]
        assert kept[10].raw == '"unclosed,1'
        made = session.scalars(select(CallImport)).one()
        assert (made.lines, made.taken, made.set_aside, made.file_name, len(made.sha256 or "")) == (15, 2, 13, "calls.csv", 64)


@pytest.mark.parametrize("nasty", [b"\0", b"\xff\xfe", "\u2028".encode(), b"\\N", b"\t", b"\r"])
def test_nasty_bytes_are_set_aside_or_stored_as_they_are(cast: Cast, nasty: bytes) -> None:
    content = as_csv(leg(dialled="NASTY"), leg()).replace(b"NASTY", b"1" + nasty + b"2")
    totals, _ = take(content)
    assert totals.taken + totals.set_aside == 2
    assert totals.taken >= 1


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_separator_and_encoding_are_found_out(cast: Cast, separator: str, encoding: str) -> None:
    take(as_csv(leg(callee=f"müller@{TRUNK}", caller=ALICE), separator=separator, encoding=encoding))
    assert [row.other_number for row in stored()] == [f"müller@{TRUNK}"]


def test_columns_come_in_any_order_and_strange_ones_are_ignored(cast: Cast) -> None:
    names = ("result", "extra", "callee", "caller", "duration", "Start time", "Call_ID")
    one = leg() | {"extra": "x"}
    row = ",".join((one["result"], "x", one["callee"], one["caller"], one["duration"], one["start_time"], one["call_id"]))
    totals, _ = take((",".join(names) + "\n" + row + "\n").encode())
    assert totals.taken == 1


def test_json_lines(cast: Cast) -> None:
    record = {
        "call_id": "j",
        "start_time": 1_795_168_805,
        "duration": 4.25,
        "caller": ALICE,
        "callee": BOB,
        "result": "ok",
        "leg": 1,
    }
    broken = ["[1]", "{", json.dumps(record | {"call_id": ["j"]}), json.dumps(record | {"call_id": "k", "dialled": "\ud800"})]
    content = "\n".join([json.dumps(record), *broken, ""]).encode()
    totals, rejects = take(content, "calls.jsonl")
    assert (totals.taken, totals.records, totals.set_aside) == (1, 2, 4)
    assert [reject.line for reject in rejects] == [2, 3, 4, 5]
    assert stored(CallRecord.start_time, CallRecord.duration_ms)[0] == (datetime.fromtimestamp(1_795_168_805, UTC), 4250)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n\n", "The file is empty."),
        (as_csv(columns=("call_id", "duration", "caller", "callee", "result")), "The header line has no column “start_time”."),
        (as_csv(columns=("call_id", "leg")), "The header line has no column “start_time” and no column “duration”"),
        (
            as_csv(columns=("call_id", "call_id", "start_time", "duration", "caller", "callee", "result")),
            "names the column “call_id” twice",
        ),
        (as_csv(leg(), encoding="utf-16"), "The file is no text in UTF-8 or Latin-1."),
        (b"x" * 70_000, "The first line is longer than any header or record."),
    ],
)
def test_an_unusable_file_says_why_and_leaves_no_trace(cast: Cast, content: bytes, sentence: str) -> None:
    with pytest.raises(UnusableFile) as trouble:
        take(content)
    assert sentence in str(trouble.value)
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.count()).select_from(CallImport)) == 0


def test_a_csv_that_calls_itself_json_is_unusable(cast: Cast) -> None:
    with pytest.raises(UnusableFile, match="no JSON object"):
        take(as_csv(leg()), "calls.jsonl")


def test_many_batches_are_like_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations.intake, "BATCH", 3)
    legs = [leg(caller=ALICE, callee=BOB) for _ in range(10)]
    totals, _ = take(as_csv(*legs, *legs))
    assert (totals.lines, totals.taken, totals.known, len(stored())) == (20, 10, 10, 20)


def test_the_log_says_who_got_records(cast: Cast) -> None:
    take(as_csv(leg(caller=ALICE, callee="charlie@cheapcall.example")))
    with db.unit_of_work(Scope.platform()) as session:
        rows = session.execute(select(AuditEntry.reseller_id, AuditEntry.details).where(AuditEntry.event == "calls-imported"))
        assert {row.reseller_id: row.details for row in rows} == {
            cast.telephone.id: {"records": 1},
            cast.cheapcall.id: {"records": 1},
        }


def test_the_command(cast: Cast, tmp_path: Path) -> None:
    file, report = tmp_path / "day.csv", tmp_path / "report.csv"
    file.write_bytes(as_csv(leg(), leg(call_id="=1+1", result="?")))
    done = run(str(file), "--report", str(report))
    assert done.exit_code == 1
    assert "2 lines: 1 taken (1 records), 0 known before, 0 of nobody here, 1 set aside." in done.output
    assert "line 3: result “?” is not one of" in done.output
    assert report.read_text(encoding="utf-8-sig").splitlines()[1].startswith('"3","result “?” is not one of ok, busy')
    assert "\"'=1+1," in report.read_text(encoding="utf-8-sig")
    assert run("-", given=as_csv(leg())).exit_code == 0
    assert run("-", given=b"a,b\n").exit_code == 2
    assert "no column “call_id”" in run("-", given=b"a,b\n").output
    assert run(str(tmp_path / "missing.csv")).exit_code == 2


def test_an_import_that_broke_off_is_simply_repeated(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    legs = as_csv(*(leg(caller=ALICE, callee=BOB) for _ in range(9)))
    monkeypatch.setattr(operations.intake, "BATCH", 3)
    steps = operations.take_file(BytesIO(legs), name="calls.csv", by=BY)
    next(steps)
    next(steps)
    del steps
    assert len(stored()) == 12
    totals, _ = take(legs)
    assert (totals.taken, totals.known, len(stored())) == (3, 6, 18)


def test_two_imports_of_one_file_at_once_take_every_leg_once(own_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    content = as_csv(*(leg(caller=ALICE, callee=BOB) for _ in range(60)))
    monkeypatch.setattr(operations.intake, "BATCH", 7)
    with ThreadPoolExecutor(3) as pool:
        totals = [done[0] for done in pool.map(take, [content] * 3)]
    assert [sum(total.taken for total in totals), sum(total.known for total in totals), len(stored())] == [60, 120, 120]
    with db.unit_of_work(own_cast.clare.scope) as session:
        assert session.scalar(select(func.sum(CallVolume.calls))) == 60


def test_without_tables_the_command_says_what_to_do(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        undo = session.begin_nested()
        session.connection()
        session.execute(text("SET LOCAL ROLE portal_owner"))
        session.execute(text("ALTER TABLE call_import RENAME TO elsewhere"))
        session.execute(text("SET LOCAL ROLE portal_web"))
        done = run("-", given=as_csv(leg()))
        undo.rollback()
    assert done.exit_code == 2
    assert "portal db upgrade" in done.output
