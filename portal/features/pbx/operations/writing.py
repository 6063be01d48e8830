"""Writing an import: all its rows in one transaction, against the company as it stands now."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from portal.core import audit, clock, db, outbox
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.core.rows import among, insert_rows, update_rows
from portal.features.customers.queries import hold as hold_customer
from portal.features.numbers import operations as numbers
from portal.features.numbers.models import Number
from portal.features.numbers.rules import derived
from portal.features.pbx.models import Group, Import, ImportKind, ImportRow, ImportState
from portal.features.pbx.operations import at_once, dry_run
from portal.features.pbx.operations.at_once import Changes, Stage
from portal.features.pbx.rules import imports as rules
from portal.features.pbx.rules.plan_rows import Planned, Row
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import Kind, OutgoingNumber, Subscriber
from portal.features.subscribers.operations import Draft, Opened, record
from portal.features.subscribers.queries import company

INVITE, FORGET = "import-invite", "import-forget"
Progress = Callable[[int], None]  # told how many rows are done; it writes elsewhere, so the import itself is changed last
Kept = dict[int, dict[str, Any]]  # line of the file -> what its row is to remember
Places = dict[str, list[str]]  # of groups, who was in them: public ids


def write(*, by: Identity, run: Import, progress: Progress) -> bool:
    """False when the dry run is not true any more: then there is a new one, and nothing else was written."""
    hold_customer(run.customer_id)
    report = select(ImportRow.line, ImportRow.values, ImportRow.verdict, ImportRow.changes, ImportRow.subject)
    rows = db.session().execute(report.where(ImportRow.import_id == run.id).order_by(ImportRow.line)).all()
    hold_lines(run.customer_id, [row.subject for row in rows if row.subject])
    planned = dry_run.plan(run, [Row(row.line, row.values) for row in rows])
    if [_essence(one) for one in planned] != [(row.line, row.verdict, row.changes) for row in rows]:
        dry_run.keep(run, planned, progress)
        run.trouble = {"code": "import-changed", "facts": {}}
        db.session().flush()
        return False
    progress(len(rows) // 4)
    on = at_once.stage(by, company(run.customer_id))
    writers = {ImportKind.EXTENSIONS: _write_extensions, ImportKind.GROUPS: _write_groups, ImportKind.NUMBERS: _write_numbers}
    kept: Kept = {}
    groups = writers[ImportKind(run.kind)](on, kept, planned)
    progress(len(rows) * 3 // 4)
    _finish(on, run, planned, kept, groups)
    return True


def hold_lines(customer_id: int, subjects: Collection[str]) -> None:
    """In the order of their keys: whoever changes one of them now waits, or is waited for."""
    wanted = select(Subscriber.id).where(Subscriber.customer_id == customer_id, among(Subscriber.public_id, subjects))
    db.session().execute(wanted.order_by(Subscriber.id).with_for_update(key_share=True)).all()


def _essence(planned: Planned) -> tuple[int, str, dict[str, Any]]:
    """What a pilot has agreed to."""
    kept = dry_run.stored(planned)
    return kept["line"], kept["verdict"], kept["changes"]


# --- extensions -------------------------------------------------------------------------------------------------------


def _write_extensions(on: Stage, kept: Kept, planned: Sequence[Planned]) -> Places:
    new, changes = _parted(planned)
    keys = at_once.profile_keys(on.company.customer.id) if any("profile" in one for one in new.values()) else {}
    made = _open(on, new, [_draft(one, keys) for one in new.values()])
    _keep_secrets(kept, planned, made)
    every = {**new, **changes}
    orders = _orders(on, every)
    before = _before(on, orders)
    for handle, one in new.items():
        names = [on.lines[group].display_name for group in (one["groups"][1] if "groups" in one else ())]
        _record_new(on, Event.EXTENSION_CREATED, handle, username=on.lines[handle].username, groups=names)
    at_once.move_numbers(on, at_once.destinations(on, every))
    at_once.place_members(on, orders)
    at_once.change_lines(on, changes)
    at_once.show_numbers(on, {handle: one["outgoing"][1] for handle, one in every.items() if "outgoing" in one})
    return before


def _parted(planned: Iterable[Planned]) -> tuple[dict[str, Changes], dict[str, Changes]]:
    """New ones and changed ones, by their extensions."""
    new: dict[str, Changes] = {}
    changes: dict[str, Changes] = {}
    for one in planned:
        if one.verdict == "new":
            new[one.changes["extension"][1]] = one.changes
        elif one.verdict == "changed":
            changes["".join(one.values["extension"].split())] = one.changes
    return new, changes


def _draft(changes: Changes, profiles: Mapping[str, int]) -> Draft:
    def now(name: str) -> Any:
        return changes[name][1] if name in changes else None

    return Draft(
        kind=Kind.EXTENSION,
        username=now("username"),
        display_name=now("display_name"),
        extension=now("extension"),
        email=now("email"),
        web_username=now("web_username"),
        language=now("language"),
        outgoing=OutgoingNumber.BASE if now("outgoing") == OutgoingNumber.BASE else OutgoingNumber.OWN,
        do_not_disturb=bool(now("do_not_disturb")),
        music_on_hold=bool(now("music_on_hold")),
        profile_id=profiles.get(now("profile")),
    )


def _open(on: Stage, new: Iterable[str], drafts: Sequence[Draft]) -> dict[str, Opened]:
    customer, base = on.company.customer, on.company.base.parts
    opened = subscribers.open_lines(by=on.by, customer=customer, domain=on.company.domain, drafts=drafts)
    made = dict(zip(new, opened, strict=True))
    on.lines.update({handle: one.subscriber for handle, one in made.items()})
    numbers.give_new_primaries(
        customer=customer, parts={one.subscriber.id: derived(base, handle) for handle, one in made.items()}
    )
    return made


def _keep_secrets(kept: Kept, planned: Iterable[Planned], made: Mapping[str, Opened]) -> None:
    for one in planned:
        if one.verdict == "new":
            new = made[one.changes["extension"][1]]
            kept[one.line] = {"subject": new.subscriber.public_id, "secret": new.sip_password}


def _record_new(on: Stage, event: Event, handle: str, **facts: object) -> None:
    number = on.company.base.digits + handle
    record(event, by=on.by, line=on.lines[handle], extension=handle, number=number, **facts)


def _orders(on: Stage, changes: Mapping[str, Changes]) -> dict[str, list[str]]:
    """The groups that people join or leave, as they ring then: who comes new comes last."""
    pairs = {handle: one["groups"] for handle, one in changes.items() if "groups" in one}
    touched = {group for was, now in pairs.values() for group in set(was or ()) ^ set(now or ())}
    orders = at_once.members_of(on, touched)
    for handle, (was, now) in pairs.items():
        for group in set(was or ()) - set(now or ()):
            orders[group].remove(handle)
        for group in set(now or ()) - set(was or ()):
            orders[group].append(handle)
    return orders


def _before(on: Stage, groups: Iterable[str]) -> Places:
    """Who was in groups that exist already, by public ids."""
    every = at_once.members_of(on, groups)
    return {on.lines[group].public_id: [on.lines[one].public_id for one in members] for group, members in every.items()}


# --- groups and numbers -----------------------------------------------------------------------------------------------


def _write_groups(on: Stage, kept: Kept, planned: Sequence[Planned]) -> Places:
    new, changes = _parted(planned)
    made = _open(on, new, [_group_draft(one) for one in new.values()])
    _keep_secrets(kept, planned, made)
    insert_rows([_group(made[handle].subscriber, one) for handle, one in new.items()])
    every = {**new, **changes}
    orders = {handle: one["members"][1] for handle, one in every.items() if "members" in one}
    before = _before(on, [handle for handle in orders if handle in changes])
    for handle, one in new.items():
        names = [on.lines[member].display_name for member in orders.get(handle, ())]
        _record_new(on, Event.GROUP_CREATED, handle, policy=one["policy"][1], members=names)
    at_once.move_numbers(on, at_once.destinations(on, every))
    at_once.place_members(on, orders, silent=new.keys())
    at_once.change_lines(on, changes)
    return before


def _group_draft(changes: Changes) -> Draft:
    return Draft(
        kind=Kind.GROUP,
        username=changes["username"][1],
        display_name=changes["display_name"][1],
        extension=changes["extension"][1],
    )


def _group(line: Subscriber, changes: Changes) -> Group:
    return Group(
        subscriber_id=line.id,
        reseller_id=line.reseller_id,
        customer_id=line.customer_id,
        **{name: changes[name][1] for name in at_once.OF_RINGING},
    )


def _write_numbers(on: Stage, kept: Kept, planned: Sequence[Planned]) -> Places:
    to = {one.subject: one.changes["owner"][1] for one in planned if one.verdict == "changed"}
    wanted = select(Number).where(Number.customer_id == on.company.customer.id, among(Number.public_id, list(to)))
    found: dict[str | None, Number] = {number.public_id: number for number in db.session().scalars(wanted)}
    lines = {line.id: line for line in on.lines.values()}
    for one in planned:
        if one.verdict == "changed":
            number = found[one.subject]
            was = lines[number.subscriber_id or 0]
            kept[one.line] = {"before": {"owner": was.public_id, "shown": was.outgoing_number_id == number.id}}
    targets = {found[subject].digits: on.pilot if owner is None else on.lines[owner] for subject, owner in to.items()}
    at_once.move_numbers(on, targets)
    return {}


# --- the end ----------------------------------------------------------------------------------------------------------


def _finish(on: Stage, run: Import, planned: Sequence[Planned], kept: Kept, groups: Places) -> None:
    """What undoing will need, the trace of the whole, and the work that follows."""
    versions = versions_of(run)
    update_rows(ImportRow, [_kept(run, one, kept, versions) for one in planned if one.changes], by=("import_id", "line"))
    db.session().refresh(run, ["state", "version"], with_for_update={"key_share": True})
    run.options = run.options | {"groups": groups, "group_versions": {group: versions[group] for group in groups}}
    run.state, run.content, run.done = ImportState.WRITTEN.value, None, run.total
    run.written_at = clock.now()
    record_run(Event.IMPORT_WRITTEN, on.by, run, added=run.counts["new"], changed=run.counts["changed"])
    _enqueue_rest(run)


def _kept(run: Import, planned: Planned, kept: Kept, versions: Mapping[str | None, int]) -> dict[str, Any]:
    """What a row is to remember: whom it was about, what was before, which version that has now, a password to be told."""
    before = {name: was for name, (was, _now) in planned.changes.items()}
    own = {"subject": planned.subject, "secret": None, "before": before, **kept.get(planned.line, {})}
    return {"import_id": run.id, "line": planned.line, "after_version": versions.get(own["subject"]), **own}


def versions_of(run: Import) -> dict[str | None, int]:
    """Public id -> version, of the lines or of the numbers of the company."""
    table = Number if run.kind == ImportKind.NUMBERS else Subscriber
    found = db.session().execute(select(table.public_id, table.version).where(table.customer_id == run.customer_id))
    return {public_id: version for public_id, version in found}  # noqa: C416 - rows are no pairs to the type checker


def record_run(event: Event, by: Identity, run: Import, **facts: object) -> None:
    audit.record(
        event,
        by=by,
        subject=run.public_id,
        label=run.name,
        reseller_id=run.reseller_id,
        customer_id=run.customer_id,
        **facts,
    )


def _enqueue_rest(run: Import) -> None:
    if run.kind != ImportKind.EXTENSIONS or not run.counts["new"]:
        return
    outbox.enqueue(FORGET, dry_run.payload(run), after=rules.SECRETS_KEPT)
    if run.options.get("invite"):
        outbox.enqueue(INVITE, dry_run.payload(run))
