"""Undoing an import: all of it, while nobody else has touched what it wrote."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy import select

from portal.core import clock, db, i18n
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.rows import among
from portal.features.customers.queries import hold as hold_customer
from portal.features.numbers.models import Number
from portal.features.pbx.models import Import, ImportKind, ImportRow, ImportState
from portal.features.pbx.operations import at_once
from portal.features.pbx.operations.at_once import Changes, Stage
from portal.features.pbx.operations.imports import forget_passwords
from portal.features.pbx.operations.writing import Progress, hold_lines, record_run, versions_of
from portal.features.pbx.queries.lived import lived_in
from portal.features.pbx.rules import imports as rules
from portal.features.subscribers.models import OutgoingNumber
from portal.features.subscribers.queries import company

Way = Callable[[ImportRow], Changes]
Names = Mapping[PublicId, str]  # of the lines that there are


def undo(*, by: Identity, run: Import, progress: Progress) -> None:
    """Raises Refused when something has changed since; then nothing is undone."""
    hold_customer(run.customer_id)
    written = select(ImportRow).where(ImportRow.import_id == run.id, ImportRow.verdict.in_(["new", "changed"]))
    rows = list(db.session().scalars(written.order_by(ImportRow.line)))
    groups = run.options.get("groups", {})
    hold_lines(run.customer_id, [*(row.subject for row in rows if row.subject), *groups])
    on = at_once.stage(by, company(run.customer_id))
    _check_untouched(on, run, rows)
    progress(run.total // 2)
    if run.kind == ImportKind.NUMBERS:
        _return_numbers(on, rows)
    else:
        _restore_lines(on, rows, groups)
    _finish(on, run)


# --- whether it can be ------------------------------------------------------------------------------------------------


def _check_untouched(on: Stage, run: Import, rows: Sequence[ImportRow]) -> None:
    versions = versions_of(run)
    names = {line.public_id: line.display_name for line in on.lines.values()}
    touched = [_title(row, names) for row in rows if versions.get(row.subject) != row.after_version or _gone(row, names, run)]
    groups = run.options.get("group_versions", {})
    touched += [names.get(group, "?") for group, version in groups.items() if versions.get(group) != version]
    touched += _moved_numbers(on, rows) if run.kind != ImportKind.NUMBERS else _gone_owners(rows, names)
    touched += _gone_profiles(on, rows)
    touched += lived_in([row.subject for row in rows if row.verdict == "new" and row.subject])
    if touched:
        named = list(dict.fromkeys(touched))
        code = "import-touched" if len(named) <= rules.LISTED else "import-touched-more"
        raise Refused(code, names=i18n.listed(named[: rules.LISTED]))


def _title(row: ImportRow, names: Names) -> str:
    """What people call it: its name, that in the file, or its number."""
    known = names.get(row.subject) if row.subject else None
    said: dict[str, str] = row.values
    return known or said.get("display_name") or said.get("number") or said.get("extension", "")


def _gone(row: ImportRow, names: Names, run: Import) -> bool:
    return run.kind != ImportKind.NUMBERS and row.subject not in names


def _moved_numbers(on: Stage, rows: Sequence[ImportRow]) -> list[str]:
    """Numbers that are not where the import has put them."""
    put = at_once.destinations(on, _by_handle(on, rows, _forth))
    return [number.digits for number in _numbers(on, put) if number.subscriber_id != put[number.digits].id]


def _numbers(on: Stage, digits: Iterable[str]) -> list[Number]:
    return at_once.held_numbers(on.company.customer.id, list(digits))


def _gone_owners(rows: Sequence[ImportRow], names: Names) -> list[str]:
    return [row.values["number"] for row in rows if row.before is not None and row.before["owner"] not in names]


def _gone_profiles(on: Stage, rows: Sequence[ImportRow]) -> list[str]:
    wanted = {row.changes["profile"][0] for row in rows if row.verdict == "changed" and "profile" in row.changes}
    known = at_once.profile_keys(on.company.customer.id) if wanted - {None} else {}
    return sorted(name for name in wanted - {None} if name not in known)


# --- doing it ---------------------------------------------------------------------------------------------------------


def _restore_lines(on: Stage, rows: Sequence[ImportRow], groups: Mapping[PublicId, Sequence[PublicId]]) -> None:
    back = _by_handle(on, rows, _back)
    handles = {line.public_id: handle for handle, line in on.lines.items()}
    created = [handles[row.subject] for row in rows if row.verdict == "new" and row.subject]
    changes = {handle: one for handle, one in back.items() if handle not in set(created)}
    at_once.move_numbers(on, at_once.destinations(on, back))
    at_once.place_members(
        on, {handles[group]: [handles[one] for one in members if one in handles] for group, members in groups.items()}
    )
    at_once.change_lines(on, changes)
    at_once.show_numbers(on, {handle: one["outgoing"][1] for handle, one in changes.items() if "outgoing" in one})
    at_once.end_lines(on, created)


def _by_handle(on: Stage, rows: Sequence[ImportRow], way: Way) -> dict[str, Changes]:
    handles = {line.public_id: handle for handle, line in on.lines.items()}
    return {handles[row.subject]: way(row) for row in rows if row.subject in handles}


def _forth(row: ImportRow) -> Changes:
    return row.changes


def _back(row: ImportRow) -> Changes:
    return {name: (now, was) for name, (was, now) in row.changes.items()}


def _return_numbers(on: Stage, rows: Sequence[ImportRow]) -> None:
    lines = {line.public_id: line for line in on.lines.values()}
    wanted = select(Number).where(among(Number.public_id, [row.subject for row in rows]))
    numbers = {number.public_id: number for number in db.session().scalars(wanted)}
    before = {numbers[row.subject]: row.before for row in rows if row.before is not None and row.subject in numbers}
    at_once.move_numbers(on, {number.digits: lines[was["owner"]] for number, was in before.items()})
    for number, was in before.items():
        line = lines[was["owner"]]
        if was["shown"] and line.outgoing == OutgoingNumber.OWN:
            line.outgoing, line.outgoing_number_id = OutgoingNumber.ALIAS.value, number.id


def _finish(on: Stage, run: Import) -> None:
    forget_passwords(run.id)
    db.session().flush()
    db.session().refresh(run, ["state", "version"], with_for_update={"key_share": True})
    run.state, run.undone_at, run.done = ImportState.UNDONE.value, clock.now(), run.total
    record_run(Event.IMPORT_UNDONE, on.by, run)
