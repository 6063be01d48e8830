"""How the platform is: each read in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import column, func, literal_column, select, table, union_all

from portal.core import clock, db, schema
from portal.core.ids import PublicId
from portal.features.platform.models import WorkerBeat
from portal.features.platform.rules.health import SILENT_AFTER, Beats, MailState, Pulse, Queue
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from portal.features.resellers.rules import Points
from portal.mail.models import Mail, State

LATEST_MAILS = 1000
LISTED_HOSTS = 10
LOST = (Points.ELSEWHERE.value, Points.NOTHING.value)
_VERSION = table("alembic_version", column("version_num"))
_REPLICAS = table("pg_stat_replication")
_JOBS = func.waiting_jobs().table_valued("kind", "waiting", "failing", "oldest", "next_try", "trouble")


@dataclass(frozen=True)
class DatabaseState:
    """`size` in bytes; `copies`: servers that follow this one."""

    version: str
    size: int
    recovering: bool
    copies: int
    tables: str


@dataclass(frozen=True)
class Worker:
    place: str
    lanes: Sequence[str]
    started_at: datetime
    seen_at: datetime
    alive: bool


@dataclass(frozen=True)
class UnprovedHost:
    public_id: PublicId
    host: str
    reseller: str
    created_at: datetime
    checked_at: datetime | None


@dataclass(frozen=True)
class HostState:
    """`troubled`: hosts and SIP domains that the DNS does not lead here, as far as was looked."""

    proved: int
    troubled: int
    waiting: Sequence[UnprovedHost]
    unproved: int


@cache
def head() -> str:
    """The newest migration that this version brings."""
    return max(path.name.partition("_")[0] for path in (schema.FOLDER / "versions").glob("[0-9]*.py"))


def _tables() -> object:
    return select(func.max(_VERSION.c.version_num)).scalar_subquery()


def database() -> DatabaseState:
    copies = select(func.count()).select_from(_REPLICAS).scalar_subquery()
    name = func.current_database()
    row = (
        db.session()
        .execute(
            select(
                func.current_setting("server_version"),
                func.pg_database_size(name),
                func.pg_is_in_recovery(),
                copies,
                _tables(),  # type: ignore[call-overload]
            )
        )
        .one()
    )
    return DatabaseState(str(row[0]).partition(" ")[0], row[1], row[2], row[3], row[4] or "")


def workers() -> list[Worker]:
    """The latest first."""
    since = clock.now() - SILENT_AFTER
    found = db.session().scalars(select(WorkerBeat).order_by(WorkerBeat.seen_at.desc()).limit(20))
    return [Worker(one.place, one.lanes, one.started_at, one.seen_at, one.seen_at >= since) for one in found]


def queues() -> list[Queue]:
    rows = db.session().execute(select(*_JOBS.c))
    return [Queue(*row) for row in rows]


def mails(*, server: bool, keeps: bool) -> MailState:
    """Counts the latest mails of all resellers."""
    latest = select(Mail.state, Mail.tries, Mail.settled_at).order_by(Mail.id.desc()).limit(LATEST_MAILS).subquery()
    counted = select(
        latest.c.state,
        func.count(),
        func.count().filter(latest.c.state == State.QUEUED, latest.c.tries > 0),
        func.max(latest.c.settled_at),
    ).group_by(latest.c.state)
    rows = db.session().execute(counted).all()
    sent = [row[3] for row in rows if row[0] in {State.SENT, State.KEPT}]
    return MailState(
        server=server,
        keeps=keeps,
        counts={row[0]: row[1] for row in rows},
        waiting=sum(row[2] for row in rows),
        last_sent=max(sent, default=None),
    )


def hosts() -> HostState:
    """Those that do not answer yet, the oldest first, and how many do."""
    proved = select(func.count()).select_from(WebHost).where(WebHost.proved_at.is_not(None)).scalar_subquery()
    lost = union_all(
        select(WebHost.id).where(WebHost.points.in_(LOST)),
        select(SipDomain.id).where(SipDomain.points.in_(LOST), SipDomain.removed_at.is_(None)),
    )
    troubled = select(func.count()).select_from(lost.subquery()).scalar_subquery()
    waiting = (
        select(
            WebHost.public_id,
            WebHost.host,
            Reseller.name,
            WebHost.created_at,
            WebHost.checked_at,
            func.count().over().label("all"),
        )
        .join(Reseller, Reseller.id == WebHost.reseller_id)
        .where(WebHost.proved_at.is_(None))
        .order_by(WebHost.created_at)
        .limit(LISTED_HOSTS)
        .subquery()
    )
    one = select(literal_column("1")).subquery()
    whole = select(proved, troubled, waiting).select_from(one.outerjoin(waiting, literal_column("true")))
    rows = db.session().execute(whole.order_by(waiting.c.created_at)).all()
    there = [UnprovedHost(*row[2:7]) for row in rows if row[2] is not None]
    return HostState(rows[0][0], rows[0][1], there, rows[0][7] or 0)


def pulse() -> Pulse:
    """One statement."""
    since = clock.now() - SILENT_AFTER
    alive = select(func.count()).select_from(WorkerBeat).where(WorkerBeat.seen_at >= since).scalar_subquery()
    last = select(func.max(WorkerBeat.seen_at)).scalar_subquery()
    failing = select(func.coalesce(func.sum(_JOBS.c.failing), 0)).scalar_subquery()
    unproved = select(func.count()).select_from(WebHost).where(WebHost.proved_at.is_(None)).scalar_subquery()
    row = db.session().execute(select(alive, last, failing, unproved, _tables())).one()  # type: ignore[call-overload]
    return Pulse(Beats(row[0], row[1]), int(row[2]), row[3], row[4] or "")
