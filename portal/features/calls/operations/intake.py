"""Intake of call records, batch by batch; each batch is a transaction, so that a file of any size needs little memory."""

import gc
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import PurePath
from typing import Any

from sqlalchemy import Column, Insert, MetaData, Table, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.schema import CreateTable

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.calls.models import CallImport, CallImportReject, CallRecord, CallVolume, KnownLeg
from portal.features.calls.queries import intake as queries
from portal.features.calls.queries.intake import Extension
from portal.features.calls.rules.files import Format, Hashed, Line as FileLine, Readable, lines
from portal.features.calls.rules.legs import Address, BadLine, Leg, leg
from portal.features.calls.rules.sides import Line, Record, records
from portal.features.calls.rules.words import Result, Side

BATCH = 20_000
BUCKET = timedelta(minutes=15)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
MOST_REMEMBERED = 200_000
LONGEST_RAW = 2000
LOCK = 727_001_928  # batches follow one another in all processes, so what is known stays true to the end of a batch
STAGE = Table(
    "call_stage",
    MetaData(),
    *(Column(name, CallRecord.__table__.c[name].type) for name in Record._fields),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DELETE ROWS",
)


@dataclass
class Counts:
    """Of lines; `records` is what became of those taken."""

    lines: int = 0
    taken: int = 0
    known: int = 0
    not_ours: int = 0
    set_aside: int = 0
    records: int = 0

    def add(self, other: "Counts") -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass
class Intake:
    """One file on its way in, or what the switch wrote (then without `import_id`). Needs the platform's scope."""

    import_id: int | None
    homes: Mapping[str, Home]
    totals: Counts = field(default_factory=Counts)
    by_reseller: Counter[int] = field(default_factory=Counter)
    lines: dict[Address, Line | None] = field(default_factory=dict)
    colleagues: dict[Extension, Line | None] = field(default_factory=dict)
    months: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True)
class Reject:
    line: int
    raw: str
    reason: str


@dataclass(frozen=True)
class Step:
    """How far a file has come: bytes of this batch, its lines set aside, the counts so far, and seconds spent in the database."""

    size: int
    rejects: Sequence[Reject]
    totals: Counts


def take_file(file: Readable, *, name: str, by: Identity, wanted: Format | None = None) -> Iterator[Step]:
    """Takes a whole file, a unit of work per batch. Raises UnusableFile, and then leaves no trace."""
    hashed = Hashed(file)
    found = lines(hashed, name, wanted)
    first = list(islice(found, 1))
    with db.unit_of_work(Scope.platform()):
        intake = begin(file_name=PurePath(name).name)
    found = chain(first, found)
    while step := _step(intake, found):
        yield step
    with db.unit_of_work(Scope.platform()):
        finish(intake, by=by, sha256=hashed.sha256)


def _step(intake: Intake, found: Iterator[FileLine]) -> Step | None:
    with without_search_for_cycles():
        batch = list(islice(found, BATCH))
        if not batch:
            return None
        with db.unit_of_work(Scope.platform()):
            rejects = take(intake, batch)
        return Step(sum(line.size for line in batch), rejects, replace(intake.totals))


