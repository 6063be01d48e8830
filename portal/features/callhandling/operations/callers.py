"""The life of a caller list."""

from collections.abc import Sequence

from sqlalchemy import delete

from portal.core import db, i18n
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.callhandling import queries, rules
from portal.features.callhandling.models import CallerEntry, CallerList
from portal.features.callhandling.operations import conditions
from portal.features.callhandling.rules import Entry
from portal.features.subscribers.models import Subscriber


def add_callers(
    *,
    by: Identity,
    line: Subscriber | None,
    name: str,
    entries: Sequence[Entry] = (),
    hidden: bool = False,
    colleagues: bool = False,
) -> CallerList:
    """Callers by name, for all lines of the company (`line` None) or for one."""
    whose = conditions.owner(by, line)
    name = conditions.check_name(CallerList, whose, name)
    _check(entries, hidden=hidden, colleagues=colleagues)
    made = CallerList(
        reseller_id=whose.reseller_id,
        customer_id=whose.customer_id,
        subscriber_id=whose.line_id,
        name=name,
        name_sort=i18n.sort_key(name),
        hidden=hidden,
        colleagues=colleagues,
    )
    db.session().add(made)
    db.session().flush()
    _write(made, entries)
    conditions.told(Event.CALLER_LIST_ADDED, by, made)
    return made


def change_callers(
    *,
    by: Identity,
    callers: CallerList,
    version: int,
    name: str,
    entries: Sequence[Entry] = (),
    hidden: bool = False,
    colleagues: bool = False,
) -> CallerList:
    """Forwarding that depends on them follows at once. Raises Conflict."""
    whose = conditions.owner_of(by, callers)
    conditions.at_version(callers, version)
    name = conditions.check_name(CallerList, whose, name, besides=callers)
    _check(entries, hidden=hidden, colleagues=colleagues)
    kept = queries.caller_list(callers.public_id, whose.line_id)
    wanted = (name, hidden, colleagues, {entry.pattern: entry.note for entry in entries})
    if wanted == (callers.name, callers.hidden, callers.colleagues, kept.notes):
        return callers
    db.session().execute(delete(CallerEntry).where(CallerEntry.caller_list_id == callers.id))
    _write(callers, entries)
    callers.name, callers.name_sort = name, i18n.sort_key(name)
    callers.hidden, callers.colleagues = hidden, colleagues
    conditions.renewed(callers)
    conditions.told(Event.CALLER_LIST_CHANGED, by, callers)
    return callers


def remove_callers(*, by: Identity, callers: CallerList) -> None:
    """Refused while a line's forwarding depends on them."""
    conditions.owner_of(by, callers)
    conditions.remove(callers, "caller-list-used", queries.lines_with_callers)
    conditions.told(Event.CALLER_LIST_REMOVED, by, callers)


def _check(entries: Sequence[Entry], *, hidden: bool, colleagues: bool) -> None:
    rules.check_entries(entries)
    if not (entries or hidden or colleagues):
        raise Refused("callers-empty", field="entries")


def _write(callers: CallerList, entries: Sequence[Entry]) -> None:
    owned = {"caller_list_id": callers.id, "reseller_id": callers.reseller_id, "customer_id": callers.customer_id}
    db.session().add_all(CallerEntry(pattern=entry.pattern, note=entry.note, **owned) for entry in entries)
    db.session().flush()
