"""Ten thousand extensions from one CSV file: uploaded, checked, written; and undone, so that the next run is the same."""

import time
from collections.abc import Iterator, Mapping

from sqlalchemy import select

from portal.bench.report import Row
from portal.core import db, outbox
from portal.core.identity import Identity
from portal.core.outbox import Handler
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer
from portal.features.pbx.models import Import, ImportKind, ImportState
from portal.features.pbx.operations import imports as operations
from portal.features.pbx.queries import imports as queries
from portal.features.subscribers.models import Kind, Subscriber

ROWS = 10_000
FIRST = 10_000  # five digits, far from what is in use


def imports(handlers: Mapping[str, Handler]) -> Iterator[Row]:
    """In City Bank, which grows without bounds here; with the rights that pages and the worker have."""
    with db.unit_of_work(Scope.platform()) as session:
        pilot = session.scalars(select(Subscriber).where(Subscriber.username == "ike", Subscriber.kind == Kind.PILOT)).one()
        bank = session.get_one(Customer, pilot.customer_id)
        bank.max_subscribers = bank.extension_min = bank.extension_max = None
        by = Identity.system("bench", reseller_id=pilot.reseller_id, customer_id=pilot.customer_id)
    began = time.perf_counter()
    with db.unit_of_work(by.scope):
        run = operations.upload(
            by=by, customer_id=by.customer_id or 0, kind=ImportKind.EXTENSIONS, name="bench.csv", content=_content()
        )
        operations.check(by=by, run=run)
        public_id = run.public_id
    _work(handlers)
    with db.unit_of_work(by.scope):
        operations.write(by=by, run=queries.run(public_id))
    _work(handlers)
    spent = time.perf_counter() - began
    with db.unit_of_work(by.scope):
        written = queries.run(public_id)
        _check(written)
        operations.undo(by=by, run=written)
    _work(handlers)
    yield Row(f"extension import by CSV, {ROWS:,} rows with dry run", spent, 20, "s")


def _content() -> bytes:
    people = (f"{FIRST + n},Person {n},person{n}@citybank.example,de,no\r\n" for n in range(ROWS))
    return "".join(["Extension,Name,E-mail,Language,Do not disturb\r\n", *people]).encode()


def _work(handlers: Mapping[str, Handler]) -> None:
    """What pages have left to the worker, with the worker's rights."""
    pages = db.database()
    worker = db.Database(pages.url, role=db.WORKER)
    db.install(worker)
    try:
        while outbox.deliver_one(handlers):
            pass
    finally:
        db.install(pages)
        worker.dispose()


def _check(run: Import) -> None:
    if run.state != ImportState.WRITTEN or run.counts.get("new") != ROWS:
        raise RuntimeError(f"the import is {run.state}: {queries.trouble(run)}")
