"""What the database itself refuses, and which indexes it uses."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from sqlalchemy import event, func, insert, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.calls import queries
from portal.features.calls.models import CallImport, CallRecord, KnownLeg
from portal.features.calls.queries import Whose, whose
from portal.features.calls.rules.asked import Asked, Order, Outcome, Place
from tests.cast import Cast
from tests.features.calls.conftest import Take
from tests.features.calls.files import leg

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def partitions(session: Any) -> list[str]:
    return list(
        session.scalars(text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'call_record'::regclass"))
    )


def test_months_cannot_be_read_around_the_policy(cast: Cast, take: Take) -> None:
    take(leg())
    with db.unit_of_work(cast.charlie.scope) as session:
        [month] = partitions(session)
        assert session.scalars(select(CallRecord.id)).all() == []
        with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
            session.execute(text(f"SELECT id FROM {month}"))


def test_months_see_nothing_even_when_their_owner_asks(cast: Cast, take: Take) -> None:
    take(leg())
    with db.unit_of_work(Scope.platform()) as session:
        [month] = partitions(session)
        session.execute(text("SET LOCAL ROLE portal_owner"))
        assert session.scalar(text(f"SELECT count(*) FROM {month}")) == 0
        assert session.scalar(text("SELECT count(*) FROM call_record")) == 1
        session.execute(text("SET LOCAL ROLE portal_web"))


@pytest.mark.parametrize("column", ["network_number", "reseller_cost", "carrier_cost", "*"])
def test_pages_have_no_right_to_some_columns(cast: Cast, column: str) -> None:
    with (
        db.unit_of_work(cast.clare.scope) as session,
        pytest.raises(ProgrammingError, match="permission denied"),
        session.begin_nested(),
    ):
        session.execute(text(f"SELECT {column} FROM call_record"))


@pytest.mark.parametrize("words", ["UPDATE call_record SET result = 'ok'", "DELETE FROM call_record", "TRUNCATE call_record"])
def test_pages_cannot_change_what_was_taken(cast: Cast, words: str) -> None:
    with (
        db.unit_of_work(Scope.platform()) as session,
        pytest.raises(ProgrammingError, match="permission denied"),
        session.begin_nested(),
    ):
        session.execute(text(words))


def test_what_is_known_of_files_is_the_platform_s(cast: Cast, take: Take) -> None:
    take(leg())
    with db.unit_of_work(cast.clare.scope) as session:
        assert session.scalars(select(KnownLeg.call_id)).all() == []
        assert session.scalars(select(CallImport.id)).all() == []


def test_a_record_of_a_stranger_s_line_is_refused(cast: Cast, take: Take) -> None:
    take(leg())
    values = {
        "start_time": datetime(2026, 11, 20, tzinfo=UTC),
        "init_time": datetime(2026, 11, 20, tzinfo=UTC),
        "reseller_id": cast.telephone.id,
        "customer_id": cast.lantern.id,
        "subscriber_id": cast.charlie.subscriber.id,
        "duration_ms": 0,
        "leg": 1,
        "in_company": True,
        "side": "caller",
        "direction": "out",
        "type": "call",
        "result": "ok",
        "call_id": "x",
    }
    with db.unit_of_work(cast.clare.scope) as session:
        with pytest.raises(IntegrityError, match="fk_call_record_subscriber"), session.begin_nested():
            session.execute(insert(CallRecord).values(values))
        with pytest.raises(ProgrammingError, match="row-level security"), session.begin_nested():
            session.execute(insert(CallRecord).values({**values, "customer_id": cast.city_bank.id}))


@pytest.mark.parametrize("month", ["1999-12-31", "2100-01-01"])
def test_no_room_is_made_for_absurd_months(cast: Cast, month: str) -> None:
    with (
        db.unit_of_work(Scope.platform()) as session,
        pytest.raises(IntegrityError, match="no calls are kept"),
        session.begin_nested(),
    ):
        session.execute(text(f"SELECT ensure_call_partition('{month}')"))


# --- paging -------------------------------------------------------------------------------------------------------------------


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    moments=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=40),
    size=st.integers(1, 7),
    order=st.sampled_from(Order),
)
def test_pages_show_every_call_once(cast: Cast, take: Take, moments: list[tuple[int, int]], size: int, order: Order) -> None:
    """Forwards and back again, with many calls at the same moment and of the same length."""
    with db.unit_of_work(Scope.platform()) as session:
        undo = session.begin_nested()
        session.connection()  # from here on
        take(*(leg(init_time=(START + timedelta(days=31 * month)).isoformat(), duration=length) for month, length in moments))
        pages = list(forwards(whose(cast.clare.identity), size, order))
        ids = [call.id for page in pages for call in page.calls]
        assert len(ids) == len(set(ids)) == len(moments)
        keys = [
            (call.duration_ms if order is Order.LONGEST else 0, call.start_time, call.id) for page in pages for call in page.calls
        ]
        assert keys == sorted(keys, reverse=order is not Order.OLDEST)
        assert [page.calls for page in back(whose(cast.clare.identity), size, order, pages[-1])] == [
            page.calls for page in pages[-2::-1]
        ]
        undo.rollback()


def forwards(seen: Whose, size: int, order: Order) -> Iterator[queries.Page]:
    page = queries.page(seen, Asked(START, END), order=order, size=size)
    yield page
    while place := page.last():
        page = queries.page(seen, Asked(START, END), order=order, size=size, place=place)
        yield page


def back(seen: Whose, size: int, order: Order, page: queries.Page) -> Iterator[queries.Page]:
    while place := page.first():
        page = queries.page(seen, Asked(START, END), order=order, size=size, place=place)
        yield page


# --- indexes ------------------------------------------------------------------------------------------------------------------

FILL = """
INSERT INTO call_record (start_time, init_time, reseller_id, customer_id, subscriber_id, duration_ms, leg, in_company, side,
                         direction, type, result, call_id, other_number)
