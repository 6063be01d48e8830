"""Imports as a pilot asks for them and the worker does them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pytest

from portal.core import db, outbox
from portal.core.identity import Identity
from portal.core.tenancy import Scope
from portal.features.pbx import jobs
from portal.features.pbx.models import Import, ImportKind, ImportRow
from portal.features.pbx.operations import imports
from portal.features.pbx.queries import imports as queries
from tests.cast import Cast


@dataclass
class Importing:
    """Clare's imports. Each step is a transaction of its own, and then the worker does what it left to be done."""

    by: Identity
    customer_id: int
    pages: db.Database
    worker: db.Database

    @property
    def scope(self) -> Scope:
        return self.by.scope

    def upload(self, *lines: str, kind: ImportKind = ImportKind.EXTENSIONS, content: bytes | None = None) -> Import:
        with db.unit_of_work(self.scope) as session:
            text = ("\r\n".join(lines) + "\r\n").encode() if content is None else content
            run = imports.upload(by=self.by, customer_id=self.customer_id, kind=kind, name="people.csv", content=text)
            session.expunge(run)
            return run

    def check(self, *lines: str, kind: ImportKind = ImportKind.EXTENSIONS, content: bytes | None = None) -> Import:
        """From the file to its report."""
        return self.asked(self.upload(*lines, kind=kind, content=content), imports.check)

    def write(
        self, *lines: str, kind: ImportKind = ImportKind.EXTENSIONS, leave_out: bool = False, invite: bool = False
    ) -> Import:
        """From the file to what it changes."""
        run = self.check(*lines, kind=kind)
        return self.asked(run, lambda by, run: imports.write(by=by, run=run, leave_out=leave_out, invite=invite))

    def undo(self, run: Import) -> Import:
        return self.asked(run, imports.undo)

    def asked(self, run: Import, ask: Callable[..., object]) -> Import:
        with db.unit_of_work(self.scope):
            ask(by=self.by, run=queries.run(run.public_id))
        return self.worked(run)

    def work(self) -> None:
        """As the worker sees the database."""
        db.install(self.worker)
        try:
            while outbox.deliver_one(jobs.HANDLERS):
                pass
        finally:
            db.install(self.pages)

    def worked(self, run: Import) -> Import:
        self.work()
        return self.now(run)

    def now(self, run: Import) -> Import:
        with db.unit_of_work(self.scope) as session:
            found = queries.run(run.public_id)
            session.expunge(found)
            return found

    def rows(self, run: Import, verdict: str | None = None) -> list[ImportRow]:
        with db.unit_of_work(self.scope) as session:
            found = list(queries.rows(queries.run(run.public_id), verdict, limit=20_000).rows)
            for row in found:
                session.expunge(row)
            return found

    def verdicts(self, run: Import) -> list[str]:
        return [row.verdict for row in self.rows(run)]

    def codes(self, run: Import) -> list[list[str]]:
        """Of each row, what is in its way."""
        return [[trouble.code for trouble in queries.troubles(row)] for row in self.rows(run)]


@pytest.fixture
def importing(own_database: db.Database, own_cast: Cast) -> Iterator[Importing]:
    worker = db.Database(own_database.url, role=db.WORKER)
    yield Importing(own_cast.clare.identity, own_cast.lantern.id, own_database, worker)
    worker.dispose()


def as_csv(header: str, rows: Iterable[str]) -> bytes:
    return "\r\n".join([header, *rows, ""]).encode()
