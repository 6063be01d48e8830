"""Files on their way into a company's telephone system: uploaded, checked, written, undone. The worker does what takes time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, update

from portal.core import audit, clock, db, outbox
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.lines import one_line
from portal.features.accounts import operations as accounts
from portal.features.accounts.models import Account
from portal.features.customers.queries import hold as hold_customer
from portal.features.pbx.models import Import, ImportKind, ImportRow, ImportState
from portal.features.pbx.operations.dry_run import payload
from portal.features.pbx.queries import imports as queries
from portal.features.pbx.rules import files, imports as rules, ranges

CHECK, WRITE, UNDO = "import-check", "import-write", "import-undo"


@dataclass(frozen=True)
class NewPassword:
    """What somebody types into a new phone."""

    extension: str
    name: str
    username: str
    password: str


def upload(*, by: Identity, customer_id: int, kind: ImportKind, name: str, content: bytes) -> Import:
    """Keeps a file and matches its columns, without looking at its rows. Older ones of its kind that were not written go.

    Raises Refused for what is no file of rows.
    """
    accounts.check_alone(by)
    table = files.read(content)
    customer = hold_customer(customer_id)
    _drop_unwritten(customer_id, kind)
    run = Import(
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        kind=kind.value,
        state=ImportState.UPLOADED.value,
        name=one_line(name)[: rules.LONGEST_NAME] or "import.csv",
        content=content,
        options=_options(kind, table, by),
        counts={},
        total=len(table.lines),
        by_account=by.public_id,
        by_name=by.name,
        created_at=clock.now(),
    )
    db.session().add(run)
    db.session().flush()
    return run


def _options(kind: str, table: files.Table, by: Identity) -> dict[str, Any]:
    matching = files.match(kind, table.headers)
    return {
        "encoding": table.encoding,
        "separator": table.separator,
        "headers": list(table.headers),
        "sample": [[cell[: files.LONGEST_HEADING] for cell in line.cells] for line in table.lines[:3]],
        "columns": [column.field for column in matching.columns],
        "invite": False,
        "address": by.address,
    }


def _drop_unwritten(customer_id: int, kind: str) -> None:
    for run in queries.unwritten(customer_id, kind):
        _drop(run)


def _drop(run: Import) -> None:
    run.state, run.content = ImportState.DROPPED.value, None
    db.session().execute(delete(ImportRow).where(ImportRow.import_id == run.id))


def read_again(*, by: Identity, run: Import, encoding: str | None, separator: str | None) -> Import:
    """The same file, read in another way; its columns are matched anew."""
    run = _asked(run, "check")
    table = files.read(run.content or b"", encoding=encoding, separator=separator)
    run.options = _options(run.kind, table, by)
    run.total = len(table.lines)
    db.session().flush()
    return run


def check(*, by: Identity, run: Import, columns: Sequence[str | None] | None = None) -> Import:
    """Starts the dry run. `columns`: which field each column is, None for those left out; by default as they were matched."""
    accounts.check_alone(by)
    run = _asked(run, "check")
    if run.content is not None:
        asked = run.options["columns"] if columns is None else columns
        matching = files.chosen(run.kind, run.options["headers"], asked).check()
        run.options = run.options | {"columns": [column.field for column in matching.columns]}
    return _begin(run, ImportState.CHECKING, CHECK)


def write(*, by: Identity, run: Import, version: int | None = None, invite: bool = False, leave_out: bool = False) -> Import:
    """Starts to write what the dry run has found. `invite`: new people get a mail. `leave_out`: refused rows are passed over."""
    accounts.check_alone(by)
    run = _asked(run, "write", version)
    if not (run.counts.get("new") or run.counts.get("changed")):
        raise Refused("import-nothing")
    if run.counts.get("refused") and not leave_out:
        raise Refused("import-leave-out", field="leave_out")
    run.options = run.options | {"invite": invite, "address": by.address}
    run.by_account, run.by_name = by.public_id, by.name
    return _begin(run, ImportState.WRITING, WRITE)


def undo(*, by: Identity, run: Import) -> Import:
    """Starts to take back a whole import."""
    accounts.check_alone(by)
    run = _asked(run, "undo")
    run.options = run.options | {"undone_by": by.name, "undone_by_account": by.public_id, "address": by.address}
    return _begin(run, ImportState.UNDOING, UNDO)


def drop(*, by: Identity, run: Import) -> None:
    """Forgets a file that was not written."""
    accounts.check_alone(by)
    _drop(_asked(run, "drop"))
    db.session().flush()


def take_passwords(*, by: Identity, run: Import) -> list[NewPassword]:
    """The generated SIP passwords, once; they are nowhere else. Raises Refused when they are gone."""
    accounts.check_alone(by)
    hold_customer(run.customer_id)
    found = queries.secrets(run)
    forget_passwords(run.id)
    if not found or run.written_at is None or clock.now() - run.written_at > rules.SECRETS_KEPT:
        raise Refused("passwords-gone")
    audit.record(
        Event.IMPORT_PASSWORDS_TAKEN,
        by=by,
        subject=run.public_id,
        label=run.name,
        reseller_id=run.reseller_id,
        customer_id=run.customer_id,
    )
    return [NewPassword(*one) for one in found]


def forget_passwords(import_id: int) -> None:
    db.session().execute(update(ImportRow).where(ImportRow.import_id == import_id).values(secret=None))


def note_progress(import_id: int, done: int) -> None:
    db.session().execute(update(Import).where(Import.id == import_id).values(done=done))


def fail(*, import_id: int, state: ImportState, refusal: Refused) -> None:
    """What came in the way, for the page; the import is then in `state`."""
    run = db.session().get_one(Import, import_id, with_for_update={"key_share": True})
    run.state, run.done = state.value, 0
    run.trouble = {"code": refusal.code, "field": refusal.field, "facts": dict(refusal.facts)}
    db.session().flush()


def invite(*, import_id: int, account_id: int) -> None:
    """Somebody whom the import has brought chooses a web password by mail; nobody does once it is undone."""
    run = db.session().get_one(Import, import_id)
    if run.state != ImportState.WRITTEN:
        return
    by = replace(Identity.system(run.by_name, reseller_id=run.reseller_id, customer_id=run.customer_id), public_id=run.by_account)
    accounts.invite(by=by, account=db.session().get_one(Account, account_id))


def create_range(
    *, by: Identity, customer_id: int, first: str, count: int, pattern: str, common: Mapping[str, str] | None = None
) -> Import:
    """Extensions that follow one another, as an import without a file whose dry run starts at once.

    In `pattern` the sign # stands for the extension. `common`: what all of them have, as it would stand in a file.
    """
    accounts.check_alone(by)
    ranges.rows_for_range(first, count, pattern, common or {})
    customer = hold_customer(customer_id)
    _drop_unwritten(customer_id, ImportKind.EXTENSIONS)
    asked = {"first": first, "count": count, "pattern": pattern, "common": dict(common or {})}
    run = Import(
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        kind=ImportKind.EXTENSIONS.value,
        state=ImportState.UPLOADED.value,
        name=ranges.name_of(first, count),
        options={"range": asked, "invite": False, "address": by.address},
        counts={},
        total=count,
        by_account=by.public_id,
        by_name=by.name,
        created_at=clock.now(),
    )
    db.session().add(run)
    db.session().flush()
    return _begin(run, ImportState.CHECKING, CHECK)


def _asked(run: Import, what: str, version: int | None = None) -> Import:
    """The import as it is stored now, held, the customer before it, if that may be asked of it in its state."""
    hold_customer(run.customer_id)
    db.session().refresh(run, with_for_update={"key_share": True})
    if run.state not in rules.ALLOWED[what] or version not in {None, run.version}:
        raise Refused("import-moved-on")
    return run


def _begin(run: Import, state: ImportState, job: str) -> Import:
    """The customer is held: of two who begin something, the second finds the first."""
    if queries.running(run.customer_id) is not None:
        raise Refused("import-running")
    run.state, run.trouble, run.done = state.value, None, 0
    db.session().flush()
    outbox.enqueue(job, payload(run))
    return run