SELECT moment, moment, :reseller, :customer, :line, (n * 7919) % 900000, 1, true, 'callee',
       (ARRAY['in', 'in', 'in', 'out'])[1 + n % 4], 'call', CASE WHEN n % 500 = 0 THEN 'failed' ELSE 'ok' END,
       'c' || n, '4930' || (1000000 + (n * 104729) % 900000)
FROM generate_series(1, 8000) n, LATERAL (SELECT timestamptz '2026-01-01' + n * interval '53 minutes' AS moment) m
"""


@pytest.fixture
def year(cast: Cast) -> Whose:
    with db.unit_of_work(Scope.platform()) as session:
        for month in range(1, 11):
            session.execute(select(func.ensure_call_partition(datetime(2026, month, 1, tzinfo=UTC))))
        for person in (cast.alice, cast.ike):
            line = person.subscriber
            assert line is not None
            session.execute(text(FILL), {"reseller": line.reseller_id, "customer": line.customer_id, "line": line.id})
        session.execute(text("SET LOCAL ROLE portal_owner"))
        session.execute(text("ANALYZE call_record"))
        session.execute(text("SET LOCAL ROLE portal_web"))
    return whose(cast.clare.identity)


def plan(cast: Cast, ask: Any, *, cheap_sorts: bool = True) -> str:
    """How the database answers what `ask` asks last, as clare's page would.

    Without `cheap_sorts` it sorts only where no index brings the order, not where that is cheaper for the few rows of a test.
    """
    with db.unit_of_work(cast.clare.scope) as session:
        session.execute(text(f"SET LOCAL enable_sort = {'on' if cheap_sorts else 'off'}"))
        seen: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, words: str, values: Any, _context: Any, _many: Any) -> None:
            seen.append((words, values))

        event.listen(session.connection(), "before_cursor_execute", note)
        ask()
        words, values = seen[-1]
        return "\n".join(row[0] for row in session.connection().exec_driver_sql(f"EXPLAIN {words}", values))


MONTH = (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
COMPANY = "reseller_id_customer_id_start_time_id"


INDEXES = (
    (Asked(*MONTH), COMPANY),
    (Asked(START, END), COMPANY),
    (Asked(*MONTH, prefix="493012345"), "reseller_id_customer_id_other_number"),
    (Asked(START, END, prefix="493012345"), "reseller_id_customer_id_other_number"),
    (Asked(START, END, outcome=Outcome.FAILED), "reseller_id_customer_id_direction"),
    (Asked(START, END, direction="forward"), "reseller_id_customer_id_direction"),
    (Asked(START, END, at_least=899), "reseller_id_customer_id_duration_ms"),
)


def test_lists_and_counts_use_their_index(cast: Cast, year: Whose) -> None:
    for asked, index in INDEXES:
        found, counted = plan(cast, partial(queries.page, year, asked)), plan(cast, partial(queries.count, year, asked))
        assert index in found
        assert "Seq Scan on call_record" not in found + counted


def test_months_that_cannot_hold_a_page_are_left_out(cast: Cast, year: Whose) -> None:
    found = plan(cast, lambda: queries.page(year, Asked(*MONTH)))
    assert re.findall(r"on call_record_(2026_\d\d)", found) == ["2026_06"]
    place = Place(datetime(2026, 3, 15, tzinfo=UTC), 1, 0)
    deep = plan(cast, lambda: queries.page(year, Asked(START, END), place=place), cheap_sorts=False)
    assert re.findall(r"on call_record_(2026_\d\d)", deep) == ["2026_03", "2026_02", "2026_01"]
    assert "Sort" not in deep


def test_the_policy_does_not_mislead_the_planner(cast: Cast, year: Whose) -> None:
    """It would take the plain rule to hide nearly all rows, and sort a year of calls for one page."""
    found = plan(cast, lambda: db.session().execute(select(CallRecord.id).where(*year.records())))
    expected = re.search(r"rows=(\d+)", found)
    assert expected is not None
    assert 4_000 < int(expected[1]) < 16_000


def test_a_line_s_calls_use_the_line_s_index(cast: Cast, year: Whose) -> None:
    assert cast.alice.subscriber is not None
    found = plan(cast, lambda: queries.page(year, Asked(*MONTH, line=cast.alice.subscriber.id)))
    assert "subscriber_id_s" in found
    assert "Seq Scan on call_record" not in found


def test_a_page_takes_six_statements_at_most(cast: Cast, year: Whose, browse: Any, database: db.Database) -> None:
    seen: list[str] = []
    event.listen(database.bind, "before_cursor_execute", lambda *call: seen.append(call[2]))
    for path in ("/calls?period=year", "/calls?period=year&q=alice&rows=100", "/calls?since=2026-06-01&until=2026-06-30&q=10"):
        browser = browse(cast.clare)
        seen.clear()
        browser.get(path)
        assert len([words for words in seen if words.lstrip().upper().startswith("SELECT") and "set_config" not in words]) <= 6
