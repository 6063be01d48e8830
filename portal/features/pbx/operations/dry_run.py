"""The dry run of an import: its rows against the company as it stands."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import delete, insert

from portal.core import db
from portal.features.pbx.models import Import, ImportKind, ImportRow, ImportState
from portal.features.pbx.queries.snapshot import snapshot, taken
from portal.features.pbx.rules import files, plan_extensions, plan_groups, plan_numbers, ranges
from portal.features.pbx.rules.plan_rows import BEYOND, Planned, Row, Taken
from portal.features.subscribers.queries import company

Progress = Callable[[int], None]  # told how many rows are done
AT_ONCE = 1000


def check(run: Import, progress: Progress) -> None:
    """Writes what becomes of each row."""
    planned = plan(run, rows_of(run))
    keep(run, planned, progress)


def rows_of(run: Import) -> list[Row]:
    """Of its file or its range. Raises Refused."""
    if run.content is None:
        asked = run.options["range"]
        made = ranges.rows_for_range(asked["first"], asked["count"], asked["pattern"], asked["common"])
        return [Row(line, values) for line, values in made]
    table = files.read(run.content, encoding=run.options["encoding"], separator=run.options["separator"])
    matching = files.chosen(run.kind, table.headers, run.options["columns"]).check()
    width = len(table.headers)
    return [Row(line.number, matching.values(line.cells) | _beyond(line.cells[width:])) for line in table.lines]


def _beyond(cells: Sequence[str]) -> dict[str, str]:
    said = " ".join(cells).strip()
    return {BEYOND: said} if said else {}


def plan(run: Import, rows: Sequence[Row]) -> list[Planned]:
    """Against the company as it stands now."""
    now = snapshot(run.customer_id)
    if run.kind == ImportKind.NUMBERS:
        return plan_numbers.plan(rows, now)
    if run.kind == ImportKind.GROUPS:
        return plan_groups.plan(rows, now, _taken(run, plan_groups.asked(rows, now)))
    found = _taken(run, plan_extensions.asked(rows, now))
    return plan_extensions.plan(rows, now, found, only_new="range" in run.options)


def _taken(run: Import, asked: plan_extensions.Asked) -> Taken:
    return taken(company(run.customer_id), asked)


def keep(run: Import, planned: Sequence[Planned], progress: Progress) -> None:
    """The report; an older one goes."""
    db.session().execute(delete(ImportRow).where(ImportRow.import_id == run.id))
    own = {"reseller_id": run.reseller_id, "customer_id": run.customer_id, "import_id": run.id}
    for start in range(0, len(planned), AT_ONCE):
        rows = [{**own, **stored(one)} for one in planned[start : start + AT_ONCE]]
        db.session().execute(insert(ImportRow), rows)
        progress(start + len(rows))
    db.session().refresh(run, with_for_update={"key_share": True})
    run.counts = {verdict: sum(one.verdict == verdict for one in planned) for verdict in ("new", "changed", "same", "refused")}
    run.total = run.done = len(planned)
    run.state = ImportState.CHECKED.value
    db.session().flush()


def payload(run: Import) -> dict[str, Any]:
    """Of a job about this import."""
    return {"import": run.id, "reseller": run.reseller_id, "customer": run.customer_id}


def stored(planned: Planned) -> dict[str, Any]:
    """As a row of the database."""
    return {
        "line": planned.line,
        "verdict": planned.verdict.value,
        "values": dict(planned.values),
        "changes": {name: list(change) for name, change in planned.changes.items()},
        "troubles": [[trouble.field, trouble.code, dict(trouble.facts)] for trouble in planned.troubles],
        "subject": planned.subject,
    }
