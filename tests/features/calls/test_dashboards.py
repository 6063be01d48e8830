"""What dashboards say about calls."""

from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from portal.core import clock, db
from portal.core.identity import Identity
from portal.features.calls import operations, queries
from portal.features.calls.queries import Whose, whose
from tests.cast import Cast
from tests.features.calls.files import ALICE, BOB, as_csv, leg

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def afternoon() -> object:
    with clock.frozen(NOW):
        yield


def take(*legs: dict[str, str]) -> None:
    for _step in operations.take_file(BytesIO(as_csv(*legs)), name="calls.csv", by=Identity.system("test")):
        pass


def company(cast: Cast) -> Whose:
    return whose(cast.clare.identity)


def test_hours_are_those_of_the_clock_where_the_person_is(cast: Cast) -> None:
    take(
        leg(init_time="2026-11-20T08:10:00Z"),
        leg(init_time="2026-11-20T08:50:00Z", result="busy"),
        leg(init_time="2026-11-19T22:59:59Z"),
    )
    today = date(2026, 11, 20)
    with db.unit_of_work(cast.clare.scope):
        assert queries.hours(company(cast), BERLIN, clock.days(today, today, BERLIN)) == {(today, 9): (2, 1, 1)}


@pytest.mark.parametrize("as_line", [False, True])
def test_missed_calls_wait_until_somebody_spoke_with_them(cast: Cast, as_line: bool) -> None:
    def missed(number: str, time: str, **more: str) -> dict[str, str]:
        return leg(caller=f"{number}@trunk.example", init_time=f"2026-11-20T{time}Z", result="noanswer", **more)

    take(
        missed("4930111111", "08:00:00"),
        missed("4930111111", "09:00:00"),
        missed("4930222222", "09:30:00"),
        leg(caller=ALICE, callee="030 222222@trunk.example", init_time="2026-11-20T10:00:00Z", result="busy"),
        missed("4930333333", "09:40:00"),
        leg(caller="4930333333@trunk.example", init_time="2026-11-20T09:45:00Z"),
        missed("4930444444", "09:50:00", caller_hidden="yes"),
        leg(caller="4930555555@trunk.example", init_time="2026-11-20T09:00:00Z"),
        missed("4930555555", "11:00:00"),
    )
    who = cast.alice.identity if as_line else cast.clare.identity
    with db.unit_of_work(who.scope):
        found = queries.missed_not_returned(whose(who))
    assert [(one.call.other_number, one.times) for one in found] == [("4930555555", 1), ("4930111111", 2)]
    assert found[1].call.start_time == datetime(2026, 11, 20, 9, tzinfo=UTC)


def test_the_latest_calls_have_names(cast: Cast) -> None:
    take(leg(init_time="2026-11-20T08:00:00Z"), leg(caller=BOB, callee=ALICE, init_time="2026-11-20T09:00:00Z", result="busy"))
    with db.unit_of_work(cast.alice.scope):
        first, second = queries.latest(whose(cast.alice.identity), limit=2)
    assert (first.other and first.other.name, first.direction, first.missed) == ("Bob Turner", "inside", True)
    assert (second.other, second.other_number, second.answered) == (None, "4930441287", True)
    with db.unit_of_work(cast.clare.scope):
        assert len(queries.latest(company(cast), limit=1)) == 1
