"""Extensions that follow one another: the same way as a file's."""

import pytest
from hypothesis import given, strategies as st

from portal.core import db
from portal.core.errors import Refused
from portal.features.pbx import queries
from portal.features.pbx.models import Import, ImportState
from portal.features.pbx.operations import imports
from portal.features.pbx.rules import ranges
from tests.features.pbx.imports.conftest import Importing


def made(importing: Importing, first: str, count: int, pattern: str, **common: str) -> Import:
    with db.unit_of_work(importing.scope) as session:
        run = imports.create_range(
            by=importing.by, customer_id=importing.customer_id, first=first, count=count, pattern=pattern, common=common
        )
        session.expunge(run)
    return importing.worked(run)


def test_a_range_is_checked_like_a_file(importing: Importing) -> None:
    run = made(importing, "102", 4, "Room #", groups="Sales", language="de")
    assert (run.state, run.name) == (ImportState.CHECKED, "102–105")
    assert importing.verdicts(run) == ["refused", "refused", "new", "new"]
    assert importing.codes(run)[0] == ["extension-taken-by"]
    run = importing.asked(run, lambda by, run: imports.write(by=by, run=run, leave_out=True))
    with db.unit_of_work(importing.scope):
        lines = queries.imports.run(run.public_id)
        assert [row.changes["display_name"][1] for row in queries.imports.rows(lines, "new", limit=9).rows] == [
            "Room 104",
            "Room 105",
        ]
        passwords = imports.take_passwords(by=importing.by, run=lines)
    assert [one.extension for one in passwords] == ["104", "105"]


def test_somebody_who_has_one_keeps_name_and_all(importing: Importing) -> None:
    run = made(importing, "101", 1, "Room")
    with db.unit_of_work(importing.scope):
        (taken,) = queries.imports.troubles(importing.rows(run)[0])
        assert "Alice Meier" in taken.sentence()
    with pytest.raises(Refused, match="import-nothing"):
        importing.asked(run, imports.write)


def test_a_range_can_be_checked_again_and_undone(importing: Importing) -> None:
    run = made(importing, "110", 3, "Room")
    run = importing.asked(run, imports.check)
    run = importing.asked(run, imports.write)
    assert importing.undo(run).state == ImportState.UNDONE


@given(st.integers(0, 99_999), st.integers(1, 1000))
def test_extensions_follow_one_another_and_keep_their_length(first: int, count: int) -> None:
    typed = str(first).zfill(6)
    rows = ranges.rows_for_range(typed, count, "Room #", {"language": "de"})
    assert [int(row["extension"]) for _line, row in rows] == list(range(first, first + count))
    assert {len(row["extension"]) for _line, row in rows} == {6}
    assert {row["language"] for _line, row in rows} == {"de"}


@pytest.mark.parametrize(
    ("first", "count", "pattern", "code", "field"),
    [
        ("", 5, "Room", "run-first", "first"),
        ("1o4", 5, "Room", "run-first", "first"),
        ("100", 0, "Room", "run-count", "count"),
        ("100", 1001, "Room", "run-count", "count"),
        ("99", 2, "Room", "run-long", "count"),
        ("12345678901", 2, "Room", "run-long", "count"),
        ("100", 2, "  ", "run-name", "pattern"),
    ],
)
def test_what_is_no_range_is_refused(first: str, count: int, pattern: str, code: str, field: str) -> None:
    with pytest.raises(Refused) as caught:
        ranges.rows_for_range(first, count, pattern, {})
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.sentence()


@pytest.mark.parametrize(
    ("pattern", "name"), [("Room #", "Room 214"), ("Room", "Room 214"), ("#", "214"), ("A# B#", "A214 B214")]
)
def test_names_are_made_of_the_extension(pattern: str, name: str) -> None:
    assert ranges.name_for(pattern, "214") == name
