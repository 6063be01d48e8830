"""What the worker does for imports. Each job can come again after a worker was killed: it looks first how far things are."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError

from portal.core import db
from portal.core.errors import CONSTRAINTS, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.outbox import Handler
from portal.core.tenancy import Scope
from portal.features.pbx.models import Import, ImportState
from portal.features.pbx.operations import dry_run, imports, undoing, writing
from portal.features.pbx.queries import imports as queries

log = structlog.get_logger()


@dataclass(frozen=True)
class Task:
    """An import that a job is about."""

    key: int
    scope: Scope

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "Task":
        return cls(payload["import"], Scope.customer(payload["reseller"], payload["customer"]))

    def progress(self, done: int) -> None:
        """In a small transaction of its own: whoever looks at the page sees it at once."""
        with db.unit_of_work(self.scope):
            imports.note_progress(self.key, done)

    @contextmanager
    def begun(self, state: ImportState, *, else_back: ImportState) -> Iterator[Import | None]:
        """The import, if it is still under way; what refuses it or breaks is told on its page, and then it is `else_back`."""
        try:
            with db.unit_of_work(self.scope):
                run = queries.by_key(self.key)
                yield run if run is not None and run.state == state else None
        except db.Unavailable:
            raise  # the job comes again
        except Refused as refusal:
            self._fail(else_back, refusal)
        except IntegrityError as error:
            code, field = CONSTRAINTS.get(_constraint(error), ("import-failed", None))
            self._fail(else_back, Refused(code, field=field))
        except Exception:
            log.exception("import failed", key=self.key, state=state.value)
            self._fail(else_back, Refused("import-failed"))

    def _fail(self, state: ImportState, refusal: Refused) -> None:
        with db.unit_of_work(self.scope):
            imports.fail(import_id=self.key, state=state, refusal=refusal)


def _constraint(error: IntegrityError) -> str:
    return str(getattr(getattr(error.orig, "diag", None), "constraint_name", ""))


def check(payload: Mapping[str, Any]) -> None:
    task = Task.of(payload)
    with task.begun(ImportState.CHECKING, else_back=ImportState.FAILED) as run:
        if run is not None:
            dry_run.check(run, task.progress)


def write(payload: Mapping[str, Any]) -> None:
    task = Task.of(payload)
    with task.begun(ImportState.WRITING, else_back=ImportState.FAILED) as run:
        if run is not None:
            writing.write(by=_whoever(run, run.by_name, run.by_account), run=run, progress=task.progress)


def undo(payload: Mapping[str, Any]) -> None:
    task = Task.of(payload)
    with task.begun(ImportState.UNDOING, else_back=ImportState.WRITTEN) as run:
        if run is not None:
            by = _whoever(run, run.options["undone_by"], run.options["undone_by_account"])
            undoing.undo(by=by, run=run, progress=task.progress)


def invite(payload: Mapping[str, Any]) -> None:
    """One by one, each in a transaction of its own: who was invited before the worker died is not invited again."""
    task = Task.of(payload)
    with db.unit_of_work(task.scope):
        run = queries.by_key(task.key)
        waiting = queries.uninvited(run) if run is not None else []
    for account_id in waiting:
        with db.unit_of_work(task.scope):
            imports.invite(import_id=task.key, account_id=account_id)


def forget(payload: Mapping[str, Any]) -> None:
    task = Task.of(payload)
    with db.unit_of_work(task.scope):
        imports.forget_passwords(task.key)


def _whoever(run: Import, name: str, account: PublicId | None) -> Identity:
    """Who asked for it, for the traces."""
    by = Identity.system(name, reseller_id=run.reseller_id, customer_id=run.customer_id, address=run.options.get("address"))
    return replace(by, public_id=account)


HANDLERS: Mapping[str, Handler] = {
    imports.CHECK: check,
    imports.WRITE: write,
    imports.UNDO: undo,
    writing.INVITE: invite,
    writing.FORGET: forget,
}
