"""The call list, its search, its download and the import, among many records."""

import io
import resource
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from statistics import median

from flask import Flask
from sqlalchemy import select, text

from portal.bench.ended import ended
from portal.bench.pages import HOST, signed_in
from portal.bench.report import Row
from portal.core import clock, db
from portal.core.identity import Identity
from portal.core.tenancy import Scope
from portal.features.calls import operations, queries
from portal.features.calls.models import CallRecord
from portal.features.calls.queries import Whose
from portal.features.calls.rules.asked import Asked, Outcome, Place
from portal.features.calls.rules.files import lines as read_lines
from portal.features.calls.rules.legs import leg
from portal.features.resellers import queries as resellers
from portal.features.subscribers.models import Kind, Subscriber

SHORTEST_MONTH = 28  # days
MONTHS = 12
DEEP = 500_000  # page 10,000 of 50 rows
RUNS = 25
LINES = 100_000

# A company's records spread evenly over a year: the shape does not matter for the indexes, the number does.
FILL = """
    INSERT INTO call_record (start_time, init_time, reseller_id, customer_id, subscriber_id, duration_ms, leg, in_company,
                             side, direction, type, result, call_id, own_number, other_number)
    SELECT at, at, :reseller, :customer, :subscriber, ((n::bigint * 7919) % 900000)::int, 1, true,
           CASE WHEN n % 2 = 0 THEN 'caller' ELSE 'callee' END, CASE WHEN n % 2 = 0 THEN 'out' ELSE 'in' END, 'call',
           CASE WHEN n % 13 = 0 THEN 'noanswer' WHEN n % 29 = 0 THEN 'busy' ELSE 'ok' END,
           :batch || n, '49305560000', (493023125000 + (n::bigint * 31337) % 20000 * 13)::text
    FROM (SELECT n, CAST(:start AS timestamptz) + n * CAST(:step AS interval) AS at FROM generate_series(1, :rows) AS n) AS made
"""


def calls(app: Flask, rows: int) -> Iterator[Row]:
    seen = _fill(rows)
    asked = Asked(clock.now() - timedelta(days=31 * MONTHS), clock.now())
    with db.unit_of_work(Scope.reseller(seen.reseller_id)) as session:
        session.execute(text("SET LOCAL statement_timeout = 0"))
        deep = session.execute(
            select(CallRecord.start_time, CallRecord.id, CallRecord.duration_ms)
            .where(CallRecord.in_company, CallRecord.customer_id == seen.customer_id)
            .order_by(CallRecord.start_time.desc(), CallRecord.id.desc())
            .offset(min(DEEP, rows * 9 // 10))
            .limit(1),
        ).one()
        place = Place(*deep)
        first = _wall(lambda: queries.page(seen, asked))
        yield Row(f"call list of {rows:,}, page 1, in the database", first * 1000, 5, "ms")
        yield Row("page 10,000 against page 1", _wall(lambda: queries.page(seen, asked, place=place)) / first, 1.5, "times")
        missed = Asked(asked.start, asked.end, direction="in", outcome=Outcome.MISSED)
        yield Row("missed calls only, against page 1", _wall(lambda: queries.page(seen, missed)) / first, 1.5, "times")
        yield Row(
            "missed calls only, deep, against page 1",
            _wall(lambda: queries.page(seen, missed, place=place)) / first,
            1.5,
            "times",
        )
        number = Asked(asked.start, asked.end, prefix="4930231261")
        yield Row("number search over 12 months", _wall(lambda: queries.page(seen, number)) * 1000, 10, "ms")
    yield from _download(app)
    yield from _import()
    yield from ended()


def _fill(rows: int) -> Whose:
    """City Bank gets `rows` records, once."""
    owner = db.Database(db.database().url, role=db.OWNER)
    with owner.session(Scope.platform()) as session:
        line = session.execute(
            select(Subscriber.reseller_id, Subscriber.customer_id, Subscriber.id).where(
                Subscriber.username == "ike", Subscriber.kind == Kind.PILOT
            ),
        ).one()
        there = session.scalar(text("SELECT reltuples::bigint FROM pg_class WHERE relname = 'call_record'")) or 0
        if there < rows:
            start = clock.now() - timedelta(days=30 * MONTHS)
            for days in range(0, 30 * (MONTHS + 1), SHORTEST_MONTH):  # no longer step: it could leave a February out
                session.execute(text("SELECT ensure_call_partition(:day)"), {"day": start + timedelta(days=days)})
            facts = {
                "reseller": line.reseller_id,
                "customer": line.customer_id,
                "subscriber": line.id,
                "rows": rows,
                "start": start,
                "step": timedelta(days=30 * MONTHS) / rows,
                "batch": f"bench{start.timestamp()}-",
            }
            session.execute(text("SET LOCAL statement_timeout = 0"))
            session.execute(text(FILL), facts)
            session.commit()
            with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE call_record"))
    owner.dispose()
    return Whose(line.reseller_id, line.customer_id)


def _wall(act: Callable[[], object]) -> float:
    for _ in range(5):
        act()
    times = []
    for _ in range(RUNS):
        before = time.perf_counter()
        act()
        times.append(time.perf_counter() - before)
    return median(times)


def _download(app: Flask) -> Iterator[Row]:
    client = signed_in(app, "ike@telephone.example")
    today = clock.now().date()
    before, began, size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter(), 0
    address = f"/calls.csv?since={today - timedelta(days=350)}&until={today}"
    for part in client.get(address, base_url=f"http://{HOST}").iter_encoded():
        size += part.count(b"\n")
    yield Row(f"download of {size:,} calls", size / (time.perf_counter() - began), 50_000, "rows/s", at_most=False)
    yield Row(
        "memory that the download took more", (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 50, "MB"
    )


def _import() -> Iterator[Row]:
    domain = resellers.tenant_by_host("lantern.localhost")
    if domain is None:
        raise LookupError("lantern.localhost")
    now = clock.now()
    start = "call_id,start_time,duration,caller,callee,result\n"
    lines = [_line(f"bench-{now.timestamp()}-{n}", now - timedelta(seconds=n * 20), n, domain.domain) for n in range(LINES)]
    content = (start + "".join(lines)).encode()
    began = time.perf_counter()
    for line in read_lines(io.BytesIO(content), "bench.csv"):
        if line.fields is not None:
            leg(line.fields, {domain.domain: domain.home}.get, now)
    reading = time.perf_counter() - began
    began = time.perf_counter()
    for _step in operations.take_file(io.BytesIO(content), name="bench.csv", by=Identity.system("bench")):
        pass
    storing = time.perf_counter() - began - reading
    yield Row(f"import of {LINES:,} lines, without reading them", LINES / storing, 50_000, "rows/s", at_most=False)


def _line(call_id: str, at: datetime, n: int, domain: str | None) -> str:
    return f"{call_id},{at.isoformat()},{n % 300},alice@{domain},+4930231{n % 100000:05},ok\n"