@contextmanager
def without_search_for_cycles() -> Iterator[None]:
    """A batch makes some hundred thousand tuples and no cycle: searching for one takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def begin(*, file_name: str) -> Intake:
    made = CallImport(file_name=file_name, started_at=clock.now())
    db.session().add(made)
    db.session().flush()
    return Intake(import_id=made.id, homes=queries.homes())


def take(intake: Intake, batch: Sequence[FileLine]) -> list[Reject]:
    """Takes a batch of lines; what was set aside is returned, and kept beside the import if it has one."""
    legs, rejects = _read(intake, batch)
    _make_room(intake, legs)
    # The foreign key is looked up for each row: planning that anew would take as long as all the rest.
    db.session().execute(select(func.set_config("plan_cache_mode", "auto", True), func.pg_advisory_xact_lock(LOCK)))
    fresh, contradictions = _first_of_each(legs)
    made = _records(intake, [found for _line, found in fresh])
    ours = {(record.call_id, record.leg) for record in made}
    known = _store(made, ours)
    rejects = sorted([*rejects, *contradictions, *_contradictions(fresh, known)], key=lambda reject: reject.line)
    if intake.import_id is not None:
        set_aside(intake.import_id, rejects)
    kept = [record for record in made if (record.call_id, record.leg) not in known] if known else made
    intake.by_reseller.update(record.reseller_id for record in kept)
    taken, not_ours = len(ours) - len(known), len(fresh) - len(ours)
    intake.totals.add(
        Counts(
            lines=len(batch),
            taken=taken,
            known=len(batch) - taken - not_ours - len(rejects),
            not_ours=not_ours,
            set_aside=len(rejects),
            records=len(kept),
        ),
    )
    return rejects


def finish(intake: Intake, *, by: Identity, sha256: str | None = None) -> None:
    counts = {name: number for name, number in vars(intake.totals).items() if name != "records"}
    db.session().execute(
        update(CallImport).where(CallImport.id == intake.import_id).values(sha256=sha256, finished_at=clock.now(), **counts),
    )
    for reseller_id, number in sorted(intake.by_reseller.items()):
        audit.record(Event.CALLS_IMPORTED, by=by, reseller_id=reseller_id, records=number)


def _read(intake: Intake, batch: Sequence[FileLine]) -> tuple[list[tuple[FileLine, Leg]], list[Reject]]:
    now, home_of = clock.now(), intake.homes.get
    legs: list[tuple[FileLine, Leg]] = []
    bad: list[Reject] = []
    for line in batch:
        if line.fields is None:
            bad.append(Reject(line.number, line.raw, line.trouble))
            continue
        try:
            legs.append((line, leg(line.fields, home_of, now)))
        except BadLine as error:
            bad.append(Reject(line.number, line.raw, str(error)))
    return legs, bad


def _make_room(intake: Intake, legs: Sequence[tuple[FileLine, Leg]]) -> None:
    """Months are made in small transactions of their own: what that locks is not held for a whole batch."""
    months = {(found.start_time.year, found.start_time.month) for _line, found in legs} - intake.months
    for year, month in sorted(months):
        with db.unit_of_work(Scope.platform()) as own:
            own.execute(select(func.ensure_call_partition(datetime(year, month, 1, tzinfo=UTC))))
    intake.months |= months


def _first_of_each(legs: Sequence[tuple[FileLine, Leg]]) -> tuple[list[tuple[FileLine, Leg]], list[Reject]]:
    """Of legs that come several times in a batch the first, and those that contradict it."""
    first: dict[queries.LegKey, tuple[FileLine, Leg]] = {}
    for pair in legs:
        first.setdefault(pair[1].key, pair)
    if len(first) == len(legs):
        return list(legs), []
    return list(first.values()), _contradictions(legs, {key: found.start_time for key, (_line, found) in first.items()})


def _contradictions(legs: Sequence[tuple[FileLine, Leg]], known: Mapping[queries.LegKey, datetime]) -> list[Reject]:
    """The legs that are known to have begun at another time."""
    return [
        Reject(
            line.number,
            line.raw,
            f"Leg {found.leg} of this call was taken before, with another start_time: {known[found.key].isoformat()}.",
        )
        for line, found in (legs if known else ())
        if known.get(found.key, found.start_time) != found.start_time
    ]


def _records(intake: Intake, legs: Sequence[Leg]) -> list[Record]:
    _remember(intake, legs)
    at = intake.lines
    made: list[Record] = []
    for found in legs:
        made += records(found, at[found.caller], at[found.callee], _origin(intake, found))
    return made


def _origin(intake: Intake, leg: Leg) -> Line | None:
    """In a domain of several customers an extension is that of the forwarder’s colleague."""
    if leg.origin is None:
        return None
    return intake.lines[leg.origin] or intake.colleagues.get(_extension(intake, leg))


def _extension(intake: Intake, leg: Leg) -> Extension:
    forwarder = intake.lines[leg.caller]
    return (forwarder.customer_id if forwarder else 0, leg.origin.user if leg.origin and leg.origin.domain else "")


def _remember(intake: Intake, legs: Sequence[Leg]) -> None:
    """Finds out which of the parties are lines of ours, as far as that is not known from lines before."""
    if len(intake.lines) > MOST_REMEMBERED:
        intake.lines.clear()
        intake.colleagues.clear()
    at = intake.lines
    new = {found.caller for found in legs if found.caller not in at} | {found.callee for found in legs if found.callee not in at}
    new |= {found.origin for found in legs if found.origin and found.origin not in at}
    found = queries.lines(new, intake.homes.keys()) if new else {}
    at.update((address, found.get(address)) for address in new)
    wanted = {_extension(intake, found) for found in legs if found.origin and at[found.origin] is None}
    asked = {extension for extension in wanted - intake.colleagues.keys() if all(extension)}
    there = queries.colleagues(asked) if asked else {}
    intake.colleagues.update((extension, there.get(extension)) for extension in asked)


def _store(made: Sequence[Record], keys: set[queries.LegKey]) -> dict[queries.LegKey, datetime]:
    """Stores the records of legs that nobody took before. Gives the others, and when they began."""
    if not made:
        return {}
    session = db.session()
    session.execute(CreateTable(STAGE, if_not_exists=True))
    session.execute(delete(STAGE))
    _copy(made)
    known: dict[queries.LegKey, datetime] = {}
    if not _all_new(len(keys)):
        known = queries.known_legs(keys)
        session.execute(delete(STAGE))
        _copy([record for record in made if (record.call_id, record.leg) not in known])
        session.execute(_ledger())
    sorted_for_indexes = select(STAGE).order_by(STAGE.c.reseller_id, STAGE.c.customer_id, STAGE.c.start_time)
    session.execute(insert(CallRecord).from_select(Record._fields, sorted_for_indexes))
    session.execute(_volume())
    return known


def _all_new(expected: int) -> bool:
    """Notes the staged legs as known; if one of them is so already, notes nothing."""
    with db.session().begin_nested() as attempt:
        done: Any = db.session().execute(_ledger(), execution_options={"preserve_rowcount": True})
        if done.rowcount == expected:
            return True
        attempt.rollback()
    return False


def _ledger() -> Insert:
    staged = select(STAGE.c.call_id, STAGE.c.leg, STAGE.c.start_time).distinct().order_by(STAGE.c.call_id, STAGE.c.leg)
    return upsert(KnownLeg).from_select(["call_id", "leg", "start_time"], staged).on_conflict_do_nothing()


def _copy(made: Sequence[Record]) -> None:
    connection: Any = db.session().connection().connection.driver_connection
    with connection.cursor() as cursor, cursor.copy(f"COPY {STAGE.name} FROM STDIN") as copy:
        for record in made:
            copy.write_row(record)


def _volume() -> Insert:
    answered = STAGE.c.result == Result.OK.value
    missed = ~answered & (STAGE.c.side == Side.CALLEE.value)
    bucket = func.date_bin(BUCKET, STAGE.c.start_time, EPOCH)
    key = (STAGE.c.reseller_id, STAGE.c.customer_id, bucket, STAGE.c.direction)
    counts = {
        "calls": func.count(),
        "answered": func.count().filter(answered),
        "missed": func.count().filter(missed),
        "seconds": func.sum(STAGE.c.duration_ms) // 1000,
    }
    added = upsert(CallVolume).from_select(
        ["reseller_id", "customer_id", "bucket", "direction", *counts],
        select(*key, *counts.values()).where(STAGE.c.in_company).group_by(*key),
    )
    return added.on_conflict_do_update(
        index_elements=["reseller_id", "customer_id", "bucket", "direction"],
        set_={name: getattr(CallVolume, name) + added.excluded[name] for name in counts},
    )


def set_aside(import_id: int, rejects: Sequence[Reject]) -> None:
    if rejects:
        db.session().execute(
            insert(CallImportReject),
            [{"import_id": import_id, "line": one.line, "raw": _storable(one.raw), "reason": one.reason} for one in rejects],
        )


def _storable(raw: str) -> str:
    """PostgreSQL keeps no zero bytes and no half characters."""
    return raw[:LONGEST_RAW].replace("\0", "�").encode("utf-8", "replace").decode()
