"""Calls that ended at the switch, on their way into the call lists: every fifth was forwarded."""

import json
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, text

from portal.bench.report import Row
from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.calls import operations
from portal.features.subscribers.models import Subscriber

CALLS = 20_000
BEGUN = """
    INSERT INTO kamailio.call (id, facts, state, trace)
    SELECT :batch || n, CAST(:facts AS jsonb), '{}', CAST(CASE WHEN n % 5 = 0 THEN :forwarded ELSE :plain END AS jsonb)
    FROM generate_series(1, :calls) AS n
"""
ENDED = """
    INSERT INTO kamailio.acc_cdrs
        (start_time, end_time, duration, call, code, answered_by, answered_in, peer, setup_at, answer_at)
    SELECT now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', n % 300, :batch || n, '200',
        CASE WHEN n % 5 = 0 THEN '' ELSE :bob END, :batch || n, CASE WHEN n % 5 = 0 THEN 'carrier' ELSE '' END,
        (CAST(:now AS float) - 7 * n)::numeric(16, 6)::text, (CAST(:now AS float) - 7 * n + 5)::numeric(16, 6)::text
    FROM generate_series(1, :calls) AS n
"""


def ended() -> Iterator[Row]:
    """With the rights that the worker has."""
    pages = db.database()
    _fill()
    worker = db.Database(pages.url, role=db.WORKER)
    db.install(worker)
    try:
        began = time.perf_counter()
        while operations.take_ended():
            pass
        spent = time.perf_counter() - began
    finally:
        db.install(pages)
        worker.dispose()
    yield Row(f"intake of {CALLS:,} calls that ended at the switch", CALLS / spent, 1000, "calls/s", at_most=False)


def _fill() -> None:
    owner = db.Database(db.database().url, role=db.OWNER)
    with owner.session(Scope.platform()) as session:
        people = Subscriber.username.in_(("alice", "bob")) & Subscriber.extension.is_not(None)
        rows = session.execute(select(Subscriber.username, Subscriber.id).where(people)).all()
        lines = {str(name): int(key) for name, key in rows}
        now = clock.now().timestamp()
        batch = {"batch": f"bench{now:.0f}-", "calls": CALLS}
        session.execute(text(BEGUN), {**batch, **_told(lines["alice"], lines["bob"])})
        session.execute(text(ENDED), {**batch, "now": now, "bob": str(lines["bob"])})
        session.commit()
    owner.dispose()


def _told(alice: int, bob: int) -> dict[str, str]:
    """Alice calls Bob; he answers, or after twenty seconds his mobile does."""
    facts = {
        "kind": "line",
        "sender": str(alice),
        "caller": alice,
        "callee": bob,
        "dialled": "102",
        "digits": "49305550000101",
        "depth": 0,
    }
    rings: dict[str, Any] = {"step": "rings", "line": bob, "begins": 0, "path": [bob]}
    forwarded = {"step": "forwarded", "line": bob, "why": "not-answered", "begins": 20, "path": [bob]}
    leaves = {"step": "leaves", "number": "491701234567", "begins": 20, "path": [bob]}
    return {
        "facts": json.dumps(facts),
        "plain": json.dumps([rings]),
        "forwarded": json.dumps([{**rings, "ended": "timeout"}, forwarded, leaves]),
    }
