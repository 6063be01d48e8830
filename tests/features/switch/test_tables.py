"""What the switch looks up stands in its tables: emergency numbers, and the holidays of places that somebody has chosen."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, text

from portal.core import clock, db, outbox
from portal.core.outbox import Job
from portal.core.tenancy import Scope
from portal.features.callhandling import operations as callhandling
from portal.features.callhandling.operations.reference import HOLIDAY
from portal.features.callhandling.rules import Holidays
from portal.features.callhandling.rules.calendars import days_of
from portal.features.switch import jobs, operations
from tests.cast import Cast
from tests.features.switch.driving import as_switch

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def days(country: str, region: str = "") -> set[object]:
    wanted = select(HOLIDAY.c.day).where(HOLIDAY.c.country == country, HOLIDAY.c.region == region)
    return set(db.session().scalars(wanted))


def numbers() -> int:
    (row,) = as_switch("SELECT count(*) FROM kamailio.emergency_number")
    assert row[0] > 400, "two of every country at least"
    return int(row[0])


def known(country: str, region: str | None, first: int, last: int) -> set[object]:
    return {day for year in range(first, last + 1) for day in days_of(country, region, year)}


def keep() -> None:
    """As the worker does."""
    session = db.session()
    session.execute(text("SET LOCAL ROLE portal_worker"))
    operations.keep_tables()
    session.execute(text("SET LOCAL ROLE portal_web"))


@pytest.mark.parametrize(
    ("cc", "number", "is_one"), [("44", "999", True), ("49", "999", False), ("1", "911", True), ("49", "112", True)]
)
def test_the_switch_knows_the_emergency_numbers_of_every_country(cc: str, number: str, is_one: bool, everything: None) -> None:
    (row,) = as_switch("SELECT kamailio.is_emergency(:number, :cc)", number=number, cc=cc)
    assert row[0] is is_one


def test_holidays_are_there_as_soon_as_somebody_chooses_them(as_clare: Cast) -> None:
    with clock.frozen(NOW):
        spans = (Holidays("DE", "BY"), Holidays("FR"))
        callhandling.add_times(by=as_clare.clare.identity, line=None, name="Closed", spans=spans)
        callhandling.add_times(by=as_clare.clare.identity, line=None, name="Closed too", spans=spans)
    assert days("DE", "BY") == known("DE", "BY", 2025, 2028)
    assert days("FR") == known("FR", None, 2025, 2028)
    assert days("DE") == set()


def test_a_switch_at_its_place_knows_a_holiday(as_clare: Cast) -> None:
    with clock.frozen(NOW):
        made = callhandling.add_times(by=as_clare.clare.identity, line=None, name="Closed", spans=(Holidays("DE", "BY"),))
    for at, holds in (("2026-11-01T12:00+01:00", True), ("2026-11-02T12:00+01:00", False)):
        (row,) = as_switch("SELECT kamailio.times_on(:key, CAST(:at AS timestamptz), 'Europe/Berlin')", key=made.id, at=at)
        assert row[0] is holds, at


def test_filling_again_changes_nothing(as_clare: Cast) -> None:
    with clock.frozen(NOW):
        callhandling.add_times(by=as_clare.clare.identity, line=None, name="Closed", spans=(Holidays("DE", "BY"),))
        with db.unit_of_work(Scope.platform()):
            before = numbers(), days("DE", "BY")
            keep()
            assert (numbers(), days("DE", "BY")) == before


def test_a_year_later_there_is_a_year_more(as_clare: Cast) -> None:
    with clock.frozen(NOW):
        callhandling.add_times(by=as_clare.clare.identity, line=None, name="Closed", spans=(Holidays("DE", "BY"),))
    with clock.frozen(NOW.replace(year=2027)), db.unit_of_work(Scope.platform()):
        keep()
        assert days("DE", "BY") == known("DE", "BY", 2026, 2029)


def test_what_is_no_holiday_any_more_goes(as_clare: Cast) -> None:
    with clock.frozen(NOW), db.unit_of_work(Scope.platform()) as session:
        callhandling.add_times(by=as_clare.clare.identity, line=None, name="Closed", spans=(Holidays("DE", "BY"),))
        session.execute(insert(HOLIDAY).values(country="DE", region="BY", day=NOW.date()))
        keep()
        assert days("DE", "BY") == known("DE", "BY", 2025, 2028)


def test_every_day_however_many_workers_begin(own_database: db.Database) -> None:
    opened = db.Database(own_database.url, role=db.WORKER)
    db.install(opened)
    jobs.begin_keeping_tables()
    jobs.begin_keeping_tables()
    spreading, _telling = jobs.lanes([])
    assert outbox.deliver_one(spreading)
    assert not outbox.deliver_one(spreading)
    with db.unit_of_work(Scope.platform()) as session:
        (coming,) = session.scalars(select(Job).where(Job.kind == jobs.TABLES, Job.done_at.is_(None)))
        assert coming.due_at - clock.now() > jobs.DAILY * 0.9
    jobs.begin_keeping_tables()
    assert outbox.deliver_one(spreading)
    opened.dispose()


@pytest.mark.parametrize(
    ("statement", "waits"),
    [
        ("INSERT INTO kamailio.location (ruid, username, domain) VALUES ('r', 'alice', 'lantern.telephone.example')", "off"),
        ("INSERT INTO kamailio.dialog_vars (hash_entry, hash_id, dialog_key, dialog_value) VALUES (1, 1, 'a', 'b')", "on"),
        ("INSERT INTO kamailio.dialog_vars (hash_entry, hash_id, dialog_key, dialog_value) VALUES (1, 1, '_uac_fu', '')", "off"),
        ("INSERT INTO kamailio.acc_cdrs (start_time, end_time) VALUES (now(), now())", "on"),
    ],
)
def test_what_is_needed_after_a_crash_waits_for_the_disk(statement: str, waits: str, everything: None) -> None:
    db.session().execute(text("SET LOCAL synchronous_commit = on"))
    as_switch(statement)
    assert db.session().scalar(text("SHOW synchronous_commit")) == waits
