"""Intake of call records, batch by batch; each batch is a transaction, so that a file of any size needs little memory."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
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
    """One file on its way in. Needs the platform's scope."""

    import_id: int
    homes: Mapping[str, Home]
    totals: Counts = field(default_factory=Counts)
    by_reseller: Counter[int] = field(default_factory=Counter)
    lines: dict[Address, Line | None] = field(default_factory=dict)
    months: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True)
class Reject:
    line: int
    raw: str
    reason: str


@dataclass(frozen=True)
class Step:
    """How far a file has come: bytes of this batch, its lines set aside, and the counts so far."""

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
    batch = [*first, *islice(found, BATCH - 1)]
    while batch:
        with db.unit_of_work(Scope.platform()):
            rejects = take(intake, batch)
        yield Step(sum(line.size for line in batch), rejects, intake.totals)
        batch = list(islice(found, BATCH))
    with db.unit_of_work(Scope.platform()):
        finish(intake, by=by, sha256=hashed.sha256)


def begin(*, file_name: str) -> Intake:
    made = CallImport(file_name=file_name, started_at=clock.now())
    db.session().add(made)
    db.session().flush()
    return Intake(import_id=made.id, homes=queries.homes())


def take(intake: Intake, batch: Sequence[FileLine]) -> list[Reject]:
    """Takes a batch of lines; what was set aside is kept beside the import, and returned."""
    read, bad = _read(intake, batch)
    _make_room(intake, (found.start_time for _line, found in read))
    db.session().execute(select(func.pg_advisory_xact_lock(LOCK)))
    fresh, contradictions = _fresh(read)
    made = _records(intake, fresh)
    ours = {(record.call_id, record.leg) for record in made}
    _store(made)
    rejects = sorted([*bad, *contradictions], key=lambda reject: reject.line)
    _set_aside(intake.import_id, rejects)
    intake.by_reseller.update(record.reseller_id for record in made)
    intake.totals.add(
        Counts(
            lines=len(batch),
            taken=len(ours),
            known=len(read) - len(fresh) - len(contradictions),
            not_ours=len(fresh) - len(ours),
            set_aside=len(rejects),
            records=len(made),
        ),
    )
    return rejects


def finish(intake: Intake, *, by: Identity, sha256: str) -> None:
    counts = {name: number for name, number in vars(intake.totals).items() if name != "records"}
    db.session().execute(
        update(CallImport).where(CallImport.id == intake.import_id).values(sha256=sha256, finished_at=clock.now(), **counts),
    )
    for reseller_id, number in sorted(intake.by_reseller.items()):
        audit.record(Event.CALLS_IMPORTED, by=by, reseller_id=reseller_id, records=number)


def _read(intake: Intake, batch: Sequence[FileLine]) -> tuple[list[tuple[FileLine, Leg]], list[Reject]]:
    now, home_of = clock.now(), intake.homes.get
    read: list[tuple[FileLine, Leg]] = []
    bad: list[Reject] = []
    for line in batch:
        if line.fields is None:
            bad.append(Reject(line.number, line.raw, line.trouble))
            continue
        try:
            read.append((line, leg(line.fields, home_of, now)))
        except BadLine as error:
            bad.append(Reject(line.number, line.raw, str(error)))
    return read, bad


def _make_room(intake: Intake, times: Iterable[datetime]) -> None:
    """Months are made in small transactions of their own: what that locks is not held for a whole batch."""
    months = {(time.year, time.month) for time in times} - intake.months
    for year, month in sorted(months):
        with db.unit_of_work(Scope.platform()) as own:
            own.execute(select(func.ensure_call_partition(datetime(year, month, 1, tzinfo=UTC))))
    intake.months |= months


def _fresh(read: Sequence[tuple[FileLine, Leg]]) -> tuple[list[Leg], list[Reject]]:
    """The legs that nobody took before, and those that contradict what was taken."""
    known = queries.known_legs({found.key for _line, found in read}) if read else {}
    fresh: list[Leg] = []
    contradictions: list[Reject] = []
    for line, found in read:
        began = known.get(found.key)
        if began is None:
            known[found.key] = found.start_time
            fresh.append(found)
        elif began != found.start_time:
            reason = f"Leg {found.leg} of this call was taken before, with another start_time: {began.isoformat()}."
            contradictions.append(Reject(line.number, line.raw, reason))
    return fresh, contradictions


def _records(intake: Intake, legs: Sequence[Leg]) -> list[Record]:
    _remember(intake, {address for found in legs for address in (found.caller, found.callee, found.origin) if address})
    made: list[Record] = []
    for found in legs:
        origin = intake.lines[found.origin] if found.origin else None
        made += records(found, intake.lines[found.caller], intake.lines[found.callee], origin)
    return made


def _remember(intake: Intake, addresses: Iterable[Address]) -> None:
    new = [address for address in addresses if address not in intake.lines]
    if len(intake.lines) + len(new) > MOST_REMEMBERED:
        new = list(addresses)
        intake.lines.clear()
    found = queries.lines(new, intake.homes.keys()) if new else {}
    intake.lines.update((address, found.get(address)) for address in new)


def _store(made: Sequence[Record]) -> None:
    if not made:
        return
    session = db.session()
    session.execute(CreateTable(STAGE, if_not_exists=True))
    session.execute(delete(STAGE))
    _copy(made)
    sorted_for_indexes = select(STAGE).order_by(STAGE.c.reseller_id, STAGE.c.customer_id, STAGE.c.start_time)
    session.execute(insert(CallRecord).from_select(Record._fields, sorted_for_indexes))
    first = select(STAGE.c.call_id, STAGE.c.leg, STAGE.c.start_time).distinct().order_by(STAGE.c.call_id, STAGE.c.leg)
    session.execute(insert(KnownLeg).from_select(["call_id", "leg", "start_time"], first))
    session.execute(_volume())


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


def _set_aside(import_id: int, rejects: Sequence[Reject]) -> None:
    if rejects:
        db.session().execute(
            insert(CallImportReject),
            [{"import_id": import_id, "line": one.line, "raw": _storable(one.raw), "reason": one.reason} for one in rejects],
        )


def _storable(raw: str) -> str:
    """PostgreSQL keeps no zero bytes and no half characters."""
    return raw[:LONGEST_RAW].replace("\0", "�").encode("utf-8", "replace").decode()
