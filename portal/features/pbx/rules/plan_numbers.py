"""The dry run of a file that says who has which further number."""

from collections.abc import Sequence

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.pbx.rules.plan_rows import Draft, Planned, Row, Snapshot, Verdict, begin

declare("row-owner-unknown", N_("Nobody here has the extension “%(owner)s”."))


def plan(rows: Sequence[Row], now: Snapshot) -> list[Planned]:
    """An empty owner means that the number is free."""
    found = {row.line: _number(row, now) for row in rows}
    drafts = begin(rows, "number", lambda row: _key(found[row.line]))
    return [_planned(draft, found[draft.row.line], now) for draft in drafts]


def _number(row: Row, now: Snapshot) -> str | Refused:
    try:
        return now.number(row.values.get("number", ""))
    except Refused as refusal:
        return refusal


def _key(found: str | Refused) -> str:
    return found if isinstance(found, str) else ""


def _planned(draft: Draft, found: str | Refused, now: Snapshot) -> Planned:
    draft.take("owner", lambda: _owner(draft.says("owner"), now))
    if isinstance(found, Refused):
        draft.troubles.insert(0, draft.trouble("number", found))
        return Planned(draft.row.line, Verdict.REFUSED, draft.row.values, {}, draft.troubles, None)
    number = now.pool[found]
    if draft.troubles:
        return Planned(draft.row.line, Verdict.REFUSED, draft.row.values, {}, draft.troubles, number.public_id)
    owner = draft.wanted["owner"]
    changes = {} if owner == number.owner else {"owner": (number.owner, owner)}
    verdict = Verdict.CHANGED if changes else Verdict.SAME
    return Planned(draft.row.line, verdict, draft.row.values, changes, [], number.public_id)


def _owner(typed: str, now: Snapshot) -> str | None:
    """A handle, None for the pool."""
    if not typed.strip():
        return None
    line = now.find(typed)
    if line is None:
        raise Refused("row-owner-unknown", field="owner", owner=typed.strip())
    return None if line is now.pilot else line.handle
